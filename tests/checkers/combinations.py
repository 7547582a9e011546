"""The ways in which a site is looked at, and few of them that have each pair of values.

Most faults show for one value or for a pair of values, so that all pairs find nearly what all
combinations do, in a fraction of the time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

THEMES = ("default", "ink", "gazette")
SCHEMES = ("light", "dark")
WIDTHS = ("390", "1280")
LANGUAGES = ("en", "de", "fr", "es", "ja", "ar")
HEIGHT = 900

Row = tuple[str, ...]
Pair = tuple[tuple[int, str], tuple[int, str]]


@dataclass(frozen=True)
class View:
    """How a browser looks at a page."""

    scheme: str
    width: int

    def __str__(self) -> str:
        return f"{self.scheme}, {self.width} px"


Case = tuple[str, View]  # a page and how it is looked at
VIEWS = tuple(View(scheme, int(width)) for scheme in SCHEMES for width in WIDTHS)


def all_cases(pages: Sequence[str], views: Sequence[View]) -> tuple[Case, ...]:
    """Return each page in each view."""
    return tuple((page, view) for view in views for page in pages)


def cases_in_turn(pages: Sequence[str], views: Sequence[View]) -> tuple[Case, ...]:
    """Return each page in one view, the views in turn."""
    return tuple((page, views[number % len(views)]) for number, page in enumerate(pages))


def all_rows(factors: Mapping[str, Sequence[str]]) -> tuple[Row, ...]:
    """Return every combination of one value for each factor."""
    return tuple(product(*factors.values()))


def pair_rows(factors: Mapping[str, Sequence[str]]) -> tuple[Row, ...]:
    """Return few combinations in which each pair of values of two factors is.

    Greedy: the next row is the one with the most pairs that no row has yet.
    """
    rows = all_rows(factors)
    missing = set().union(*map(pairs, rows))
    chosen = []
    while missing:
        best = max(rows, key=lambda row: len(pairs(row) & missing))
        missing -= pairs(best)
        chosen.append(best)
    return tuple(chosen)


def pairs(row: Row) -> set[Pair]:
    """Return the pairs of values in a row; a value alone is the pair of it with itself."""
    values = list(enumerate(row))
    return {*combinations(values, 2), *((value, value) for value in values)}
