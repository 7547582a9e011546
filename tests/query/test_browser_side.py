"""The search's scripts and Python agree: on folding, on words, and on what any query means."""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import date
from typing import Any

import characters
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from query import browser_side
from query.browser_side import Scripts
from query.test_folding import ANY
from strategies import TYPED

from sitegen.query import folding, matching
from sitegen.query.accounts import normalise
from sitegen.query.parser import Problem, parse_leniently
from sitegen.query.values import CHOICES, DATES, KEYS, SORT, SORTS, Account, Field, Query, Words
from sitegen.text.domain_names import domain_key
from sitegen.text.link_hosts import host_of, site_key

pytestmark = pytest.mark.skipif(browser_side.NODE is None, reason="Node is not installed")


@pytest.fixture(scope="module")
def scripts() -> Iterator[Scripts]:
    with browser_side.running(
        "characters.js", "folding.js", "domain_names.js", "parser.js", "lists.js", "fields.js"
    ) as running:
        yield running


def is_whole(text: str) -> bool:
    """Return whether no two surrogates would be one character in JavaScript."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units.decode("utf-16-le", "surrogatepass") == text


# Letters, marks and digits of many scripts, and what is near them in the code charts.
SCRIPTS_OF_MANY = st.text(
    st.one_of(
        *[st.characters(min_codepoint=first, max_codepoint=last, exclude_categories=["Cs"])
          for first, last in (
              (0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x52F), (0x591, 0x5F4), (0x600, 0x6FF),
              (0x900, 0x97F), (0xE00, 0xEFF), (0x1000, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x1E00, 0x1FFF),
              (0x2000, 0x26FF), (0x3040, 0x30FF), (0x4E00, 0x4E80), (0xAC00, 0xAD00), (0xFB00, 0xFDFF), (0xFE70, 0xFFEF),
              (0x1D400, 0x1D7FF), (0x1F1E6, 0x1F1FF), (0x1F300, 0x1F6FF))]
    ),
    max_size=30,
)  # fmt: skip
TEXTS = st.one_of(ANY, SCRIPTS_OF_MANY).filter(is_whole)
# Terms nearly as they should be, beside any text, with spaces between them or without.
NEARLY = st.lists(
    st.one_of(
        st.builds(
            "{}{}{}{}".format,
            st.sampled_from(["", "-", "--", " ", "x"]),
            st.sampled_from([*KEYS, SORT, "FROM", "fron", "min-likes", "liks", "has ", "ｏｎ", ""]),
            st.sampled_from([":", "", "::", '"', "#", "@", "*"]),
            st.lists(
                st.sampled_from(
                    ["", "reply", "Replys", "alt", "fun", "2019", "2019-02-29", "2020-02-29", "0000", "2019-13", "007", "-1",
                     "new", "bes", "@ada", "##x", "a b", '"a b"', "“a,b”", "東京", "f*", "é", "Ⅷ", "９", "public", "*"]
                ),
                max_size=3,
            ).map(",".join),
        ),
        st.sampled_from(["fog", "a*", "東*", "fo*", "f*g", "x**", "👍*", "12:30", '"', "「", "-", "#", "@", ","]),
        st.sampled_from(['"fog"', "“a b”", "「霧」", 'from:"a b"', "-fog", '-"a b"', "-is:reply", "-@ada", "-#x", "-sort:old"]),
    ),
    max_size=40,
)  # fmt: skip
QUERIES = st.one_of(
    NEARLY.map(" ".join), NEARLY.map("".join), TYPED, TEXTS, TEXTS.map(lambda text: text * 20)
).filter(is_whole)


def test_browsers_have_the_same_table() -> None:
    table = characters.TABLE.read_text("utf-8")
    assert characters.SCRIPT.read_text("utf-8") == characters.script(table)


@given(TEXTS)
def test_folding(scripts: Scripts, text: str) -> None:
    assert scripts.call("fold", text) == folding.fold(text)


# All scripts of daily use, compatibility forms, mathematical letters and symbols; a few of the rest.
CODES = {*range(0x3400), *range(0xF900, 0x10000), *range(0x1D400, 0x1D800), *range(0x1F000, 0x1FA00), *range(0x3400, 0x110000, 61)}  # fmt: skip


def test_each_character_folds_and_splits_alike(scripts: Scripts) -> None:
    """Between letters, with a mark behind it, so that the neighbours of each count too."""
    chars = [chr(code) for code in sorted(CODES - {*range(0xD800, 0xE000)})]
    text = "".join([f"a{char}\u0301b " for char in chars])
    assert scripts.call("fold", text) == folding.fold_whole(text)
    assert scripts.call("splitWords", text) == folding.split_words(text)


@given(TEXTS)
def test_words(scripts: Scripts, text: str) -> None:
    assert scripts.call("splitWords", text) == folding.split_words(text)
    assert scripts.call("hasWords", text) == folding.has_words(text)
    assert scripts.call("shortestPrefix", text) == folding.shortest_prefix(text)


@given(TEXTS)
def test_words_are_found_where_they_are(scripts: Scripts, text: str) -> None:
    located = scripts.call("locateWords", text)
    assert f" {' '.join([each['word'] for each in located])} " == folding.split_words(text)
    units = text.encode("utf-16-le", "surrogatepass")
    at = 0
    for each in located:
        start, end = each["start"], each["end"]
        assert at <= start <= end <= len(units) // 2
        at = start
        shown = units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")
        if each["word"] != folding.BREAK:
            assert each["word"] in folding.split_words(shown)


def written(query: Query) -> dict[str, Any]:
    """Return a query as the scripts have it, without positions."""
    terms = []
    for term in query.terms:
        condition: dict[str, Any]
        match term.condition:
            case Words(text, is_prefix):
                condition = {"kind": "words", "text": text, "isPrefix": is_prefix}
            case Field(key, values):
                condition = {"kind": "field", "key": key, "values": [*values]}
            case Account(name):
                condition = {"kind": "account", "name": name}
        terms.append({"condition": condition, "isNegated": term.is_negated})
    return {"terms": terms, "sort": query.sort}


EXAMPLES = {"from": "ada.example", "to": "ada.example", "site": "example.org", "network": "bluesky",
            "lang": "en", "year": "2019", "min_likes": "10", SORT: "new"}  # fmt: skip


def example(key: str) -> str:
    return CHOICES[key][0] if key in CHOICES else EXAMPLES.get(key, "2019-05-31" if key in DATES else "name")  # fmt: skip


def told(problem: dict[str, Any]) -> tuple[str, str]:
    """Return the message and the hint that Python has for a problem of the scripts."""
    key, value, word = (str(problem.get(name)) for name in ("key", "value", "word"))
    meant, known = problem.get("meant"), ", ".join(problem.get("known", ()))
    near = f"did you mean {meant}?" if meant else f"write one of {known}."
    for_key = f"did you mean {meant}:? for words with a colon, use quotes."
    if meant is None:
        for_key = f"use quotes for words with a colon; keys are {', '.join(KEYS)}."
    return {
        "characters": (f"a query has at most 500 characters, this one has {problem.get('count', 0):,}", "leave some terms out."),
        "terms": (f"a query has at most 32 terms, this one has {problem.get('count', 0)}", "leave some terms out."),
        "space": ("there is no space around quotes", "write one."),
        "key": (f"unknown key {key!r}", for_key),
        "no value": (f"{key}: has no value", f"write it like {key}:{example(key)}."),
        "value": (f"{key}: cannot be {value!r}", near if known else f"write it like {key}:{example(key)}."),
        "empty value": (f"{key}: has an empty value", "remove the comma."),
        "order": ("sort: names one order", near),
        "orders": ("sort: is there twice", "remove one of them."),
        "star": (f"{word!r} has a * that is not its last character", "remove it."),
        "short": (f"{word!r} is the beginning of too many words", f"write {problem.get('least')} characters or more before the *."),
        "nothing": (f"there is nothing to search for in {problem.get('shown')!r}", "remove it."),
    }[problem["what"]]  # fmt: skip


def counted(text: str, units: int) -> int:
    """Return how many characters are in the first units of a text as JavaScript has it."""
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "surrogatepass"))  # fmt: skip


@given(QUERIES)
def test_what_a_query_means(scripts: Scripts, text: str) -> None:
    reading = parse_leniently(text)
    parsed = scripts.call("parseQuery", text)
    assert scripts.call("writeQuery", parsed) == str(reading.query)
    starts = [counted(text, term.pop("start")) for term in parsed["terms"]]
    assert starts == [term.position for term in reading.query.terms]
    for term in parsed["terms"]:
        del term["end"]
    assert {"terms": parsed["terms"], "sort": parsed["sort"]} == written(reading.query)
    assert [
        Problem(counted(text, problem["at"]), *told(problem)) for problem in parsed["problems"]
    ] == [*reading.problems]


def test_the_scripts_have_all_keys_and_values(scripts: Scripts) -> None:
    parsed = scripts.call("parseQuery", " ".join([f"{key}:{example(key)}" for key in KEYS]))
    assert [term["condition"]["key"] for term in parsed["terms"]] == [*KEYS]
    for key, values in [*CHOICES.items(), (SORT, SORTS)]:
        wrong = scripts.call("parseQuery", f"{key}:none-of-these")["problems"]
        assert wrong[0]["known"] == [*values]


# What people take for addresses of sites.
ADDRESSES = st.one_of(
    st.lists(
        st.sampled_from(["http", "https", "HTTP", "x-a+b", "1", ":", "//", "/", "://", "www.", "News.", "weir", ".example", "é", "ß", "Σ", "％",
                         "@", "?", "#", ":80", "a b", "%", "℀", "\t", "…", "．", "-", "_", "\\", "\u00ad", "。", "%C3%BC", "%2", "%e2%98",
                         "xn--", "xn--bcher-kva", "-kva", "999"]),
        max_size=8,
    ).map("".join),
    st.text("abkvz019-", max_size=60).map("xn--{}.example".format),
    TEXTS.map(lambda text: f"xn--{text.encode('punycode', 'replace').decode('ascii')}.example"),
    TEXTS,
)  # fmt: skip


@given(ADDRESSES)
def test_hosts(scripts: Scripts, text: str) -> None:
    assume(not {*"[]"} & {*text})  # addresses by number, which no post has as a site
    assert scripts.call("hostOf", text) == (host_of(text) or "")


@given(TEXTS)
def test_a_site_has_the_host_that_browsers_ask(scripts: Scripts, text: str) -> None:
    address = f"https://{text}.example/"
    opened = scripts.call("openedHost", address)
    assume(not {*"@[]:"} & {*text} and opened and opened.endswith(".example"))
    assume(max(map(len, opened.split("."))) <= 63)  # what the domain name system takes
    host, other = host_of(address), host_of(f"https://{opened}/")
    assert host
    assert other
    assert domain_key(host) == domain_key(other)


@given(st.one_of(TEXTS, ADDRESSES))
def test_names_and_languages(scripts: Scripts, text: str) -> None:
    assert scripts.call("accountName", text) == normalise(text)
    assert scripts.call("languagePrefix", text) == matching._language_prefix(text)


SITES = ["NEWS.Straße.ΣΊΣΥΦΟΣ.ÉTÉ.ŞİMŞEK.ısparta.example", "xn--p1ai", "*.moor.example", ".moor"]


@given(st.one_of(ADDRESSES, st.sampled_from(SITES)))
def test_sites_that_queries_name(scripts: Scripts, text: str) -> None:
    assume(not {*"[]"} & {*text})
    assert scripts.call("siteKey", text) == site_key(text)


@given(st.dates())
def test_dates_are_ranges_of_days(scripts: Scripts, day: date) -> None:
    text, epoch = day.isoformat(), date(1970, 1, 1).toordinal()
    days = [scripts.call("daysOf", each) for each in (text, text[:7], text[:4])]
    at = day.toordinal() - epoch
    assert days[0] == [at, at + 1]
    assert all(first <= at < end for first, end in days)
    first = [date(day.year, month, 1).toordinal() - epoch for month in (day.month, 1)]
    assert [days[1][0], days[2][0]] == first
    assert days[2][1] - days[2][0] == 366 - (not isleap(day.year))
    assert days[1][1] - days[1][0] == monthrange(day.year, day.month)[1]
