"""What a click on a count or another order makes of a query: all other terms mean what they did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from query import browser_side
from query.browser_side import Scripts
from query.test_browser_side import QUERIES

from sitegen.query.parser import MAX_CHARACTERS, MAX_TERMS, parse_leniently
from sitegen.query.values import ALL_QUOTES, SORTS, Field, Query, Sort, Term

pytestmark = pytest.mark.skipif(browser_side.NODE is None, reason="Node is not installed")
YEAR = "2019"
# A hyphen after a quote is no minus: it is left out where the quote is, so that it does not become one.
HYPHEN_AFTER_QUOTE = re.compile(f"[{ALL_QUOTES}]-")
OPEN = st.sampled_from(['"night sky', "-“night", "「夜空", "『", "｢夜", "„", 'from:"ada ', 'tag:a,"b c', 'year:"2018', 'sort:"old'])  # fmt: skip
ANY = st.one_of(QUERIES, st.builds("{} {}".format, QUERIES, OPEN), OPEN).filter(
    lambda text: len(text) < MAX_CHARACTERS - 20 and not HYPHEN_AFTER_QUOTE.search(text)
)


@pytest.fixture(scope="module")
def scripts() -> Iterator[Scripts]:
    names = ("characters", "folding", "domain_names", "parser", "lists", "fields", "facets")
    with browser_side.running(*[f"{name}.js" for name in names]) as running:
        yield running


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "year:2019"),
        ('"night sky', '"night sky" year:2019'),
        ('"night sky" ', '"night sky" year:2019'),
        ("“night sky ", "“night sky” year:2019"),
        ("„night sky", "„night sky“ year:2019"),
        ("-「夜空", "-「夜空」 year:2019"),
        ("』夜空", "』夜空』 year:2019"),
        ('from:ben,"ada', 'from:ben,"ada" year:2019'),
        ('night "', 'night "" year:2019'),
        ('year:2018 "night sky', 'year:2018,2019 "night sky'),
        ('year:"2018', "year:2018,2019"),
        ('year:2019 "night sky', '"night sky'),
        ('year:"2019"-fog', "fog"),
    ],
)
def test_a_click_on_a_count(scripts: Scripts, text: str, wanted: str) -> None:
    assert scripts.call("toggleValue", text, "year", YEAR) == wanted


@pytest.mark.parametrize(
    ("text", "order", "wanted"),
    [
        ('"night sky', "old", '"night sky" sort:old'),
        ('from:"ada', "likes", 'from:"ada" sort:likes'),
        ('fog sort:"old', "likes", "fog sort:likes"),
        ('"night sort:old', "new", '"night sort:old'),
        ("  sort:old fog sort:likes", "new", "fog"),
        ("-sort:old fog", "best", "fog sort:best"),
    ],
)
def test_another_order(scripts: Scripts, text: str, order: Sort, wanted: str) -> None:
    assert scripts.call("withOrder", text, order) == wanted


def toggled(query: Query) -> Query:
    """Return a query with the year added to those that it states, or taken out of them."""
    years = [
        (at, term, term.condition.values)
        for at, term in enumerate(query.terms)
        if isinstance(term.condition, Field) and term.condition.key == "year"
        if not term.is_negated
    ]
    if not years:
        return replace(query, terms=(*query.terms, Term(Field("year", (YEAR,)))))
    at, _, values = next((each for each in years if YEAR in each[2]), years[0])
    left = tuple([value for value in values if value != YEAR])
    changed = left if YEAR in values else (*values, YEAR)
    others = (Term(Field("year", changed)),) if changed else ()
    return replace(query, terms=(*query.terms[:at], *others, *query.terms[at + 1 :]))


@given(ANY)
def test_a_click_on_a_count_changes_nothing_else(scripts: Scripts, text: str) -> None:
    query = parse_leniently(text).query
    assume(len(query.terms) < MAX_TERMS)
    changed = scripts.call("toggleValue", text, "year", YEAR)
    assert parse_leniently(changed).query == toggled(query)


@given(ANY, st.sampled_from(SORTS))
def test_another_order_changes_nothing_else(scripts: Scripts, text: str, order: Sort) -> None:
    query = parse_leniently(text).query
    assume(len(query.terms) < MAX_TERMS)
    changed = parse_leniently(scripts.call("withOrder", text, order)).query
    assert replace(changed, sort=changed.sort or "new") == replace(query, sort=order)
