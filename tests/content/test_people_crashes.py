"""An import that is stopped after people split, deleted and edited: the next one heals it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from people import NAMES, Archive, export, words
from refusing import Disk
from trees import differences, replace

from sitegen.content import counts
from sitegen.errors import SitegenError
from sitegen.ingest.source_reader import ReadSource

Files = dict[str, bytes]
MINE = {"b": "Mine b", "p": "Mine p"}
LESS = "abcpqrz"
strides = pytest.mark.parametrize("stride", [9, pytest.param(1, marks=pytest.mark.slow)])


@pytest.fixture(scope="module")
def disk() -> Disk:
    """Return a disk; its hook stays for good, but hears nothing unless it refuses."""
    return Disk()


def edit(archive: Archive) -> None:
    """Do what people do: split a thread, delete a post, edit two, and the profile."""
    archive.split("r", "2025/mine.md")
    archive.delete("z")
    for name, text in MINE.items():
        archive.edit(name, f"\nPost {name}\n", f"\n{text}\n")


def only_edit(archive: Archive) -> None:
    """Do nothing that a later import must find in the records."""
    archive.edit("b", "\nPost b\n", "\nMine b\n")


SCENES: dict[str, tuple[Callable[[Archive], None], ReadSource]] = {
    "split, deleted and edited": (edit, export(NAMES, 16, likes=9, bio="Of dew")),
    "counts only": (edit, export(LESS, 2, likes=9, bio="Of fog")),
    "first counts": (only_edit, export(LESS, 2, likes=9, bio="Of fog")),
    "a new profile text": (only_edit, export(LESS, 2, likes=1, bio="Of dew")),
}


def stops(disk: Disk, archive: Archive, old: Files, read: ReadSource, stride: int) -> Iterator[int]:
    """Import with the first step failing, then with a later one, and so on, until none is left."""
    for number in count(1, stride):
        replace(archive.content, old)
        with disk.refusing(number, archive.root) as asked, suppress(OSError, SitegenError):
            archive.bring_in(read)
        yield number
        if len(asked) < number:
            break
    assert number > 5


def begun(root: Path, name: str) -> tuple[Archive, Files, ReadSource]:
    """Return an archive with a person's work, its files, and the next export."""
    archive, (work, read) = Archive(root / "site"), SCENES[name]
    archive.bring_in(export(LESS, 1, likes=None if name == "first counts" else 1, bio="Of fog"))
    work(archive)
    return archive, archive.tree(), read


@strides
@pytest.mark.parametrize("name", SCENES)
def test_the_next_import_heals(tmp_path: Path, disk: Disk, name: str, stride: int) -> None:
    archive, old, read = begun(tmp_path, name)
    archive.bring_in(read)
    new, places = archive.tree(), archive.places()
    for _ in stops(disk, archive, old, read, stride):
        texts = archive.texts()
        assert places.keys() >= texts.keys()
        assert {n: text for n, text in texts.items() if n in MINE and text == MINE[n]}
        archive.bring_in(read)
        assert not differences(archive.tree(), new)


@strides
@pytest.mark.parametrize("name", SCENES)
def test_no_part_is_frozen_and_no_edit_is_lost(
    tmp_path: Path, disk: Disk, name: str, stride: int
) -> None:
    """Though a person edits after the stop, and the next import is a newer one."""
    archive, old, read = begun(tmp_path, name)
    last = export(NAMES, 20, likes=20, bio="Of mist")
    for _ in stops(disk, archive, old, read, stride):
        archive.edit("a", "\nPost a\n", "\nMine a\n")
        mine = {"a": "Mine a"} | {n: t for n, t in archive.texts().items() if t.startswith("Mine")}
        is_away = "z" not in archive.places()
        done = archive.bring_in(last)
        expected = {n: words(n, 20) for n in NAMES if not (n == "z" and is_away)} | mine
        assert archive.texts() == expected
        assert {key[1]: of.likes for key, of in counts.read_all(archive.content).items()} == (
            dict.fromkeys(expected, 20)
        )
        assert "Of mist" in next(archive.content.glob("profiles/*.md")).read_text("utf-8")
        assert {c.parts for c in done.changes.conflicts} <= {("text of post b",)}
        if "r" in old and "mine.md" in old:
            assert archive.places()["r"].name == "mine.md"
