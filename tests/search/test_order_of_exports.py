"""Exports have posts in the order of the search page, which is that of the index."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from laws import long_law
from search.index_reader import numbers
from search.test_search_index import NO_PAGES, Indexed, single
from test_build import site

import sitegen
from sitegen.model import Counts, Post, Thread
from sitegen.query.values import Sort
from sitegen.site import build as builds

# Few, so that many posts have the same; the second and the third are the same moment.
TIMES = st.sampled_from(
    [None, "2020-05-01T10:00:00Z", "2020-05-01T12:00:00+02:00", "1999-01-01", "2021-06-07T08:09:10Z", "some day"]
)  # fmt: skip
ORDERS: tuple[Sort, ...] = ("new", "old", "likes")
EDITED_DATES = st.sampled_from(
    ["", "2020-05-01T10:00:00Z", "1999-01-01", "2022-01-01 10:00", "2 May 2020"]
)


@st.composite
def some_threads(draw: st.DrawFn) -> tuple[Thread, ...]:
    """Return threads whose posts often have the same time and the same likes."""
    lengths = draw(st.lists(st.integers(1, 3), min_size=1, max_size=6))
    return tuple(thread(draw, at, length) for at, length in enumerate(lengths))


def thread(draw: st.DrawFn, at: int, length: int) -> Thread:
    network = draw(st.sampled_from(["bluesky", "x"]))
    ids = [f"{draw(st.sampled_from('abc'))}{at}{n}" for n in range(length)]
    return single(tuple([
        Post(
            each, network, "Fog", draw(TIMES), reply_to=ids[n - 1] if n else None,
            counts=Counts(likes=draw(st.sampled_from([None, 0, 1, 7]))),
            repost_of=None if n else draw(st.sampled_from([None, "z"])),
        )
        for n, each in enumerate(ids)
    ]))  # fmt: skip


def edit_date(path: Path, date: str) -> None:
    """Write another date into the front matter of a thread; "" leaves the one that is there."""
    text = path.read_text("utf-8")
    without = re.sub(r"(?m)\A(---\n(?:.+\n)*?)date: .*\n", r"\1", text)
    if date:
        path.write_text(without.replace("---\n", f'---\ndate: "{date}"\n', 1), "utf-8")


def order_of_page(made: Indexed, sort: Sort) -> list[tuple[str, str]]:
    """Return the posts in the order of the search page, from their numbers and likes in the index.

    It goes through the numbers from the end, so that the newest are first; for the oldest, from the
    beginning of those with a time. Of equal likes, the largest number is first.
    """
    undated, posts = made.reader.directory["undated"], range(len(made.identities))
    segments = range(len(made.reader.directory["segments"]))
    likes = [n for each in segments for n in numbers(made.reader.load(f"search/{each}/likes"))]
    ordered = {
        "new": [*reversed(posts)],
        "old": [*posts[undated:], *reversed(posts[:undated])],
        "likes": sorted(posts, key=lambda post: (-likes[post], -post)),
    }
    return [made.identities[number] for number in ordered[sort]]


def exported(made: Indexed, sort: Sort) -> list[tuple[str, str]]:
    """Return the posts of an export in an order."""
    lines = sitegen.export_posts(made.config, audience="public", query=f"sort:{sort}").splitlines()
    return [(post["network"], post["id"]) for post in map(json.loads, lines)]


@long_law
@given(some_threads(), st.data())
def test_an_export_is_in_the_order_of_the_search_page(
    threads: tuple[Thread, ...], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        config = site(Path(folder), *threads, toml=NO_PAGES)
        for path in sorted(config.content.rglob("*.md")):
            edit_date(path, data.draw(EDITED_DATES))
        builds.build(config)
        made = Indexed(config)
        for sort in ORDERS:
            assert exported(made, sort) == order_of_page(made, sort)
