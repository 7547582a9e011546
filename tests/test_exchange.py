"""The exchange format: any post comes back from its line, and any line is read or refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from strategies import archives

from sitegen import exchange
from sitegen.content.format import draft
from sitegen.errors import SourceError
from sitegen.model import Post, Thread
from sitegen.text import richtext

PATH = Path("posts.jsonl")
SOUND = {"id": '"1"', "network": '"net"', "text": '"#moss, @ada: https://x.example/"'}
NAMES = [
    "id", "network", "text", "thread", "position", "author", "created_at", "reply_to", "links",
    "tags", "media", "card", "counts", "facets", "poll", "edited_at", "history", "elsewhere",
    "visibility", "vanished", "unread_times", "extra", "mood", "hide", "t\\u0065xt",
]  # fmt: skip
# JSON, and what only looks like it, as texts: a value would lose what the file says.
VALUES = [
    "null", "true", "0", "-0", "-1", "7", "1.0", "1e2", "1e400", "NaN", "01", "9" * 19, "9" * 4301,
    "", "{}", "[]", "[null]", '[1, "a"]', '["a", "b"]', '[["a"]]', '""', '" "', '"\\u3000"', '"a"',
    '"#moss @ada"', '"\u6771 \U0001f642"', '"\\u0000"', '"\\ud800"', '"\\ude42\\ud83d"',
    '"\\ud83d\\ude42"', '"\\x"', '"\t"', '"\x7f"', '["moss"]', '"2024-05-02"', '"direct"', '"public"',
    '{"handle": "ada", "id": null}', '{"handle": 1}', '{"handle": "ada", "x": 1e999}',
    '{"name": "A", "name": "B"}', '{"likes": 3, "quotes": null}', '{"likes": 3.0}',
    '{"likes": true}', '{"likes": 5, "shares": 2}', '[{"kind": "image", "size": 1}]',
    '[{"kind": "gif"}]', '[{"kind": "\\ud800"}]', '[{}]', '{"title": null}', '{"h\\ud800": 1}',
    '[{"start": 0, "end": 1, "kind": "tag", "value": "a"}]', '{"hide": true}',
    '{"options": [{"text": "Yes", "votes": 1}], "ends_at": null}', '{"options": null}',
    '[{"text": "Once", "created_at": null}]', '[{"id": "5", "author": null}]', '[{"id": "\\ud800"}]',
    "[" * 2000, '{"a":' * 2000, "[" * 300 + "]" * 300,
]  # fmt: skip
FIELDS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES)), max_size=5)
EDGES = st.sampled_from(["", "", "", " ", "\t", "\r", "\xa0", "\ufeff", "}", ","])


def read(line: str) -> Post:
    """Return the post of a line."""
    found = exchange.line(line.encode(), PATH, 3)
    assert found is not None
    return found[0]


def written(**fields: object) -> str:
    """Return a line with these fields."""
    return json.dumps({"id": "1", "network": "net", "text": "Fog"} | fields)


@given(archives())
def test_any_post_comes_back_from_its_line(threads: tuple[Thread, ...]) -> None:
    for thread in threads:
        for post, line in zip(thread.posts, exchange.lines((thread,)).split("\n"), strict=False):
            found = exchange.line(line.encode(), PATH, 1)
            assert found is not None
            again = exchange.encode(found[0], thread.id, found[2])
            assert again == json.loads(line)
            if "unread_times" not in again:
                assert found[:2] == (post, thread.id)


@given(FIELDS, EDGES, EDGES)
def test_any_object_is_a_post_or_an_error_that_names_the_field(
    fields: list[tuple[str, str]], before: str, after: str
) -> None:
    line = "{" + ", ".join(f'"{k}": {v}' for k, v in [*SOUND.items(), *fields]) + "}"
    try:
        exchange.line(f"{before}{line}{after}".encode(), PATH, 3)
    except SourceError as error:
        assert error.line == 3
        assert error.hint
        assert error.message.startswith(('"', "not a JSON object"))


@given(FIELDS)
def test_an_escape_in_a_key_changes_nothing(fields: list[tuple[str, str]]) -> None:
    """Whichever way a line is decoded, it is the same post, or the same error."""
    lines = [
        ", ".join(f'"{k}": {v}' for k, v in [*SOUND.items(), (more, "null"), *fields])
        for more in ("url", "\\u0075rl")
    ]
    found = []
    for line in lines:
        try:
            found.append(repr(exchange.line(("{" + line + "}").encode(), PATH, 3)))
        except SourceError as error:
            found.append(error.message.partition(": ")[0])
    assert found[0] == found[1]


@given(st.binary(max_size=30))
def test_bytes_of_any_kind_are_a_text_or_an_error(noise: bytes) -> None:
    line = written(text="~").encode().replace(b"~", noise)
    try:
        exchange.line(line, PATH, 3)
    except SourceError as error:
        assert error.line == 3


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"id": " "}, '"id" must be a text that is not empty'),
        ({"network": None}, '"network" must be a text, not None'),
        ({"position": -1}, '"position" must be a whole number, not -1'),
        ({"author": "ada"}, '"author" must be an object, not \'ada\''),
        ({"author": {"handle": 7}}, '"author.handle" must be a text, not 7'),
        ({"tags": "moss"}, '"tags" must be a list of texts'),
        ({"tags": ["moss", None]}, '"tags[1]" must be a text, not None'),
        ({"media": ["a.png"]}, '"media[0]" must be an object'),
        ({"media": [{"kind": "image"}, {"kind": "gif"}]}, '"media[1].kind" must be one of audio, file,'),
        ({"media": [{"kind": "\ud800"}]}, '"media[0].kind" must be one of'),
        ({"media": [{"path": "media/a.png"}]}, '"media[0].kind" must be one of'),
        ({"card": {"title": 3}}, '"card.title" must be a text, not 3'),
        ({"counts": {"likes": "3"}}, '"counts.likes" must be a whole number, not \'3\''),
        ({"counts": {"likes": 3.0}}, '"counts.likes" must be a whole number, not 3.0'),
        ({"counts": {"likes": -1}}, '"counts.likes" must be a whole number, not -1'),
        ({"counts": {"likes": True}}, '"counts.likes" must be a whole number, not True'),
        ({"poll": {"options": [{"text": "Yes", "votes": -1}]}}, '"poll.options[0].votes" must be a whole'),
        ({"history": [{"text": "Mist"}, {}]}, '"history[1].text" must be a text, not None'),
        ({"elsewhere": [{"id": "2", "author": {"id": 5}}]}, '"elsewhere[0].author.id" must be a text'),
        ({"elsewhere": [{"id": "2", "state": "gone"}]}, '"elsewhere[0].state" must be one of blocked,'),
        ({"also": [{"id": "2"}, {"id": ""}]}, '"also[1].id" must be a text that is not empty'),
        ({"visibility": "friends"}, '"visibility" must be one of'),
        ({"vanished": 1}, '"vanished" must be true or false, not 1'),
        ({"facets": [{"start": -1, "end": 1, "kind": "tag", "value": "a"}]}, '"facets[0].start" must be'),
        ({"facets": [{"start": 2, "end": 4, "kind": "tag", "value": "a"}]}, '"facets[0].end" must be a place'),
        ({"facets": [{"start": s, "end": s + 2, "kind": "tag", "value": "a"} for s in (1, 0)]},
         '"facets" must be free of overlaps'),
    ],
)  # fmt: skip
def test_an_error_names_the_field_by_its_path(fields: dict[str, object], what: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(written(**fields))
    assert caught.value.message.startswith(what)


@pytest.mark.parametrize("value", ["1e400", "-1e400", "NaN", "Infinity", "01", "9" * 4301])
@pytest.mark.parametrize("key", ["counts", "mood"])
def test_a_number_that_is_none_is_an_error(key: str, value: str) -> None:
    with pytest.raises(SourceError, match="not a JSON object"):
        read(written(**{key: {"likes": "~"}}).replace('"~"', value))


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        (dict.fromkeys(("author", "links", "media", "counts", "facets", "visibility")), {}),
        ({"thread": None, "position": 0, "vanished": None, "poll": None}, {}),
        ({"visibility": "public"}, {}),
        ({"author": {"handle": "ada", "age": 7}}, {"author": {"handle": "ada", "id": None, "name": None}}),
        ({"card": {"title": None}}, {"card": {"title": "", "description": "", "url": None}}),
        ({"poll": {"options": None}}, {"poll": {"options": [], "ends_at": None, "voters": None}}),
        ({"counts": {"likes": 2**70, "shares": 1}},
         {"counts": {"likes": 2**70, "reposts": None, "replies": None, "quotes": None}}),
        ({"elsewhere": [{"id": "\ud800", "author": None}]}, {"elsewhere": [{"id": "\ud800"}]}),
        ({"also": [{"id": "2", "author": {"\ud800": 1}}]}, {"also": [{"id": "2"}]}),
        ({"mood": {"a": [1, None]}, "extra": [["a", "1"]]}, {"mood": {"a": [1, None]}, "extra": [["a", "1"]]}),
    ],
)  # fmt: skip
def test_null_is_a_missing_field_and_other_fields_are_the_posts_own(
    fields: dict[str, object], wanted: dict[str, object]
) -> None:
    plain = exchange.encode(read(written()), "1", 1)
    assert exchange.encode(read(written(**fields)), "1", 1) == plain | wanted


@pytest.mark.parametrize("key", ["hide", "draft", "visibility", "visibilit\\u0079"])
def test_a_privacy_key_that_is_there_twice_is_an_error(key: str) -> None:
    line = f'{{"{key}": null, "{key}": null, {written()[1:]}'
    with pytest.raises(SourceError, match="is there twice"):
        read(line)


def test_of_another_key_that_is_there_twice_the_last_counts() -> None:
    assert read('{"text": 7, ' + written(text="Dew")[1:]).text == "Dew"


@pytest.mark.parametrize("line", ["", " ", "\r\n", "\u3000"])
def test_a_blank_line_is_no_post(line: str) -> None:
    assert exchange.line(line.encode(), PATH, 1) is None


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
