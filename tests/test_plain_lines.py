"""Plain lines of the exchange format are read in one step: always as field by field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace
from strategies import archives

from sitegen import exchange
from sitegen.content.format import draft
from sitegen.errors import SourceError
from sitegen.model import Post, Thread
from sitegen.sources.json_lines.importer import any_line
from sitegen.sources.json_lines.plain_lines import PlainLines
from sitegen.text import richtext

MORE = {
    "poll", "facets", "mood", "x", "edited_at", "history", "elsewhere", "also", "visibility", "vanished",
    "unread_times",
}  # fmt: skip
PATH = Path("posts.jsonl")
NAMES = [
    "id", "network", "text", "thread", "position", "author", "created_at", "reply_to",
    "repost_of", "quote_of", "links", "mentions", "tags", "cut_links", "media", "card", "warning",
    "langs", "counts", "url", "uncertain", "facets", "poll", "extra", "hide", "t\\u0065xt",
]  # fmt: skip
# JSON, and what only looks like it, as texts: a value would lose what the file says.
VALUES = [
    "null", "true", "false", "0", "-0", "-1", "7", "1.0", "1e2", "1e400", "NaN", "01", "9" * 19,
    "9" * 300, "9" * 4300, "9" * 4301, "", "{}", "[]", "[null]", '[1, "a"]', '["a", "b"]', '[["a"]]',
    '""', '" "', '"\\u3000"', '"a"', '"#moss @ada https://x.example/"', '"\u6771 \U0001f642"',
    '"\\u0000"', '"\\ud800"', '"\\ude42\\ud83d"', '"\\ud83d\\ude42"', '"\\/"', '"\\x"', '"\t"',
    '"\x7f"', '"moss"', '["moss"]', '["ada"]', '["https://x.example/"]',
    '{"handle": "ada", "id": null}', '{"handle": 1}', '{"handle": "ada", "x": 1e999}',
    '{"name": "A", "name": "B"}', '{"likes": 3, "quotes": null}', '{"likes": 3.0}',
    '{"likes": -1}', '{"likes": true}', '{"likes": 5, "shares": 2}', '[{"kind": "image"}]',
    '[{"kind": "image", "path": "media/a.png", "alt": "A"}]', '[{"kind": "gif"}]',
    '[{"kind": "image", "alt": null, "size": 1}]', '[{}]', '{"title": "T", "url": null}',
    '{"title": null}', '[{"start": 0, "end": 1, "kind": "tag", "value": "a"}]',
    '{"options": [{"text": "Yes", "votes": 1}]}', "[" * 2000, '{"a":' * 2000,
]  # fmt: skip
SOUND = {"id": '"1"', "network": '"net"', "text": '"#moss, @ada: https://x.example/"'}
FIELDS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES)), max_size=6)
EDGES = st.sampled_from(["", " ", "\t", "\r", "\xa0", "\ufeff", "}", ","])


@given(FIELDS, EDGES, EDGES)
@example([("author", '{"handle": "ada", "x": 1e999}')], "", "")
@example([("text", '"\\ud800"')], "", "")
@example([("position", "1.0")], "", "")
@example([("id", '" "')], "", "")
@example([("extra", '[["a", "1"]]')], "", "")
def test_the_short_way_reads_what_the_long_way_reads(
    fields: list[tuple[str, str]], before: str, after: str
) -> None:
    pairs = [*SOUND.items(), *fields]
    line = before + "{" + ", ".join(f'"{name}": {value}' for name, value in pairs) + "}" + after
    short = PlainLines().read(line.encode())
    if short is None:
        return  # the long way then says what it is, or what is wrong
    long = any_line(line, PATH, 1)
    assert repr(short) == repr((long.post, long.thread, long.position))


@given(st.binary(max_size=30), FIELDS)
def test_bytes_of_any_kind_are_never_read_by_the_short_way_alone(
    noise: bytes, fields: list[tuple[str, str]]
) -> None:
    line = json.dumps({"id": "1", "network": "n", "text": "~"}).encode().replace(b"~", noise)
    if PlainLines().read(line) is not None:
        any_line(line.decode(), PATH, 1)


@given(archives())
def test_what_is_exported_reads_the_same_both_ways(threads: tuple[Thread, ...]) -> None:
    for line in exchange.lines(threads).split("\n")[:-1]:
        short, long = PlainLines().read(line.encode()), any_line(line, PATH, 1)
        has_more = bool(set(json.loads(line)) & MORE)
        if short is None:
            assert has_more or "\\ud" in line
        else:
            assert repr(short) == repr((long.post, long.thread, long.position))


@pytest.mark.parametrize("value", ['{"likes": 1.5}', '{"handle": "a", "y": NaN}', "[" * 50])
def test_what_the_short_way_leaves_alone_is_still_an_error_with_its_line(value: str) -> None:
    line = '{"id": "1", "network": "n", "text": "t", "counts": ' + value + "}"
    assert PlainLines().read(line.encode()) is None
    with pytest.raises(SourceError) as told:
        any_line(line, PATH, 3)
    assert told.value.line == 3


def test_what_many_posts_have_alike_is_kept_once() -> None:
    lines = PlainLines()
    plain = '{"id": "%d", "network": "n", "text": "", "author": {"handle": "ada"}, "langs": ["en"]}'
    one, other = (lines.read((plain % number).encode()) for number in (1, 2))
    assert one is not None
    assert other is not None
    assert one[0].author is other[0].author
    assert one[0].langs is other[0].langs


WORDS = st.lists(
    st.sampled_from(["#moss", "@ada", "#東", "#a.b", "@ada@x.example", "fog", "\n"]), max_size=6
).map(" ".join)
LISTED = st.lists(st.sampled_from(["moss", "東", "a", "ada", "ada@x.example"]), max_size=3)


@given(WORDS, WORDS, LISTED.map(tuple), LISTED.map(tuple))
def test_facets_that_know_their_text_are_written_as_any_others(
    text: str, other: str, mentions: tuple[str, ...], tags: tuple[str, ...]
) -> None:
    found = richtext.locate_with_inputs(text, (), mentions, tags)
    post = Post("1", "net", text, facets=found, mentions=mentions, tags=tags)
    for each in (post, replace(post, text=other), replace(post, tags=()), replace(post, tags=tags)):
        as_any = replace(each, facets=(*each.facets,))
        assert draft.post_parts(each, each.author) == draft.post_parts(as_any, each.author)
