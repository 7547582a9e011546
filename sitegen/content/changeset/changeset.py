"""What an import does to content/: the new texts of files, and in which order they are written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from sitegen import files
from sitegen.content.changeset import relocation_journal
from sitegen.content.changeset.new_files import Key
from sitegen.content.changeset.pending import Conflict, Pending
from sitegen.content.changeset.vanished import Gone
from sitegen.content.imported.import_records import AccountLine
from sitegen.model import Thread

PREPARING, WRITING = "preparing files", "writing files"
Progress = Callable[[str, int, int], None]
T = TypeVar("T")


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
    none yet: what is created in it is put there in one step. `remembered` are the files of
    `.imported/`, written first: an import that is stopped never counts as an older one.
    `folder` is that of the content, which then has `posts` posts. `learnt` are handles of accounts
    that the merge found out, and that would have changed it.
    """

    created: dict[str, str]
    updated: dict[str, str]
    removed: tuple[str, ...]
    unchanged: int
    conflicts: tuple[Conflict, ...]
    beside: dict[str, str]
    moves: tuple[relocation_journal.Step, ...]
    places: dict[Key, Place]
    vanished: tuple[Gone, ...] = ()
    orphans: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    begins: Path | None = None
    remembered: dict[str, str] = {}
    folder: Path | None = None
    posts: int = 0
    learnt: tuple[AccountLine, ...] = ()


def places_of(files: Pending, threads: Sequence[Thread]) -> Iterator[tuple[Key, Place]]:
    """Go through the posts that a person may want to correct, and where they are."""
    for thread in threads:
        for post in thread.posts:
            key = thread.network, post.id
            if post.uncertain and (path := files.of_post.get(key)):
                file = files.file(path)
                yield key, Place(Path(file.path), file.line_of_post(post.id))


def write(changes: Changes, progress: Progress = lambda what, done, total: None) -> None:
    """Write what an import changes, each file in one step. Raises OSError.

    `progress` hears how many files are written: PREPARING while a folder is still put together
    that is then put in place at once, WRITING for those that are in place.

    It may be stopped anywhere. What lies beside a file comes first, for once the file is
    written, nobody would know of it; media files go last, for until then files name them. The
    next import does the rest.
    """
    root, texts = changes.folder, {**changes.created, **changes.updated}
    moved = dict(changes.moves)
    new = _in_new_folder(changes.begins, texts)
    rest = {p: t for p, t in texts.items() if p not in new and moved.get(p) != t}
    leaving = (*changes.removed, *changes.orphans, *changes.records)
    writing = Counted(progress, _total(changes.beside, moved, new, rest, leaving))
    files.write_each(writing.each(_encoded(changes.beside)), root)
    files.write_each(_encoded(changes.remembered), root)
    for path, text in writing.each(changes.moves):
        if text is None:
            Path(path).unlink(missing_ok=True)
        else:
            files.write_each([(path, text.encode())], root)
    if changes.begins and new:
        files.write_folder(changes.begins, writing.at_once(_named_below(changes.begins, new)))
    files.write_each(writing.each(_encoded(rest)), root)
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


class Counted:
    """Reports how many files are written, while these are gone through."""

    def __init__(self, progress: Progress, total: int) -> None:
        self.progress = progress
        self.total = total
        self.done = 0

    def each(self, items: Iterable[T]) -> Iterator[T]:
        """Go through files that are each written before the next is asked for."""
        for item in items:
            self.progress(WRITING, self.done, self.total)
            yield item
            self.done += 1

    def at_once(self, items: Iterable[T]) -> Iterator[T]:
        """Go through files none of which is in place before all are."""
        number = 0
        for number, item in enumerate(items, 1):
            self.progress(PREPARING, number - 1, self.total)
            yield item
        self.done += number
