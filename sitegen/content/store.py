"""An import into content/: threads and profiles merged with what a person may have changed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen import files
from sitegen.content import (
    PROFILES,
    THREADS,
    joining,
    markdown_files,
    merge,
    profile_file,
    read_profiles,
    read_text,
    thread_file,
    two_files,
)
from sitegen.content.draft import ThreadDraft, profile_parts, thread_draft
from sitegen.content.fresh import Fresh, Key, all_fresh, mark
from sitegen.content.profile_file import ProfileFile
from sitegen.content.thread_file import ThreadFile
from sitegen.model import Profile, Thread


class Conflict(Struct, frozen=True):
    """What both a person and the source changed; the source's version is beside the file."""

    path: Path
    upstream: Path
    parts: tuple[str, ...]


class Place(Struct, frozen=True):
    """Where a post stands, for a person who wants to correct it."""

    path: Path
    line: int


class Changes(Struct, frozen=True):
    """What an import does to the folder: new texts by file, and the files that go.

    `moves` is done before, in its order: a file's text, None for one that goes. `places` tells
    where each uncertain post stands.
    """

    created: dict[str, str]
    updated: dict[str, str]
    removed: tuple[str, ...]
    unchanged: int
    conflicts: tuple[Conflict, ...]
    beside: dict[str, str]
    moves: tuple[joining.Step, ...]
    places: dict[Key, Place]


def merged(folder: Path, threads: Sequence[Thread], profiles: Sequence[Profile]) -> Changes:
    """Merge threads and profiles with what content/ has; nothing is written yet.

    Raises ContentError for a file that cannot be read.
    """
    fresh = tuple(all_fresh(folder, threads))
    work = _Merge(folder)
    work.know_folder({file.path: file for file in fresh})
    for thread, file in zip(threads, fresh, strict=True):
        work.take_thread(thread, file)
    for profile in profiles:
        work.take_profile(profile)
    return work.changes(threads)


def write(changes: Changes) -> None:
    """Write what an import changes, each file in one step. Raises OSError.

    It may be stopped anywhere. What lies beside a file comes first, for once the file is
    written, nobody would know of it; the next import does the rest.
    """
    files.write_each((path, text.encode()) for path, text in changes.beside.items())
    for path, text in changes.moves:
        if text is None:
            Path(path).unlink(missing_ok=True)
        else:
            files.write_each([(path, text.encode())])
    moved = dict(changes.moves)
    texts = {**changes.created, **changes.updated}
    rest = ((path, text) for path, text in texts.items() if moved.get(path) != text)
    files.write_each((path, text.encode()) for path, text in rest)
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
        self.steps = joining.Steps(folder)
        self.claimed: set[str] = set()
        self.profiles = {_profile_key(f): f for f, _ in read_profiles(folder)}

    def know_folder(self, fresh: Mapping[str, Fresh]) -> None:
        """Read what the folder has; what stands there as it would be written needs no parsing."""
        twice: list[tuple[Key, str, str]] = []
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
                    twice.append((key, path, other))
        self._finish(twice)

    def take_thread(self, thread: Thread, fresh: Fresh) -> None:
        """Give a thread a file of its own, or merge it with the files that have its posts."""
        of_post = self.of_post
        hits = tuple(dict.fromkeys([of_post[key] for key in fresh.keys if key in of_post]))
        if not hits:
            path = next(name for name in _names(fresh.path) if self._text(name) is None)
            self.texts[path] = fresh.text
            self.parsed.pop(path, None)
            of_post.update(dict.fromkeys(fresh.keys, path))
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
            moves=tuple(self.steps.taken),
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
        self._move(hits[0], hits[1:])

    def _move(self, into: str, leaving: Sequence[str]) -> None:
        """Set down the steps in which posts move, out of files that are on the disk."""
        found = ((path, self.steps.on_disk(path, self.before)) for path in leaving)
        if old := {path: text for path, text in found if text is not None}:
            self.steps.move((into, self.texts[into]), old, self.texts)

    def _finish(self, twice: Sequence[tuple[Key, str, str]]) -> None:
        """Finish what an import was stopped in. Raises ContentError for what else is in two files.

        What a person wrote since into one of the files is kept beside the one that goes.
        """
        found = joining.under_way(self.folder)
        stopped = found or joining.NOTHING
        into, *leaving = [str(self.folder / name) for name in (stopped.into, *stopped.leaving)]
        gone: dict[str, list[Key]] = {}
        for key, path, other in twice:
            left = {path, other} - {into}
            if len(left) > 1 or not left <= {*leaving}:
                raise two_files(key[1], Path(path), Path(other))
            gone.setdefault(left.pop(), []).append(key)
        for path, keys in gone.items():
            texts = {self.steps.name(p): self.before[p] for p in (path, into)}
            if not stopped.has(texts):
                self._keep_beside(self._file(path), Path(into))
            self._take_out(self._file(path), [identity for _, identity in keys], Path(into))
            self.of_post.update(dict.fromkeys(keys, into))
            self.steps.take(path, self.texts[path])
        if found:
            self.steps.end()

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
        """Take a thread's posts out of another file."""
        moved = merge.moving(file, [i for i in file.records if i in draft.posts])
        self._take_out(file, moved.posts, Path(into.path))
        return moved

    def _take_out(self, file: ThreadFile, posts: Iterable[str], into: Path) -> None:
        """Leave a file without some posts; if none stay, what a person wrote is kept beside."""
        rest = merge.without_posts(file, posts)
        if rest is not None:
            self._set(file, rest)
            return
        if merge.is_personal(file):
            self._keep_beside(file, into)
        self.texts[file.path] = None
        del self.parsed[file.path]

    def _keep_beside(self, file: ThreadFile, into: Path) -> None:
        """Put a file's text beside it; what is kept there of another time stays."""
        names = _names(f"{file.path}.joined")
        kept = next(name for name in names if self._may_hold(name, file.text))
        if kept not in self.beside:
            self.beside[kept] = file.text
            what = (f"what you wrote in {Path(file.path).name}, whose posts it now has",)
            self.conflicts.append(Conflict(into, Path(kept), what))

    def _may_hold(self, path: str, text: str) -> bool:
        """Tell whether a file that lies beside another is free for a text, or has it."""
        if path in self.beside:
            return self.beside[path] == text
        if not os.path.lexists(path):
            return True
        return os.path.isfile(path) and files.read(path) == text.encode()

    def _profile_path(self, profile: Profile) -> Path:
        words = files.ascii_slug(profile.handle or profile.name or profile.id)
        path = self.folder / PROFILES / f"{words or 'profile'}.md"
        if str(path) in self.texts or path.exists():
            path = path.with_name(f"{path.stem}-{mark(profile.network, profile.id)}.md")
        return path


def _names(path: str) -> Iterator[str]:
    """Go through the names that a file may get, where the first is taken."""
    yield path
    whole = Path(path)
    yield from (str(whole.with_stem(f"{whole.stem}-{number}")) for number in count(2))


def _profile_key(file: ProfileFile) -> Key:
    return str(file.fields.get("network")), str(file.fields.get("id"))
