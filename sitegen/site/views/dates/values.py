"""The values of dates that templates see: years, months, days, and the way to them."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from sitegen.site import urls

LEVELS = 9  # of busyness, besides 0 for nothing


class Day(Struct, frozen=True, array_like=True):
    """A day: its `name` "2025-09-15", and its number of posts `count`.

    `path` is the site path of the page with its newest post, with the day's `anchor` there; a day
    without posts has none. `level` says how busy the day was next to the others, from 0 to 9.
    """

    name: str
    path: str
    anchor: str
    count: int
    level: int

    @property
    def number(self) -> int:
        """The day of the month, from 1."""
        return int(self.name[8:])


class DayOfYear(Struct, frozen=True, array_like=True):
    """A day of the year, in all years: its `name` "09-15" and its number of posts `count`.

    `path` is the site path of its page, empty if it has no posts. `level` says how busy it was next
    to the others, from 0 to 9.
    """

    name: str
    path: str
    count: int
    level: int

    @property
    def number(self) -> int:
        """The day of the month, from 1."""
        return int(self.name[3:])


class Month(Struct, frozen=True, array_like=True):
    """A month: its `name` "2025-09", the site path `path`, and its number of posts `count`.

    `level` says how busy it was next to the others, from 0 to 9. On the page of its year, a month
    whose posts are on several pages has its `days`.
    """

    name: str
    path: str
    count: int
    level: int = 0
    days: tuple[Day, ...] = ()


class Year(Struct, frozen=True, array_like=True):
    """A year: its `name`, the site path `path`, and its months.

    `months` begin with the newest. `count` is its number of posts; where that would change too many
    pages, it is 0. `level` says how busy it was next to the others, from 0 to 9.
    """

    name: str
    path: str
    count: int
    months: tuple[Month, ...]
    level: int = 0


class Group(Struct, frozen=True, array_like=True):
    """Posts of one day or month in a listing: those from `start` to before `end`, counted from 0.

    `name` is that of the day, "2025-09-15", or of the month, "2025-09". `count` is its number of
    posts, and 0 for a day that is, or may come to be, on several pages. `path` is the site path of
    the month's page. `is_whole` says whether these are all of its posts.
    """

    name: str
    path: str
    start: int
    end: int
    count: int
    is_whole: bool = True

    @property
    def anchor(self) -> str:
        """The id of a day on the page of its month."""
        return urls.day_anchor(self.name)


class Dates(Struct, frozen=True, array_like=True):
    """The way from a page to the years, and to the months of the current one.

    `numbers` are those of the years, the oldest first. `counts` are their numbers of posts, only on
    the front page and other pages that change anyway. `current` is the name of the year of this
    page. `months` are those of the year to open, the newest first. `month` is the name of the month
    of this page. `days` is the site path of the days of the year. `has_more` says that there are
    older years.
    """

    numbers: tuple[int, ...]
    counts: tuple[int, ...] = ()
    current: str = ""
    months: tuple[Month, ...] = ()
    month: str = ""
    days: str = ""
    has_more: bool = False

    @property
    def years(self) -> tuple[Year, ...]:
        """The years, the oldest first, each without its months."""
        names = [f"{number:04}" for number in self.numbers]
        counts = self.counts or (0,) * len(names)
        greatest = max(counts)
        return tuple(
            [
                Year(name, urls.year(name), count, (), level(count, greatest))
                for name, count in zip(names, counts, strict=True)
            ]
        )


def level(count: int, greatest: int) -> int:
    """Return how busy a time with `count` posts was next to the busiest, from 0 to 9."""
    return -(-LEVELS * count // greatest) if greatest else 0


def greatest(times: Collection[Year | Month | Day | DayOfYear]) -> int:
    """Return the number of posts of the busiest of several times."""
    return max((time.count for time in times), default=0)
