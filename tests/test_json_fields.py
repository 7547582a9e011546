"""Fields of untrusted JSON have the types that callers ask for; others are reported by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.errors import SourceError
from sitegen.formats.json_fields import JsonFields, LenientFields, StrictFields, parse_count

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
READERS: dict[str, tuple[Callable[[JsonFields, str], Any], type | tuple[type, ...]]] = {
    "text": (lambda fields, key: fields.text(key), str),
    "optional": (lambda fields, key: fields.optional(key), (str, type(None))),
    "time": (lambda fields, key: fields.time(key), (str, type(None))),
    "count": (lambda fields, key: fields.count(key), (int, type(None))),
    "flag": (lambda fields, key: fields.flag(key), bool),
    "texts": (lambda fields, key: fields.texts(key), tuple),
    "record": (lambda fields, key: fields.record(key), JsonFields),
    "records": (lambda fields, key: fields.records(key), list),
}


def strict(values: dict[str, Any]) -> StrictFields:
    return StrictFields(values, "posts.jsonl", 7, SourceError)


@given(st.sampled_from(sorted(READERS)), JSON)
def test_a_lenient_reader_returns_its_type_and_counts_what_strict_ones_refuse(
    name: str, value: object
) -> None:
    read, kind = READERS[name]
    oddities: Counter[str] = Counter()
    lenient = read(LenientFields({"field": value}, oddities), "field")
    assert isinstance(lenient, kind)
    assert set(oddities) <= {'unreadable "field" left out'}
    try:
        assert isinstance(read(strict({"field": value}), "field"), kind)
    except SourceError:
        assert oddities or value is None or parse_count(value) is not None
    else:
        assert not oddities


@pytest.mark.parametrize(
    ("values", "name", "message"),
    [
        ({}, "text", '"field" must be a text, not None'),
        ({"field": 5}, "optional", '"field" must be a text, not 5'),
        (
            {"field": "noon"},
            "time",
            "\"field\" must be a time in ISO 8601, such as 2024-05-02T10:00:00Z, not 'noon'",
        ),
        ({"field": "3"}, "count", "\"field\" must be a whole number, not '3'"),
        ({"field": 1}, "flag", '"field" must be true or false, not 1'),
        ({"field": "a"}, "texts", "\"field\" must be a list, not 'a'"),
        ({"field": [1]}, "texts", '"field" must be a list of texts, not 1'),
        ({"field": []}, "record", '"field" must be an object, not []'),
        ({"field": [1]}, "records", '"field" must be a list of objects, not 1'),
    ],
)
def test_a_strict_error_names_the_place_and_the_field(
    values: dict[str, Any], name: str, message: str
) -> None:
    with pytest.raises(SourceError) as error:
        READERS[name][0](strict(values), "field")
    assert (error.value.message, error.value.path, error.value.line) == (message, "posts.jsonl", 7)


def test_the_path_of_a_nested_field_is_named() -> None:
    outer = strict({"poll": {"options": [{"text": 5}]}})
    (option,) = outer.record("poll").records("options")
    assert option.wrong("text", "a text", 5).message == '"poll.options.text" must be a text, not 5'


@pytest.mark.parametrize("value", [7, "7", 7.0])
def test_a_lenient_count_may_be_written_in_other_ways(value: object) -> None:
    assert LenientFields({"likes": value}, Counter()).count("likes") == 7
