"""Walks through a built site, from the front page, by links alone: few clicks to what one seeks."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from media.pictures import picture, saved
from test_build import cold, site
from trees import differences, tree

from sitegen.config.schema import Config
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.model import Author, Elsewhere, Media, Post, Thread
from sitegen.site import build as builds

MIA, ADA, BEN = (Author(f"{name}.example", None, name.title()) for name in ("mia", "ada", "ben"))
TOML = '[site]\naccount = "mia.example"\n[build]\npage_size = 4\nimage_sizes = false\n'
MOST_CLICKS = 3
YEARS = (2019, 2020, 2021, 2022)
PICTURES = 7  # of each year, so that most years are on several pages of four
LINK = re.compile(r'<a [^>]*?href="([^"#]*)(?:#([^"]*))?"[^>]*>(.*?)</a>', re.S)


class Stop(NamedTuple):
    """A page on the way, and the element on it to which the last link led."""

    path: str
    anchor: str = ""


def post(identity: str, author: Author = MIA, **fields: Any) -> Post:
    """Return a post of May 2021, unless it says otherwise."""
    fields = {"created_at": "2021-05-01T10:00:00Z", "text": f"Words {identity}", **fields}
    return Post(id=identity, network="bluesky", author=author, **fields)


def archive() -> list[Thread]:
    """Return Mia's replies to Ada and Ben, inside threads and out, and her pictures of years."""
    of_ada, of_ben = (Elsewhere("gone", author=author) for author in (ADA, BEN))
    posts = [
        (post("r1", reply_to="gone", elsewhere=(of_ada,)),),
        (post("r2", reply_to="gone", elsewhere=(of_ben,)),),
        (post("t"), post("t1", ADA, reply_to="t"), post("t2", reply_to="t1"), post("t3", BEN, reply_to="t2")),
        (post("a", ADA), post("a1", reply_to="a"), post("a2", ADA, reply_to="a1"), post("a3", reply_to="a1")),
        (post("m", mentions=("ada.example",)),),
        (post("n"), post("n1", reply_to="n")),
    ]  # fmt: skip
    posts += [
        (post(
            f"p{year}x{n}",
            media=(Media("image", f"media/{year}x{n}.png", f"{year} {n}"),),
            created_at=f"{year}-0{1 + n}-10T10:00:00Z",
        ),)
        for year in YEARS
        for n in range(PICTURES)
    ]  # fmt: skip
    return [Thread(each[0].id, "bluesky", each) for each in posts]


def built(folder: Path) -> Config:
    """Build the site of this archive, and return its settings."""
    config = site(folder, *archive(), toml=TOML)
    (config.content / "media").mkdir()
    for each in archive():
        for media in each.posts[0].media:
            (config.content / (media.path or "")).write_bytes(saved(picture(), "PNG"))
    builds.build(config)
    return config


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the pages of the site by their paths."""
    files = tree(built(tmp_path_factory.mktemp("walks")).output)
    return {path: data.decode() for path, data in files.items() if path.endswith(".html")}


def walk(pages: dict[str, str], *names: str) -> Stop:
    """Follow links by their words from the front page, in a few clicks; return the last page."""
    assert len(names) <= MOST_CLICKS
    stop = Stop("index.html")
    for name in names:
        stop = click(pages, stop, name)
    return stop


def click(pages: dict[str, str], stop: Stop, name: str) -> Stop:
    """Follow the first link on a page whose words begin with these."""
    for target, anchor, html in LINK.findall(pages[stop.path]):
        words = " ".join(re.sub("<[^>]*>", " ", html).split())
        if words == name or words.startswith((f"{name} ", f"{name}:")):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(stop.path), target))
            return Stop(path if target else stop.path, anchor)
    raise AssertionError(f"{stop.path} has no link {name}")


def pages_from(pages: dict[str, str], stop: Stop) -> Iterator[str]:
    """Yield the page of a listing to which a walk led, and the older ones after it."""
    yield pages[stop.path]
    while 'rel="next"' in pages[stop.path]:
        stop = click(pages, stop, "Older")
        yield pages[stop.path]


def listed(html: str) -> list[str]:
    """Return the ids of the posts that a listing has."""
    return re.findall(r'p-name" href="[^"]*?bluesky-(\w+)\.html"', html)


def test_the_replies_of_the_owner_to_somebody(pages: dict[str, str]) -> None:
    stop = walk(pages, "People", "@ada.example")
    lines = "".join(pages_from(pages, stop)).split('<li class="line')
    replies = [line for line in lines if "in reply to <bdi>@ada.example<" in line]
    assert listed("".join(replies)) == ["r1", "a1", "t2"]
    assert sorted(listed("".join(lines))) == ["a1", "m", "r1", "t2"]  # "m" mentions Ada
    assert listed(pages[walk(pages, "People", "@ben.example").path]) == ["r2"]


def test_all_pictures_of_a_year(pages: dict[str, str]) -> None:
    for year in YEARS:
        stop = walk(pages, "Pictures", str(year))
        assert stop.anchor == f"year-{year}"
        parts = [text.partition(f'id="year-{year}"')[2] for text in pages_from(pages, stop)]
        own = "".join(part.partition('<h2 class="group"')[0] for part in parts)
        assert re.findall(r'alt="(\d{4} \d)"', own) == [
            f"{year} {n}" for n in reversed(range(PICTURES))
        ]


def test_the_posts_of_a_month(pages: dict[str, str]) -> None:
    stop = walk(pages, "2019", "June")
    assert listed(pages[stop.path]) == ["p2019x5"]


def test_a_new_picture_changes_no_numbered_page_of_the_album(tmp_path: Path) -> None:
    config = built(tmp_path)
    before = tree(config.output)
    media = Media("image", "media/2019x0.png", "New")
    new = post("new", created_at="2023-01-01T10:00:00Z", media=(media,))
    store.write(store.merge(ArchiveIndex(config.content), [Thread("new", "bluesky", (new,))], ()))
    builds.build(config)
    after = tree(config.output)
    numbered = [path for path in before if re.fullmatch(r"pictures/\d+\.html", path)]
    assert len(numbered) > 4
    assert [path for path in numbered if before[path] != after[path]] == []
    assert b"year-2023" in after["pictures.html"]
    assert not differences(after, cold(config))
