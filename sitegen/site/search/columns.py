"""Facets and likes: a value of each post of a segment, for counts and fields of queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from msgspec import Struct, json

from sitegen.site.search import numbers
from sitegen.site.search.searched_post import SearchedPost

EPOCH = date(1970, 1, 1).toordinal()
T = TypeVar("T")


class Facets(Struct, frozen=True):
    """The facets of the posts of a segment, see docs/search-index.md."""

    days: str
    kinds: str
    networks: tuple[list[str], str]
    languages: tuple[list[tuple[str, ...]], str]


def facets(posts: Sequence[SearchedPost]) -> bytes:
    """Return the facets of posts as JSON."""
    return json.encode(
        Facets(
            numbers.encode(_day_codes([post.day for post in posts])),
            "".join([str(post.kind) for post in posts]),
            _places([post.network for post in posts]),
            _places([post.langs for post in posts]),
        )
    )


def likes(posts: Iterable[SearchedPost]) -> bytes:
    """Return the likes of posts as JSON."""
    return json.encode(numbers.encode([post.likes for post in posts]))


def _day_codes(days: Iterable[str]) -> Iterator[int]:
    """Yield what says of each day, "2025-09-15", how many days after the one before it is."""
    before = 0
    for day in days:
        if not day:
            yield 0
            continue
        number = date.fromisoformat(day).toordinal() - EPOCH
        step = number - before
        yield 2 * step + 1 if step >= 0 else -2 * step
        before = number


def _places(values: Iterable[T]) -> tuple[list[T], str]:
    """Return the different values, and the place of each value among these."""
    places: dict[T, int] = {}
    listed = [places.setdefault(value, len(places)) for value in values]
    return [*places], numbers.encode(listed)
