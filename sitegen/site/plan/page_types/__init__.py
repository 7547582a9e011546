"""Every page type: one generator here, one template in the theme.

A generator turns the indexes into pages, which are values; nothing is rendered here, and no page's
value depends on how another was made.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from sitegen.site.plan.indexes import Indexes
from sitegen.site.plan.page_types.documents import MENU_SIZE, documents
from sitegen.site.plan.page_types.machine_files import for_machines, site_feeds, sitemaps
from sitegen.site.plan.page_types.taxonomies import accounts, dates, hosts, people, tags
from sitegen.site.plan.page_types.threads import former_posts, index, posts, threads
from sitegen.site.views.contexts import Page

__all__ = ["MENU_SIZE", "pages"]


def pages(indexes: Indexes) -> Iterator[Page]:
    """Go through all pages that the config wants."""
    build = indexes.build
    generators = (
        (True, index),
        (True, threads),
        (build.post_pages, posts),
        (True, former_posts),
        (build.tag_pages, tags),
        (build.profile_pages, accounts),
        (build.date_pages, dates),
        (build.people_pages, people),
        (build.host_pages, hosts),
        (True, documents),
        (build.site_feeds, site_feeds),
        (True, for_machines),
    )
    listed: list[str] = []
    for page in chain.from_iterable(pages(indexes) for wanted, pages in generators if wanted):
        if page.indexed and page.path.endswith(".html"):
            listed.append(page.path)
        yield page
    if indexes.has_sitemap:
        yield from sitemaps(tuple(listed))
