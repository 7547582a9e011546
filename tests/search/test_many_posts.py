"""An index of more posts than a segment has: queries, an edit, and a new post."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from search.test_search_index import NO_PAGES, Indexed
from test_build import cold, site
from trees import differences, tree

from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.model import Author, Post, Thread
from sitegen.query.parser import parse
from sitegen.site import build as builds

pytestmark = pytest.mark.slow

START = datetime(2020, 1, 1, tzinfo=UTC)
POSTS = 33_000  # a segment has 32,768
QUERIES = (
    "entry", "log7", '"entry 7 of"', "12*", '"of log9"', "東京", "京", "id:p7-9", "from:ada", "@ben", "-entry", "on:2020-01-23",
    "min_likes:32900", "#t3 -log33", "has:link", "tag:t1,t2 since:2020-01-15",
)  # fmt: skip


def log(number: int, posts: int) -> Thread:
    """Return a thread of so many posts, one a minute."""
    members = [
        Post(
            id=f"p{number}-{at}", network="bluesky", text=f"Entry {at} of log{number}, 東京 {at % 70}",
            created_at=(START + timedelta(minutes=number * posts + at)).isoformat(),
            author=Author("ada" if number % 2 else "ben"), tags=(f"t{at % 9}",),
            reply_to=f"p{number}-{at - 1}" if at else None,
        )
        for at in range(posts)
    ]  # fmt: skip
    return Thread(members[0].id, "bluesky", tuple(members))


def test_an_index_of_several_segments(tmp_path: Path) -> None:
    threads = [log(number, 100) for number in range(POSTS // 100)]
    toml = NO_PAGES.replace("[build]", "[build]\npost_pages = false")
    config = site(tmp_path, *threads, toml=toml)
    builds.build(config)
    made = Indexed(config)
    assert [part["posts"] for part in made.reader.directory["segments"]] == [32_768, POSTS - 32_768]
    for query in QUERIES:
        assert made.find(parse(query)) == made.scan.find(parse(query)), query

    path = next(path for path in (config.content / "threads").rglob("*.md") if "p5-0" in path.read_text("utf-8"))  # fmt: skip
    path.write_text(path.read_text("utf-8").replace("\nEntry 7 of", "\nQuagga 7 of"), "utf-8")
    written = builds.build(config).written
    assert not [name for name in written if name.startswith("search/1/")]
    assert not differences(tree(config.output), cold(config))
    assert Indexed(config).find(parse("quagga")) == {("bluesky", "p5-7")}

    new = Post("new", "bluesky", "Okapi", "2030-01-01T00:00:00Z", Author("ada"))
    store.write(store.merge(ArchiveIndex(config.content), [Thread("new", "bluesky", (new,))], ()))
    written = builds.build(config).written
    assert not [name for name in written if name.startswith("search/0/")]
    assert not differences(tree(config.output), cold(config))
    assert Indexed(config).find(parse("okapi")) == {("bluesky", "new")}
