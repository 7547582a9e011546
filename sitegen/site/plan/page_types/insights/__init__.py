"""The pages of insights, whose modules only sites with insights load: they are a third of a plan's.

What each function returns without them is that of a site with too little to see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sitegen.site import urls
from sitegen.site.plan.indexes import Indexes
from sitegen.site.plan.listings import Listed
from sitegen.site.views.contexts import Page
from sitegen.site.views.links import Link


def insights(indexes: Indexes) -> Iterator[Page]:
    """Generate the insights of the site, and those of each account where there are several."""
    from sitegen.site.plan.page_types.insights import pages

    return pages.insights(indexes)


def has_insights(indexes: Indexes, menu: Iterable[Link]) -> bool:
    """Tell whether the menu leads to the insights of the site."""
    path = indexes.free_path(urls.insights(urls.INDEX), urls.INDEX)
    return indexes.build.insights and any(link.path == path for link in menu)


def insights_path(indexes: Indexes) -> str:
    """Return the site path of the insights of the site; "" if there is too little to see."""
    if not indexes.build.insights:
        return ""
    from sitegen.site.plan.page_types.insights import pages

    return pages.insights_path(indexes)


def account_insights(indexes: Indexes) -> dict[str, str]:
    """Return the site paths of the insights of accounts, by that of the account's page."""
    if not indexes.build.insights:
        return {}
    from sitegen.site.plan.page_types.insights import pages

    return pages.account_insights(indexes)


def former_insights(
    indexes: Indexes, former: Mapping[str, tuple[Listed, ...]], homes: Mapping[str, Link]
) -> Iterator[Page]:
    """Generate redirects from the insights that accounts would have if they had not moved.

    `former` has the posts of each by the path of its former page; `homes` has the pages of accounts
    and people by their site paths.
    """
    if not indexes.build.insights or not former:
        return iter(())
    from sitegen.site.plan.page_types.insights import pages

    return pages.former_insights(indexes, former, homes)
