"""The chart of the days of the week and the hours of the day, as a punch card."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from itertools import chain
from operator import attrgetter

from sitegen.languages.language import Language
from sitegen.site.plan.insights.material import Material
from sitegen.site.plan.insights.scales import axis, percent
from sitegen.site.plan.listings import Listed
from sitegen.site.views.insights.values import Chart, Circle, Column, Plot, Row, Table, Tick

Posts = Mapping[tuple[int, int], list[Listed]]
MIN_TIMES = 24
DAYS, HOURS = 7, 24
LABELS = 17  # percent of the width, for the names of the days
ROW, RADIUS = 20, 6.5  # pixels
LABELLED_HOURS = (0, 6, 12, 18)
AXIS = 20  # pixels below the rows


def hours(material: Material) -> Chart | None:
    """Return the chart of the posts whose hour is known."""
    found = _by_time(material)
    numbers = [[len(found.get((day, hour), ())) for hour in range(HOURS)] for day in range(DAYS)]
    whole = sum(map(sum, numbers))
    if whole < MIN_TIMES:
        return None
    language = material.language
    text = language.text
    days = [sum(row) for row in numbers]
    hours = [sum(row[hour] for row in numbers) for hour in range(HOURS)]
    busiest_day, busiest_hour = days.index(max(days)), hours.index(max(hours))
    sentence = text(
        "insights.says_hours", day=language.locale.weekday_name(busiest_day),
        day_share=percent(max(days), whole, language), hour=_time(language, busiest_hour),
        hour_share=percent(max(hours), whole, language),
    )  # fmt: skip
    zone = language.isolated(language.timezone)
    clock = text("insights.clock", zone=zone) if zone else text("insights.clock_of_sources")
    return Chart(
        name="hours",
        title=text("insights.title_hours"),
        sentences=(sentence, clock),
        description=text("insights.describe_hours"),
        table=_table(material, numbers, found),
        plot=_plot(material, numbers, found),
    )


def _time(language: Language, hour: int) -> str:
    """Return the time at which an hour begins."""
    return language.locale.time(datetime(2000, 1, 1, hour))  # noqa: DTZ001 - any day


def _short_name(language: Language, day: int) -> str:
    """Return the abbreviated name of a day of the week, from 0 for Monday."""
    return language.locale.short_weekday_name(day)


def _by_time(material: Material) -> Posts:
    """Return the posts by day of the week, from 0 for Monday, and by hour."""
    found: dict[tuple[int, int], list[Listed]] = defaultdict(list)
    weekday = cache(lambda day: date.fromisoformat(day).weekday())
    for post in material.posts:
        if post.day and post.hour is not None:
            found[weekday(post.day), post.hour].append(post)
    return found


def _newest(posts: Iterable[Listed], material: Material) -> str:
    """Return the address of the newest of some posts; "" if there are none."""
    post = max(posts, key=attrgetter("when"), default=None)
    return material.places.post(post.thread, post.position) if post else ""


def _table(material: Material, numbers: list[list[int]], found: Posts) -> Table:
    language = material.language
    at_hour = {
        hour: chain.from_iterable([found.get((day, hour), ()) for day in range(DAYS)])
        for hour in range(HOURS)
    }
    return Table(
        key="hour",
        head=language.text("insights.hour"),
        columns=tuple(
            [
                Column(f"day_{day + 1}", language.locale.short_weekday_name(day))
                for day in range(DAYS)
            ]
        ),
        rows=tuple(
            [
                Row(
                    f"{hour:02}",
                    _time(language, hour),
                    _newest(posts, material),
                    tuple([row[hour] for row in numbers]),
                )
                for hour, posts in at_hour.items()
            ]
        ),
        path=material.places.table("hours"),
    )


def _plot(material: Material, numbers: list[list[int]], found: Posts) -> Plot:
    language, greatest = material.language, max(map(max, numbers))
    across = axis(language.direction)
    cell = (100 - LABELS) / HOURS / 100
    start = LABELS / 100
    circles, ticks = [], []
    for day, row in enumerate(numbers):
        y, name = day * ROW + ROW // 2, language.locale.weekday_name(day)
        ticks.append(Tick(_short_name(language, day), across.at(0), f"{y + 4}", "start"))
        for hour, number in enumerate(row):
            if number:
                label = language.text(
                    "insights.day_and_hour", day=name, hour=_time(language, hour), number=number
                )
                radius = max(1.0, RADIUS * math.sqrt(number / greatest))
                x = across.at(start + (hour + 0.5) * cell)
                newest = _newest(found[day, hour], material)
                circles.append(Circle(label, x, f"{y}", f"{round(radius, 1):g}", newest))
    height = DAYS * ROW + AXIS
    ticks += [
        Tick(language.number(hour), across.at(start + (hour + 0.5) * cell), f"{height - 5}")
        for hour in LABELLED_HOURS
    ]
    return Plot(tuple(circles), tuple(ticks), (), height)
