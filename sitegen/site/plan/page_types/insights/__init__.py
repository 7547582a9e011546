"""The pages of figures and charts about a site and its accounts, and their tables as files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sitegen.content.format.draft import shorten
from sitegen.site import urls
from sitegen.site.plan.indexes import Indexes
from sitegen.site.plan.insights import report as reports
from sitegen.site.plan.insights.report import Report
from sitegen.site.plan.listings import Listed
from sitegen.site.plan.page_types.insights.materials import Materials
from sitegen.site.plan.page_types.insights.tables import table_pages
from sitegen.site.views.contexts import Page, RedirectContext
from sitegen.site.views.insights.contexts import InsightsContext
from sitegen.site.views.links import MAX_NAME, Link

ALL_TABLES = "all"  # the name of the file with all tables


def insights_path(indexes: Indexes) -> str:
    """Return the site path of the insights of the site; "" if there is too little to see."""
    if not indexes.build.insights:
        return ""
    material = Materials(indexes).of_site
    return material.places.page if reports.is_worth_a_page(material) else ""


def account_insights(indexes: Indexes) -> dict[str, str]:
    """Return the site paths of the insights of accounts, by that of the account's page."""
    if not insights_path(indexes):
        return {}
    return {
        view.path: material.places.page
        for view, material in Materials(indexes).of_accounts
        if reports.is_worth_a_page(material)
    }


def former_insights(
    indexes: Indexes, former: Mapping[str, tuple[Listed, ...]], homes: Mapping[str, Link]
) -> Iterator[Page]:
    """Generate redirects from the insights that accounts would have if they had not moved.

    `former` has the posts of each by the path of its former page; `homes` has the pages of accounts
    and people by their site paths. A person who wrote the whole site has no other insights.
    """
    of_site = insights_path(indexes) if former else ""
    if not of_site:
        return
    own, materials = account_insights(indexes), Materials(indexes)
    for path, posts in former.items():
        material = materials.of_posts(path, posts)
        if reports.is_worth_a_page(material):
            home = homes[indexes.accounts.moved[path]]
            target = Link(home.title, own.get(home.path, of_site))
            context = RedirectContext(target, "listing")
            yield Page(
                material.places.page, "moved.html", context, "former insights", home.title,
                indexed=False,
            )  # fmt: skip


def has_insights(indexes: Indexes, menu: Iterable[Link]) -> bool:
    """Tell whether the menu leads to the insights of the site."""
    path = indexes.free_path(urls.insights(urls.INDEX), urls.INDEX)
    return indexes.build.insights and any(link.path == path for link in menu)


def insights(indexes: Indexes) -> Iterator[Page]:
    """Generate the insights of the site, and those of each account where there are several."""
    materials = Materials(indexes)
    site = materials.of_site
    found = reports.report(site, len(indexes.posts) - len(indexes.own_posts))
    if not found:
        return
    accounts = []
    for view, material in materials.of_accounts:
        if own := reports.report(material):
            home = Link(shorten(view.label, MAX_NAME), view.path)
            accounts.append((home, material.places.page, own))
    title = indexes.language.text("menu.insights")
    links = tuple([Link(home.title, page) for home, page, _ in accounts])
    yield from _pages(found, site.places.page, title, None, links)
    for home, page, own in accounts:
        yield from _pages(own, page, f"{title} · {home.title}", home, ())


def _pages(
    found: Report, path: str, title: str, profile: Link | None, accounts: tuple[Link, ...]
) -> Iterator[Page]:
    """Generate a page of insights and its tables."""
    all_tables = found.charts[0].table.path.rpartition("/")[0] + f"/{ALL_TABLES}.csv"
    context = InsightsContext(
        profile, found.figures, found.notes, found.charts, accounts, all_tables
    )
    yield Page(path, "insights.html", context, "the insights", title)
    yield from table_pages(found.charts, all_tables)
