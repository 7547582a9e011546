"""The addresses that the Markdown of a person leads to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.text.richtext.handwritten import addresses


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("No address, and/or //none", ()),
        ("See https://moor.example/fog, or <https://weir.example>.", ("https://moor.example/fog", "https://weir.example")),
        ("[fog](https://moor.example/a_(b)) and more", ("https://moor.example/a_(b)",)),
        ('[fog](https://moor.example/a "The fog")', ("https://moor.example/a",)),
        ("[https://moor.example](https://weir.example)", ("https://moor.example", "https://weir.example")),
        (r"[fog](https://moor.example/a\_b)", ("https://moor.example/a_b",)),
        ("[fog](//moor.example/a)", ("https://moor.example/a",)),
        ("[fog]: //moor.example/a", ("https://moor.example/a",)),
        ("**https://moor.example/a** https://moor.example/a", ("https://moor.example/a",)),
        ("<a href=https://moor.example/?a&amp;b=1>fog</a>", ("https://moor.example/?a&b=1",)),
        ("`https://moor.example` and\n\n    https://weir.example\n", ()),
    ],
)  # fmt: skip
def test_addresses(markdown: str, expected: tuple[str, ...]) -> None:
    assert addresses(markdown) == expected


@given(st.text("ab/:.()[]<>`\\&; \n\"'https", max_size=80))
def test_any_text_has_addresses_each_once(markdown: str) -> None:
    found = addresses(markdown)
    assert len({*found}) == len(found)
    assert all("//" in address for address in found)
