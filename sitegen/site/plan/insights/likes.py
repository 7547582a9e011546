"""The chart of rank and frequency of likes on logarithmic axes, with the line of a power law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from sitegen.languages.language import Language
from sitegen.site.plan.insights import power_law
from sitegen.site.plan.insights.material import MIN_ITEMS, Gain, Material
from sitegen.site.plan.insights.power_law import PowerLaw
from sitegen.site.plan.insights.scales import Axis, axis, log_part, percent, powers_of_ten
from sitegen.site.views.insights.values import (
    Chart,
    Circle,
    Column,
    Line,
    Plot,
    Row,
    Table,
    Tick,
)

MIN_DISTINCT = 4
MAX_POINTS = 60  # with more numbers of likes, neighbours are taken together
START, END = 13.0, 98.0  # percent of the width, of the axis of ranks
TOP, BOTTOM, AXIS = 22, 232, 20  # pixels
RADIUS = "3"
RANKS_END = 0.8  # of the axis of ranks, after which its name has the room


class Point(NamedTuple):
    """Posts with about as many likes: from `least` to `most`.

    `size` is their number, `rank` that of all posts with at least `least`. `gain` is the newest of
    the most liked ones.
    """

    least: int
    most: int
    size: int
    rank: int
    gain: Gain


def likes(material: Material) -> Chart | None:
    """Return the chart of the posts with likes."""
    by_number: dict[int, list[Gain]] = {}
    for gain in material.gains:
        if gain.received.likes:
            by_number.setdefault(gain.received.likes, []).append(gain)
    frequencies = {number: len(gains) for number, gains in by_number.items()}
    if sum(frequencies.values()) < MIN_ITEMS or len(frequencies) < MIN_DISTINCT:
        return None
    points = _points(by_number)
    law = power_law.fit(frequencies)
    language = material.language
    text = language.text
    return Chart(
        name="likes",
        title=text("insights.title_likes"),
        sentences=tuple(_sentences(frequencies, law, language)),
        description=text("insights.describe_likes"),
        table=Table(
            key="likes",
            head=text("insights.likes"),
            columns=(
                Column("posts", text("kind.posts")),
                Column("rank", text("insights.rank")),
            ),
            rows=tuple([_row(point, material) for point in points]),
            path=material.places.table("likes"),
        ),
        plot=_plot(points, law, material),
    )


def _points(by_number: Mapping[int, Sequence[Gain]]) -> list[Point]:
    """Return the points from the most liked post on, which are all posts together."""
    numbers = sorted(by_number, reverse=True)
    greatest = numbers[0]

    def bin_of(number: int) -> int:
        if len(numbers) <= MAX_POINTS:
            return number
        return round(log_part(number, greatest) * (MAX_POINTS - 1))

    points, rank = [], 0
    for _, group in groupby(numbers, key=bin_of):
        neighbours = [*group]
        size = sum([len(by_number[number]) for number in neighbours])
        rank += size
        gain = by_number[neighbours[0]][0]
        points.append(Point(neighbours[-1], neighbours[0], size, rank, gain))
    return points


def _row(point: Point, material: Material) -> Row:
    number = material.language.number
    label, key = number(point.least), f"{point.least}"
    if point.most != point.least:
        label, key = f"{label}–{number(point.most)}", f"{key}-{point.most}"
    return Row(key, label, _address(point, material), (point.size, point.rank))


def _address(point: Point, material: Material) -> str:
    thread, received = point.gain
    return material.places.post(thread, received.position)


def _sentences(
    frequencies: Mapping[int, int], law: PowerLaw | None, language: Language
) -> Iterator[str]:
    """Yield what one sees, given how many posts have each number of likes."""
    text = language.text
    numbers = [n for n in sorted(frequencies, reverse=True) for _ in range(frequencies[n])]
    median, tenth = numbers[len(numbers) // 2], numbers[: -(-len(numbers) // 10)]
    part = percent(sum(tenth), sum(numbers), language)
    yield text("insights.says_likes", likes=text("count.likes", median), share=part)
    if law:
        posts, least = text("count.posts", law.size), text("count.likes", law.least)
        alpha = language.locale.decimal(law.alpha)
        yield text("insights.says_law", alpha=alpha, posts=posts, likes=least)


class _Plane(NamedTuple):
    """The plane of ranks, up to `ranks`, and likes, up to `likes`, both logarithmic."""

    across: Axis
    ranks: int
    likes: int

    def x(self, rank: float) -> str:
        """Return where a rank is, in percent of the width."""
        return self.across.at(log_part(rank, self.ranks))

    def y(self, number: float) -> str:
        """Return how far down a number of likes is, in pixels."""
        return f"{round(BOTTOM - (BOTTOM - TOP) * log_part(number, self.likes), 1):g}"


def _plot(points: list[Point], law: PowerLaw | None, material: Material) -> Plot:
    language = material.language
    across = axis(language.direction, START, END)
    plane = _Plane(across, points[-1].rank, points[0].most)
    height = BOTTOM + AXIS
    return Plot(
        circles=tuple([_circle(point, plane, material) for point in points]),
        ticks=(*_likes_ticks(plane, language), *_rank_ticks(plane, height - 5, language)),
        grid=tuple(
            [
                Line(across.at(0), y, across.at(1), y)
                for y in map(plane.y, powers_of_ten(plane.likes))
            ]
        ),
        height=height,
        law=tuple(_law_lines(law, plane)) if law else (),
    )


def _circle(point: Point, plane: _Plane, material: Material) -> Circle:
    """Return a point at the rank of the last of its posts: so many have at least its likes."""
    text = material.language.text
    posts, words = text("count.posts", point.rank), text("count.likes", point.least)
    label = text("insights.at_least", posts=posts, likes=words)
    x, y = plane.x(point.rank), plane.y(point.least)
    return Circle(label, x, y, RADIUS, _address(point, material))


def _likes_ticks(plane: _Plane, language: Language) -> list[Tick]:
    """Return the labels of the axis of likes, whose name is above it."""
    across = axis(language.direction)
    name = Tick(language.text("insights.likes"), across.at(0), "10", "start")
    x = across.at((START - 2) / 100)
    numbers = powers_of_ten(plane.likes)
    return [
        name,
        *[Tick(language.number(n), x, f"{float(plane.y(n)) + 4:g}", "end") for n in numbers],
    ]


def _rank_ticks(plane: _Plane, y: int, language: Language) -> list[Tick]:
    """Return the labels of the axis of ranks, whose name is at its end."""
    room = [n for n in powers_of_ten(plane.ranks) if log_part(n, plane.ranks) < RANKS_END]
    ticks = [Tick(language.number(n), plane.x(n), f"{y}") for n in room]
    return [*ticks, Tick(language.text("insights.rank"), plane.across.at(1), f"{y}", "end")]


def _law_lines(law: PowerLaw, plane: _Plane) -> Iterator[Line]:
    """Yield the lines of a power law: how many posts are expected to have at least so many likes.

    They begin at the least number of likes and end where the chart does.
    """
    points = [(plane.x(rank), plane.y(number)) for rank, number in law.curve(plane.likes)]
    for (x1, y1), (x2, y2) in pairwise(points):
        yield Line(x1, y1, x2, y2)
