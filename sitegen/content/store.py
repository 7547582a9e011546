"""An import into content/: threads and profiles merged with what a person may have changed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence, Sized
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen import files
from sitegen.content import (
    THREADS,
    joined,
    joining,
    leading,
    markdown_files,
    merge,
    noting,
    orphans,
    read_text,
    thread_file,
)
from sitegen.content.accounts import Accounts
from sitegen.content.counting import Counted, Progress
from sitegen.content.draft import thread_draft
from sitegen.content.fresh import Fresh, Key, all_fresh, names
from sitegen.content.parts import ordered
from sitegen.content.pending import Conflict, Pending
from sitegen.content.thread_file import ThreadFile
from sitegen.content.vanished import Gone, Vanished, Watch, settle
from sitegen.model import Profile, Thread

NONE_VANISHED = Vanished()
NOWHERE: noting.Also = {}


class Place(Struct, frozen=True):
    """Where a post stands, for a person who wants to correct it."""

    path: Path
    line: int


class Changes(Struct, frozen=True):
    """What an import does to the folder: new texts by file, and the files that go.

    `moves` is done before, in its order: a file's text, None for one that goes. `places` tells
    where each uncertain post stands, `vanished` what became of posts that their source has no
    more. `orphans` are media files that go at the end, when nothing names them any more;
    `records` are those of what is then done. `begins` is the folder of threads where there is
    none yet: what is created in it is put there in one step.
    """

    created: dict[str, str]
    updated: dict[str, str]
    removed: tuple[str, ...]
    unchanged: int
    conflicts: tuple[Conflict, ...]
    beside: dict[str, str]
    moves: tuple[joining.Step, ...]
    places: dict[Key, Place]
    vanished: tuple[Gone, ...] = ()
    orphans: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    begins: Path | None = None


def merged(
    folder: Path,
    threads: Sequence[Thread],
    profiles: Sequence[Profile],
    vanished: Vanished = NONE_VANISHED,
    also: noting.Also = NOWHERE,
    excerpts: Sequence[Thread] = (),
) -> Changes:
    """Merge threads and profiles with what content/ has; nothing is written yet.

    `also` tells of posts that only content/ has where else they stand; `excerpts` are
    threads of sources that leave things out. Raises ContentError for a file that cannot be read.
    """
    whole, threads = len(threads), (*threads, *excerpts)
    fresh = tuple(all_fresh(folder, threads))
    work = _Merge(folder)
    work.know_folder({file.path: file for file in fresh}, Watch(vanished, threads))
    if not work.take_all(fresh):
        for number, (thread, file) in enumerate(zip(threads, fresh, strict=True)):
            work.take_thread(thread, file, number >= whole)
    work.take_leave()
    noting.note(work.files, also)
    profile_files = Accounts(folder, work.files)
    for profile in profiles:
        profile_files.take(profile)
    return work.changes(threads)


def write(changes: Changes, progress: Progress = lambda what, done, total: None) -> None:
    """Write what an import changes, each file in one step. Raises OSError.

    `progress` hears how many files are written: PREPARING while a folder is still put together
    that is then put in place at once, WRITING for those that are in place.

    It may be stopped anywhere. What lies beside a file comes first, for once the file is
    written, nobody would know of it; media files go last, for until then files name them. The
    next import does the rest.
    """
    texts = {**changes.created, **changes.updated}
    moved = dict(changes.moves)
    new = _in_new_folder(changes.begins, texts)
    rest = {p: t for p, t in texts.items() if p not in new and moved.get(p) != t}
    leaving = (*changes.removed, *changes.orphans, *changes.records)
    writing = Counted(progress, _total(changes.beside, moved, new, rest, leaving))
    files.write_each(writing.each(_encoded(changes.beside)))
    for path, text in writing.each(changes.moves):
        if text is None:
            Path(path).unlink(missing_ok=True)
        else:
            files.write_each([(path, text.encode())])
    if changes.begins and new:
        files.write_folder(changes.begins, writing.at_once(_named_below(changes.begins, new)))
    files.write_each(writing.each(_encoded(rest)))
    for path in writing.each(leaving):
        Path(path).unlink(missing_ok=True)


def _total(*files: Sized) -> int:
    return sum(len(some) for some in files)


def _in_new_folder(folder: Path | None, texts: Mapping[str, str]) -> dict[str, str]:
    """Return the files that belong in a folder that is not there yet."""
    start = f"{folder}{os.sep}"
    return {path: text for path, text in texts.items() if folder and path.startswith(start)}


def _encoded(texts: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    return ((path, text.encode()) for path, text in texts.items())


def _named_below(folder: Path, texts: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    start = len(f"{folder}{os.sep}")
    return ((path[start:], data) for path, data in _encoded(texts))


class _Merge:
    """One import's merge: the texts that files shall have, before any is written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = Pending(folder)
        self.brought: set[Key] = set()
        self.brought_into: dict[str, list[Thread]] = {}
        self.mixed: dict[str, set[str]] = {}
        self.deleted: dict[Key, str] | None = None
        self.vanished: tuple[Gone, ...] = ()
        self.leaving: set[str] = set()

    def know_folder(self, fresh: Mapping[str, Fresh], watch: Watch) -> None:
        """Read what the folder has; what stands there as it would be written needs no parsing.

        Then finish what an import was stopped in, and do as told with what vanished.
        """
        twice: list[tuple[Key, str, str]] = []
        of_post = self.files.of_post
        for path in markdown_files(self.folder / THREADS):
            text = read_text(path)
            expected = fresh.get(path)
            if expected and expected.text == text:
                self.files.before[path], keys = expected.text, expected.keys  # each text once
            else:
                stored = thread_file.stored_posts(self.files.know(path, text))
                watch.look(stored)
                keys = tuple([(s.post.network, s.post.id) for s in stored])
            for key in keys:
                if (other := of_post.setdefault(key, path)) != path:
                    twice.append((key, path, other))
        joined.finish(self.files, twice)
        self._part_with(watch)

    def take_all(self, fresh: Sequence[Fresh]) -> bool:
        """Give each thread a file of its own at once, where that is all there is to do."""
        if not self.files.begin_all(fresh):
            return False
        self.brought.update(self.files.of_post)
        return True

    def take_thread(self, thread: Thread, fresh: Fresh, is_excerpt: bool) -> None:
        """Give a thread a file of its own, or merge it with the files that have its posts."""
        files, of_post = self.files, self.files.of_post
        hits = tuple(dict.fromkeys([of_post[key] for key in fresh.keys if key in of_post]))
        if not hits:
            hits = self._where_deleted(fresh.keys)
        if not hits:
            path = next(name for name in names(fresh.path) if files.text(name) is None)
            files.begin(path, fresh.text, fresh.keys)
        elif len(hits) == 1 and files.text(hits[0]) == fresh.text:
            files.texts[hits[0]] = fresh.text
        else:
            self._merge(thread, fresh, hits, is_excerpt)
        self.brought.update(fresh.keys)

    def take_leave(self) -> None:
        """Let front matter speak for what its file has where that is not just one thread."""
        for path in sorted(self.mixed):
            if self.files.text(path) is not None:
                self._speak_for_all(path)

    def changes(self, threads: Sequence[Thread]) -> Changes:
        """Return what became of it all."""
        before, texts = self.files.before, self.files.texts
        there = {p: t for p, t in texts.items() if t is not None}
        changed = {p: t for p, t in there.items() if t != before.get(p)}
        leaving = orphans.of(self.leaving, self.files)
        record = self.folder / orphans.RECORD
        beside = {str(record): orphans.record(leaving)} if leaving else {}
        return Changes(
            created={p: t for p, t in changed.items() if p not in before},
            updated={p: t for p, t in changed.items() if p in before},
            removed=tuple([p for p, t in texts.items() if t is None]),
            unchanged=len(there) - len(changed),
            conflicts=tuple(self.files.conflicts),
            beside=self.files.beside | beside,
            moves=tuple(self.files.steps.taken),
            places=dict(self._places(threads)),
            vanished=self.vanished,
            orphans=leaving,
            records=(str(record),) if leaving or record.exists() else (),
            begins=None if os.path.lexists(self.folder / THREADS) else self.folder / THREADS,
        )

    def _where_deleted(self, keys: Sequence[Key]) -> tuple[str, ...]:
        """Return the file from which a person deleted one of these posts, if it still is there."""
        if self.deleted is None:
            self.deleted = dict(self.files.deleted())
        found = (self.deleted[key] for key in keys if key in self.deleted)
        return tuple([path for path in found if self.files.text(path) is not None][:1])

    def _part_with(self, watch: Watch) -> None:
        """Do as told with posts that vanished."""
        self.vanished = settle(self.files, watch)
        purged = [g for g in self.vanished if g.fate == "purged"]
        self.leaving = orphans.named_by(watch.gone[g.network, g.id] for g in purged)
        self.leaving |= orphans.left_over(self.folder)

    def _places(self, threads: Sequence[Thread]) -> Iterator[tuple[Key, Place]]:
        for thread in threads:
            for post in thread.posts:
                key = thread.network, post.id
                if post.uncertain and (path := self.files.of_post.get(key)):
                    file = self.files.file(path)
                    yield key, Place(Path(file.path), file.line_of_post(post.id))

    def _merge(self, thread: Thread, fresh: Fresh, hits: Sequence[str], is_excerpt: bool) -> None:
        into = hits[0]
        moved = joined.moved_out(self.files, hits[1:], [post.id for post in thread.posts], into)
        thread = leading.told_better(thread, self.files.file(into), moved)
        file = self._led_by_first(self.files.file(into), thread, moved)
        moved, draft = leading.said_below(moved, file), thread_draft(thread)
        if thread.posts[0].id != next(iter(file.records)):
            self.mixed.setdefault(into, set())
            draft = leading.below(thread, file)
        elif file.records.keys() - draft.posts.keys():
            self.mixed.setdefault(into, set())
            draft = replace(draft, fields=None)
        elif fresh.keys[0] in self.brought:
            draft = replace(draft, fields=None)
        brought = frozenset([i for n, i in fresh.keys if (n, i) in self.brought])
        merged = merge.merge_thread(draft, file, moved, brought, is_excerpt)
        self.brought_into.setdefault(into, []).append(thread)
        self.files.change(file, merged.text)
        if merged.older:
            self.mixed.setdefault(into, set()).update(merged.older)
        if merged.conflicts:
            self.files.differ(into, fresh.text, merged.conflicts)
        joined.set_down(self.files, into, hits[1:])

    def _led_by_first(self, file: ThreadFile, thread: Thread, moved: merge.Moved) -> ThreadFile:
        """Let a file be led by what comes before its first post, if anything does."""
        deleted = {**moved.deleted, **merge.deleted_from(file)}
        new = [p.id for p in thread.posts if p.id in moved.posts or p.id not in deleted]
        first = ordered([*file.records], new)[0]
        if first in file.records:
            return file
        post = next(post for post in thread.posts if post.id == first)
        self.files.change(file, leading.led_by(file, post))
        return self.files.file(file.path)

    def _speak_for_all(self, path: str) -> None:
        file, threads = self.files.file(path), self.brought_into[path]
        merged = leading.brought_up(file, threads, self.mixed.get(path, ()))
        self.files.change(file, merged.text)
        if merged.conflicts:
            text = merge.fresh_thread(thread_draft(leading.leader(file, threads)))
            self.files.differ(path, text, merged.conflicts)
