"""The head of a content file: what sitegen writes, what people write, what is broken."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sitegen.content.format import front_matter
from sitegen.content.format.front_matter import Block, Split
from sitegen.errors import ContentError
from sitegen.formats import json_text, yaml_text
from sitegen.model import Json

PATH = "post.md"

# JSON joins two escapes to one character, and YAML has no lone ones.
_JOINED = re.compile("[\ud800-\udbff][\udc00-\udfff]")
any_text = st.text(st.characters(exclude_categories=())).filter(lambda t: not _JOINED.search(t))
texts_of_yaml = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.sampled_from(
        ["no", "12:30:45", "@ann", "007", "2025-01-02", "null", "~", "1e3", "<<", "---", "- x"]
    ),
)
keys = st.from_regex(r"[A-Za-z_][A-Za-z0-9_-]{0,8}", fullmatch=True)


def values(text: st.SearchStrategy[str]) -> st.SearchStrategy[Json]:
    scalars = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        text,
    )
    nested: st.SearchStrategy[Json] = st.recursive(
        scalars,
        lambda inner: st.lists(inner) | st.dictionaries(text.filter(lambda k: len(k) < 99), inner),
        max_leaves=3,
    )
    return nested


def fields(text: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Json]]:
    one = st.dictionaries(keys, values(text), min_size=1, max_size=2)
    objects = st.lists(one, min_size=1, max_size=2)
    listed: st.SearchStrategy[Json] = objects.map(list)
    return st.dictionaries(keys, values(text) | listed, max_size=3)


@given(fields(any_text), any_text)
def test_what_was_written_is_read_back(written: dict[str, Json], body: str) -> None:
    found = front_matter.split(front_matter.join(written, body), PATH)
    assert found is not None
    assert found.body == body
    read = front_matter.read(found.head, PATH)
    assert read == written
    assert list(read) == list(written)


@given(fields(texts_of_yaml))
def test_yaml_reads_what_sitegen_writes_alike(written: dict[str, Json]) -> None:
    head = "".join(front_matter.line(key, value) for key, value in written.items())
    assert front_matter._read_lines(head, frozenset()) == written  # the fast reader, no other
    assert yaml_text.read(head, PATH) == written
    assert yaml_text.read(head.replace("\n", "\r\n"), PATH) == written


@given(st.dictionaries(keys, texts_of_yaml))
def test_other_yaml_readers_read_text_alike(written: dict[str, str]) -> None:
    head = "".join(front_matter.line(key, value) for key, value in written.items())
    loaded = yaml.safe_load(head) or {}
    assert list(loaded.values()) == list(written.values())


@given(st.dictionaries(keys, any_text | st.lists(st.dictionaries(keys, any_text)), max_size=3))
def test_blocks_are_the_head_and_each_its_key(written: dict[str, Json]) -> None:
    lines = [front_matter.line(key, value) for key, value in written.items()]
    blocks = front_matter.blocks("".join(lines))
    assert blocks == tuple(Block(k, raw) for k, raw in zip(written, lines, strict=True))


@given(st.text("ab:-#[]{}'\"|>&*! \n", max_size=60))
def test_any_head_is_read_or_refused_in_words(head: str) -> None:
    try:
        read = front_matter.read(head, PATH)
    except ContentError as error:
        assert error.line is not None
        assert 2 <= error.line <= head.count("\n") + 3
    else:
        json.dumps(read, allow_nan=False)
        assert "".join(block.raw for block in front_matter.blocks(head)) == head


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("---\ntitle: x\n---\nbody\n", Split("title: x\n", "body\n")),
        ("\ufeff---\r\ntitle: x\r\n---\r\nbody", Split("title: x\r\n", "body")),
        ("---\n---\n", Split("", "")),
        ("--- \na: '---'\n---", Split("a: '---'\n", "")),
        ("---\na: b\n----\n---\n---\n", Split("a: b\n----\n", "---\n")),
        ("---\na: \u2028---\x85---\n---\n", Split("a: \u2028---\x85---\n", "")),
        ("\n---\n---\n", None),
        ("# Title\n---\n", None),
        ("----\n", None),
        ("", None),
    ],
)
def test_a_text_is_cut_at_its_fences(text: str, split: Split | None) -> None:
    assert front_matter.split(text, PATH) == split


def test_a_head_that_does_not_end_is_an_error() -> None:
    with pytest.raises(ContentError) as caught:
        front_matter.split("---\ntitle: x\n", PATH)
    assert str(caught.value) == (
        "post.md:1: error: the front matter has no closing `---`. hint: add a line `---` "
        "after the last field, or put a blank line before the first `---`."
    )


def test_what_sitegen_writes_is_json_by_lines() -> None:
    written: dict[str, Json] = {
        "title": 'A "title": \u2028 \x7f \U0001f600 é',
        "count": 3,
        "tags": ["a", "b"],
        "none": [],
        "posts": [{"id": "1", "likes": None}, {"id": "2"}],
        "odd key": True,
    }
    assert front_matter.join(written, "Body\n") == (
        "---\n"
        'title: "A \\"title\\": \\u2028 \\u007f \U0001f600 é"\n'
        "count: 3\n"
        'tags: ["a", "b"]\n'
        "none: []\n"
        "posts:\n"
        '  - {"id": "1", "likes": null}\n'
        '  - {"id": "2"}\n'
        '"odd key": true\n'
        "---\n"
        "Body\n"
    )
    with pytest.raises(ValueError):  # noqa: PT011 - the words are Python's
        front_matter.line("x", float("nan"))


@pytest.mark.parametrize(
    ("head", "fields"),
    [
        ("", {}),
        ("# nothing\n\n", {}),
        ("a: no\nb: 12:30:45\nc: 007\nd: 1_000\ne: .inf\nf: NaN\ng: 1e400\nh: 0x1F\n",
         {"a": "no", "b": "12:30:45", "c": "007", "d": "1_000", "e": ".inf", "f": "NaN",
          "g": "1e400", "h": "0x1F"}),
        ("a: 2025-01-02\nb: 2025-1-2\nc: 2025-01-02 3:04:05.1234567 +2\nd: 2025-01-02t03:04:05Z\n"
         "e: 2025-02-31\nf: 2025-01-02T03:04:05-0330\n",
         {"a": "2025-01-02", "b": "2025-01-02", "c": "2025-01-02T03:04:05.1234567+02:00",
          "d": "2025-01-02T03:04:05Z", "e": "2025-02-31", "f": "2025-01-02T03:04:05-03:30"}),
        ("a: 1\nb: -2.50\nc: 1e3\nd: true\ne: False\nf:\ng: ~\nh: null\n",
         {"a": 1, "b": -2.5, "c": 1000.0, "d": True, "e": False, "f": None, "g": None, "h": None}),
        ("title: It's: a 'title'\n", None),
        ("title: It's a title # really\ntags: [a, 'b', \"c\"]\ntext: |\n  one\n  two\nx: !!str 1\n",
         {"title": "It's a title", "tags": ["a", "b", "c"], "text": "one\ntwo\n", "x": "1"}),
        ("tags:\n- a\n- b: {c: d}\n1: x\n? y\n: z\n<<: {e: f}\n",
         {"tags": ["a", {"b": {"c": "d"}}], "1": "x", "y": "z", "<<": {"e": "f"}}),
        ('a: "x" # note\n# b\nposts:\n  - {"id": "1"}\n  # c\n  - id: 2\n',
         {"a": "x", "posts": [{"id": "1"}, {"id": 2}]}),
        ('a: x\nb: "\\ud800 \\ud83d\\ude00"\n', {"a": "x", "b": "\ud800 \U0001f600"}),
        ("{a: 1, b: [2]}\n", {"a": 1, "b": [2]}),
        ("a: " + "9" * 5000 + "\n", {"a": "9" * 5000}),
    ],
)  # fmt: skip
def test_people_may_write_any_yaml(head: str, fields: dict[str, Json] | None) -> None:
    if fields is None:
        with pytest.raises(ContentError, match="not valid YAML"):
            front_matter.read(head, PATH)
    else:
        assert front_matter.read(head, PATH) == fields
        assert front_matter.read(head.replace("\n", "\r\n"), PATH) == fields


@pytest.mark.parametrize(
    ("head", "line", "what"),
    [
        ("a: 1\nb: 2\na: 3\n", 4, "`a` occurs twice"),
        ("a: x\nb: {c: 1, c: 2}\n", 3, "`c` occurs twice"),
        ('a: {"c": 1, "c": 2}\n', 2, "`c` occurs twice"),
        ("a: &x 1\nb: *x\n", 2, "anchor"),
        ("a: x\nb: *ann\n", 3, "alias"),
        ("a: !!python/name:os.system x\n", 2, "tag"),
        ("a: !!binary eA==\n", 2, "tag"),
        ("- a\n- b\n", 2, "not a list of"),
        ("just text\n", 2, "not a list of"),
        ("a: x\nb: [1, 2\nc: 3\n", 4, "not valid YAML"),
        ("a: x\n\tb: y\n", 3, "not valid YAML"),
        ("a: x\nb: @ann\n", 3, "not valid YAML"),
        ("a: x\nb: 'y\nc: z\n", 3, "not valid YAML"),
        ("a: x\nb: \x01\n", 3, "U+0001"),
        ("a: x\n...\n---\nb: y\n", 5, "second document"),
        ("? [a]\n: b\n", 2, "a key is"),
        ("a: " + "[" * 100_000 + "\n", 2, "nested"),
        ("a:\n  " + "- " * 100_000 + "\n", 3, "nested"),
        ("a: " + '{"b": ' * 3_000 + "1" + "}" * 3_000 + "\n", 2, "nested"),
    ],
)
def test_what_is_broken_is_named_with_its_line(head: str, line: int, what: str) -> None:
    with pytest.raises(ContentError) as caught:
        front_matter.read(head, PATH)
    assert (caught.value.path, caught.value.line) == ("post.md", line)
    assert what in caught.value.message


def _nested(depth: int) -> dict[str, str]:
    """Return heads whose value is nested so deep, each for another way to read it."""
    opened, closed = "[" * depth, "]" * depth
    return {
        "our own lines": f'a: 1\nb: {opened}"x"{closed}\n',
        "a list of objects": 'a:\n  - {"b": ' + "[" * (depth - 2) + "]" * (depth - 2) + "}\n",
        "any YAML": f"a: x\nb: {opened}x{closed}\n",
        "lines of YAML": "b:\n  " + "- " * depth + "x\n",
        "the parser in Python": f'a: "\\ud83d\\ude00"\nb: {opened}x{closed}\n',
    }


@pytest.mark.parametrize("reader", _nested(2))
def test_nesting_has_a_limit_of_ours_however_it_is_read(reader: str) -> None:
    fits, deep = _nested(json_text.MAX_DEPTH)[reader], _nested(json_text.MAX_DEPTH + 1)[reader]
    assert front_matter.read(fits, PATH)
    assert "".join(block.raw for block in front_matter.blocks(fits)) == fits
    for read in (front_matter.read, front_matter.blocks):
        with pytest.raises(ContentError) as caught:
            read(deep, PATH)
        assert str(caught.value) == (
            "post.md:3: error: the front matter is nested over 50 levels deep. "
            "hint: write it flatter."
        )


def test_brackets_that_nest_nothing_are_not_called_deep() -> None:
    head = "a: " + ":[ " * 90 + "\nb: 'it''s [[' # {{{\nc: @ann\n"
    with pytest.raises(ContentError, match="not valid YAML") as caught:
        front_matter.read(head, PATH)
    assert caught.value.line == 4


def test_what_is_skipped_is_not_read() -> None:
    head = 'a: "x"\nwritten: {"not": json\nposts:\n  - {"id": "1"}\n  - {broken\n'
    assert front_matter.read(head, PATH, frozenset({"written", "posts"})) == {"a": "x"}
    by_hand = "a: x\nwritten: {b: c}\n"
    assert front_matter.read(by_hand, PATH, frozenset({"written"})) == {"a": "x"}


@pytest.mark.parametrize(
    "head",
    [
        'a: 1\nwritten: {"b": "c"}\nd: 2\n',
        'a: 1\r\nwritten: {"b": "c"}\r\n',
        "a: x\nwritten: {b: c}\n",
        "a: x\nwritten:\n  b: c\n",
        'written: {"b":\n  "c"}\n',
    ],
)
def test_one_key_is_read_alone(head: str) -> None:
    assert front_matter.read_key(head, "written", PATH) == {"b": "c"}
    assert front_matter.read_key(head, "x", PATH) is None


@pytest.mark.parametrize(
    "blocks",
    [
        (),
        (("", "# only a note\n"),),
        (("a", "a: x\n"),),
        (("", "# top\n\n"), ("a", "a: x # y\n"), ("", "# on b\n"), ("b", "b: [\n c,\n d\n]\n"), ("", "\n\n"),
         ("posts", "posts:\n  - {\"id\": \"1\"}\n  # c\n  - id: 2\n"), ("", "# end\n")),
        (("text", "text: |\n  a: b\n\n  # c\n"), ("", "\n"), ("b", "b:\n- c\n- d: e\n"), ("f", "f: g")),
        (("a", "a: 'x\n  b: y'\n"), ("c d", "c d: {e: f,\n  g: h}\n"), ("i", '"i": j\n')),
        (("a", "a: x\r\n"), ("", "\r\n"), ("b", "b: [y]\r\n")),
        (("", "{a: b,\nc: d}\n"),),
        (("", "{\na: b\n}\n"),),
        (("", "? a\n: b\nc: d\n"),),
    ],
)  # fmt: skip
def test_a_head_is_cut_in_the_blocks_of_its_keys(blocks: tuple[tuple[str, str], ...]) -> None:
    expected = tuple(Block(key, raw) for key, raw in blocks)
    assert front_matter.blocks("".join(block.raw for block in expected)) == expected
