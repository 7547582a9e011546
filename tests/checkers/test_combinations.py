"""All pairs of values are in the rows, with as few rows as is known to be possible."""

from __future__ import annotations

from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from .combinations import View, all_cases, all_rows, cases_in_turn, pair_rows

factors = st.dictionaries(
    st.text("abc", min_size=1, max_size=3),
    st.lists(st.sampled_from("vwxyz"), min_size=1, max_size=4, unique=True).map(tuple),
    min_size=1,
    max_size=4,
)


@given(factors)
def test_every_pair_of_values_is_in_a_row(values: dict[str, tuple[str, ...]]) -> None:
    rows = pair_rows(values)
    assert {*rows} <= {*all_rows(values)}
    assert len({*rows}) == len(rows)
    columns = list(values.values())
    for first, second in combinations(range(len(columns)), 2):
        seen = {(row[first], row[second]) for row in rows}
        assert seen == {*product(columns[first], columns[second])}
    for number, column in enumerate(columns):
        assert {row[number] for row in rows} == {*column}


def test_pairs_need_fewer_rows_than_all_combinations() -> None:
    two = ("a", "b")
    six = ("1", "2", "3", "4", "5", "6")
    values = {"theme": two, "scheme": two, "width": two, "language": six}
    assert len(all_rows(values)) == 48
    assert len(pair_rows(values)) == 12  # the two longest factors alone need as many


def test_a_page_in_turn_or_in_all_views() -> None:
    light, dark = View("light", 390), View("dark", 1280)
    assert cases_in_turn(["a", "b", "c"], [light, dark]) == (
        ("a", light), ("b", dark), ("c", light),
    )  # fmt: skip
    assert all_cases(["a", "b"], [light, dark]) == (
        ("a", light), ("b", light), ("a", dark), ("b", dark),
    )  # fmt: skip
