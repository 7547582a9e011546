"""Paginate listings from the oldest item, since they grow at the other end.

A numbered page is full and never changes; a new post changes the newest page only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from sitegen.languages.language import Language
from sitegen.site import urls
from sitegen.site.views.dates.values import Group
from sitegen.site.views.links import Link
from sitegen.site.views.listing_values import Pager
from sitegen.site.views.page_refs import EntryRefs, ThumbnailRefs
from sitegen.site.views.summary import PlacedThread
from sitegen.site.views.titles import numbered_title

MAX_THUMBNAILS = 4  # in a line of a listing
STEPS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
MAX_JUMPS = 8  # links from a page to pages far from it
ROOM = 50  # units of a page with as many items or fewer

Groups = dict[Any, tuple[PlacedThread, ...]]


class ListingPage(NamedTuple):
    """One page of a listing: its path, its items (newest first), and links to its neighbours.

    `title` is that of the listing, with the number of all pages but the newest.
    """

    path: str
    title: str
    items: tuple[Any, ...]
    pager: Pager

    @property
    def is_newest(self) -> bool:
        """Whether this is the page at the address of the listing."""
        return self.pager.newer is None


def paginate(
    first: str, title: str, items: tuple[Any, ...], size: int, language: Language,
    units: tuple[int, ...],
) -> Iterator[ListingPage]:  # fmt: skip
    """Split items (newest first) into the newest page at path `first` and full older pages.

    `units` are the sizes of the items. The newest page has between half of `size` and one and a
    half times that, or fewer items if these are large.
    """
    counts = page_counts(units, size)
    full_pages = len(counts) - 1
    links = [
        Link(numbered_title(title, n, language), urls.numbered_page(first, n))
        for n in range(1, full_pages + 1)
    ]
    links.append(Link(title, first))
    start = 0
    for number in range(full_pages, -1, -1):
        end = start + counts[number]
        shown = items[start:end]
        first_day, last_day = _days(shown) if full_pages else ("", "")
        pager = Pager(
            number=number + 1,
            total=full_pages + 1 if number == full_pages else 0,
            newer=links[number + 1] if number < full_pages else None,
            older=links[number - 1] if number else None,
            home=first if number < full_pages - 1 else "",
            jumps=tuple([Link(str(n), links[n - 1].path) for n in jumps(number + 1)]),
            first_day=first_day,
            last_day=last_day,
        )
        yield ListingPage(links[number].path, links[number].title, shown, pager)
        start = end


def jumps(number: int) -> list[int]:
    """Return the numbers of older pages that a page links to besides its neighbour: 1, 10, 20 ...

    They depend on the page's own number alone, so a new page changes no other.
    """
    step = next((step for step in STEPS if number <= step * MAX_JUMPS), number)
    return [n for n in (1, *range(step, number, step)) if n < number - 1]


def _days(items: Sequence[Any]) -> tuple[str, str]:
    """Return the days of the oldest and the newest item; nothing where one has no date."""
    days = [getattr(item, "day", None) for item in items]
    known = [day for day in days if day]
    return (min(known), max(known)) if known and len(known) == len(days) else ("", "")


def day_groups(pages: list[ListingPage]) -> Iterator[tuple[ListingPage, tuple[Group, ...]]]:
    """Yield each page of a listing with the days of its posts.

    The newest day of a numbered page may come to have more posts on a newer page, which must not
    change this one, and the oldest may have more on an older page. Neither is counted.
    """
    for page, older in zip(pages, [*pages[1:], None], strict=True):
        groups, start = [], 0
        for name, posts in groupby(page.items, lambda post: str(post.day)):
            end = start + len([*posts])
            is_first = start == 0 and page.pager.total == 0
            is_last = bool(end == len(page.items) and older and older.items[0].day == name)
            count = 0 if is_first or is_last else end - start
            groups.append(Group(name, urls.month(name[:7]), start, end, count, bool(count)))
            start = end
        yield page, tuple(groups)


def page_counts(units: Sequence[int], size: int) -> list[int]:
    """Return the number of items of each page, the oldest first, for items newest first.

    A page is full with `size` items, or if the next one would not fit in its room.
    """
    most = max(size, ROOM)
    counts, count, used = [], 0, 0
    for needed in reversed(units):
        if count and (count == size or used + needed > most):
            counts.append(count)
            count, used = 0, 0
        count, used = count + 1, used + needed
    if count == size:
        counts.append(count)
        count, used = 0, 0
    if counts and count < max(1, size // 2) and used < max(1, most // 2):
        count += counts.pop()
    return [*counts, count]


def group_by(
    entries: Iterable[PlacedThread], keys: Callable[[PlacedThread], Iterable[Any]]
) -> Groups:
    """Group entries by each of their keys, in order."""
    groups: dict[Any, list[PlacedThread]] = {}
    for entry in entries:
        for key in keys(entry):
            if key in groups:
                groups[key].append(entry)
            else:
                groups[key] = [entry]
    return {key: tuple(threads) for key, threads in groups.items()}


def group_by_tag(entries: Iterable[PlacedThread]) -> Groups:
    """Group entries by their normalised tags, in order."""
    result: dict[str, list[PlacedThread]] = {}
    by_spelling: dict[str, list[PlacedThread]] = {}
    for entry in entries:
        for name in entry.tag_names:
            threads = by_spelling.get(name)
            if threads is None:
                threads = by_spelling[name] = result.setdefault(urls.tag_key(name), [])
            threads.append(entry)
    return {key: tuple(threads) for key, threads in result.items()}


def entry_refs(threads: Iterable[PlacedThread], thumbnails: Mapping[str, str | None]) -> EntryRefs:
    """Return references to threads for a page's context; `thumbnails` are those of the site."""
    listed = [*threads]
    sources = tuple([thread.source for thread in listed])
    return EntryRefs(sources, thumbnails=thumbnail_refs([t.previews for t in listed], thumbnails))


def thumbnail_refs(
    lines: Iterable[Collection[str]], thumbnails: Mapping[str, str | None]
) -> tuple[ThumbnailRefs, ...]:
    """Return the thumbnails of a listing; each of `lines` is the pictures that a line may show."""
    refs = []
    for position, paths in enumerate(lines if thumbnails else ()):
        if not paths:
            continue
        pictures = [path for path in paths if path in thumbnails]
        small = [(path, address) for path in pictures if (address := thumbnails[path])]
        files = tuple(small[:MAX_THUMBNAILS])
        if files:
            refs.append(ThumbnailRefs(position, files, len(pictures) - len(files)))
    return tuple(refs)
