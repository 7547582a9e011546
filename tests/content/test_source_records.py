"""content/.imported/sources.jsonl: a line for each source that was ever imported."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sitegen.content.imported import import_records
from sitegen.content.imported.record_lines import SourceLine, merge_sources
from sitegen.formats.archives import file_digests
from sitegen.ingest import pipeline
from sitegen.sources import Options

LINE = (
    '{{"id": "{0}", "network": "x", "thread": "{0}", "text": "Fog", "created_at": "{1}",'
    ' "author": {{"handle": "ada.example"}}, "visibility": "{2}"}}\n'
)


def bring_in(root: Path, *names: str) -> list[dict[str, Any]]:
    """Import files of the folder; return the lines of the records."""
    reads = pipeline.read([root / name for name in names], Options())
    pipeline.import_into(root / "content", root / "cache", reads)
    text = (root / "content/.imported/sources.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_each_source_has_a_line_without_its_folder(tmp_path: Path) -> None:
    text = LINE.format("a", "2024-01-01T10:00:00Z", "unlisted")
    (tmp_path / "own.jsonl").write_text(text + LINE.format("b", "2024-01-02T10:00:00Z", "direct"))
    (first,) = bring_in(tmp_path, "own.jsonl")
    assert first == {
        "name": "own.jsonl",
        "digest": file_digests.of_paths([tmp_path / "own.jsonl"]),
        "kind": first["kind"],
        "as_of": "2024-01-01T10:00:00.000000Z",
        "records": 2,
        "posts": 1,
        "exclusions": {"private message": 1},
    }
    assert bring_in(tmp_path, "own.jsonl") == [first]
    (tmp_path / "own.jsonl").write_text(text)
    lines = bring_in(tmp_path, "own.jsonl")
    assert len(lines) == 2
    assert first in lines
    (tmp_path / "other.jsonl").write_text(text)
    assert len(bring_in(tmp_path, "other.jsonl", "own.jsonl")) == 3
    assert str(tmp_path).encode() not in (tmp_path / "content/.imported/sources.jsonl").read_bytes()


def test_the_lines_of_several_people_are_united(tmp_path: Path) -> None:
    (tmp_path / "own.jsonl").write_text(LINE.format("a", "2024-01-01T10:00:00Z", "unlisted"))
    (line,) = bring_in(tmp_path, "own.jsonl")
    path = tmp_path / "content/.imported/sources.jsonl"
    older = json.dumps({**line, "as_of": "2023-01-01T10:00:00.000000Z", "posts": 0})
    path.write_text(older + "\n" + path.read_text("utf-8") * 2 + older + "\n", "utf-8")
    assert bring_in(tmp_path, "own.jsonl") == [line]


def test_of_two_lines_the_newer_state_wins_in_any_order() -> None:
    lines = [
        SourceLine("a.zip", "1", as_of=as_of, posts=posts)
        for as_of, posts in [("2024", 1), ("2023", 9), ("2024", 2)]
    ]
    assert merge_sources(lines) == merge_sources(lines[::-1]) == {("a.zip", "1"): lines[2]}


def test_a_dry_run_writes_none(tmp_path: Path) -> None:
    (tmp_path / "own.jsonl").write_text(LINE.format("a", "2024-01-01T10:00:00Z", "unlisted"))
    pipeline.plan_import(tmp_path / "content", [tmp_path / "own.jsonl"], Options())
    assert import_records.load(tmp_path / "content").sources == {}


def archive(path: Path, middle: bytes) -> Path:
    """Write an archive of some megabytes with different bytes in its middle."""
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in [("a", bytes(2 << 20)), ("b", middle), ("c", bytes(2 << 20))]:
            packed.writestr(zipfile.ZipInfo(name), data)
    return path


@pytest.mark.parametrize(
    ("first", "other", "same"), [(b"fog", b"fog", True), (b"fog", b"dew", False)]
)
def test_archives_are_known_by_their_lists_of_members(
    tmp_path: Path, first: bytes, other: bytes, same: bool
) -> None:
    paths = [archive(tmp_path / "1.zip", first), archive(tmp_path / "2.zip", other)]
    one, two = (file_digests.of_paths([path]) for path in paths)
    assert len(one) == 32
    assert (one == two) is same


def test_folders_are_known_by_the_names_and_sizes_of_their_files(tmp_path: Path) -> None:
    def digest(**files: str) -> str:
        root = tmp_path / str(len([*tmp_path.iterdir()]))
        for name, text in files.items():
            path = root / name.replace("_", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return file_digests.of_paths([root])

    whole = digest(a="fog", b_c="dew", b_d="")
    assert whole == digest(b_d="", a="fog", b_c="dew")
    others = [
        digest(a="fog", b_c="dew"),
        digest(a="fogs", b_c="dew", b_d=""),
        digest(a="fog", c="dew", d=""),
    ]
    assert len({whole, *others}) == 4


def test_what_is_not_there_has_no_digest(tmp_path: Path) -> None:
    assert file_digests.of_paths([tmp_path / "none"]) == ""
