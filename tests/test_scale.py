"""Large archives: a thread of 10,000 posts, and a tag with 200,000, come out whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from test_build import site
from test_long_threads import dead

from sitegen.model import Author, Post, Thread
from sitegen.site import build as builds

pytestmark = pytest.mark.slow

ADA = Author("ada.example", None, "Ada")
START = datetime(2020, 1, 1, tzinfo=UTC)


def log(name: str, posts: int, first: int = 0, tags: tuple[str, ...] = ()) -> Thread:
    """Return a thread of so many posts, one a minute; `first` is the minute of its first."""
    members = [
        Post(
            id=f"{name}-{at}", network="bluesky", text=f"Entry {at} of log {name}.", author=ADA,
            created_at=f"{START + timedelta(minutes=first + at):%Y-%m-%dT%H:%M:%SZ}",
            reply_to=f"{name}-{at - 1}" if at else None, tags=() if at else tags,
            quote_of=f"{name}-{at // 2}" if at % 10 == 9 else None,
        )
        for at in range(posts)
    ]  # fmt: skip
    return Thread(members[0].id, "bluesky", tuple(members))


def posts_of(page: Path) -> list[str]:
    """Return the texts of a page's posts, but for those that are quoted."""
    text = page.read_text("utf-8")
    return re.findall(r'<div class="e-content text"><p>(.*?)</p>', text)


def test_a_thread_of_ten_thousand_posts(tmp_path: Path) -> None:
    config = site(tmp_path, log("long", 10_000), log("short", 2))
    report = builds.build(config)
    assert report.posts == 10_002
    folder = config.output / "thread"
    rest = len(list((folder / "bluesky-long-0").iterdir()))
    names = ["bluesky-long-0.html", *(f"bluesky-long-0/{n}.html" for n in range(2, rest + 2))]
    entries = [text for name in names for text in posts_of(folder / name)]
    assert entries == [f"Entry {at} of log long." for at in range(10_000)]
    reply = (folder / "bluesky-long-9999.html").read_text("utf-8")
    assert f'href="bluesky-long-0/{rest + 1}.html#post-long-9999"' in reply
    assert max(path.stat().st_size for path in config.output.rglob("*.html")) < 150_000
    assert not dead(config.output)


def test_a_tag_with_two_hundred_thousand_posts(tmp_path: Path) -> None:
    threads = [log(f"t{n}", 100, n * 200, ("moor",)) for n in range(2_000)]
    config = site(tmp_path, *threads, toml="[build]\npost_pages = false\n")
    report = builds.build(config)
    assert (report.posts, report.threads) == (200_000, 2_000)
    listed = [*_listed(config.output / "tag")]
    assert listed == [f"bluesky-t{n}-0.html" for n in range(1_999, -1, -1)]
    newest = (config.output / "tag/moor.html").read_text("utf-8")
    assert "2,000 threads" in newest
    assert "Page 40 of 40" in newest
    assert not dead(config.output)


def _listed(folder: Path) -> Iterator[str]:
    """Go through the threads of a tag's pages, from the newest page to the oldest."""
    numbered = sorted(folder.glob("moor/*.html"), key=lambda path: -int(path.stem))
    for page in (folder / "moor.html", *numbered):
        yield from re.findall(r'u-url p-name" href="[./]*thread/([^"]+)"', page.read_text("utf-8"))
