"""An import into content/: threads and profiles merged with what a person may have changed."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, takewhile
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen import files, forking
from sitegen.content import (
    PROFILES,
    THREADS,
    markdown_files,
    merge,
    profile_file,
    read_profiles,
    read_text,
    thread_file,
    two_files,
)
from sitegen.content.draft import ThreadDraft, profile_parts, thread_draft
from sitegen.content.profile_file import ProfileFile
from sitegen.content.thread_file import ThreadFile
from sitegen.model import Profile, Thread

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
ENOUGH = 500  # threads below which one more process costs more than it brings
Key = tuple[str, str]


class Conflict(Struct, frozen=True):
    """What both a person and the source changed; the source's version is beside the file."""

    path: Path
    upstream: Path
    parts: tuple[str, ...]


class Place(Struct, frozen=True):
    """Where a post stands, for a person who wants to correct it."""

    path: Path
    line: int


class Fresh(Struct, frozen=True):
    """The file that a thread gets where none has it yet, and what it then has: its posts' keys."""

    path: str
    text: str
    keys: tuple[Key, ...]


class Changes(Struct, frozen=True):
    """What an import does to the folder: new texts by file, None for a file that goes.

    `places` tells where each uncertain post stands.
    """

    created: dict[str, str]
    updated: dict[str, str]
    removed: tuple[str, ...]
    unchanged: int
    conflicts: tuple[Conflict, ...]
    beside: dict[str, str]
    places: dict[Key, Place]


def merged(folder: Path, threads: Sequence[Thread], profiles: Sequence[Profile]) -> Changes:
    """Merge threads and profiles with what content/ has; nothing is written yet.

    Raises ContentError for a file that cannot be read.
    """
    fresh = tuple(_all_fresh(folder, threads))
    work = _Merge(folder)
    work.know_folder({file.path: file for file in fresh})
    for thread, file in zip(threads, fresh, strict=True):
        work.take_thread(thread, file)
    for profile in profiles:
        work.take_profile(profile)
    return work.changes(threads)


def write(changes: Changes) -> None:
    """Write what an import changes, each file in one step. Raises OSError."""
    texts = {**changes.created, **changes.updated, **changes.beside}
    files.write_each((path, text.encode()) for path, text in texts.items())
    for path in changes.removed:
        Path(path).unlink(missing_ok=True)


class _Merge:
    """One import's merge: the texts that files shall have, before any is written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.conflicts: list[Conflict] = []
        self.parsed: dict[str, ThreadFile] = {}
        self.of_post: dict[Key, str] = {}
        self.texts: dict[str, str | None] = {}
        self.before: dict[str, str] = {}
        self.beside: dict[str, str] = {}
        self.claimed: set[str] = set()
        self.profiles = {_profile_key(f): f for f, _ in read_profiles(folder)}

    def know_folder(self, fresh: Mapping[str, Fresh]) -> None:
        """Read what the folder has; what stands there as it would be written needs no parsing."""
        for path in markdown_files(self.folder / THREADS):
            text = read_text(path)
            expected = fresh.get(path)
            if expected and expected.text == text:
                text, keys = expected.text, expected.keys  # each text is kept once
            else:
                self.parsed[path] = thread_file.read(path, text)
                stored = thread_file.stored_posts(self.parsed[path])
                keys = tuple([(s.post.network, s.post.id) for s in stored])
            self.before[path] = text
            for key in keys:
                if (other := self.of_post.setdefault(key, path)) != path:
                    raise two_files(key[1], Path(path), Path(other))

    def take_thread(self, thread: Thread, fresh: Fresh) -> None:
        """Give a thread a file of its own, or merge it with the files that have its posts."""
        of_post = self.of_post
        hits = tuple(dict.fromkeys([of_post[key] for key in fresh.keys if key in of_post]))
        if not hits:
            self.texts[fresh.path] = fresh.text
            self.parsed.pop(fresh.path, None)
            of_post.update(dict.fromkeys(fresh.keys, fresh.path))
        elif len(hits) == 1 and self._text(hits[0]) == fresh.text:
            self.texts[hits[0]] = fresh.text
            self.claimed.add(hits[0])
        else:
            self._merge(thread, fresh, hits)

    def take_profile(self, profile: Profile) -> None:
        """Give a profile a file, or merge it with the one that it has."""
        parts = profile_parts(profile)
        known = self.profiles.get((profile.network, profile.id))
        if known is None:
            text, path = merge.fresh_profile(parts), str(self._profile_path(profile))
            self.profiles[profile.network, profile.id] = profile_file.read(path, text)
            self.texts[path] = text
            return
        merged = merge.merge_profile(parts, known)
        self.before.setdefault(known.path, known.text)
        self.profiles[profile.network, profile.id] = profile_file.read(known.path, merged.text)
        self.texts[known.path] = merged.text
        if merged.conflicts:
            self._set_beside(known.path, merge.fresh_profile(parts), merged)

    def changes(self, threads: Sequence[Thread]) -> Changes:
        """Return what became of it all."""
        texts = {p: t for p, t in self.texts.items() if t is not None}
        changed = {p: t for p, t in texts.items() if t != self.before.get(p)}
        return Changes(
            created={p: t for p, t in changed.items() if p not in self.before},
            updated={p: t for p, t in changed.items() if p in self.before},
            removed=tuple([p for p, t in self.texts.items() if t is None]),
            unchanged=len(texts) - len(changed),
            conflicts=tuple(self.conflicts),
            beside=self.beside,
            places=dict(self._places(threads)),
        )

    def _places(self, threads: Sequence[Thread]) -> Iterator[tuple[Key, Place]]:
        for thread in threads:
            for post in thread.posts:
                key = thread.network, post.id
                if post.uncertain and (path := self.of_post.get(key)):
                    file = self._file(path)
                    yield key, Place(Path(file.path), file.line_of_post(post.id))

    def _merge(self, thread: Thread, fresh: Fresh, hits: Sequence[str]) -> None:
        draft = thread_draft(thread)
        if hits[0] in self.claimed:
            draft = replace(draft, fields=None)
        self.claimed.add(hits[0])
        primary = self._file(hits[0])
        moved = merge.Moved({}, {})
        for path in hits[1:]:
            leaving = self._move_out(self._file(path), draft, primary)
            moved = merge.Moved(moved.posts | leaving.posts, moved.deleted | leaving.deleted)
        merged = merge.merge_thread(draft, primary, moved)
        self._set(primary, merged.text)
        if merged.conflicts:
            self._set_beside(primary.path, fresh.text, merged)

    def _text(self, path: str) -> str | None:
        """Return what a file shall hold, as far as is known by now."""
        return self.texts[path] if path in self.texts else self.before.get(path)

    def _file(self, path: str) -> ThreadFile:
        """Return a file cut up, as it shall be by now."""
        if path not in self.parsed:
            self.parsed[path] = thread_file.read(path, self._text(path) or "")
        return self.parsed[path]

    def _set(self, file: ThreadFile, text: str) -> None:
        self.texts[file.path] = text
        if text != file.text:
            self.parsed[file.path] = file = thread_file.read(file.path, text)
        network = str(file.fields.get("network"))
        self.of_post.update({(network, identity): file.path for identity in file.records})

    def _set_beside(self, path: str, text: str, merged: merge.MergedFile) -> None:
        upstream = f"{path}.upstream"
        self.beside[upstream] = text
        self.conflicts.append(Conflict(Path(path), Path(upstream), merged.conflicts))

    def _move_out(self, file: ThreadFile, draft: ThreadDraft, into: ThreadFile) -> merge.Moved:
        """Take a thread's posts out of another file; what a person wrote there is kept beside."""
        moved = merge.moving(file, [i for i in file.records if i in draft.posts])
        rest = merge.without_posts(file, moved.posts)
        if rest is not None:
            self._set(file, rest)
            return moved
        if merge.is_personal(file):
            kept = f"{file.path}.joined"
            self.beside[kept] = file.text
            what = (f"what you wrote in {Path(file.path).name}, whose posts it now has",)
            self.conflicts.append(Conflict(Path(into.path), Path(kept), what))
        self.texts[file.path] = None
        del self.parsed[file.path]
        return moved

    def _profile_path(self, profile: Profile) -> Path:
        words = files.ascii_slug(profile.handle or profile.name or profile.id)
        path = self.folder / PROFILES / f"{words or 'profile'}.md"
        if str(path) in self.texts or path.exists():
            path = path.with_name(f"{path.stem}-{_mark(profile.network, profile.id)}.md")
        return path


def _all_fresh(folder: Path, threads: Sequence[Thread]) -> Iterator[Fresh]:
    """Make the file of each thread, in order, in as many processes as it is worth."""
    base, own = str(folder / THREADS), os.getpid()

    def make(share: Sequence[Thread]) -> list[tuple[str, str]]:
        wanted = takewhile(lambda thread: not forking.orphaned(own), share)
        return [_path_and_text(base, thread) for thread in wanted]

    count = min(os.cpu_count() or 1, len(threads) // ENOUGH) if forking.can_fork() else 1
    size = max(1, -(-len(threads) // max(1, count)))
    shares = [threads[at : at + size] for at in range(0, len(threads), size)]
    made = forking.spread(shares, make) if shares else ()
    for thread, (path, text) in zip(threads, chain.from_iterable(made), strict=True):
        yield Fresh(path, text, tuple([(thread.network, post.id) for post in thread.posts]))


def _path_and_text(folder: str, thread: Thread) -> tuple[str, str]:
    """Return the file that a thread gets where none has it yet."""
    draft, root = thread_draft(thread), thread.posts[0]
    day = DAY.match(root.created_at) if root.created_at else None
    words = files.ascii_slug(str((draft.fields or {})["title"]), 40)
    name = [day[0] if day else "", words, _mark(thread.network, root.id)]
    path = [folder, day[0][:4] if day else "undated", "-".join(filter(None, name)) + ".md"]
    return os.sep.join(path), merge.fresh_thread(draft)


def _mark(network: str, identity: str) -> str:
    """Return a few characters that tell things of one name apart."""
    name = f"{network}:{identity}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(name, digest_size=3).hexdigest()


def _profile_key(file: ProfileFile) -> Key:
    return str(file.fields.get("network")), str(file.fields.get("id"))
