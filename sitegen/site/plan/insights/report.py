"""The insights of a site or an account: the charts that are worth drawing, and the figures."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from sitegen.site.plan.insights.material import MIN_ITEMS, Material
from sitegen.site.views.insights.values import Chart, Sentence

Draw = Callable[[Material], Chart | None]  # None where there is too little to see


class Report(NamedTuple):
    """What a page of insights shows: sentences with links, what is counted, and charts."""

    figures: tuple[Sentence, ...]
    notes: tuple[Sentence, ...]
    charts: tuple[Chart, ...]


@cache  # a site without insights loads none of these modules
def _charts() -> tuple[Draw, ...]:
    """Return the functions that draw the charts, in the order of the page."""
    from sitegen.site.plan.insights import hours, likes, over_time, rankings, topics

    return (
        over_time.kinds,
        topics.over_time,
        topics.kinds,
        hours.hours,
        likes.likes,
        rankings.liked,
        rankings.reposted,
        rankings.discussed,
        rankings.lengths,
        rankings.answered,
        rankings.sites,
        over_time.media,
        over_time.languages,
        over_time.networks,
    )


def is_worth_a_page(material: Material) -> bool:
    """Tell whether some posts are enough for a page of insights, without drawing if possible."""
    if len(material.posts) < MIN_ITEMS:
        return False
    months = material.by_month
    has_time = len(months) > 1 and sum(map(len, months.values())) >= MIN_ITEMS
    return has_time or any(draw(material) for draw in _charts())


def report(material: Material, others: int = 0) -> Report | None:
    """Return the insights of some posts; None if they are too few to be worth a page.

    `others` is the number of posts of the site that are not counted.
    """
    if len(material.posts) < MIN_ITEMS:
        return None
    from sitegen.site.plan.insights import figures

    charts = [chart for draw in _charts() if (chart := draw(material))]
    if not charts:
        return None
    return Report(
        tuple(figures.figures(material)), tuple(figures.notes(material, others)), tuple(charts)
    )
