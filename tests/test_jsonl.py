"""JSON lines: what is exported comes back as the same records, and bad lines are named."""

from __future__ import annotations

import itertools
import json
import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import long_law
from strategies import archives

from sitegen import exchange
from sitegen.content import content_folder as content
from sitegen.errors import SeveralErrors, SourceError
from sitegen.exchange import schema
from sitegen.ingest import pipeline
from sitegen.model import Post, Thread
from sitegen.sources import Exclusion, Include, Options, Source
from sitegen.sources.json_lines.importer import JsonLines

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
    """Import all of a file into a new folder and export that."""
    options = Options(include=frozenset(("followers", "direct", "unknown")))
    pipeline.write_plan(pipeline.plan_import(folder, [path], options))
    return exchange.lines(content.read_archive(folder))


def test_an_author_is_as_much_as_the_record_says(tmp_path: Path) -> None:
    known, by_handle = {"handle": "ada", "id": "77", "name": None}, {"handle": "ada", "id": None}
    lines = [
        {"id": "1", "network": "bluesky", "text": "Fog", "author": known},
        {"id": "2", "network": "bluesky", "text": "Dew", "author": by_handle},
    ]
    path = tmp_path / "posts.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    found = [json.loads(line) for line in round_trip(path, tmp_path / "c").splitlines()]
    authors = {post["id"]: post["author"] for post in found}
    assert authors == {"1": known, "2": {**by_handle, "name": None}}


def test_the_published_schema_is_that_of_the_code() -> None:
    published = Path(__file__).parent.parent / "docs/schema.json"
    cure = "python -m sitegen.exchange.schema > docs/schema.json"
    assert published.read_text("utf-8") == schema.text(), cure


@long_law
@given(archives())
def test_every_exported_record_fits_the_schema(threads: tuple[Thread, ...]) -> None:
    for line in exchange.lines(threads).split("\n")[:-1]:
        found = json.loads(line)
        record = msgspec.convert(found, schema.Record)
        assert (record.id, record.text, record.thread) == (
            found["id"], found["text"], found["thread"],
        )  # fmt: skip


def test_the_schema_names_every_field_that_an_export_has() -> None:
    fields = set(schema.Record.__struct_fields__)
    own = {*Post.__struct_fields__} - {"extra"}
    assert fields == own | {"thread", "position", "unread_times"}


@long_law
@given(archives())
def test_import_then_export_returns_the_same_records(threads: tuple[Thread, ...]) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "posts.jsonl")
        path.write_text(exchange.lines(threads), "utf-8")
        before = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
        after = [json.loads(line) for line in round_trip(path, Path(name, "c")).split("\n") if line]
        assert sorted(after, key=repr) == sorted(before, key=repr)


@pytest.mark.parametrize(
    ("visibility", "reason"),
    [
        ("followers", ("not public", "for followers: --include followers")),
        ("direct", ("private message", "--include direct")),
        ("unknown", ("not public", "it is not known who may see it: --include unknown")),
    ],
)
@pytest.mark.parametrize("is_plain", [True, False])
def test_what_an_export_has_for_some_only_is_left_out_unless_it_is_asked_for(
    visibility: Include, reason: tuple[str, str], is_plain: bool, tmp_path: Path
) -> None:
    closed = PLAIN | {"id": "3kb", "thread": "3kb", "text": "Rook", "visibility": visibility}
    before = closed | {"text": "Rook, before"}
    del before["visibility"]
    path = write(tmp_path, PLAIN, before, closed if is_plain else closed | {"mood": [1]})
    found = JsonLines().read(Source(path, b""), Options())
    assert "Rook" not in repr(found)
    assert [(e.reason, e.detail) for e in found.exclusions] == [
        ("same post twice", "as line 3"),
        reason,
    ]
    assert found.records == 3
    asked = JsonLines().read(Source(path, b""), Options(include=frozenset((visibility,))))
    seen = [(p.text, p.visibility) for t in asked.threads for p in t.posts]
    assert sorted(seen)[1] == ("Rook", visibility)


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
    plan = pipeline.plan_import(tmp_path / "content", [write(tmp_path, *lines)], Options())
    assert [[p.id for p in t.posts] for t in plan.threads] == [["1", "2", "3"], ["9"]]


def test_of_two_lines_with_one_id_the_last_counts_and_the_other_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, PLAIN, PLAIN | {"text": "Newer"})
    plan = pipeline.plan_import(tmp_path / "content", [path], Options())
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
        ('{"id": "a", "network": "x", "text": "t", "tags": [1]}', '"tags[0]" must be a text, not 1'),
        ('{"id": "a", "network": "x", "text": "t", "counts": {"likes": "3"}}', '"counts.likes" must'),
        ('{"id": "a", "network": "x", "text": "t", "counts": {"likes": true}}', '"counts.likes" must'),
        ('{"id": "a", "network": "x", "text": "t", "media": [{"kind": "gif"}]}', '"media[0].kind" must'),
        ('{"id": "a", "network": "x", "text": "t", "facets": [{"kind": "link", "value": "u", '
         '"start": 0, "end": 9}]}', '"facets[0].end" must be a place'),
        ("[" * 100_000, "not a JSON object"),
    ],
)  # fmt: skip
def test_a_bad_line_stops_the_import_and_is_named(tmp_path: Path, line: str, what: str) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text(json.dumps(PLAIN) + "\n" + line + "\n", "utf-8")
    with pytest.raises(SourceError) as caught:
        pipeline.plan_import(tmp_path / "content", [path], Options())
    assert what in caught.value.message
    assert (caught.value.path, caught.value.line) == (str(path), 2)
    assert caught.value.hint
    assert not (tmp_path / "content").exists()


@pytest.mark.parametrize(
    "written",
    ["May 2, 2024 10:00 AM", "1714644000", "1714644000000", "02.05.2024 10:00", "2024/05/02 10:00",
     "Thu, 02 May 2024 10:00:00 GMT", "2024-13-45T99:99:99Z", "2024-02-30", "2024", "2024-05-02_10:00",
     "20240502110", "soon", ""],
)  # fmt: skip
@pytest.mark.parametrize(
    "key", ["created_at", "edited_at", "history[0].created_at", "poll.ends_at"]
)
def test_a_time_that_is_not_iso_8601_is_an_error(tmp_path: Path, written: str, key: str) -> None:
    fields: dict[str, dict[str, object]] = {
        "created_at": {"created_at": written},
        "edited_at": {"edited_at": written},
        "history[0].created_at": {"history": [{"text": "t", "created_at": written}]},
        "poll.ends_at": {"poll": {"options": [], "ends_at": written}},
    }
    path = write(tmp_path, PLAIN, PLAIN | {"id": "3kb"} | fields[key])
    with pytest.raises(SourceError) as caught:
        pipeline.plan_import(tmp_path / "content", [path], Options())
    assert f'"{key}" must be a time in ISO 8601' in caught.value.message
    assert caught.value.line == 2


@pytest.mark.parametrize(
    "written",
    ["2024-05-02T10:00:00.000+0000", "2024-05-02 10:00:00", "20240502T100000Z", "2024-05-02",
     "2024-05-02T10:00", "0001-01-01T00:00:00Z", "2024-W18-4", "2024-05-02T10:00:00+05:30"],
)  # fmt: skip
def test_whatever_iso_8601_writes_is_a_time(tmp_path: Path, written: str) -> None:
    path = write(tmp_path, PLAIN | {"created_at": written})
    assert json.loads(round_trip(path, tmp_path / "content"))["created_at"] == written


def test_every_line_that_is_wrong_is_named(tmp_path: Path) -> None:
    wrong = [PLAIN | {"id": str(at), "created_at": f"2024-13-{at:02}"} for at in range(1, 31)]
    path = write(tmp_path, PLAIN, *wrong, PLAIN | {"id": "3kb", "hdie": True})
    with pytest.raises(SeveralErrors) as caught:
        pipeline.plan_import(tmp_path / "content", [path], Options())
    assert [error.line for error in caught.value.errors] == [*range(2, 33)]
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "fields",
    [{"hdie": True}, {"Hide": True}, {"hide ": True}, {"visibilty": "direct"}, {"Visibility": "direct"},
     {"drfat": True}, {"hide": "true"}, {"hide": 1}, {"draft": "yes"}, {"visibility": "Direct"},
     {"visibility": "private"}, {"private": True}, {"is_private": 1}, {"published": False},
     {"status": "draft"}, {"privacy": "Only me"},
     {"public": "no"}],
)  # fmt: skip
def test_what_may_be_meant_to_keep_a_post_private_is_an_error(
    tmp_path: Path, fields: dict[str, object]
) -> None:
    with pytest.raises(SourceError) as caught:
        pipeline.plan_import(tmp_path / "content", [write(tmp_path, PLAIN | fields)], Options())
    assert caught.value.line == 1


@pytest.mark.parametrize(
    "fields", [{"hide": True}, {"draft": True}, {"hide": False, "draft": True}]
)
def test_a_post_that_is_held_back_is_imported_and_hidden(
    tmp_path: Path, fields: dict[str, object]
) -> None:
    path = write(tmp_path, PLAIN | fields)
    assert json.loads(round_trip(path, tmp_path / "content"))["hide"] is True
    ((_, (stored,)),) = content.read_threads(tmp_path / "content")
    assert stored.hidden


@pytest.mark.parametrize("fields", [{"published": True}, {"private": False}, {"mood": "fine"}])
def test_other_words_are_kept_as_the_posts_own(tmp_path: Path, fields: dict[str, object]) -> None:
    path = write(tmp_path, PLAIN | fields)
    assert json.loads(round_trip(path, tmp_path / "content")) == PLAIN | fields


@pytest.mark.parametrize(
    "fields",
    [
        {"author": {"handle": "ada.example", "hide": True}},
        {"media": [{"kind": "image", "origin": "a.png", "hide": True}]},
        {"card": {"title": "A", "url": "https://example.org/", "draft": "yes"}},
        {"extra": {"hdie": True}},
        {"meta": [{"more": {"visibility": "private"}}]},
        {"meta": {"v\u0456sibility": "followers"}},
    ],
)
def test_a_word_for_privacy_within_another_field_is_an_error(
    tmp_path: Path, fields: dict[str, object]
) -> None:
    with pytest.raises((SourceError, SeveralErrors), match=r":1: .* hides nothing"):
        round_trip(write(tmp_path, PLAIN | fields), tmp_path / "content")
    assert not (tmp_path / "content").exists()


def test_words_within_another_field_that_hide_nothing_are_kept(tmp_path: Path) -> None:
    more = {
        "meta": {"hide": False, "visibility": "public", "status": "draft", "side": "true north"}
    }
    assert (
        json.loads(round_trip(write(tmp_path, PLAIN | more), tmp_path / "content")) == PLAIN | more
    )


def test_a_word_for_privacy_that_is_there_twice_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text('{"id": "1", "network": "x", "text": "t", "hide": true, "hide": false}\n')
    with pytest.raises(SourceError, match='"hide" is there twice'):
        pipeline.plan_import(tmp_path / "content", [path], Options())


def test_a_post_that_says_it_is_public_is(tmp_path: Path) -> None:
    path = write(tmp_path, PLAIN | {"visibility": "public"})
    assert json.loads(round_trip(path, tmp_path / "content")) == PLAIN


def _reply(number: int, to: int | None, **fields: object) -> dict[str, object]:
    up = {"reply_to": str(to)} if to else {}
    return {"id": str(number), "network": "x", "text": f"Post {number}"} | up | fields


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ([_reply(1, None), _reply(2, 1, thread="1")], {"1": ["1", "2"]}),
        ([_reply(1, None, thread="1"), _reply(2, 1)], {"1": ["1", "2"]}),
        ([_reply(1, None), _reply(2, None, thread="1"), _reply(3, 2)], {"1": ["1", "2", "3"]}),
        ([_reply(1, None), _reply(2, 1, thread="walks")], {"walks": ["1", "2"]}),
        ([_reply(2, 1), _reply(3, 1, thread="1")], {"1": ["2", "3"]}),
        ([_reply(1, None, thread=""), _reply(2, 1, thread="1")], {"1": ["1", "2"]}),
        ([_reply(1, None, thread="1"), _reply(2, 1, thread="1", position=2), _reply(3, 2, thread="1")],
         {"1": ["1", "2", "3"]}),
        ([_reply(1, None, thread="1", position=1), _reply(2, 1, thread="1"), _reply(3, 2, position=3)],
         {"1": ["1", "2", "3"]}),
    ],
)  # fmt: skip
def test_lines_that_name_no_thread_join_the_one_they_belong_to(
    tmp_path: Path, lines: list[dict[str, object]], wanted: dict[str, list[str]]
) -> None:
    for at, order in enumerate(itertools.permutations(lines)):
        plan = pipeline.plan_import(tmp_path / str(at), [write(tmp_path, *order)], Options())
        assert {t.id: [p.id for p in t.posts] for t in plan.threads} == wanted


@given(st.data())
def test_any_lines_without_a_thread_in_any_order_give_the_same_threads(data: st.DataObject) -> None:
    """What answers what is enough, where each thread is named for its first post."""
    count = data.draw(st.integers(1, 8))
    parents = {n: data.draw(st.integers(0, n - 1)) or None for n in range(1, count + 1)}
    roots: dict[int, int] = {}
    for number, parent in parents.items():
        roots[number] = roots[parent] if parent else number
    whole = [_reply(n, up, thread=str(roots[n])) for n, up in parents.items()]
    fewer = [
        {key: value for key, value in line.items() if key != "thread" or data.draw(st.booleans())}
        for line in whole
    ]
    mixed = data.draw(st.permutations(fewer))
    with tempfile.TemporaryDirectory() as name:
        plans = [
            pipeline.plan_import(Path(name, "c"), [write(Path(name), *lines)], Options())
            for lines in (whole, mixed)
        ]
    wanted, found = ({t.id: {p.id for p in t.posts} for t in plan.threads} for plan in plans)
    assert found == wanted


def test_bytes_that_are_not_utf8_are_named_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(json.dumps(PLAIN).encode() + b"\n\n\xff\n")
    with pytest.raises(SourceError) as caught:
        pipeline.plan_import(tmp_path / "content", [path], Options())
    assert caught.value.line == 3


def test_every_source_that_cannot_be_read_is_told_at_once(tmp_path: Path) -> None:
    empty, binary, folder = tmp_path / "empty", tmp_path / "binary", tmp_path / "folder"
    empty.write_bytes(b"")
    binary.write_bytes(bytes(range(256)))
    folder.mkdir()
    gone = tmp_path / "gone"
    sources = [empty, binary, folder, gone]
    with pytest.raises(Exception, match="empty") as caught:
        pipeline.plan_import(tmp_path / "content", sources, Options())
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
    plan = pipeline.plan_import(content_folder, [path], Options())
    pipeline.write_plan(plan)
    found = [p.relative_to(content_folder).as_posix() for p in content_folder.rglob("*.png")]
    assert found == ["media/a.png"]
    assert pipeline.plan_import(content_folder, [path], Options()).copied == ()
