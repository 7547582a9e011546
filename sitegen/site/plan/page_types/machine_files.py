"""Files for programs: feeds, sitemaps, robots.txt and the 404 page; the search and its results."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sitegen.site import url_encoding, urls
from sitegen.site.plan.indexes import Indexes
from sitegen.site.plan.listings import threads_of
from sitegen.site.search import addresses, order
from sitegen.site.search.addresses import POSTS_PER_FILE
from sitegen.site.search.order import PlacedPost
from sitegen.site.views import contexts
from sitegen.site.views.contexts import Page
from sitegen.site.views.excerpts import WHOLE_SITE, Extent
from sitegen.site.views.links import ATOM
from sitegen.site.views.page_refs import EntryRefs
from sitegen.site.views.search.contexts import ResultsContext, SearchContext
from sitegen.site.views.summary import PlacedThread

RESULTS = "results.js"  # in place of a template
SITEMAP_LIMIT = 50_000  # URLs per file (https://www.sitemaps.org/protocol.html)


def feed_pages(
    indexes: Indexes, path: str, title: str, newest: tuple[PlacedThread, ...], extent: Extent
) -> Iterator[Page]:
    """Generate the feeds of a listing from its newest threads, each shortened to `extent`."""
    threads = tuple(indexes.feed_part(entry, extent) for entry in newest)
    for feed in indexes.feeds(path, title):
        template = "atom.xml" if feed.type == ATOM else "feed.json"
        context = contexts.FeedContext(threads, path, feed)
        yield Page(feed.path, template, context, f"the feed of {path}", title)


def site_feeds(indexes: Indexes) -> Iterator[Page]:
    """Generate the feeds of the whole site."""
    newest = tuple(islice(threads_of(indexes.front), indexes.build.feed_size))
    return feed_pages(indexes, urls.INDEX, indexes.title, newest, WHOLE_SITE)


def host_files(indexes: Indexes) -> Iterator[Page]:
    """Generate the files that web hosts and crawlers request by name: 404.html, robots.txt."""
    # Absolute, since hosts serve 404.html for addresses at any depth.
    top = url_encoding.base_path(indexes.config.site.base_url)
    yield Page(
        urls.NOT_FOUND,
        "404.html",
        contexts.EmptyContext(),
        "the 404 page",
        indexes.language.text("page.not_found"),
        indexed=False,
        base=top,
    )
    yield Page(urls.ROBOTS, "robots.txt", contexts.RobotsContext(indexes.has_sitemap), "robots.txt")


def search_path(indexes: Indexes) -> str:
    """Return the site path of the search."""
    return indexes.free_path(urls.SEARCH, urls.SEARCH)


def search(indexes: Indexes) -> Iterator[Page]:
    """Generate the page of the search."""
    path, title = search_path(indexes), indexes.language.text("menu.search")
    context = SearchContext(indexes.topic_posts.largest)
    yield Page(path, "search.html", context, "the search", title, indexed=False)


def results(indexes: Indexes) -> Iterator[Page]:
    """Generate the files with what the results of a search show, in the order of its index."""
    posts = indexes.searched or ()
    for number, start in enumerate(range(0, len(posts), POSTS_PER_FILE)):
        context = _results(indexes, number, posts[start : start + POSTS_PER_FILE])
        path = addresses.results(number) + addresses.ENDING
        yield Page(path, RESULTS, context, "the search index", indexed=False)


def _results(indexes: Indexes, number: int, posts: tuple[PlacedPost, ...]) -> ResultsContext:
    small = [order.thumbnail(post, indexes.thumbnails) for post in posts]
    hidden = indexes.library.hidden
    return ResultsContext(
        number,
        EntryRefs(
            tuple([post.thread.source for post in posts]), tuple([post.position for post in posts])
        ),
        tuple([(place, path) for place, path in enumerate(small) if path]),
        tuple([n for n, post in enumerate(posts) if hidden and post.hidden_among(hidden)]),
    )


def sitemaps(paths: tuple[str, ...]) -> Iterator[Page]:
    """Generate the sitemap, in parts with an index above the limit of one file."""
    if len(paths) <= SITEMAP_LIMIT:
        yield Page(urls.SITEMAP, "sitemap.xml", contexts.SitemapContext(paths), "the sitemap")
        return
    parts = []
    for number, start in enumerate(range(0, len(paths), SITEMAP_LIMIT), 1):
        parts.append(urls.sitemap(number))
        context = contexts.SitemapContext(paths[start : start + SITEMAP_LIMIT])
        yield Page(parts[-1], "sitemap.xml", context, f"part {number} of the sitemap")
    yield Page(
        urls.SITEMAP, "sitemap-index.xml", contexts.SitemapContext(tuple(parts)), "the sitemap"
    )
