"""Numbers that are left out cannot be computed from those that are there."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.model import Post
from sitegen.opendata.counts import Count, Subjects, count_posts
from sitegen.opendata.suppression import (
    TOTAL,
    Bounds,
    Cell,
    Table,
    add_totals,
    publish_part,
    suppress,
)
from sitegen.selection.queried_posts import Selected

MINIMUM = 3


def tables(rows: int, columns: int, most: int) -> st.SearchStrategy[dict[Cell, int]]:
    """Return tables with totals, of up to so many rows and columns."""
    cells = st.tuples(st.sampled_from("abcdefgh"[:rows]), st.sampled_from("wxyz"[:columns]))
    return st.dictionaries(cells, st.integers(1, most), max_size=rows * columns).map(add_totals)


def equations(table: Table) -> Iterator[dict[Cell, int]]:
    """Yield what is known of any table: each row and each column has its total."""
    for axis in (0, 1):
        for name in {cell[axis] for cell in table}:
            along = [cell for cell in table if cell[axis] == name]
            yield {cell: -1 if cell[1 - axis] == TOTAL else 1 for cell in along}


def computable(table: Table, hidden: Collection[Cell]) -> set[Cell]:
    """Return the hidden cells that the equations determine, by Gaussian elimination."""
    unknown = sorted(hidden)
    rows = [[Fraction(eq.get(cell, 0)) for cell in unknown] for eq in equations(table)]
    reduced: list[list[Fraction]] = []
    for at in range(len(unknown)):
        pivot = next((row for row in rows if row[at]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [value / pivot[at] for value in pivot]
        rows, reduced = (
            [[v - row[at] * p for v, p in zip(row, pivot, strict=True)] for row in each]
            for each in (rows, reduced)
        )
        reduced.append(pivot)
    alone = [row for row in reduced if sum(value != 0 for value in row) == 1]
    return {cell for row in alone for cell, value in zip(unknown, row, strict=True) if value}


def possible(table: Table, hidden: Collection[Cell], bounds: Bounds) -> dict[Cell, set[int]]:
    """Return all values that hidden cells of a small table may have, by trying them all."""
    inner = [cell for cell in table if TOTAL not in cell]
    shown = {cell: number for cell, number in table.items() if cell not in hidden}
    ranges = [range(1, table[c] + MINIMUM + 1) if c in hidden else (table[c],) for c in inner]
    found: dict[Cell, set[int]] = {cell: set() for cell in hidden}
    for values in product(*ranges):
        other = add_totals(dict(zip(inner, values, strict=True)))
        if all(other[cell] == number for cell, number in shown.items()) and is_within(
            other, bounds
        ):
            for cell in hidden:
                found[cell].add(other[cell])
    return found


def is_within(table: Table, bounds: Bounds) -> bool:
    floors, ceilings = bounds
    return all(floors.get(c, 0) <= number <= ceilings.get(c, number) for c, number in table.items())


def test_a_table_and_what_is_left_of_it() -> None:
    numbers = {("May", "post"): 20, ("May", "reply"): 2, ("June", "post"): 9, ("June", "reply"): 7}
    numbers |= {("July", "post"): 30, ("July", "reply"): 40}
    table = add_totals(numbers)
    hidden = suppress(table, 5)
    assert hidden == frozenset(product(("May", "June"), ("post", "reply")))
    assert not computable(table, hidden)
    assert computable(table, hidden - {("June", "post")}) == hidden - {("June", "post")}


@pytest.mark.parametrize("number", [1, 4])
def test_a_single_small_number_takes_its_totals_with_it(number: int) -> None:
    table = add_totals({("May", "post"): number})
    assert suppress(table, 5) == frozenset(table)


def test_where_nothing_is_small_nothing_is_left_out() -> None:
    assert suppress(add_totals({("May", "post"): 5, ("May", "reply"): 6}), 5) == frozenset()
    assert suppress({}, 5) == frozenset()


@given(tables(8, 4, 12))
def test_no_number_that_is_left_out_follows_from_the_others(table: dict[Cell, int]) -> None:
    hidden = suppress(table, 5)
    assert hidden is not None
    assert not [cell for cell, number in table.items() if number < 5 and cell not in hidden]
    assert not computable(table, hidden)


@given(tables(2, 2, 8))
def test_each_number_that_is_left_out_may_be_very_different(table: dict[Cell, int]) -> None:
    hidden = suppress(table, MINIMUM)
    assert hidden is not None
    for values in possible(table, hidden, Bounds()).values():
        assert max(values) - min(values) >= MINIMUM


@given(tables(2, 2, 8), st.randoms(use_true_random=False))
def test_so_may_it_if_a_part_or_a_whole_is_known_besides(
    table: dict[Cell, int], chance: random.Random
) -> None:
    inner = {cell: number for cell, number in table.items() if TOTAL not in cell}
    smaller = add_totals({cell: chance.randint(0, number) for cell, number in inner.items()})
    larger = add_totals({cell: chance.randint(number, 20) for cell, number in inner.items()})
    for bounds in (Bounds(floors=smaller), Bounds(ceilings=larger)):
        hidden = suppress(table, MINIMUM, bounds)
        assert hidden is not None or bounds.ceilings
        for values in possible(table, hidden or (), bounds).values():
            assert max(values) - min(values) >= MINIMUM


def test_a_part_as_large_as_the_whole_cannot_be_shown_at_all() -> None:
    table = add_totals({("May", "post"): 9, ("June", "post"): 2})
    assert suppress(table, 5, Bounds(ceilings=table)) is None


def part_and_whole(rows: int, most: int) -> st.SearchStrategy[tuple[Table, Table]]:
    """Return a table without totals, and a larger one with them."""
    cell = st.tuples(st.sampled_from("abcdefgh"[:rows]), st.sampled_from("wx"))
    numbers = st.tuples(st.integers(0, most), st.integers(0, most))
    pairs = st.dictionaries(cell, numbers, min_size=1, max_size=2 * rows)
    return pairs.map(lambda found: (
        {cell: part for cell, (part, _) in found.items() if part},
        add_totals({cell: part + rest for cell, (part, rest) in found.items()}),
    ))  # fmt: skip


@given(part_and_whole(8, 12))
def test_no_small_number_of_a_part_follows_at_any_level_of_detail(
    tables: tuple[Table, Table],
) -> None:
    part, whole = tables
    numbers, level = publish_part(part, 5, whole)
    table = add_totals(part)
    assert numbers.items() <= level.items() <= table.items()
    assert all(number >= 5 for number in numbers.values())
    assert all(table[cell] >= 5 for cell in computable(table, table.keys() - numbers.keys()))


@given(part_and_whole(2, 6))
def test_each_small_number_of_a_part_may_be_another(tables: tuple[Table, Table]) -> None:
    part, whole = tables
    table = add_totals(part)
    hidden = table.keys() - publish_part(part, MINIMUM, whole).numbers.keys()
    known = {cell: number for cell, number in whole.items() if number >= MINIMUM}
    for cell, values in possible(table, hidden, Bounds(ceilings=known)).items():
        assert table[cell] >= MINIMUM or len(values) > 1


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        ({("May", "post"): 9, ("May", "reply"): 7, ("June", "post"): 6}, 8),
        ({(f"{month}", "post"): 3 for month in range(8)}, 2),  # by kind
        ({("May", "post"): 4, ("May", "reply"): 4, ("June", "post"): 3, ("June", "reply"): 4}, 3),
        ({(f"{month}", "post"): 1 for month in range(8)}, 0),  # a total of 8 would say so
        ({("May", "post"): 4}, 0),
        ({}, 0),
    ],
)
def test_a_sparse_part_has_its_totals(part: Table, shown: int) -> None:
    numbers, _ = publish_part(part, 5, add_totals(dict.fromkeys(part, 99)))
    assert len(numbers) == shown


def post(day: str, kind: str, *tags: str, topics: tuple[str, ...] = ()) -> Selected:
    return Selected(Post("1", "net", tags=tags), "1", 1, kind, day, topics)  # type: ignore[arg-type]


def test_counts_of_posts() -> None:
    posts = [
        *[post("2024-05-02", "post", "Fog", "fog")] * 9, *[post("2024-06-02", "reply", "fog")] * 8,
        *[post("2024-06-02", "post", "dew")] * 7, *[post("", "post")] * 6,
    ]  # fmt: skip
    subject, rows, numbers, tags = count_posts(posts, Subjects("tag", {"fog"}), 5)
    assert (subject, numbers, tags) == ("tag", 0, 0)
    assert rows == (
        Count("all", None, None, None, 30), Count("all", None, None, "post", 22), Count("all", None, None, "reply", 8),
        Count("all", None, "2024-05", None, 9), Count("all", None, "2024-05", "post", 9),
        Count("all", None, "2024-06", None, 15), Count("all", None, "2024-06", "post", 7),
        Count("all", None, "2024-06", "reply", 8), Count("all", None, "unknown", None, 6),
        Count("all", None, "unknown", "post", 6), Count("tag", "fog", None, None, 17),
        Count("tag", "fog", None, "post", 9), Count("tag", "fog", None, "reply", 8),
        Count("tag", "fog", "2024-05", None, 9), Count("tag", "fog", "2024-05", "post", 9),
        Count("tag", "fog", "2024-06", None, 8), Count("tag", "fog", "2024-06", "reply", 8),
    )  # fmt: skip


def test_counts_by_topic_know_nothing_of_tags() -> None:
    posts = [
        *[post("2024-05-02", "post", "Dew", topics=("Fog", "dew"))] * 9,
        *[post("2024-06-02", "post", "Fog", topics=("dew",))] * 8,
    ]
    found = count_posts(posts, Subjects("topic", {"Fog", "dew"}), 5)
    assert (found.subject, found.subjects_left_out) == ("topic", 0)
    named = [row for row in found.rows if row.month and row.kind]
    assert named == [
        Count("all", None, "2024-05", "post", 9), Count("all", None, "2024-06", "post", 8),
        Count("topic", "Fog", "2024-05", "post", 9), Count("topic", "dew", "2024-05", "post", 9),
        Count("topic", "dew", "2024-06", "post", 8),
    ]  # fmt: skip


WORDS = ("fog", "dew", "ice")
DAYS = st.sampled_from(["2024-01-05", "2024-02-01", "2024-03-09", ""])
KINDS = st.sampled_from(["post", "reply", "thread"])
TAGGED = st.builds(post, DAYS, KINDS, st.sampled_from(WORDS))
ABOUT = st.builds(post, DAYS, KINDS, topics=st.frozensets(st.sampled_from(WORDS)).map(tuple))


@given(
    st.lists(TAGGED, max_size=80).map(lambda posts: (Subjects("tag", WORDS), posts))
    | st.lists(ABOUT, max_size=80).map(lambda posts: (Subjects("topic", WORDS), posts))
)
def test_no_count_is_small_and_none_follows_from_the_others(
    case: tuple[Subjects, list[Selected]],
) -> None:
    subjects, posts = case
    rows = count_posts(posts, subjects, 5).rows
    assert all(row.posts >= 5 for row in rows)
    assert {row.subject for row in rows} <= {"all", subjects.kind}
    for name in {row.name for row in rows}:
        own = [each for each in posts if name in (None, *each.post.tags, *each.topics)]
        numbers: dict[Cell, int] = {}
        for each in own:
            cell = (each.day[:7] or "unknown", each.kind)
            numbers[cell] = numbers.get(cell, 0) + 1
        table = add_totals(numbers)
        shown = {
            (row.month or TOTAL, row.kind or TOTAL): row.posts for row in rows if row.name == name
        }
        assert shown.items() <= table.items()
        assert all(table[cell] >= 5 for cell in computable(table, table.keys() - shown.keys()))
