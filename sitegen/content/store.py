"""An import into content/: threads and profiles merged with what a person may have changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sitegen import files
from sitegen.content import (
    PROFILES,
    THREADS,
    merge,
    profile_file,
    read_profiles,
    read_threads,
    thread_file,
    two_files,
)
from sitegen.content.draft import ThreadDraft, profile_parts, thread_draft
from sitegen.content.profile_file import ProfileFile
from sitegen.content.thread_file import ThreadFile
from sitegen.model import Profile, Thread

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Conflict:
    """What both a person and the source changed; the source's version is beside the file."""

    path: Path
    upstream: Path
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post stands, for a person who wants to correct it."""

    path: Path
    line: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What an import does to the folder: new texts by file, None for a file that goes.

    `places` tells where each uncertain post stands.
    """

    created: dict[Path, str]
    updated: dict[Path, str]
    removed: tuple[Path, ...]
    unchanged: int
    conflicts: tuple[Conflict, ...]
    beside: dict[Path, str]
    places: dict[Key, Place]


def merged(folder: Path, threads: Sequence[Thread], profiles: Sequence[Profile]) -> Changes:
    """Merge threads and profiles with what content/ has; nothing is written yet.

    Raises ContentError for a file that cannot be read.
    """
    work = _Merge(folder)
    for thread in threads:
        work.take_thread(thread)
    for profile in profiles:
        work.take_profile(profile)
    return work.changes(threads)


def write(changes: Changes) -> None:
    """Write what an import changes, each file in one step. Raises OSError."""
    for path, text in {**changes.created, **changes.updated, **changes.beside}.items():
        files.write(path, text.encode())
    for path in changes.removed:
        path.unlink(missing_ok=True)


class _Merge:
    """One import's merge: the texts that files shall have, before any is written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.conflicts: list[Conflict] = []
        self.threads: dict[Path, ThreadFile] = {}
        self.of_post: dict[Key, Path] = {}
        self.texts: dict[Path, str | None] = {}
        self.before: dict[Path, str] = {}
        self.beside: dict[Path, str] = {}
        self.claimed: set[Path] = set()
        self.profiles = {_profile_key(f): f for f, _ in read_profiles(folder)}
        for file, posts in read_threads(folder):
            self.before[file.path] = file.text
            for post in (stored.post for stored in posts):
                if other := self.of_post.get((post.network, post.id)):
                    raise two_files(post.id, file.path, other)
            self._know(file)

    def take_thread(self, thread: Thread) -> None:
        draft = thread_draft(thread)
        hits = list(
            dict.fromkeys(
                path
                for post in thread.posts
                if (path := self.of_post.get((thread.network, post.id)))
            )
        )
        if not hits:
            self._set(self._new_path(thread, draft), merge.fresh_thread(draft))
            return
        primary = self.threads[hits[0]]
        if primary.path in self.claimed:
            draft = replace(draft, fields=None)
        self.claimed.add(primary.path)
        moved = merge.Moved({}, {})
        for path in hits[1:]:
            leaving = self._move_out(self.threads[path], draft, primary)
            moved = merge.Moved(moved.posts | leaving.posts, moved.deleted | leaving.deleted)
        merged = merge.merge_thread(draft, primary, moved)
        self._set(primary.path, merged.text)
        if merged.conflicts:
            self._set_beside(primary.path, merge.fresh_thread(thread_draft(thread)), merged)

    def take_profile(self, profile: Profile) -> None:
        parts = profile_parts(profile)
        known = self.profiles.get((profile.network, profile.id))
        if known is None:
            path = self._profile_path(profile)
            self.profiles[profile.network, profile.id] = profile_file.read(
                path, text := merge.fresh_profile(parts)
            )
            self.texts[path] = text
            return
        merged = merge.merge_profile(parts, known)
        self.before.setdefault(known.path, known.text)
        self.profiles[profile.network, profile.id] = profile_file.read(known.path, merged.text)
        self.texts[known.path] = merged.text
        if merged.conflicts:
            self._set_beside(known.path, merge.fresh_profile(parts), merged)

    def changes(self, threads: Sequence[Thread]) -> Changes:
        texts = {p: t for p, t in self.texts.items() if t is not None}
        changed = {p: t for p, t in texts.items() if t != self.before.get(p)}
        return Changes(
            created={p: t for p, t in changed.items() if p not in self.before},
            updated={p: t for p, t in changed.items() if p in self.before},
            removed=tuple(p for p, t in self.texts.items() if t is None),
            unchanged=len(texts) - len(changed),
            conflicts=tuple(self.conflicts),
            beside=self.beside,
            places=dict(self._places(threads)),
        )

    def _places(self, threads: Sequence[Thread]) -> Iterator[tuple[Key, Place]]:
        for thread in threads:
            for post in thread.posts:
                path = self.of_post.get((thread.network, post.id))
                if post.uncertain and path:
                    yield (
                        (thread.network, post.id),
                        Place(path, self.threads[path].line_of_post(post.id)),
                    )

    def _set(self, path: Path, text: str) -> None:
        self.texts[path] = text
        self._know(thread_file.read(path, text))

    def _set_beside(self, path: Path, text: str, merged: merge.MergedFile) -> None:
        upstream = path.with_name(path.name + ".upstream")
        self.beside[upstream] = text
        self.conflicts.append(Conflict(path, upstream, merged.conflicts))

    def _know(self, file: ThreadFile) -> None:
        self.threads[file.path] = file
        for identity in file.records:
            self.of_post[str(file.fields.get("network")), identity] = file.path

    def _move_out(self, file: ThreadFile, draft: ThreadDraft, into: ThreadFile) -> merge.Moved:
        """Take a thread's posts out of another file; what a person wrote there is kept beside."""
        moved = merge.moving(file, [i for i in file.records if i in draft.posts])
        rest = merge.without_posts(file, moved.posts)
        if rest is not None:
            self._set(file.path, rest)
            return moved
        if merge.is_personal(file):
            kept = file.path.with_name(file.path.name + ".joined")
            self.beside[kept] = file.text
            what = (f"what you wrote in {file.path.name}, whose posts it now has",)
            self.conflicts.append(Conflict(into.path, kept, what))
        self.texts[file.path] = None
        del self.threads[file.path]
        return moved

    def _new_path(self, thread: Thread, draft: ThreadDraft) -> Path:
        root = thread.posts[0]
        day = re.match(r"\d{4}-\d{2}-\d{2}", root.created_at or "")
        words = files.ascii_slug(str((draft.fields or {}).get("title", "")), 40)
        name = "-".join(
            p for p in (day[0] if day else "", words, _mark(thread.network, root.id)) if p
        )
        return self.folder / THREADS / (day[0][:4] if day else "undated") / f"{name}.md"

    def _profile_path(self, profile: Profile) -> Path:
        words = files.ascii_slug(profile.handle or profile.name or profile.id)
        path = self.folder / PROFILES / f"{words or 'profile'}.md"
        if path in self.texts or path.exists():
            path = path.with_name(f"{path.stem}-{_mark(profile.network, profile.id)}.md")
        return path


def _mark(network: str, identity: str) -> str:
    """Return a few characters that tell things of one name apart."""
    name = f"{network}:{identity}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(name, digest_size=3).hexdigest()


def _profile_key(file: ProfileFile) -> Key:
    return str(file.fields.get("network")), str(file.fields.get("id"))
