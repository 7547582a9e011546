"""Paginate a thread from its start, since threads grow at their end.

A reply changes the last page, and the first, which shows the total; full pages between never
change. So a post keeps its page and anchor.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from sitegen.config.schema import Build
from sitegen.languages.language import Language
from sitegen.site import urls
from sitegen.site.views.links import Link
from sitegen.site.views.listing_values import ThreadPager
from sitegen.site.views.summary import PlacedThread, Positioned
from sitegen.site.views.titles import numbered_title


class Section(NamedTuple):
    """One page of a thread: its link, its posts from `start` to before `end`, and its pager.

    A thread that fits on one page is a single section without an end and without a pager.
    """

    link: Link
    start: int = 0
    end: int | None = None
    pager: ThreadPager | None = None


def sections(entry: PlacedThread, size: int, language: Language) -> Iterator[Section]:
    """Split a thread into pages of `size` posts; the last one has the rest."""
    pages = page_links(entry, size, language)
    last = len(pages) - 1
    for at, link in enumerate(pages):
        pager = ThreadPager(
            number=at + 1,
            total=len(pages) if at in (0, last) else 0,
            first=pages[0],
            last=None if at else pages[last],
            previous=pages[at - 1] if at else None,
            next=pages[at + 1] if at < last else None,
        )
        start = at * size
        yield Section(link, start, min(start + size, entry.count), pager)


def page_links(entry: PlacedThread, size: int, language: Language) -> list[Link]:
    """Return links to a thread's pages, in order."""
    pages = [Link(entry.title, entry.path, entry.lang)]
    for number in range(2, -(-entry.count // size) + 1):
        title = numbered_title(entry.title, number, language)
        pages.append(Link(title, urls.numbered_page(entry.path, number), entry.lang))
    return pages


def address(entry: PlacedThread, at: int, build: Build) -> str:
    """Return a post's permanent site path, or its anchor in the thread if replies have none."""
    return address_of(entry, at, urls.anchor(entry.post_ids[at]), build)


def address_of(entry: PlacedThread, at: int, anchor: str, build: Build) -> str:
    """Return what `address` does, for a known anchor."""
    if not at:
        return entry.path
    if build.post_pages:
        return urls.post(entry.network, entry.post_ids[at])
    number = at // build.thread_size + 1
    page = entry.path if number == 1 else urls.numbered_page(entry.path, number)
    return f"{page}#{anchor}"


def values_in(positioned: Positioned, start: int, end: int | None) -> list[str]:
    """Return the values of the posts from `start` to before `end`."""
    first = bisect_left(positioned, (start,))
    last = len(positioned) if end is None else bisect_left(positioned, (end,))
    return [value for _, value in positioned[first:last]]
