"""Redirects from addresses that pages had: numbered pages, and the pages of accounts that moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sitegen.site import urls
from sitegen.site.plan import listings
from sitegen.site.plan.indexes import Indexes
from sitegen.site.plan.listings import Listed
from sitegen.site.plan.page_types.album import title_of_listing
from sitegen.site.plan.page_types.insights import former_insights
from sitegen.site.plan.pagination import page_counts
from sitegen.site.views import contexts
from sitegen.site.views.contexts import Page
from sitegen.site.views.links import Link
from sitegen.threads.kinds import LISTING_NAMES


def former_pages(indexes: Indexes, home: Link, before: int, now: int) -> Iterator[Page]:
    """Generate redirects from numbered pages that a listing no longer has, to its first page.

    `before` is the number of items that the listing had when it listed all kinds, `now` its number
    of pages today.
    """
    yield from _numbered(home.path, range(now, _count_pages(indexes, (1,) * before)), home)


def former_listing(path: str, pages: int, target: Link) -> Iterator[Page]:
    """Generate redirects from all pages of the listing at a site path, which has so many."""
    yield _former_page(path, target)
    yield from _numbered(path, range(1, pages), target)


def moved_accounts(indexes: Indexes, homes: Mapping[str, Link]) -> Iterator[Page]:
    """Generate redirects from all pages that accounts would have if they had not moved.

    `homes` has the pages of accounts and people by their site paths.
    """
    former = _former_posts(indexes)
    yield from former_insights(indexes, former, homes)
    for path, posts in former.items():
        home = homes[indexes.accounts.moved[path]]
        claim = f"the address of {home.title!r} by its handle"
        context = contexts.RedirectContext(home, "account")
        yield Page(path, "moved.html", context, claim, home.title, indexed=False)
        now = _count_pages(indexes, listings.line_units(indexes.chosen(posts)))
        before = _count_pages(indexes, (1,) * len([*listings.threads_of(posts)]))
        yield from _numbered(path, range(1, max(now, before)), home)
        yield from _kinds(indexes, path, posts, home)


def _former_posts(indexes: Indexes) -> dict[str, tuple[Listed, ...]]:
    """Return the posts of each account that has moved, by the path of its former page.

    An account known by its handle only had the posts that name no id.
    """
    accounts = indexes.accounts
    if not accounts.moved:
        return {}
    known = accounts.identities.aliases
    by_account = listings.by_author(indexes.posts, lambda path: known.get(path, path))
    by_writer = listings.by_author(indexes.posts, lambda path: path)
    return {
        path: (by_writer if path in known else by_account).get(path, ()) for path in accounts.moved
    }


def _kinds(indexes: Indexes, path: str, posts: tuple[Listed, ...], home: Link) -> Iterator[Page]:
    """Generate redirects from the listings by kind below the former page of an account."""
    kinds = listings.by_kind(posts)
    units = {LISTING_NAMES[kind]: listings.line_units(of_kind) for kind, of_kind in kinds.items()}
    theirs = listings.by_kind(indexes.by_author.get(home.path, ()))
    targets = {tab.kind: tab.path for tab in indexes.tabs(home.path, theirs)}
    for tab in indexes.tabs(path, kinds):
        target = Link(title_of_listing(indexes, home, tab.kind), targets[tab.kind])
        yield _former_page(tab.path, target)
        pages = _count_pages(indexes, units.get(tab.kind, (1,) * tab.count))
        yield from _numbered(tab.path, range(1, pages), target)


def _numbered(path: str, numbers: Iterable[int], target: Link) -> Iterator[Page]:
    """Generate redirects from numbered pages of the listing at a site path."""
    return (_former_page(urls.numbered_page(path, number), target) for number in numbers)


def _former_page(path: str, target: Link) -> Page:
    context = contexts.RedirectContext(target, "listing")
    return Page(path, "moved.html", context, "a former page", target.title, indexed=False)


def _count_pages(indexes: Indexes, units: Sequence[int]) -> int:
    """Return the number of pages of a listing of items of these sizes."""
    return len(page_counts(units, indexes.build.page_size))
