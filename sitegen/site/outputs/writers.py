"""The outputs that are written without a template, by the name that a page has in its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sitegen.site.outputs.crawler_files import asset, robots, sitemap, sitemap_index
from sitegen.site.outputs.csv_files import csv_file
from sitegen.site.outputs.feeds import FeedEntries, atom, json_feed
from sitegen.site.views.contexts import Page
from sitegen.site.views.template_values import SiteView

WRITERS: dict[str, Callable[[Page, SiteView, Any, FeedEntries], str]] = {
    "atom.xml": atom,
    "feed.json": json_feed,
    "sitemap.xml": sitemap,
    "sitemap-index.xml": sitemap_index,
    "robots.txt": robots,
    "table.csv": csv_file,
    "asset": asset,
}
