"""Addresses: names that some system reserves, and names that some disk takes for one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen import files
from sitegen.site import urls

RESERVED = ("con", "prn", "aux", "nul", "com1", "com9", "lpt1")


@pytest.mark.parametrize("name", RESERVED)
@pytest.mark.parametrize("ending", ["", ".txt", ".tar.gz", "."])
@pytest.mark.parametrize("change", [str.lower, str.upper, str.title])
def test_a_name_that_windows_reserves_is_changed(name: str, ending: str, change: object) -> None:
    assert callable(change)
    given = change(f"{name}{ending}")
    made = urls.segment(given)
    assert made.partition(".")[0].lower() not in RESERVED
    assert files.RESERVED.fullmatch(made) is None
    for address in (urls.tag(given), urls.host(given), urls.document(f"{given}.md")):
        assert address.rpartition("/")[2].partition(".")[0].lower() not in RESERVED


@pytest.mark.parametrize("name", ["null", "nul-1", "console.txt", "com10", "aux1", "a.nul"])
def test_a_name_that_only_begins_like_a_reserved_one_stays(name: str) -> None:
    assert urls.segment(name) == name


ACCENTS = (
    "caf\u00e9",
    "\u1e69",
    "\u0130x",
    "\u01f0",
    "\u0390",
    "\u1fb7",
    "\uac00",
    "\u212b",
    "\u03b1\u0345\u0301",
)


@pytest.mark.parametrize("text", ACCENTS)
def test_the_forms_of_a_text_are_one_name(text: str) -> None:
    forms = {text, *(unicodedata.normalize(form, text) for form in ("NFC", "NFD"))}
    assert len({urls.fold(f"tag/{each}.html") for each in forms}) == 1
    assert len({urls.tag_key(each) for each in forms}) == 1
    assert unicodedata.is_normalized("NFC", urls.fold(text))
    assert unicodedata.is_normalized("NFC", urls.tag_key(text))


@given(st.text(max_size=8), st.sampled_from([str.upper, str.lower, str.casefold, str]))
def test_folding_knows_neither_case_nor_form(text: str, change: object) -> None:
    assert callable(change)
    folded = urls.fold(text)
    assert urls.fold(folded) == folded
    for form in ("NFC", "NFD"):
        assert urls.fold(unicodedata.normalize(form, text)) == folded
    assert unicodedata.is_normalized("NFC", folded)
