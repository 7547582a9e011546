"""Paginate a thread from its start, since threads grow at their end.

A page is full when it has `thread_size` posts, or as many bytes as a browser should load.

A reply changes the last page, and the first, which shows the total; full pages between never
change. So a post keeps its page and anchor.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import count, pairwise
from typing import NamedTuple

from sitegen.config.schema import Build
from sitegen.languages.language import Language
from sitegen.site import urls
from sitegen.site.views.links import Link
from sitegen.site.views.listing_values import ThreadPager
from sitegen.site.views.summary import PlacedThread
from sitegen.site.views.titles import numbered_title

MIN_JUMPS = 20  # posts of a thread that has links to some of them
MAX_JUMPS = 20  # of these links, and those to the first and the last post


class Section(NamedTuple):
    """One page of a thread: its link, its posts from `start` to before `end`, and its pager.

    A thread that fits on one page is a single section without an end and without a pager.
    """

    link: Link
    start: int = 0
    end: int | None = None
    pager: ThreadPager | None = None


def sections(entry: PlacedThread, size: int, language: Language) -> Iterator[Section]:
    """Split a thread into pages of at most `size` posts; the last one has the rest."""
    starts = page_starts(entry, size)
    pages = page_links(entry, size, language)
    last = len(pages) - 1
    for at, (link, start, end) in enumerate(
        zip(pages, starts, (*starts[1:], entry.count), strict=True)
    ):
        pager = ThreadPager(
            number=at + 1,
            total=len(pages) if at in (0, last) else 0,
            first=pages[0],
            last=None if at else pages[last],
            previous=pages[at - 1] if at else None,
            next=pages[at + 1] if at < last else None,
        )
        yield Section(link, start, end, pager)


def has_pages(entry: PlacedThread, size: int) -> bool:
    """Tell whether a thread has more than one page."""
    return entry.count > size or bool(entry.page_breaks)


def page_starts(entry: PlacedThread, size: int) -> tuple[int, ...]:
    """Return the positions of the posts with which the pages of a thread begin.

    What fits on a page by its bytes is split again where it has more than `size` posts.
    """
    if not has_pages(entry, size):
        return (0,)
    return _starts(entry.page_breaks, entry.count, size)


@lru_cache(maxsize=100)  # since every post of a thread asks for them
def _starts(page_breaks: tuple[int, ...], count: int, size: int) -> tuple[int, ...]:
    edges = pairwise((0, *page_breaks, count))
    return tuple([at for start, end in edges for at in range(start, end, size)])


def page_links(entry: PlacedThread, size: int, language: Language) -> list[Link]:
    """Return links to a thread's pages, in order."""
    pages = [Link(entry.title, entry.path, entry.lang)]
    for number in range(2, len(page_starts(entry, size)) + 1):
        title = numbered_title(entry.title, number, language)
        pages.append(Link(title, urls.numbered_page(entry.path, number), entry.lang))
    return pages


def address(entry: PlacedThread, at: int, build: Build) -> str:
    """Return a post's permanent site path, or its anchor in the thread if replies have none."""
    if not at:
        return entry.path
    if build.post_pages:
        return urls.post(entry.network, entry.post_ids[at])
    return place(entry, at, build.thread_size)


def place(entry: PlacedThread, at: int, size: int) -> str:
    """Return the site path of a post's page in the thread, with the post's anchor."""
    return f"{page_of(entry, at, size)}#{urls.anchor(entry.post_ids[at])}"


def page_of(entry: PlacedThread, at: int, size: int) -> str:
    """Return the site path of the page of a thread that has the post at a position."""
    number = page_number(entry, at, size)
    return entry.path if number == 1 else urls.numbered_page(entry.path, number)


def page_number(entry: PlacedThread, at: int, size: int) -> int:
    """Return the number of the page of a thread that has the post at a position, from 1."""
    return bisect_right(page_starts(entry, size), at)


def jumps(entry: PlacedThread, end: int, size: int, language: Language) -> tuple[Link, ...]:
    """Return links to some of the posts before `end`, evenly spaced, and to the last post of all.

    A page in the middle of a long thread names none after its own, so that it stays as it is.
    """
    if end < MIN_JUMPS:
        return ()
    step = next(step for step in _round_numbers() if end <= step * MAX_JUMPS)
    last = (entry.count,) if end == entry.count else ()
    numbers = sorted({1, *range(step, end + 1, step), *last})
    return tuple([Link(language.number(n), place(entry, n - 1, size)) for n in numbers])


def _round_numbers() -> Iterator[int]:
    """Yield 10, 20, 50, 100 and so on."""
    return (factor * 10**power for power in count(1) for factor in (1, 2, 5))
