"""The contexts of the pages of years, months and days."""

from msgspec import Struct

from sitegen.site.views.dates.values import Day, DayOfYear, Group, Month, Year
from sitegen.site.views.links import Link
from sitegen.site.views.listing_values import Pager
from sitegen.site.views.page_refs import EntryRefs


class YearsContext(Struct, frozen=True, tag=True, array_like=True):
    """The list of years.

    `days` is the site path of the list of the days of the year, empty if there is none. `undated`
    is the number of posts without a date.
    """

    years: tuple[Year, ...]
    days: str = ""
    undated: int = 0


class YearContext(Struct, frozen=True, tag=True, array_like=True):
    """A year with its months, and the posts of the front page's kinds.

    `newer` and `older` lead to the next and the previous year. `liked` are the most liked posts.
    `entries` are as many posts of each month as the page has room for, the most liked ones of a
    month that has more; `groups` has their months.
    """

    year: Year
    newer: Link | None
    older: Link | None
    liked: EntryRefs
    entries: EntryRefs
    groups: tuple[Group, ...]


class MonthContext(Struct, frozen=True, tag=True, array_like=True):
    """A month, or a page of it.

    `entries` are its posts, and `groups` has their days. Only the first page has the number of the
    month's posts, its `days`, and links to the next and the previous month, `newer` and `older`.
    """

    month: Month
    entries: EntryRefs
    groups: tuple[Group, ...]
    pager: Pager
    days: tuple[Day, ...] = ()
    newer: Link | None = None
    older: Link | None = None


class DaysContext(Struct, frozen=True, tag=True, array_like=True):
    """All days of the year by month, January first; those without posts have no page."""

    months: tuple[tuple[DayOfYear, ...], ...]


class DayContext(Struct, frozen=True, tag=True, array_like=True):
    """A day of the year, or a page of it.

    `entries` are its posts of all years, and `groups` has the day of each year. `home` is the site
    path of the list of days. Only the first page has the number of the day's posts, and links to
    the `next` and the `previous` day of the year that has posts.
    """

    day: DayOfYear
    home: str
    entries: EntryRefs
    groups: tuple[Group, ...]
    pager: Pager
    next: Link | None = None
    previous: Link | None = None


class UndatedContext(Struct, frozen=True, tag=True, array_like=True):
    """The posts without a date.

    `count` is their number on the first page, else 0.
    """

    count: int
    entries: EntryRefs
    pager: Pager


DateContext = YearContext | MonthContext | YearsContext | DaysContext | DayContext | UndatedContext
