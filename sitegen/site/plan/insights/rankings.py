"""Charts with a bar for each row: the most liked posts, who is answered, long threads."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from heapq import nlargest
from itertools import islice, pairwise
from operator import attrgetter

from msgspec.structs import replace

from sitegen.content.format.draft import shorten
from sitegen.site.plan.insights.material import (
    MIN_ITEMS,
    Gain,
    Key,
    Material,
)
from sitegen.site.plan.insights.scales import percent
from sitegen.site.views.insights.values import Chart, Column, Row, Table
from sitegen.site.views.links import MAX_NAME
from sitegen.site.views.summary import PlacedThread

COLUMNS = {
    "likes": "insights.likes", "reposts": "kind.reposts", "replies": "kind.replies",
    "threads": "kind.threads",
}  # fmt: skip
HEADS = {
    "liked": "kind.posts", "reposted": "kind.posts", "discussed": "kind.posts",
    "lengths": "kind.posts", "answered": "menu.people", "sites": "menu.sites",
}  # fmt: skip
FIRST = 10  # rows
MIN_NAMES = 3
# The shortest thread of each row of the chart of lengths; each row ends before the next.
LENGTHS = (1, 2, 3, 4, 5, 6, 8, 11, 21, 51, 101, 501)


def liked(material: Material) -> Chart | None:
    """Return the most liked posts."""
    return _posts(material, "liked", "likes")


def reposted(material: Material) -> Chart | None:
    """Return the most reposted posts."""
    return _posts(material, "reposted", "reposts")


def discussed(material: Material) -> Chart | None:
    """Return the posts with most replies."""
    return _posts(material, "discussed", "replies")


def answered(material: Material) -> Chart | None:
    """Return the accounts that replies answer most often."""

    def row(account: tuple[str, str], count: int) -> Row:
        network, handle = account
        label, path = material.account_label(network, handle), material.places.person(*account)
        return Row(label.removeprefix("@"), label, path, (count,))

    return _names(material, "answered", "replies", material.answered, row)


def sites(material: Material) -> Chart | None:
    """Return the sites that most threads link to."""

    def row(host: str, count: int) -> Row:
        return Row(host, shorten(host, MAX_NAME), material.places.host(host), (count,))

    return _names(material, "sites", "threads", material.hosts, row)


def lengths(material: Material) -> Chart | None:
    """Return the threads by their lengths; each row leads to the newest of them."""
    threads = [thread for thread in material.threads if thread.kind in ("post", "thread")]
    newest: dict[int, PlacedThread] = {}
    counts = dict.fromkeys(LENGTHS, 0)
    for thread in threads:
        start = LENGTHS[bisect_right(LENGTHS, thread.length) - 1]
        counts[start] += 1
        newest.setdefault(start, thread)
    if len(threads) < MIN_ITEMS or len(newest) < 2:
        return None
    text, longest = material.language.text, max(thread.length for thread in threads)
    ends = dict(pairwise(LENGTHS))
    rows = [
        _length(start, ends.get(start, longest + 1) - 1, counts[start], newest[start], material)
        for start in LENGTHS
        if start in newest
    ]
    sentence = text(
        "insights.says_lengths", share=percent(counts[1], len(threads), material.language),
        posts=text("count.posts", longest),
    )  # fmt: skip
    chart = _chart(material, "lengths", "threads", rows, (sentence,))
    return replace(chart, table=replace(chart.table, key="posts"))


def _length(least: int, most: int, count: int, newest: PlacedThread, material: Material) -> Row:
    """Return a row of threads of `least` to `most` posts."""
    number = material.language.number
    key, label = f"{least}", number(least)
    if most > least:
        key, label = f"{least}-{most}", f"{label}–{number(most)}"
    return Row(key, label, material.places.post(newest, 0), (count,))


def _posts(material: Material, name: str, what: str) -> Chart | None:
    """Return the posts that received most, the newest first of equal ones.

    `what` is a field of `Received`.
    """
    numbers = [*map(attrgetter(f"received.{what}"), material.gains)]
    if sum(map(bool, numbers)) < MIN_ITEMS:
        return None
    first = nlargest(FIRST, range(len(numbers)), key=numbers.__getitem__)  # stable
    rows = [_post(material.gains[at], numbers[at], material) for at in first]
    whole = sum(numbers)
    return _chart(material, name, what, rows, (_first(rows, whole, material),))


def _post(gain: Gain, number: int, material: Material) -> Row:
    """Return the row of a post; one after the first of a thread says where it is."""
    thread, at = gain.thread, gain.received.position
    note = material.language.text("thread.part_one", number=at + 1) if at else ""
    path = material.places.post(thread, at)
    return Row(thread.post_ids[at], thread.title, path, (number,), thread.lang, note)


def _names(
    material: Material, name: str, what: str, counts: Mapping[Key, int],
    row: Callable[[Key, int], Row],
) -> Chart | None:  # fmt: skip
    """Return the names that occur most often."""
    whole = sum(counts.values())
    if whole < MIN_ITEMS or len(counts) < MIN_NAMES:
        return None
    rows = [row(key, count) for key, count in islice(counts.items(), FIRST)]
    return _chart(material, name, what, rows, (_first(rows, whole, material),))


def _first(rows: Sequence[Row], whole: int, material: Material) -> str:
    """Return which share of all the rows have."""
    part = percent(sum([row.numbers[0] for row in rows]), whole, material.language)
    return material.language.text("insights.says_first", len(rows), share=part)


def _chart(
    material: Material, name: str, what: str, rows: Sequence[Row], sentences: tuple[str, ...]
) -> Chart:
    """Return a chart with a bar for each row; `what` its numbers are, as a key of messages."""
    text = material.language.text
    greatest = max(row.numbers[0] for row in rows)
    return Chart(
        name=name,
        title=text(f"insights.title_{name}"),
        sentences=sentences,
        description="",
        table=Table(
            key=name,
            head=text(HEADS[name]),
            columns=(Column(what, text(COLUMNS[what])),),
            rows=tuple(rows),
            path=material.places.table(name),
        ),
        bars=tuple([max(1, 100 * row.numbers[0] // greatest) for row in rows]),
    )
