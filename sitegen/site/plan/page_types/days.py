"""Pages of the days of the year: what was written on a day, in all years."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping

from sitegen.languages.language import LEAP_YEAR
from sitegen.site import urls
from sitegen.site.plan import listings
from sitegen.site.plan.indexes import Indexes
from sitegen.site.plan.listings import Listed
from sitegen.site.plan.pagination import day_groups, paginate
from sitegen.site.views.contexts import Page
from sitegen.site.views.dates.contexts import DayContext, DaysContext
from sitegen.site.views.dates.values import DayOfYear, level
from sitegen.site.views.links import Link

LINES = 4  # times the page size: these lines are shorter than those of other listings


def days(indexes: Indexes) -> Iterator[Page]:
    """Generate a page for each day of the year, and the list of days, for several years."""
    home = home_of_days(indexes)
    if not home:
        return
    posts = _by_day_of_year(indexes)
    most = max(map(len, posts.values()))
    days = [
        DayOfYear(name, urls.day_of_year(name), len(posts[name]), level(len(posts[name]), most))
        for name in sorted(posts)
    ]
    links = [None, *(Link(day.name, day.path) for day in days), None]
    for at, day in enumerate(days):
        yield from _day(indexes, day, posts[day.name], links[at], links[at + 2])
    title = indexes.language.text("title.days")
    yield Page(home, "days.html", DaysContext(_calendar(days)), "the list of days", title)


def _calendar(days: list[DayOfYear]) -> tuple[tuple[DayOfYear, ...], ...]:
    """Return all days of the year by month; those without posts have no page."""
    known = {day.name: day for day in days}
    names = [
        [f"{month:02}-{day:02}" for day in range(1, monthrange(LEAP_YEAR, month)[1] + 1)]
        for month in range(1, 13)
    ]
    return tuple([tuple([known.get(n) or DayOfYear(n, "", 0, 0) for n in row]) for row in names])


def home_of_days(indexes: Indexes) -> str:
    """Return the site path of the list of days; "" without it, as in less than two years."""
    build = indexes.build
    years = indexes.years if build.date_pages and build.day_pages else None
    is_long = years is not None and years[0] < years[1]
    return indexes.free_path(urls.DAYS, urls.DATES) if is_long else ""


def _by_day_of_year(indexes: Indexes) -> Mapping[str, tuple[Listed, ...]]:
    """Return the posts of each day of the year, "09-15", the newest year first."""
    days: dict[str, list[Listed]] = {}
    for day, posts in indexes.by_day.items():
        days.setdefault(day[5:], []).extend(posts)
    return {name: tuple(listed) for name, listed in days.items()}


def _day(
    indexes: Indexes,
    day: DayOfYear,
    posts: tuple[Listed, ...],
    previous: Link | None,
    following: Link | None,
) -> Iterator[Page]:
    """Generate the pages of a day of the year."""
    title = indexes.language.day_of_year(day.name)
    size = LINES * indexes.build.page_size
    units = listings.line_units(posts)
    pages = [*paginate(day.path, title, posts, size, indexes.language, units)]
    for page, groups in day_groups(pages):
        is_first = page.is_newest
        context = DayContext(
            day=day if is_first else DayOfYear(day.name, day.path, 0, 0),
            home=home_of_days(indexes),
            entries=listings.refs(page.items, indexes.thumbnails),
            groups=groups,
            pager=page.pager,
            next=following if is_first else None,
            previous=previous if is_first else None,
        )
        yield Page(page.path, "day.html", context, f"the day {day.name}", page.title)
