"""The changes of an import to content/: the files' new texts and the order of writing them."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence, Sized
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from sitegen import durable_files
from sitegen.content.changeset import relocation_journal
from sitegen.content.changeset.file_changes import Conflict, Difference, FileChanges
from sitegen.content.changeset.new_files import Key
from sitegen.content.changeset.vanished import VanishedPost
from sitegen.content.imported.record_lines import AccountLine
from sitegen.content.imported.record_texts import NO_TEXTS, RecordTexts
from sitegen.model import Thread

PREPARING, WRITING = "preparing files", "writing files"
Progress = Callable[[str, int, int], None]
T = TypeVar("T")


class Place(Struct, frozen=True):
    """The file and line of a post, for a person who wants to correct it."""

    path: Path
    line: int


class Changes(Struct, frozen=True):
    """The changes of an import to the folder: new texts by file, and the files to delete.

    `moves` is done first, in its order: a file's text, or None to delete it. `places` locates
    each uncertain post, `vanished` says what became of posts that their source no longer has.
    `orphans` are media files to delete at the end, when nothing refers to them any more;
    `records` are the records of these steps, deleted last. `new_folder` is the folder of threads
    if it does not exist yet: it is created in one step. `import_records` are the files of
    `.imported/` and their journal, which is written first and deleted last. `folder` is the
    content folder, which then has `posts` posts; `before` are the texts that the import read of
    the files to be changed or deleted. `new_handles` are handles of accounts that the merge
    discovered, and that would have changed its result. `withheld` counts the imported posts that
    a person had deleted; `differences` are in files of which nothing was recorded.
    """

    created: dict[str, str]
    updated: dict[str, str]
    removed: tuple[str, ...]
    unchanged: int
    conflicts: tuple[Conflict, ...]
    beside: dict[str, str]
    moves: tuple[relocation_journal.Step, ...]
    places: dict[Key, Place]
    vanished: tuple[VanishedPost, ...] = ()
    orphans: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    new_folder: Path | None = None
    import_records: RecordTexts = NO_TEXTS
    folder: Path = Path()
    before: dict[str, str] = {}
    posts: int = 0
    new_handles: tuple[AccountLine, ...] = ()
    withheld: int = 0
    differences: tuple[Difference, ...] = ()


def places_of(files: FileChanges, threads: Sequence[Thread]) -> Iterator[tuple[Key, Place]]:
    """Yield the posts that a person may want to correct, and their places."""
    for thread in threads:
        for post in thread.posts:
            key = thread.network, post.id
            if post.uncertain and (path := files.of_post.get(key)):
                file = files.file(path)
                yield key, Place(Path(file.path), file.line_of_post(post.id))


def write(changes: Changes, progress: Progress = lambda what, done, total: None) -> None:
    """Write the changes of an import, so that each step is on the disk before the next.

    `progress` is called with the number of files written: PREPARING while nothing is in place
    yet, WRITING for files that are.

    It may be interrupted anywhere; the next import does the rest. Conflict files are written
    first, because nothing would recreate them once the file is written; media files are deleted
    last, because files refer to them until then. A file that a person changed since the import
    read it is left as it is. Raises ContentError for such a file, OSError.
    """
    root, texts = changes.folder, {**changes.created, **changes.updated}
    durable_files.delete_remains(root)
    known = {path: text.encode() for path, text in changes.before.items()}
    moved = dict(changes.moves)
    new = _in_new_folder(changes.new_folder, texts)
    absent = [path for path in changes.created if path not in new]
    for path in (*known, *absent, *([str(changes.new_folder)] if new else ())):
        durable_files.require_unchanged(path, known.get(path))
    rest = {p: t for p, t in texts.items() if p not in new and moved.get(p) != t}
    steps = (changes.beside, moved, new, rest, changes.removed, changes.orphans)
    writing, records = ProgressCounter(progress, _total(*steps)), changes.import_records
    beside = changes.beside | records.journal | records.accounts
    durable_files.write_durably(_encode(beside), root, renamed=writing.count_among(changes.beside))
    durable_files.write_durably(_encode(records.counts), root)
    _move(changes, known, writing)
    if changes.new_folder and new:
        durable_files.write_folder_durably(
            changes.new_folder, writing.at_once(_relative_to(changes.new_folder, new))
        )
    durable_files.write_durably(writing.prepare(_encode(rest)), root, known, writing.count)
    durable_files.delete_durably(changes.removed, known, writing.count)
    durable_files.write_durably(_encode(records.files), root)
    durable_files.delete_durably(changes.orphans, known, writing.count)
    durable_files.delete_durably(changes.records, known)


def _move(changes: Changes, known: dict[str, bytes], writing: ProgressCounter) -> None:
    """Write the steps that move posts between files, and record what the files then have."""
    for path, text in writing.each(changes.moves):
        if text is None:
            durable_files.delete_durably([path], known)
            known.pop(path, None)
        else:
            is_journal = path == str(changes.folder / relocation_journal.RECORD)
            durable_files.write_durably(
                [(path, text.encode())], changes.folder, None if is_journal else known
            )
            known[path] = text.encode()


def _total(*files: Sized) -> int:
    return sum(len(some) for some in files)


def _in_new_folder(folder: Path | None, texts: Mapping[str, str]) -> dict[str, str]:
    """Return the files that belong in a folder that does not exist yet."""
    start = f"{folder}{os.sep}"
    return {path: text for path, text in texts.items() if folder and path.startswith(start)}


def _encode(texts: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    return ((path, text.encode()) for path, text in texts.items())


def _relative_to(folder: Path, texts: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    start = len(f"{folder}{os.sep}")
    return ((path[start:], data) for path, data in _encode(texts))


class ProgressCounter:
    """Reports progress while files are iterated over."""

    def __init__(self, progress: Progress, total: int) -> None:
        self.progress = progress
        self.total = total
        self.done = 0

    def count(self, path: str) -> None:
        """Count a file that is in place."""
        self.done += 1
        self.progress(WRITING, self.done, self.total)

    def count_among(self, paths: Container[str]) -> Callable[[str], None]:
        """Return a function that counts some of the files that are in place."""
        return lambda path: self.count(path) if path in paths else None

    def each(self, items: Iterable[T]) -> Iterator[T]:
        """Yield files, each of which is in place before the next is requested."""
        for item in items:
            self.progress(WRITING, self.done, self.total)
            yield item
            self.done += 1

    def prepare(self, items: Iterable[T]) -> Iterator[T]:
        """Yield files that are counted when they are in place."""
        for number, item in enumerate(items):
            if not self.done:
                self.progress(PREPARING, number, self.total)
            yield item

    def at_once(self, items: Iterable[T]) -> Iterator[T]:
        """Yield files that are all put in place together at the end."""
        number = 0
        for number, item in enumerate(items, 1):
            self.progress(PREPARING, number - 1, self.total)
            yield item
        self.done += number
