"""The front page, its older pages, and a listing for each kind of posts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from heapq import nlargest

from sitegen.site import urls
from sitegen.site.plan import listings
from sitegen.site.plan.indexes import Indexes
from sitegen.site.plan.listings import Listed, threads_of
from sitegen.site.plan.page_types.album import album, title_of_listing, without_counts
from sitegen.site.plan.page_types.redirects import former_pages
from sitegen.site.plan.pagination import entry_refs, page_counts, paginate
from sitegen.site.views import contexts
from sitegen.site.views.contexts import Page
from sitegen.site.views.links import Link
from sitegen.site.views.listing_values import Tab, Totals
from sitegen.site.views.page_refs import EntryRefs
from sitegen.site.views.summary import PlacedThread
from sitegen.threads.kinds import LISTING_NAMES, Kind

MIN_THREADS = 20  # a smaller archive is read without highlights
HIGHLIGHTS = 3  # of each sort
MIN_LENGTH = 3  # posts of a thread among the longest
MIN_LIKES = 2


def index(indexes: Indexes) -> Iterator[Page]:
    """Generate the front page with the newest posts of its kinds, and its numbered older pages."""
    posts = sum(entry.count for entry in indexes.entries)
    totals = Totals(len(indexes.entries), posts, indexes.years)
    size = indexes.build.page_size
    units = tuple([post.units for post in indexes.front])
    for page in paginate(urls.INDEX, indexes.title, indexes.front, size, indexes.language, units):
        is_index = page.is_newest
        context = contexts.IndexContext(
            threads=tuple([indexes.timeline_part(post) for post in page.items]),
            pager=page.pager,
            profile=indexes.accounts.owner if is_index else None,
            totals=totals if is_index else None,
            introduction=indexes.introduction if is_index else None,
            people=indexes.accounts.cards if is_index else (),
            tabs=indexes.site_tabs if is_index else (),
            liked=most_liked(indexes) if is_index else EntryRefs(()),
            longest=longest(indexes) if is_index else EntryRefs(()),
        )
        number = page.pager.number
        title = "" if is_index else indexes.language.text("title.index_page", number=number)
        template = "index.html" if is_index else "older.html"
        yield Page(page.path, template, context, "the index", title)
    before = len(indexes.entries)  # the listing of earlier versions had all kinds
    home = Link(indexes.title, urls.INDEX)
    yield from former_pages(indexes, home, before, len(page_counts(units, size)))


def kind_pages(indexes: Indexes) -> Iterator[Page]:
    """Generate the listings of each kind, of the whole site."""
    yield from kind_listings(indexes, None, indexes.site_tabs, indexes.kinds)
    yield from album(indexes, None, indexes.site_tabs, indexes.posts)


def kind_listings(
    indexes: Indexes, profile: Link | None, tabs: tuple[Tab, ...],
    kinds: Mapping[Kind, tuple[Listed, ...]],
) -> Iterator[Page]:  # fmt: skip
    """Generate the listings of each kind, whose addresses are among the tabs."""
    unnumbered = without_counts(tabs)
    paths = {tab.kind: tab.path for tab in tabs}
    for kind, posts in kinds.items() if tabs else ():
        name = LISTING_NAMES[kind]
        path, title = paths[name], title_of_listing(indexes, profile, name)
        size, language = indexes.build.page_size, indexes.language
        units = listings.line_units(posts)
        for page in paginate(path, title, posts, size, language, units):
            context = contexts.KindContext(
                kind=name,
                tabs=tabs if page.is_newest else unnumbered,
                profile=profile,
                count=len(posts) if page.is_newest else 0,
                entries=listings.refs(page.items, indexes.thumbnails),
                pager=page.pager,
            )
            yield Page(page.path, "kind.html", context, f"the list of {name}", page.title)


def most_liked(indexes: Indexes) -> EntryRefs:
    """Return the most liked posts; none for a small archive."""
    return liked_refs(best(indexes.own_posts, "likes", MIN_LIKES))


def liked_refs(threads: Iterable[PlacedThread]) -> EntryRefs:
    """Return references to the most liked post of each thread."""
    threads = tuple(threads)
    return EntryRefs(tuple([t.source for t in threads]), tuple([t.liked for t in threads]))


def longest(indexes: Indexes) -> EntryRefs:
    """Return the longest threads; none for a small archive."""
    return entry_refs(best(indexes.own_posts, "length", MIN_LENGTH), {})


def best(posts: Iterable[Listed], name: str, least: int) -> list[PlacedThread]:
    """Return the threads with the greatest values of a field, the newest first of equal ones.

    There are none among few threads.
    """
    threads = tuple(threads_of(posts))
    if len(threads) < MIN_THREADS:
        return []
    candidates = [t for t in threads if getattr(t, name) >= least and t.kind != "repost"]
    return nlargest(HIGHLIGHTS, candidates, key=lambda t: (getattr(t, name), t.when, t.path))
