"""JSON lines: what is exported comes back as the same records, and bad lines are named."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from strategies import archives

from sitegen import content, importing, records
from sitegen.errors import SourceError
from sitegen.importers import Exclusion, Options
from sitegen.model import Thread

PLAIN = {
    "id": "3ka", "network": "bluesky", "thread": "3ka", "position": 1,
    "author": {"handle": "ada.example", "id": None, "name": "Ada"},
    "created_at": "2025-02-11T02:02:00Z", "text": "Look at this: example.org/a #sky",
    "reply_to": None, "repost_of": None, "quote_of": None, "links": ["https://example.org/a"],
    "mentions": [], "tags": ["sky"], "media": [{"kind": "image", "path": None, "alt": "A cloud"}],
    "card": {"title": "A", "description": "", "url": None}, "warning": None, "langs": ["en"],
    "counts": {"likes": 3, "reposts": None, "replies": 0, "quotes": None}, "url": None,
    "uncertain": [],
}  # fmt: skip


def write(folder: Path, *lines: object, name: str = "posts.jsonl") -> Path:
    """Write records as a file."""
    path = folder / name
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def round_trip(path: Path, folder: Path) -> str:
    """Import a file into a new folder and export that."""
    importing.carry_out(importing.planned(folder, [path], Options()))
    return records.lines(content.archived(folder))


@given(archives())
def test_import_then_export_returns_the_same_records(threads: tuple[Thread, ...]) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "posts.jsonl")
        path.write_text(records.lines(threads), "utf-8")
        before = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
        after = [json.loads(line) for line in round_trip(path, Path(name, "c")).split("\n") if line]
        assert sorted(after, key=repr) == sorted(before, key=repr)


def test_a_plain_record_is_exported_with_just_the_fields_of_the_schema(tmp_path: Path) -> None:
    text = round_trip(write(tmp_path, PLAIN), tmp_path / "content")
    assert text == json.dumps(PLAIN) + "\n"


def test_the_order_of_the_lines_does_not_matter(tmp_path: Path) -> None:
    reply = PLAIN | {"id": "3kb", "position": 2, "reply_to": "3ka", "text": "More"}
    one = round_trip(write(tmp_path, PLAIN, reply), tmp_path / "one")
    other = round_trip(write(tmp_path, reply, PLAIN), tmp_path / "other")
    assert one == other


def test_records_without_a_thread_are_threaded_by_their_replies(tmp_path: Path) -> None:
    loose = {"network": "x", "text": "t"}
    lines = [
        loose | {"id": "3", "reply_to": "2"},
        loose | {"id": "2", "reply_to": "1"},
        loose | {"id": "1"},
        loose | {"id": "9", "reply_to": "gone"},
    ]
    plan = importing.planned(tmp_path / "content", [write(tmp_path, *lines)], Options())
    assert [[p.id for p in t.posts] for t in plan.threads] == [["1", "2", "3"], ["9"]]


def test_of_two_lines_with_one_id_the_last_counts_and_the_other_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, PLAIN, PLAIN | {"text": "Newer"})
    plan = importing.planned(tmp_path / "content", [path], Options())
    (read,) = plan.sources
    assert [p.text for p in plan.posts] == ["Newer"]
    assert (read.imported.records, len(read.imported.exclusions)) == (2, 1)
    assert read.imported.exclusions[0] == Exclusion("line 1", "same post twice", "as line 2")


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('{"id": "a", "network": "x", "text"', "not a JSON object"),
        ('["id"]', "not a JSON object"),
        ('{"id": 7, "network": "x", "text": "t"}', '"id" must be a text, not 7'),
        ('{"id": "", "network": "x", "text": "t"}', '"id" must be a text that is not empty'),
        ('{"id": "a", "network": "x"}', '"text" must be a text, not None'),
        ('{"id": "a", "network": "x", "text": "t", "tags": "b"}', '"tags" must be a list'),
        ('{"id": "a", "network": "x", "text": "t", "tags": [1]}', '"tags" must be a list of texts'),
        ('{"id": "a", "network": "x", "text": "t", "counts": {"likes": "3"}}', '"counts.likes" must'),
        ('{"id": "a", "network": "x", "text": "t", "counts": {"likes": true}}', '"counts.likes" must'),
        ('{"id": "a", "network": "x", "text": "t", "media": [{"kind": "gif"}]}', '"media.kind" must'),
        ('{"id": "a", "network": "x", "text": "t", "facets": [{"kind": "link", "value": "u", '
         '"start": 0, "end": 9}]}', '"facets.end" must be a place'),
        ("[" * 100_000, "not a JSON object"),
    ],
)  # fmt: skip
def test_a_bad_line_stops_the_import_and_is_named(tmp_path: Path, line: str, what: str) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text(json.dumps(PLAIN) + "\n" + line + "\n", "utf-8")
    with pytest.raises(SourceError) as caught:
        importing.planned(tmp_path / "content", [path], Options())
    assert what in caught.value.what
    assert (caught.value.path, caught.value.line) == (str(path), 2)
    assert caught.value.hint
    assert not (tmp_path / "content").exists()


def test_bytes_that_are_not_utf8_are_named_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(json.dumps(PLAIN).encode() + b"\n\n\xff\n")
    with pytest.raises(SourceError) as caught:
        importing.planned(tmp_path / "content", [path], Options())
    assert caught.value.line == 3


def test_every_source_that_cannot_be_read_is_told_at_once(tmp_path: Path) -> None:
    empty, binary, folder = tmp_path / "empty", tmp_path / "binary", tmp_path / "folder"
    empty.write_bytes(b"")
    binary.write_bytes(bytes(range(256)))
    folder.mkdir()
    gone = tmp_path / "gone"
    sources = [empty, binary, folder, gone]
    with pytest.raises(Exception, match="empty") as caught:
        importing.planned(tmp_path / "content", sources, Options())
    lines = str(caught.value).split("\n")
    assert [line.split(":")[0] for line in lines] == [str(path) for path in sources]
    assert all("hint:" in line for line in lines)


def test_media_beside_the_source_come_along_once(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.png").write_bytes(b"picture")
    (tmp_path / "secret.png").write_bytes(b"secret")
    media = [
        {"kind": "image", "path": p, "alt": ""} for p in ("media/a.png", "media/../secret.png")
    ]
    path = write(tmp_path, PLAIN | {"media": media})
    content_folder = tmp_path / "content"
    plan = importing.planned(content_folder, [path], Options())
    importing.carry_out(plan)
    found = [p.relative_to(content_folder).as_posix() for p in content_folder.rglob("*.png")]
    assert found == ["media/a.png"]
    assert importing.planned(content_folder, [path], Options()).copied == ()
