"""Paginate listings that grow at the new end: pages are numbered from the oldest.

A numbered page is full and stays as it is; only the newest page changes with a new post.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from sitegen.site import urls
from sitegen.site.views.links import Link
from sitegen.site.views.summary import Entries, Listed
from sitegen.site.views.template_values import Pager


class Stretch(NamedTuple):
    """One page of a listing: its address, its items (newest first), and its neighbours."""

    path: str
    items: tuple[Any, ...]
    pager: Pager


def stretches(first: str, title: str, items: tuple[Any, ...], size: int) -> Iterator[Stretch]:
    """Cut items (newest first) into the newest page at `first` and full pages below it.

    The newest page has from half a page to one and a half, so that it is never bare.
    """
    full = max(0, (len(items) - size // 2) // size)
    newest = len(items) - full * size
    links = [Link(f"{title}, page {n}", urls.numbered(first, n)) for n in range(1, full + 1)]
    links.append(Link(title, first))
    for number in range(full, -1, -1):
        start = 0 if number == full else newest + (full - 1 - number) * size
        end = newest if number == full else start + size
        pager = Pager(
            number=number + 1,
            total=full + 1 if number == full else 0,
            newer=links[number + 1] if number < full else None,
            older=links[number - 1] if number else None,
        )
        yield Stretch(links[number].path, items[start:end], pager)


def by(
    entries: Iterable[Listed], keys: Callable[[Listed], Iterable[Any]]
) -> dict[Any, tuple[Listed, ...]]:
    """Gather entries by each of their keys, in their order."""
    found: dict[Any, list[Listed]] = {}
    for entry in entries:
        for key in keys(entry):
            if key in found:
                found[key].append(entry)
            else:
                found[key] = [entry]
    return {key: tuple(listed) for key, listed in found.items()}


def entries_of(listed: Iterable[Listed]) -> Entries:
    """Return the references to these threads in a page's context."""
    return Entries(tuple([entry.source for entry in listed]))
