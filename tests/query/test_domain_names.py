"""A site has one name, however a link spells its host."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from query.test_folding import ANY

from sitegen.text.domain_names import canonical_domain
from sitegen.text.link_hosts import host_of, site_key

# Names that nothing changes: letters that have no other case, no other form and no marks.
LABELS = st.text(st.sampled_from("abcz019-üßñéжщדאلا日本ก😀"), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://xn--bcher-kva.example/a", "bücher.example"),
        ("https://XN--BCHER-KVA.Example:8080/", "bücher.example"),
        ("https://ada@BÜCHER.example", "bücher.example"),
        ("https://bu\u0308cher.example/", "bücher.example"),
        ("https://www.bü\u00adcher.example./", "bücher.example"),
        ("https://b%C3%BCcher.example/", "bücher.example"),
        ("https://bücher。example/", "bücher.example"),
        ("https://ｍｏｏｒ．example/", "moor.example"),
        ("https:///moor.example/fog", "moor.example"),
        ("https:/moor.example/fog", "moor.example"),
        ("https:\\\\moor.example\\@weir.example/", "moor.example"),
        ("bücher.example/fog…", "bücher.example"),
        ("https://xn--j1ail.xn--p1ai/", "кто.рф"),
        ("https://xn--strae-oqa.example/", "straße.example"),
        ("https://xn--i-7iq.example/", "i❤.example"),
        ("https://i❤\ufe0f.example/", "i❤.example"),
    ],
)
def test_spellings_of_one_name(address: str, expected: str) -> None:
    assert host_of(address) == expected


@pytest.mark.parametrize(
    "name",
    [
        "xn--.example",
        "xn--moor-.example",  # ASCII
        "xn--9.example",  # cut off
        "xn---kva.example",  # a hyphen that separates nothing
        "xn--99999999.example",  # beyond Unicode
        f"xn--{'a' * 60}.example",  # too long for a label
        "xn--bcher-kvü.example",
    ],
)
def test_what_is_not_punycode_stays(name: str) -> None:
    assert host_of(f"https://{name}/") == name


@pytest.mark.parametrize(
    "address",
    ["https://moor%2F.example/", "https://mo or.example/", "https://moor%FF.example/", "moor"],
)
def test_what_no_browser_takes_for_a_name_is_none(address: str) -> None:
    assert host_of(address) is None


@given(LABELS)
def test_a_name_and_its_punycode_are_one(label: str) -> None:
    encoded = f"xn--{label.encode('punycode').decode('ascii')}"
    if not label.isascii() and len(encoded) <= 63:
        assert canonical_domain(encoded) == canonical_domain(label) == label


@given(st.one_of(ANY, LABELS.map("xn--{}".format)))
def test_the_canonical_name_is_its_own(name: str) -> None:
    once = canonical_domain(name)
    assert canonical_domain(once) == once


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("xn--p1ai", "рф"),
        ("*.moor.example", "moor.example"),
        (".moor.example", "moor.example"),
        ("https://www.moor.example/fog", "moor.example"),
        ("ısparta.example", "ısparta.example"),
        ("strasse.example", site_key("straße.example")),
        ("λόγος.example", site_key("ΛΌΓΟΣ.example")),
    ],
)
def test_sites_that_queries_name(value: str, key: str) -> None:
    assert site_key(value) == key
