"""The collections of `[[collection]]`: a listing and a feed of each, and the list of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from sitegen.site import urls
from sitegen.site.plan import listings
from sitegen.site.plan.collection_posts import CollectionPosts
from sitegen.site.plan.indexes import Indexes
from sitegen.site.plan.listings import Listed
from sitegen.site.plan.page_types.machine_files import feed_pages
from sitegen.site.plan.pagination import paginate
from sitegen.site.views.collections.contexts import (
    CollectionContext,
    CollectionsContext,
    CollectionView,
)
from sitegen.site.views.contexts import Page
from sitegen.site.views.excerpts import ONE_LISTING


def collections(indexes: Indexes) -> Iterator[Page]:
    """Generate each collection's listing and feeds, and the list of collections."""
    members = CollectionPosts(indexes)
    views = []
    for collection in indexes.config.collections:
        posts = tuple(members.posts_of(collection))
        path = urls.collection(collection.slug)
        view = CollectionView(collection.title, collection.description, path, len(posts))
        views.append(view)
        yield from _listing(indexes, view, posts)
        yield from _feeds(indexes, view, posts)
    if views:
        title = indexes.language.text("menu.collections")
        context = CollectionsContext(tuple(views))
        yield Page(urls.COLLECTIONS, "collections.html", context, "the list of collections", title)


def _listing(indexes: Indexes, view: CollectionView, posts: tuple[Listed, ...]) -> Iterator[Page]:
    """Generate the pages of a collection; one without posts has a page, too."""
    feeds = indexes.feeds(view.path, view.title) if posts else ()
    claim, later = f"the collection {view.title!r}", replace(view, description="", count=0)
    size, language = indexes.build.page_size, indexes.language
    units = listings.line_units(posts)
    for page in paginate(view.path, view.title, posts, size, language, units):
        shown = view if page.is_newest else later
        entries = listings.refs(page.items, indexes.thumbnails)
        yield Page(
            page.path,
            "collection.html",
            CollectionContext(shown, entries, page.pager),
            claim,
            page.title,
            shown.description,
            feeds,
        )


def _feeds(indexes: Indexes, view: CollectionView, posts: tuple[Listed, ...]) -> Iterator[Page]:
    newest = tuple(islice(listings.threads_of(posts), indexes.build.feed_size))
    if newest:
        title = f"{view.title} · {indexes.title}"
        yield from feed_pages(indexes, view.path, title, newest, ONE_LISTING)
