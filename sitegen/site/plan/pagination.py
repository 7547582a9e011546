"""Paginate listings from the oldest item, since they grow at the other end.

A numbered page is full and never changes; a new post changes the newest page only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sitegen.languages.language import Language
from sitegen.site import urls
from sitegen.site.views.links import Link
from sitegen.site.views.listing_values import Pager
from sitegen.site.views.summary import EntryRefs, PlacedThread, ThumbnailRefs
from sitegen.site.views.titles import numbered_title

MAX_THUMBNAILS = 4  # in a line of a listing
Groups = dict[Any, tuple[PlacedThread, ...]]


class ListingPage(NamedTuple):
    """One page of a listing: its path, its items (newest first), and links to its neighbours."""

    path: str
    items: tuple[Any, ...]
    pager: Pager


def paginate(
    first: str, title: str, items: tuple[Any, ...], size: int, language: Language
) -> Iterator[ListingPage]:
    """Split items (newest first) into the newest page at path `first` and full older pages.

    The newest page has between half of `size` and one and a half times that.
    """
    full_pages = count_full_pages(len(items), size)
    newest = len(items) - full_pages * size
    links = [
        Link(numbered_title(title, n, language), urls.numbered_page(first, n))
        for n in range(1, full_pages + 1)
    ]
    links.append(Link(title, first))
    for number in range(full_pages, -1, -1):
        start = 0 if number == full_pages else newest + (full_pages - 1 - number) * size
        end = newest if number == full_pages else start + size
        pager = Pager(
            number=number + 1,
            total=full_pages + 1 if number == full_pages else 0,
            newer=links[number + 1] if number < full_pages else None,
            older=links[number - 1] if number else None,
        )
        yield ListingPage(links[number].path, items[start:end], pager)


def count_full_pages(items: int, size: int) -> int:
    """Return the number of numbered pages of a listing, which are those before its newest page."""
    return max(0, (items - max(1, size // 2)) // size)


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
