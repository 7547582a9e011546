"""Without .imported/ all counts as the person's: what equals the source's is adopted."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from people import NAMES, Archive, export, words
from trees import differences

from sitegen.cli import import_reports


def lost(root: Path) -> Archive:
    """Return an archive whose records are lost, with edits, a split and a new title."""
    archive = Archive(root)
    archive.bring_in(export(NAMES, 1, likes=1, bio="Of fog"))
    archive.edit("a", "\nPost a\n", "\nMine a\n")
    archive.edit("b", "\nPost b\n", "\nMine b\n")
    archive.edit("p", 'title: "Post p"', 'title: "My own"')
    archive.split("r", "mine.md")
    profile = next(archive.content.glob("profiles/*.md"))
    profile.write_text(profile.read_text("utf-8").replace("Of fog", "Of mine"), "utf-8")
    shutil.rmtree(archive.content / ".imported")
    return archive


def test_differences_are_one_warning_and_no_files(tmp_path: Path) -> None:
    archive = lost(tmp_path)
    before = {name: data for name, data in archive.tree().items() if name.endswith(".md")}
    done = archive.bring_in(export(NAMES, 1, likes=2, bio="Of fog"))
    now = archive.tree()
    assert not [name for name in now if ".upstream" in name]
    assert not differences({n: data for n, data in now.items() if n.endswith(".md")}, before)
    assert done.changes.conflicts == ()
    found = {difference.path.name: difference.parts for difference in done.changes.differences}
    assert found == {
        "2025-05-01-post-a-01a084.md": ("text of post a", "text of post b"),
        "2025-05-06-post-p-07b299.md": ("title",),
        "mine.md": ("title", "date", "id"),
        "ada-example.md": ("text",),
    }
    lines = [*import_reports.import_lines(done)]
    at = next(n for n, line in enumerate(lines) if line.startswith("different from the source"))
    assert lines[at] == (
        "different from the source, yours kept, as .imported/ does not say what you edited (4 files):"
    )
    assert len(lines) == at + 5
    assert len(import_reports.import_object(done)["differences"]) == 4


def test_what_equals_the_source_is_adopted_and_follows_the_next_export(tmp_path: Path) -> None:
    archive = lost(tmp_path)
    archive.bring_in(export(NAMES, 1, likes=2, bio="Of fog"))
    written = archive.tree()
    again = archive.bring_in(export(NAMES, 1, likes=2, bio="Of fog"))
    assert again.changes.differences == ()
    assert not differences(archive.tree(), written)
    done = archive.bring_in(export(NAMES, 20, likes=20, bio="Of dew"))
    mine = {"a": "Mine a", "b": "Mine b"}
    assert archive.texts() == {name: words(name, 20) for name in NAMES} | mine
    assert archive.places()["r"].name == "mine.md"
    assert {c.parts for c in done.changes.conflicts} == {("text of post b",), ("text",)}


def test_an_archive_that_nobody_edited_is_as_if_its_records_had_not_been_lost(
    tmp_path: Path,
) -> None:
    archive = Archive(tmp_path)
    archive.bring_in(export(NAMES, 1, likes=1, bio="Of fog"))
    whole = archive.tree()
    shutil.rmtree(archive.content / ".imported")
    done = archive.bring_in(export(NAMES, 1, likes=1, bio="Of fog"))
    assert done.changes.differences == ()
    assert not differences(archive.tree(), whole)


@given(st.sets(st.sampled_from(NAMES), min_size=1), st.integers(1, 14))
def test_a_newer_export_of_a_part_adopts_what_it_has(names: set[str], day: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive(Path(folder))
        archive.bring_in(export(NAMES, 1))
        shutil.rmtree(archive.content / ".imported")
        places = archive.places()
        done = archive.bring_in(export(names, day))
        assert (done.changes.differences, done.changes.conflicts) == ((), ())
        assert archive.places() == places
        archive.bring_in(export(NAMES, 20))
        assert archive.places() == places
        assert {n: archive.texts()[n] for n in names} == {n: words(n, 20) for n in names}
