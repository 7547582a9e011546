"""A nightly import in which only counts changed touches only counts/ and .imported/."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import long_law
from people import NAMES, Archive, export
from trees import differences, tree

from sitegen.cli import import_reports
from sitegen.content import counts
from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.changeset.new_files import make_new_files
from sitegen.content.changeset.replies import Replies
from sitegen.content.folder_merge import FolderMerge
from sitegen.content.identity.authors_by_handle import HandleOwners
from sitegen.content.identity.authors_by_id import Accounts
from sitegen.ingest import pipeline
from sitegen.ingest.source_reader import ReadSource
from sitegen.model import Author, Counts, Post
from sitegen.sources import Imported
from sitegen.threads import group

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
    line = next(line for line in import_reports.import_lines(done) if line.startswith("content: "))
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


def test_files_are_not_parsed_for_other_counts(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.bring_in(export(NAMES, 1, likes=1, bio="Of fog"))
    threads = export(NAMES, 2, likes=5, bio="Of fog").imported.threads
    merge = FolderMerge(
        ArchiveIndex(archive.content), Replies(threads, ()), HandleOwners(), Accounts()
    )
    new = {file.path: file for file in make_new_files(archive.content, threads)}
    merge.read_folder(new, "ask", ())
    assert ([*merge.files.before], merge.parsed) == ([*new], [])


@pytest.mark.parametrize(("is_excerpt", "expected"), [(True, [3, 3, 5]), (False, [3, 1, 5])])
def test_lower_counts_of_the_same_state(
    tmp_path: Path, is_excerpt: bool, expected: list[int]
) -> None:
    archive, known = Archive(tmp_path), []
    for number in (3, 1, 5):
        ada = Author("ada", "77", "Ada")
        post = Post("a", "x", "Post of fog", author=ada, counts=Counts(number))
        until = "2025-06-01T12:00:00Z"
        found = Imported("a page", 1, group([post]), until=until, is_excerpt=is_excerpt)
        archive.bring_in(ReadSource("page.html", None, found))
        known.append(likes(archive)["a"])
    assert known == expected


STATES = [
    ("an export", 1, False),
    ("an export", 2, False),
    ("an export", None, False),
    ("a page", 1, False),
    ("a page", 1, True),
    ("a page", 2, True),
]
PARENTS = {"a": None, "b": "a", "c": None, "d": "elsewhere"}


@st.composite
def sources(draw: st.DrawFn) -> ReadSource:
    """Return a source of the same posts with other counts; sometimes another thing differs."""
    kind, day, is_excerpt = draw(st.sampled_from(STATES))
    author = Author("ada") if draw(st.integers(0, 9)) == 9 else Author("ada", "77", "Ada")
    missing, other, edited = [draw(st.sampled_from([*[""] * 20, *PARENTS])) for _ in range(3)]
    posts = [
        Post(
            name,
            "x",
            "Post of rain" if name == other else "Post of fog",
            f"2025-05-0{number}T10:00:00Z",
            author,
            PARENTS[name],
            counts=draw(st.builds(Counts, st.integers(0, 3), st.none() | st.integers(0, 1))),
            edited_at="2025-05-20T10:00:00Z" if name == edited else None,
        )
        for number, name in enumerate(PARENTS, 1)
        if name != missing
    ]
    until = f"2025-06-{day:02}T12:00:00Z" if day else None
    imported = Imported(kind, len(posts), group(posts), until=until, is_excerpt=is_excerpt)
    return ReadSource(f"{kind} of {day}", None, imported)


def add_blank_lines(content: Path) -> None:
    """Add a blank line at the end of each thread's file: it has the same parts, but is parsed."""
    for path in content.glob("threads/**/*.md"):
        path.write_text(path.read_text("utf-8").rstrip("\n") + "\n\n", "utf-8")


def remove_blank_lines(content: Path) -> None:
    """End each thread's file as imports end it."""
    for path in content.glob("threads/**/*.md"):
        path.write_text(path.read_text("utf-8").rstrip("\n") + "\n", "utf-8")


@long_law
@given(st.lists(st.lists(sources(), min_size=1, max_size=2), min_size=3, max_size=5))
def test_files_with_other_counts_are_merged_alike_parsed_or_not(
    imports: Sequence[Sequence[ReadSource]],
) -> None:
    with tempfile.TemporaryDirectory() as name:
        plain, parsed = Path(name) / "plain", Path(name) / "parsed"
        for reads in imports:
            pipeline.import_into(plain, Path(name) / "cache", tuple(reads))
            pipeline.import_into(parsed, Path(name) / "other-cache", tuple(reads))
            add_blank_lines(parsed)
        for folder in (plain, parsed):
            remove_blank_lines(folder)
        assert not differences(tree(plain), tree(parsed))
