"""Every page type: one generator here, one template in the theme.

A generator turns the indexes into `Page` values. Nothing is rendered here, and no page depends on
another.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from sitegen.site.plan.indexes import Indexes
from sitegen.site.plan.page_types.collections import collections
from sitegen.site.plan.page_types.dates import dates, undated, with_dates
from sitegen.site.plan.page_types.days import days
from sitegen.site.plan.page_types.documents import MENU_SIZE, documents, require_templates
from sitegen.site.plan.page_types.insights import (
    has_insights,
    insights,
    insights_path,
)
from sitegen.site.plan.page_types.kinds import index, kind_pages
from sitegen.site.plan.page_types.machine_files import (
    host_files,
    results,
    search,
    site_feeds,
    sitemaps,
)
from sitegen.site.plan.page_types.taxonomies import accounts, hosts, people, tags
from sitegen.site.plan.page_types.templates import with_templates
from sitegen.site.plan.page_types.threads import former_posts, threads
from sitegen.site.plan.page_types.topics.pages import topics
from sitegen.site.views.contexts import Page

__all__ = [
    "MENU_SIZE",
    "all_pages",
    "has_insights",
    "insights_path",
    "require_templates",
    "with_templates",
]


def all_pages(indexes: Indexes) -> Iterator[Page]:
    """Generate all pages that the config enables, the sitemap last."""
    build = indexes.build
    generators = (
        (True, index),
        (build.kind_pages, kind_pages),
        (True, threads),
        (True, former_posts),
        (indexes.searched is not None, results),
        (indexes.searched is not None, search),
        (build.tag_pages, tags),
        (build.profile_pages, accounts),
        (build.date_pages, dates),
        (build.date_pages, days),
        (build.date_pages, undated),
        (build.people_pages, people),
        (build.host_pages, hosts),
        (build.insights, insights),
        (True, collections),
        (build.topics, topics),
        (True, documents),
        (build.site_feeds, site_feeds),
        (True, host_files),
    )
    listed: list[str] = []
    made = chain.from_iterable(pages(indexes) for wanted, pages in generators if wanted)
    for page in with_dates(indexes, made) if build.date_pages else made:
        if page.indexed and page.path.endswith(".html"):
            listed.append(page.path)
        yield page
    if indexes.has_sitemap:
        yield from sitemaps(tuple(listed))
