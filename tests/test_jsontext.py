"""JSON as it is written and digested: what the standard library says, at less cost."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.content.format import front_matter
from sitegen.content.format.draft import digest
from sitegen.content.format.recorded import legacy_digest
from sitegen.formats import json_text

TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.text(st.sampled_from(' \r\n\t"\\a\x7f\x85\u2028\ud800é東🙂'), max_size=12),
)
NUMBERS = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False))


def values(numbers: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw JSON with such numbers."""
    return st.recursive(
        st.one_of(st.none(), st.booleans(), numbers, TEXTS),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4), st.lists(TEXTS), st.dictionaries(TEXTS, inner, max_size=4)
        ),
        max_leaves=12,
    )


VALUES = values(NUMBERS)


@given(VALUES)
@example([True, 1, 1.0])
def test_the_writers_write_what_the_standard_library_writes(value: Any) -> None:
    assert json_text.readable(value) == json.dumps(value, ensure_ascii=False)
    assert json_text.canonical(value) == json.dumps(value, sort_keys=True)


@given(values(st.integers()))
@example(2**70)
@example(["\ud800"])
def test_what_has_no_floats_is_written_alike(value: Any) -> None:
    assert json_text.without_floats(value) == json_text.readable(value)


@given(VALUES)
@example(["a"])
@example([True])
@example([1])
@example("a \r\n\nb  \n")
@example("a\t")
@example("a\u3000 ")
def test_digests_are_those_that_files_already_have(value: Any) -> None:
    plain = value
    if isinstance(value, str):
        plain = "\n".join(line.rstrip(" \r") for line in value.strip("\n").split("\n"))
    text = json.dumps(plain, sort_keys=True).encode()
    assert digest(value) == hashlib.blake2b(text, digest_size=8).hexdigest()


def test_digests_do_not_change_from_one_release_to_the_next() -> None:
    values: list[Any] = ["Fog", "Fog  \nand rain\n", ["en"], {"likes": 3}, []]
    known = [
        "552345e3e56ee0fd",
        "e2e2e18fb86ac8fa",
        "303af196502694c8",
        "2d8f3d077815e620",
        "71857576257465c7",
    ]
    assert [digest(value) for value in values] == known
    legacy = ["4df06395", "c31bb570", "0b915d26", "8bcf2c33", "3833238a"]
    assert [legacy_digest(value) for value in values] == legacy


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_what_is_no_json_is_not_written(value: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are Python's
        front_matter.line("x", value)


def test_what_has_no_json_at_all_is_refused_as_ever() -> None:
    with pytest.raises(TypeError):
        json_text.readable(object())  # type: ignore[arg-type]
