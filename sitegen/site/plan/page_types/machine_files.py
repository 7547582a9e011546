"""Files for programs: feeds, sitemaps, robots.txt, the page of a missing address."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from sitegen.site import urls
from sitegen.site.plan.indexes import ATOM, Indexes
from sitegen.site.views import contexts as shown
from sitegen.site.views.contexts import Page
from sitegen.site.views.excerpts import WHOLE_SITE, Extent
from sitegen.site.views.summary import Listed

SITEMAP_LIMIT = 50_000  # addresses a file, https://www.sitemaps.org/protocol.html


def feed_pages(
    indexes: Indexes, path: str, title: str, newest: tuple[Listed, ...], extent: Extent
) -> Iterator[Page]:
    """Give a listing feeds of its newest threads; of long ones, their beginning."""
    threads = tuple(indexes.opening(entry, extent) for entry in newest)
    for feed in indexes.feeds(path, title):
        template = "atom.xml" if feed.type == ATOM else "feed.json"
        context = shown.OneFeed(threads, path, feed)
        yield Page(feed.path, template, context, f"the feed of {path}", title)


def site_feeds(indexes: Indexes) -> Iterator[Page]:
    """Give the whole site feeds."""
    newest = indexes.entries[: indexes.build.feed_size]
    return feed_pages(indexes, urls.INDEX, indexes.title, newest, WHOLE_SITE)


def for_machines(indexes: Indexes) -> Iterator[Page]:
    """Make what hosts and search engines ask for by name."""
    top = urlsplit(urls.base(indexes.config.site.base_url)).path  # it answers at any depth
    yield Page(
        urls.NOT_FOUND,
        "404.html",
        shown.Nothing(),
        "the 404 page",
        "Not found",
        indexed=False,
        base=top,
    )
    yield Page(urls.ROBOTS, "robots.txt", shown.Crawlers(indexes.has_sitemap), "robots.txt")


def sitemaps(paths: tuple[str, ...]) -> Iterator[Page]:
    """List all pages for search engines; in parts where one may not hold them all."""
    if len(paths) <= SITEMAP_LIMIT:
        yield Page(urls.SITEMAP, "sitemap.xml", shown.Addresses(paths), "the sitemap")
        return
    parts = []
    for number, start in enumerate(range(0, len(paths), SITEMAP_LIMIT), 1):
        parts.append(urls.sitemap(number))
        context = shown.Addresses(paths[start : start + SITEMAP_LIMIT])
        yield Page(parts[-1], "sitemap.xml", context, f"part {number} of the sitemap")
    yield Page(urls.SITEMAP, "sitemap-index.xml", shown.Addresses(tuple(parts)), "the sitemap")
