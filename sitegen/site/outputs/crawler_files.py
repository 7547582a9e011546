"""Write the files for crawlers: sitemaps and robots.txt."""

from __future__ import annotations

from sitegen.site import url_encoding, urls
from sitegen.site.outputs.entry_html import escape
from sitegen.site.outputs.feeds import FeedEntries
from sitegen.site.views.contexts import Page, RobotsContext, SitemapContext, TextContext
from sitegen.site.views.template_values import SiteView


def sitemap(page: Page, site: SiteView, context: SitemapContext, entries: FeedEntries) -> str:
    """Write a sitemap (https://www.sitemaps.org/protocol.html)."""
    addresses = [escape(site.base_url + url_encoding.percent_encode(p)) for p in context.paths]
    lines = [f"<url><loc>{address}</loc></url>\n" for address in addresses]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{''.join(lines)}</urlset>\n"
    )


def sitemap_index(page: Page, site: SiteView, context: SitemapContext, entries: FeedEntries) -> str:
    """Write a sitemap index, for a site with more pages than one sitemap may list."""
    addresses = [escape(site.base_url + url_encoding.percent_encode(p)) for p in context.paths]
    lines = [f"<sitemap><loc>{address}</loc></sitemap>\n" for address in addresses]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{''.join(lines)}</sitemapindex>\n"
    )


def robots(page: Page, site: SiteView, context: RobotsContext, entries: FeedEntries) -> str:
    """Write a robots.txt that allows everything (RFC 9309)."""
    where = f"Sitemap: {site.base_url}{urls.SITEMAP}\n" if context.sitemap else ""
    return f"User-agent: *\nAllow: /\n{where}"


def asset(page: Page, site: SiteView, context: TextContext, entries: FeedEntries) -> str:
    """Return a text that needs no template, such as the site's CSS variables."""
    return context.text
