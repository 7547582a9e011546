"""Pages of years and months, of posts without a date, and the way to the years from any listing."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby, zip_longest

from msgspec.structs import replace

from sitegen.site import urls
from sitegen.site.plan import listings
from sitegen.site.plan.indexes import Indexes
from sitegen.site.plan.listings import Listed
from sitegen.site.plan.page_types.days import home_of_days
from sitegen.site.plan.page_types.kinds import MIN_LIKES, best, liked_refs
from sitegen.site.plan.pagination import ListingPage, day_groups, paginate
from sitegen.site.views.contexts import Page
from sitegen.site.views.dates.contexts import (
    MonthContext,
    UndatedContext,
    YearContext,
    YearsContext,
)
from sitegen.site.views.dates.values import Dates, Day, Group, Month, Year, greatest, level
from sitegen.site.views.links import Link

YEAR_ROOM = 55  # units of the lines on the page of a year, which has the days of busy months, too
MAX_YEARS = 40  # on each listing
# The page types that lead to the years.
LISTINGS = frozenset(
    ("index.html", "older.html", "kind.html", "tag.html", "profile.html", "person.html",
     "host.html", "collection.html", "topic.html", "year.html", "month.html", "undated.html")
)  # fmt: skip


def dates(indexes: Indexes) -> Iterator[Page]:
    """Generate the pages of years and months, and the list of years."""
    pages = {name: _month_pages(indexes, name) for name in indexes.by_month}
    years = years_of(indexes)
    links = [None, *(Link(year.name, year.path) for year in years), None]
    for at, year in enumerate(years):
        context = _year_context(indexes, year, pages, links[at], links[at + 2])
        yield Page(year.path, "year.html", context, f"the year {year.name}", year.name)
    months = [month for year in years for month in year.months]
    links = [None, *(Link(month.name, month.path) for month in months), None]
    for at, month in enumerate(months):
        yield from _month(indexes, month, pages[month.name], links[at], links[at + 2])
    if years:
        without = sum(1 for post in indexes.listed_by_date if not post.day)
        listed = YearsContext(tuple(years), home_of_days(indexes), without)
        title = indexes.language.text("title.dates")
        yield Page(urls.DATES, "dates.html", listed, "the list of years", title)


def undated(indexes: Indexes) -> Iterator[Page]:
    """Generate the listing of posts without a date, if others have one."""
    posts = tuple([post for post in indexes.listed_by_date if not post.day])
    title = indexes.language.text("title.undated")
    size = indexes.build.page_size
    for page in (
        paginate(urls.UNDATED, title, posts, size, indexes.language, listings.line_units(posts))
        if posts and indexes.by_month
        else ()
    ):
        count = len(posts) if page.is_newest else 0
        context = UndatedContext(count, listings.refs(page.items, indexes.thumbnails), page.pager)
        yield Page(page.path, "undated.html", context, "the posts without a date", page.title)


def with_dates(indexes: Indexes, pages: Iterable[Page]) -> Iterator[Page]:
    """Add the way to the years to each listing of an archive of several years.

    A new post changes the numbers of the front page, of the other listings of the whole site, and
    of the months of its own year. All others have no numbers, which change too many pages.
    """
    years = years_of(indexes)
    newest = tuple(reversed(years[:MAX_YEARS]))
    plain = Dates(
        numbers=tuple([int(year.name) for year in newest]),
        days=home_of_days(indexes),
        has_more=len(years) > len(newest),
    )
    counts = tuple([year.count for year in newest])
    full = replace(plain, counts=counts, months=years[0].months) if years else plain
    by_year = {year.name: year for year in years}
    for page in pages:
        if page.template not in LISTINGS or len(years) == 1 or not years:
            yield page
        else:
            yield replace(page, dates=_dates_of(page, plain, full, by_year))


def _dates_of(page: Page, plain: Dates, full: Dates, years: dict[str, Year]) -> Dates:
    """Return the way to the years from a listing."""
    context = page.context
    if isinstance(context, YearContext):
        return replace(plain, current=context.year.name)
    if isinstance(context, MonthContext):
        year = years[context.month.name[:4]]
        months = year.months if context.days else ()
        return replace(plain, current=year.name, months=months, month=context.month.name)
    is_of_site = "/" not in page.path and page.template in ("index.html", "kind.html")
    return full if is_of_site else plain


def years_of(indexes: Indexes) -> list[Year]:
    """Return the years with their months, the newest first."""
    months = [Month(n, urls.month(n), len(posts)) for n, posts in indexes.by_month.items()]
    grouped = [(name, [*group]) for name, group in groupby(months, lambda month: month.name[:4])]
    years = [_year(name, group) for name, group in grouped]
    most = greatest(years)
    return [replace(year, level=level(year.count, most)) for year in years]


def _year(name: str, months: Sequence[Month]) -> Year:
    most = greatest(months)
    shown = tuple([replace(month, level=level(month.count, most)) for month in months])
    return Year(name, urls.year(name), sum(month.count for month in months), shown)


def _year_context(
    indexes: Indexes,
    year: Year,
    pages: dict[str, list[ListingPage]],
    newer: Link | None,
    older: Link | None,
) -> YearContext:
    """Return what the page of a year shows."""
    posts = [post for month in year.months for post in indexes.by_month[month.name]]
    chosen = indexes.chosen(posts)
    by_month = {n: [*p] for n, p in groupby(chosen, lambda post: str(post.day)[:7])}
    most = _most_of_each(by_month.values())
    shown: list[Listed] = []
    groups = []
    for name, in_month in by_month.items():
        start, count, path = len(shown), len(in_month), urls.month(name)
        shown += [in_month[at] for at in sorted(_by_likes(in_month)[:most])]
        groups.append(Group(name, path, start, len(shown), count, most >= count))
    months = [
        replace(m, days=_days(m.name, pages[m.name])) if len(pages[m.name]) > 1 else m
        for m in year.months
    ]
    return YearContext(
        year=replace(year, months=tuple(months)),
        newer=newer,
        older=older,
        liked=liked_refs(best(chosen, "likes", MIN_LIKES)),
        entries=listings.refs(shown, indexes.thumbnails),
        groups=tuple(groups),
    )


def _by_likes(posts: list[Listed]) -> list[int]:
    """Return the positions of posts, the most liked first, and the newest of equally liked ones."""
    likes = [0 if post.position else post.thread.likes for post in posts]
    return sorted(range(len(posts)), key=lambda at: -likes[at])  # stable


def _most_of_each(months: Iterable[list[Listed]]) -> int:
    """Return how many of the most liked posts of each month fit on the page of their year."""
    units = [[posts[at].line_units for at in _by_likes(posts)] for posts in months]
    totals = accumulate(map(sum, zip_longest(*units, fillvalue=0)))
    return max(1, sum(total <= YEAR_ROOM for total in totals))


def _month_pages(indexes: Indexes, name: str) -> list[ListingPage]:
    """Return the pages of a month, the newest first."""
    title, posts = indexes.language.month(name), indexes.by_month[name]
    size = indexes.build.page_size
    units = listings.line_units(posts)
    return [*paginate(urls.month(name), title, posts, size, indexes.language, units)]


def _month(
    indexes: Indexes,
    month: Month,
    pages: list[ListingPage],
    newer: Link | None,
    older: Link | None,
) -> Iterator[Page]:
    """Generate the pages of a month."""
    for page, groups in day_groups(pages):
        entries, is_first = listings.refs(page.items, indexes.thumbnails), page.is_newest
        context = MonthContext(
            month=month if is_first else Month(month.name, month.path, 0),
            entries=entries,
            groups=groups,
            pager=page.pager,
            days=_days(month.name, pages) if is_first else (),
            newer=newer if is_first else None,
            older=older if is_first else None,
        )
        yield Page(page.path, "month.html", context, f"the month {month.name}", page.title)


def _days(month: str, pages: list[ListingPage]) -> tuple[Day, ...]:
    """Return the days of a month, each with the page where its posts begin if it has any."""
    counts: dict[str, int] = {}
    paths: dict[str, str] = {}
    for page in pages:
        for post in page.items:
            counts[post.day] = counts.get(post.day, 0) + 1
            paths.setdefault(post.day, page.path)
    most = max(counts.values())
    last = monthrange(int(month[:4]), int(month[5:]))[1]
    return tuple(
        [
            Day(
                name=name,
                path=f"{paths[name]}#{urls.day_anchor(name)}" if name in paths else "",
                anchor=urls.day_anchor(name),
                count=counts.get(name, 0),
                level=level(counts.get(name, 0), most),
            )
            for name in [f"{month}-{number:02}" for number in range(1, last + 1)]
        ]
    )
