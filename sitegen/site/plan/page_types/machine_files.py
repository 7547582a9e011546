"""Files for programs: feeds, sitemaps, robots.txt and the 404 page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sitegen.site import urls
from sitegen.site.plan.indexes import Indexes
from sitegen.site.plan.listings import threads_of
from sitegen.site.views import contexts
from sitegen.site.views.contexts import Page
from sitegen.site.views.excerpts import WHOLE_SITE, Extent
from sitegen.site.views.links import ATOM
from sitegen.site.views.summary import PlacedThread

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
    top = urls.base_path(indexes.config.site.base_url)
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
