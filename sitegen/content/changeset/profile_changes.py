"""Profile changes of an import: one file per account, known by its id or its handle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace

from sitegen import files
from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.changeset.file_changes import FileChanges
from sitegen.content.changeset.new_files import Key, short_digest
from sitegen.content.changeset.provenance import Deletions
from sitegen.content.content_folder import PROFILES
from sitegen.content.format import profile_file, thread_file
from sitegen.content.format.draft import TEXT, Parts, profile_parts
from sitegen.content.format.profile_file import ProfileFile
from sitegen.content.format.recorded import digests
from sitegen.content.imported.record_lines import ProfileLine
from sitegen.content.imported.stamps import NEVER, Seen, Stamp
from sitegen.content.merge import profile_merge
from sitegen.model import Author, Profile


class ProfileChanges:
    """The profiles of a folder, with the changes of an import."""

    def __init__(
        self,
        index: ArchiveIndex,
        pending: FileChanges,
        deletions: Deletions,
    ) -> None:
        records = index.records
        known = records.profiles
        self.folder = index.folder
        self.files = pending
        self.seen: dict[Key, Seen] = {key: line.seen for key, line in known.items()}
        self.profiles = {file.key: file for file in _read(index, known)}
        self.missing = {key for key in records.written_profiles if key not in self.profiles}
        self.deleted = set() if deletions == "restore" else self.missing

    def lines(self) -> dict[Key, ProfileLine]:
        """Return the records of all profiles, also of those that a person deleted."""
        found = {
            key: ProfileLine(*key, file.recorded, self.seen.get(key, NEVER))
            for key, file in self.profiles.items()
            if file.recorded or key in self.seen
        }
        gone = {key: ProfileLine(*key, deleted=True) for key in self.missing}
        return gone | found

    def take(self, profile: Profile, stamp: Stamp) -> None:
        """Add a file for a profile, or merge it with its existing file."""
        parts = profile_parts(profile)
        known = self.profiles.get((profile.network, profile.id))
        by_handle = self._by_handle(profile)
        if known is None:
            known = by_handle
        elif by_handle is not None:
            parts = self._without(by_handle, parts)
        if known is None and (known := self._with_handle(profile)):
            parts = {k: v for k, v in parts.items() if k not in ("id", "title")}
        if known is None:
            if (profile.network, profile.id) in self.deleted:
                return
            text, path = profile_merge.new_profile_text(parts), str(self._profile_path(profile))
            file = profile_file.read(path, text, digests(parts))
            self.profiles[profile.network, profile.id] = file
            self.files.texts[path] = text
            self.seen[profile.network, profile.id] = Seen(stamp)
            return
        self._merge(known, parts, stamp)

    def join(self, owners: Mapping[Key, Author]) -> None:
        """Merge files of accounts known by a handle into the files of the accounts with ids.

        Files that a person changed are left as they are.
        """
        for (network, identity), file in [*self.profiles.items()]:
            owner = owners.get((network, identity.casefold()))
            whole = self.profiles.get((network, owner.id or "")) if owner else None
            if not (owner and whole) or file.fields.get("handle") != identity:
                continue
            if owner.id == identity or profile_merge.is_profile_personal(file):
                continue
            parts = self._without(file, {"id": owner.id, TEXT: file.body})
            del self.profiles[network, identity]
            self._merge(whole, parts, self.seen.pop((network, identity), NEVER).at)

    def _merge(self, known: ProfileFile, parts: Parts, stamp: Stamp) -> None:
        """Merge a source's data about an account with the account's file."""
        seen = self.seen.pop(known.key, NEVER)
        merged = profile_merge.merge_profile(parts, known, stamp, seen)
        self._keep_before(known)
        file = merged.file
        self.profiles[file.key] = file
        self.seen[file.key] = merged.seen
        self.files.texts[known.path] = file.text
        if merged.conflicts and not known.recorded:
            self.files.add_difference(known.path, merged.conflicts)
        elif merged.conflicts:
            text = profile_merge.new_profile_text(parts)
            self.files.save_upstream(known.path, text, merged.conflicts)

    def _keep_before(self, file: ProfileFile) -> None:
        """Record a file's current text, unless this import created the file."""
        if file.path not in self.files.texts:
            self.files.before.setdefault(file.path, file.text)

    def _by_handle(self, profile: Profile) -> ProfileFile | None:
        """Return the file of this account from when only its handle was known, if any."""
        file = self.profiles.pop((profile.network, profile.handle or ""), None)
        if file and file.fields.get("handle") == profile.handle != profile.id:
            return file
        if file:
            self.profiles[file.key] = file
        return None

    def _without(self, file: ProfileFile, parts: Parts) -> Parts:
        """Delete the file that an account had before its id was known; return its parts as well."""
        if profile_merge.is_profile_personal(file):
            return parts
        self._keep_before(file)
        self.files.texts[file.path] = None
        return {**file.fields, **parts, TEXT: parts[TEXT] or file.body}

    def _with_handle(self, profile: Profile) -> ProfileFile | None:
        """Return the file of the account that has the handle, where the source knows no id."""
        if profile.id != profile.handle:
            return None
        handle = profile.id.casefold()
        found = [
            file
            for (network, identity), file in self.profiles.items()
            if network == profile.network
            and identity != file.fields.get("handle")
            and str(file.fields.get("handle")).casefold() == handle
        ]
        return found[0] if len(found) == 1 else None

    def _profile_path(self, profile: Profile) -> Path:
        words = files.ascii_slug(profile.handle or profile.name or profile.id)
        path = self.folder / PROFILES / f"{words or 'profile'}.md"
        if str(path) in self.files.texts or path.exists():
            path = path.with_name(f"{path.stem}-{short_digest(profile.network, profile.id)}.md")
        return path


def _read(index: ArchiveIndex, known: Mapping[Key, ProfileLine]) -> Iterator[ProfileFile]:
    """Yield the profiles of a folder with their digests. Raises ContentError."""
    for file, _ in index.profiles:
        thread_file.refuse_version_1(file.path, file.head)
        yield replace(file, recorded=_digests(known, file.key))


def _digests(known: Mapping[Key, ProfileLine], key: Key) -> Parts:
    return known[key].digests if key in known else {}
