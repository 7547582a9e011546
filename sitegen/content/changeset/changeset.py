"""The changes of an import to content/: the files' new texts and the order of writing them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from sitegen import files
from sitegen.content.changeset import relocation_journal
from sitegen.content.changeset.new_files import Key
from sitegen.content.changeset.pending import Conflict, PendingFiles
from sitegen.content.changeset.vanished import VanishedPost
from sitegen.content.imported.import_records import NO_TEXTS, RecordTexts
from sitegen.content.imported.record_lines import AccountLine
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
    `.imported/` and their journal, which is written first and deleted last.
    `folder` is the content folder, which then has `posts` posts. `new_handles` are handles of
    accounts that the merge discovered, and that would have changed its result. `withheld` counts
    the imported posts that a person had deleted.
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
    folder: Path | None = None
    posts: int = 0
    new_handles: tuple[AccountLine, ...] = ()
    withheld: int = 0


def places_of(files: PendingFiles, threads: Sequence[Thread]) -> Iterator[tuple[Key, Place]]:
    """Yield the posts that a person may want to correct, and their places."""
    for thread in threads:
        for post in thread.posts:
            key = thread.network, post.id
            if post.uncertain and (path := files.of_post.get(key)):
                file = files.file(path)
                yield key, Place(Path(file.path), file.line_of_post(post.id))


def write(changes: Changes, progress: Progress = lambda what, done, total: None) -> None:
    """Write the changes of an import, each file atomically. Raises OSError.

    `progress` is called with the number of files written: PREPARING while a new folder is being
    built, WRITING for files that are in place.

    It may be interrupted anywhere; the next import does the rest. Conflict files are written
    first, because nothing would recreate them once the file is written; media files are deleted
    last, because files refer to them until then.
    """
    root, texts = changes.folder, {**changes.created, **changes.updated}
    moved = dict(changes.moves)
    new = _in_new_folder(changes.new_folder, texts)
    rest = {p: t for p, t in texts.items() if p not in new and moved.get(p) != t}
    leaving = (*changes.orphans, *changes.records)
    steps = (changes.beside, moved, new, rest, changes.removed, leaving)
    writing = ProgressCounter(progress, _total(*steps))
    files.write_each(writing.each(_encode(changes.beside)), root)
    records = changes.import_records
    files.write_each(_encode(records.accounts | records.journal), root)
    for path, text in writing.each(changes.moves):
        if text is None:
            Path(path).unlink(missing_ok=True)
        else:
            files.write_each([(path, text.encode())], root)
    if changes.new_folder and new:
        files.write_folder(
            changes.new_folder, writing.at_once(_relative_to(changes.new_folder, new))
        )
    files.write_each(writing.each(_encode(rest)), root)
    for path in writing.each(changes.removed):
        Path(path).unlink(missing_ok=True)
    files.write_each(_encode(records.files), root)
    for path in writing.each(leaving):
        Path(path).unlink(missing_ok=True)


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

    def each(self, items: Iterable[T]) -> Iterator[T]:
        """Yield files, each of which is written before the next is requested."""
        for item in items:
            self.progress(WRITING, self.done, self.total)
            yield item
            self.done += 1

    def at_once(self, items: Iterable[T]) -> Iterator[T]:
        """Yield files that are all put in place together at the end."""
        number = 0
        for number, item in enumerate(items, 1):
            self.progress(PREPARING, number - 1, self.total)
            yield item
        self.done += number
