"""The law of the search: for any archive and any query, the index and the scripts find what a scan finds."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from query import browser_side
from query.browser_side import Scripts
from query.test_browser_side import is_whole
from query.test_matching import PARTS
from search_page.scan import Scan
from strategies import TYPED, archives
from test_build import site

from sitegen.model import Thread
from sitegen.site import build as builds
from sitegen.site.incremental import search_index
from sitegen.site.search import addresses, records, topics
from sitegen.topics import found_file
from sitegen.topics.found_file import Recorded
from sitegen.topics.topic import Topic

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(browser_side.NODE is None, reason="Node is not installed"),
]
TOPICS = (
    Topic("A b", ("a", "fog"), former=("ab c",)),
    Topic("É", ("é",), ("ai",)),
    Topic("東京", ("東京", "京")),
    Topic("Rare", ("a b c d", "zzz")),
)
NAMES = ("a b", "A  B", "a-b", "ab c", "é", "E", "東京", "rare", "other", "rare,é")
ABOUT = st.sampled_from([f'topic:"{name}"' for name in NAMES])
TERMS = st.builds(str.__add__, st.sampled_from(["", "-"]), PARTS | ABOUT)
LISTS = st.lists(TERMS, max_size=3)
QUERIES = st.lists(
    st.one_of(LISTS.map(" ".join), LISTS.map("".join), TYPED).filter(is_whole), max_size=30
)


@pytest.fixture(scope="module")
def scripts() -> Iterator[Scripts]:
    names = (
        "characters",
        "folding",
        "domain_names",
        "parser",
        "lists",
        "segment",
        "fields",
        "index",
    )
    with browser_side.running(*[f"{name}.js" for name in names]) as running:
        yield running


def parts_of(thread: Thread, chosen: st.DataObject) -> Iterator[str]:
    """Yield queries for a part of each text, and for all that it begins."""
    for post in thread.posts:
        text = post.text.replace('"', " ")
        start = chosen.draw(st.integers(0, len(text)))
        part = text[start : start + chosen.draw(st.integers(1, 12))]
        yield f'"{part}"'
        yield f"{part}*"


SEGMENTS = st.sampled_from([2, addresses.POSTS_PER_SEGMENT])  # their numbers of posts


@given(archives(), QUERIES, SEGMENTS, st.data())
@settings(max_examples=settings().max_examples // 2)
def test_any_query_finds_what_a_scan_finds(
    scripts: Scripts,
    threads: tuple[Thread, ...],
    queries: list[str],
    size: int,
    chosen: st.DataObject,
) -> None:
    asked = [*queries, *(q for t in threads for q in parts_of(t, chosen) if is_whole(q))]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for module in (records, search_index):
            patch.setattr(module, "POSTS_PER_SEGMENT", size)
        patch.setattr(topics, "MAX_CHARACTERS", size)
        config = site(Path(folder), *threads, toml="[topics]\nmin_posts = 2\n")
        found_file.write(config.content, Recorded(TOPICS))
        builds.build(config)
        posts = sum(len(thread.posts) for thread in threads)
        assert len([*(config.output / "search").glob("*/facets.js")]) == -(-posts // size)
        answers = scripts.call("answers", str(config.output), asked)
        scan = Scan(config)
        assert dict(zip(asked, answers, strict=True)) == {q: scan.answer(q) for q in asked}
