"""A nightly import in which only counts changed touches only counts/ and .imported/."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from people import NAMES, Archive, export

from sitegen.cli import reports
from sitegen.content import counts
from sitegen.ingest.source_reader import ReadSource

LONG_AGO = 1_000_000_000


def times(archive: Archive) -> dict[str, int]:
    """Return the time of change of each file and folder of content/."""
    return {
        path.relative_to(archive.content).as_posix(): path.stat().st_mtime_ns
        for path in archive.content.rglob("*")
    }


def nightly(archive: Archive, read: ReadSource) -> set[str]:
    """Import at night; return the files that are new or were written, or whose folder was."""
    for path in archive.content.rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))
    before = times(archive)
    done = archive.bring_in(read)
    now = times(archive)
    assert before.keys() <= now.keys()
    assert (done.changes.created, done.changes.updated, done.changes.removed) == ({}, {}, ())
    line = next(line for line in reports.import_lines(done) if line.startswith("content: "))
    assert line == "content: 0 new files, 0 updated, 4 as before"
    return {name for name, time in now.items() if before.get(name) != time}


def likes(archive: Archive) -> dict[str, int | None]:
    """Return the likes of each post that has counts."""
    return {key[1]: of.likes for key, of in counts.read_all(archive.content).items()}


@pytest.mark.parametrize("split", [False, True])
def test_only_counts_changed(tmp_path: Path, split: bool) -> None:
    archive = Archive(tmp_path)
    archive.bring_in(export(NAMES, 1, likes=1, bio="Of fog"))
    if split:
        archive.split("r", "2025/mine.md")
        archive.join("z", "a")
        archive.edit("b", "\nPost b\n", "\nMine b\n")
        archive.bring_in(export(NAMES, 1, likes=1, bio="Of fog"))
    changed = nightly(archive, export(NAMES, 2, likes=5, bio="Of fog"))
    assert {name.split("/")[0] for name in changed} == {"counts", ".imported"}
    assert likes(archive) == dict.fromkeys(NAMES, 5)


def test_posts_get_their_first_counts(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.bring_in(export(NAMES, 1, bio="Of fog"))
    assert not (archive.content / "counts").exists()
    changed = nightly(archive, export(NAMES, 2, likes=0, bio="Of fog"))
    assert {name.split("/")[0] for name in changed} == {"counts", ".imported"}
    assert likes(archive) == dict.fromkeys(NAMES, 0)
    changed = nightly(archive, export(NAMES, 3, likes=7, bio="Of fog"))
    assert {name.split("/")[0] for name in changed} == {"counts", ".imported"}


def test_some_posts_have_no_counts_any_more(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.bring_in(export(NAMES, 1, likes=4, bio="Of fog"))
    changed = nightly(archive, export(NAMES, 2, bio="Of fog"))
    assert {name.split("/")[0] for name in changed} <= {"counts", ".imported"}
    assert likes(archive) == dict.fromkeys(NAMES, 4)


def test_nothing_changed(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.bring_in(export(NAMES, 1, likes=1, bio="Of fog"))
    assert nightly(archive, export(NAMES, 1, likes=1, bio="Of fog")) == set()
