"""JSON as people keep it is read as what it means; what is no JSON says where."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.formats.lenient_json import BrokenLine, loads, read_documents, read_head

TEXT = st.text(st.sampled_from('ab",]}[{\\ é🌱\n'), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=12,
)
OBJECT = st.dictionaries(TEXT, JSON, max_size=4)


def with_commas(value: Any) -> str:
    """Write a value with a comma after the last item of each list and object."""
    if isinstance(value, list) and value:
        return "[" + ", ".join(map(with_commas, value)) + " ,\n]"
    if isinstance(value, dict) and value:
        pairs = (f"{json.dumps(k)}: {with_commas(v)}" for k, v in value.items())
        return "{" + ",".join(pairs) + ",}"
    return json.dumps(value)


@given(JSON, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_trailing_commas_and_marks_change_nothing(value: Any, charset: str) -> None:
    assert loads(with_commas(value).encode(charset)) == value


@given(st.lists(OBJECT, min_size=2, max_size=4), st.sampled_from(["\n", "\r\n\r\n", ",\n"]))
def test_values_may_follow_each_other(values: list[Any], between: str) -> None:
    assert read_documents(between.join(map(json.dumps, values)).encode()) == values
    spread = between.join(json.dumps(value, indent=1) for value in values)
    assert read_documents(spread.encode()) == values


def test_a_line_that_is_cut_off_costs_no_other() -> None:
    assert read_documents(b'{"a": 1}\n\n{"b": \n{"c": 3}\n{"d"') == [
        {"a": 1},
        BrokenLine(3),
        {"c": 3},
        BrokenLine(5),
    ]


def test_numbers_that_are_none_are_null() -> None:
    assert loads(b'{"a": NaN, "b": [-Infinity, 1e999, 1.5]}') == {"a": None, "b": [None, None, 1.5]}


@pytest.mark.parametrize("text", ["", "text", '{"a": 1', '{"a" 1}', "{} text", "[1 2]"])  # fmt: skip
def test_what_is_no_json_is_no_value(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_documents(text.encode())


@given(OBJECT | st.lists(JSON, max_size=4), st.data())
def test_a_beginning_has_what_came_before_the_cut(value: Any, data: st.DataObject) -> None:
    whole = json.dumps(value, ensure_ascii=False).encode()
    assert read_head(whole) == [value]
    cut = whole[: data.draw(st.integers(1, len(whole)))]
    found = read_head(cut)
    assert len(found) == 1
    assert is_part(found[0], value)


def is_part(part: Any, whole: Any) -> bool:
    """Tell whether a value is another's, but for what was cut off at its end."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and is_part(part[key], whole[key]) for key in part)
    if isinstance(part, list) and isinstance(whole, list):
        pairs = zip(part, whole, strict=False)
        return len(part) <= len(whole) and all(is_part(a, b) for a, b in pairs)
    if isinstance(part, str) and isinstance(whole, str):
        return whole.startswith(part)
    return bool(part == whole)


@pytest.mark.parametrize("hostile", ["[" * 200_000, '{"a":' * 100_000, '"\\"' * 100_000, "[" + "," * 200_000, "\\" * 100_000])  # fmt: skip
def test_hostile_text_takes_no_long_time(hostile: str) -> None:
    read_head(hostile.encode())
    with pytest.raises(ValueError, match=r"\w"):
        read_documents(("[" + hostile).encode())
