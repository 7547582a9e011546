"""Threads of several pages: every post is found, and a reply changes no more than it must."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from test_build import cold, site, thread
from test_sites import Page, pages
from trees import differences, tree

from sitegen.config.schema import Config
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.errors import AddressError
from sitegen.model import Media, Thread
from sitegen.site import build as builds
from sitegen.site.views.summary import values_in

BASE = "https://ada.example/"
TOML = f'[site]\nbase_url = "{BASE}"\n[build]\nthread_size = 3\n'


def long(posts: int, identity: str = "p", tags: tuple[str, ...] = ()) -> Thread:
    """Return a thread of so many posts."""
    return thread(identity, *(f"Words {n}." for n in range(1, posts + 1)), tags=tags)


def built(folder: Path, *threads: Thread, toml: str = TOML) -> Config:
    """Write a site's sources and build it."""
    config = site(folder, *threads, toml=toml)
    builds.build(config)
    return config


def shown(config: Config, path: str) -> list[str]:
    """Return the ids of the posts on a page."""
    text = (config.output / path).read_text("utf-8")
    return re.findall(r'<article class="post h-entry" id="post-(\w+)">', text)


def dead(folder: Path) -> list[tuple[str, str]]:
    """Return the links of a site's pages that lead to nothing on it."""
    files, found = tree(folder), pages(folder)
    return [
        (name, link)
        for name, page in found.items()
        for link in page.links
        if not _is_alive(urlsplit(urljoin(f"file:///{name}", link)), files, found)
    ]


def _is_alive(target: SplitResult, files: dict[str, bytes], found: dict[str, Page]) -> bool:
    if target.scheme != "file":
        return True
    name = unquote(target.path).lstrip("/")
    return name in files and (not target.fragment or unquote(target.fragment) in found[name].ids)


def threads_written(config: Config) -> set[str]:
    """Build, and return which files below thread/ were written."""
    return {name for name in builds.build(config).written if name.startswith("thread/")}


@pytest.mark.parametrize(
    ("posts", "expected"), [(1, [1]), (3, [3]), (4, [3, 1]), (6, [3, 3]), (8, [3, 3, 2])]
)
def test_a_thread_has_as_many_pages_as_it_needs(
    tmp_path: Path, posts: int, expected: list[int]
) -> None:
    config = built(tmp_path, long(posts))
    names = [f"thread/bluesky-p0/{n}.html" for n in range(2, len(expected) + 1)]
    found = [shown(config, name) for name in ("thread/bluesky-p0.html", *names)]
    assert [len(ids) for ids in found] == expected
    assert [identity for ids in found for identity in ids] == [f"p{n}" for n in range(posts)]
    there = {name for name in tree(config.output) if name.startswith("thread/bluesky-p0/")}
    assert there == set(names)
    assert not dead(config.output)


def test_a_thread_that_fits_is_as_if_there_were_no_limit(tmp_path: Path) -> None:
    one = built(tmp_path / "one", long(3), toml="[build]\nthread_size = 3\n")
    other = built(tmp_path / "other", long(3), toml="")
    assert not differences(tree(one.output), tree(other.output))


def test_every_reply_leads_to_its_page(tmp_path: Path) -> None:
    config = built(tmp_path, long(8))
    expected = {1: "p0.html#post-p1", 3: "p0/2.html#post-p3", 7: "p0/3.html#post-p7"}
    for number, place in expected.items():
        text = (config.output / f"thread/bluesky-p{number}.html").read_text("utf-8")
        assert "refresh" not in text
        assert f'<link rel="canonical" href="{BASE}thread/bluesky-p{number}.html">' in text
        link = f'<a href="bluesky-{place}">Words 1.</a>'
        assert f'<h1 class="place">Post {number + 1} in {link}</h1>' in text


@pytest.mark.parametrize("theme", ["default", "ink"])
def test_search_engines_and_readers_are_told_where_they_are(tmp_path: Path, theme: str) -> None:
    config = built(tmp_path, long(8), toml=f'{TOML}[theme]\nname = "{theme}"\n')
    first, second, last = (
        (config.output / f"thread/bluesky-p0{name}.html").read_text("utf-8")
        for name in ("", "/2", "/3")
    )
    assert "<title>Words 1. · Ada</title>" in first
    assert "<title>Words 1., page 2 · Ada</title>" in second
    assert f'<link rel="canonical" href="{BASE}thread/bluesky-p0/2.html">' in second
    assert re.findall(r'rel="(prev|next)" href="([^"]+)"', first) == [
        ("next", "../thread/bluesky-p0/2.html")
    ]
    assert re.findall(r'rel="(prev|next)" href="([^"]+)"', second) == [
        ("prev", "../../thread/bluesky-p0.html"), ("next", "../../thread/bluesky-p0/3.html"),
    ]  # fmt: skip
    described = [
        re.findall(r'name="description".* content="(.*)">', page) for page in (first, second)
    ]
    # That of a post would tell of another page's.
    assert described == [["Words 1."], ["Words 1., page 2 · Ada"]]
    assert "thread of 8 posts" in first
    assert "Page 1 of 3" in first
    assert 'href="../thread/bluesky-p0/3.html">Last page</a>' in first
    assert "posts 4 to 6</span>" in second
    assert "Page 2<" in second
    assert "posts 7 to 8 of 8</span>" in last
    assert "Page 3 of 3" in last
    listed = (config.output / "sitemap.xml").read_text("utf-8")
    for name in ("", "/2", "/3"):
        assert f"<loc>{BASE}thread/bluesky-p0{name}.html</loc>" in listed


def test_the_neighbours_of_a_long_thread_stand_at_its_start_and_its_end(tmp_path: Path) -> None:
    config = built(tmp_path, thread("a", "Before", day=0), long(8), thread("z", "After", day=9))
    found = {
        name: "Threads before and after" in (config.output / name).read_text("utf-8")
        for name in tree(config.output)
        if name.startswith("thread/bluesky-p0")
    }
    assert found == {
        "thread/bluesky-p0.html": True,
        "thread/bluesky-p0/2.html": False,
        "thread/bluesky-p0/3.html": True,
    }


def test_a_feed_has_the_first_page_of_a_long_thread_and_says_so(tmp_path: Path) -> None:
    config = built(tmp_path, long(8))
    for name in ("feed.xml", "feed.json"):
        text = (config.output / name).read_text("utf-8")
        assert "Words 3." in text
        assert "Words 4." not in text
        assert "5 more posts in this thread" in text
        assert f"{BASE}thread/bluesky-p0/2.html" in text


def test_a_reply_changes_the_ends_of_a_thread_and_nothing_between(tmp_path: Path) -> None:
    config = built(tmp_path, long(8))
    expected = {"thread/bluesky-p0.html", "thread/bluesky-p0/3.html", "thread/bluesky-p8.html"}
    store.write(store.merge(ArchiveIndex(config.content), (long(9),), ()))
    assert threads_written(config) == {*expected, "thread/bluesky-p7.html"}  # has a next post now
    store.write(store.merge(ArchiveIndex(config.content), (long(10),), ()))
    expected = {"thread/bluesky-p0.html", "thread/bluesky-p8.html", "thread/bluesky-p9.html"}
    expected |= {"thread/bluesky-p0/3.html", "thread/bluesky-p0/4.html"}
    assert threads_written(config) == expected
    store.write(store.merge(ArchiveIndex(config.content), (long(13),), ()))
    assert "thread/bluesky-p0/2.html" not in threads_written(config)
    assert not differences(tree(config.output), cold(config))


def test_an_edit_changes_the_page_that_shows_it(tmp_path: Path) -> None:
    config = built(tmp_path, long(8))
    path = next(config.content.rglob("*.md"))
    path.write_text(path.read_text("utf-8").replace("\nWords 5", "\nOther 5"), "utf-8")
    own, answer = "thread/bluesky-p4.html", "thread/bluesky-p5.html"  # which shows what it answers
    assert threads_written(config) == {"thread/bluesky-p0/2.html", own, answer}
    assert not differences(tree(config.output), cold(config))


def test_hidden_posts_take_no_room(tmp_path: Path) -> None:
    config = built(tmp_path, long(4))
    path = next(config.content.rglob("*.md"))
    path.write_text(path.read_text("utf-8").replace('{"id": "p1"', '{"id": "p1", "hide": true'))
    report = builds.build(config)
    assert shown(config, "thread/bluesky-p0.html") == ["p0", "p2", "p3"]
    assert set(report.removed) == {"thread/bluesky-p0/2.html", "thread/bluesky-p1.html"}
    assert not differences(tree(config.output), cold(config))


@given(
    st.lists(st.tuples(st.integers(0, 9), st.text(max_size=1))).map(lambda found: sorted(found)),
    st.integers(0, 9),
    st.none() | st.integers(0, 9),
)
def test_a_page_is_given_what_its_own_posts_lead_to(
    placed: list[tuple[int, str]], start: int, end: int | None
) -> None:
    expected = [value for at, value in placed if start <= at and (end is None or at < end)]
    assert values_in(tuple(placed), start, end) == expected


@pytest.mark.parametrize("post_pages", [True, False])
def test_a_quote_leads_to_the_post_wherever_it_stands(tmp_path: Path, post_pages: bool) -> None:
    root, *replies = thread("q", "A quote", "Its own reply", "A quote of oneself").posts
    quoting = Thread("q0", "bluesky", (
        replace(root, quote_of="p6"), replies[0], replace(replies[1], quote_of="q1"),
    ))  # fmt: skip
    toml = f"{TOML}post_pages = {str(post_pages).lower()}\n"
    config = built(tmp_path, long(8), quoting, toml=toml)
    text = (config.output / "thread/bluesky-q0.html").read_text("utf-8")
    assert '<p class="p-content text">Words 7.</p>' in text
    assert '<p class="p-content text">Its own reply</p>' in text
    place = "bluesky-p6.html" if post_pages else "bluesky-p0/3.html#post-p6"
    assert f'<a class="u-url" href="{place}">' in text
    assert not dead(config.output)


def test_what_a_page_does_not_show_does_not_change_it(tmp_path: Path) -> None:
    posts = list(long(8).posts)
    posts[4] = replace(posts[4], quote_of="q0")
    config = built(tmp_path, Thread("p0", "bluesky", tuple(posts)), thread("q", "Quoted"))
    path = next(p for p in config.content.rglob("*.md") if "quoted" in p.name)
    path.write_text(path.read_text("utf-8").replace("\nQuoted", "\nOther words"), "utf-8")
    expected = {"thread/bluesky-q0.html", "thread/bluesky-p0/2.html", "thread/bluesky-p4.html"}
    assert threads_written(config) == expected
    assert not differences(tree(config.output), cold(config))


def test_a_picture_that_comes_later_is_shown_on_its_page(tmp_path: Path) -> None:
    posts = list(long(8).posts)
    posts[4] = replace(posts[4], media=(Media("image", "media/a.png", "A moor"),))
    config = built(tmp_path, Thread("p0", "bluesky", tuple(posts)))
    page = config.output / "thread/bluesky-p0/2.html"
    assert "Image, not in the source" in page.read_text("utf-8")
    (config.content / "media").mkdir()
    (config.content / "media/a.png").write_bytes(b"picture")
    builds.build(config)
    assert 'src="../../media/a.png"' in page.read_text("utf-8")
    assert not differences(tree(config.output), cold(config))


def test_names_like_files_have_room_for_their_pages(tmp_path: Path) -> None:
    """The numbered pages of "a.html" must not lie in a folder that is the page of "a"."""
    names = ("a", "a.html", "a.xml", "a.json")
    config = built(
        tmp_path,
        *(_called(name, f"{copy}{name}") for name in names for copy in ("", "x", "y")),
        toml=f"{TOML}page_size = 1\n",
    )
    assert not dead(config.output)
    assert len(list((config.output / "tag").glob("*/1.html"))) == len(names)
    assert len(list((config.output / "thread").glob("*/2.html"))) == 3 * len(names)


def _called(tag: str, identity: str) -> Thread:
    """Return a thread of four posts with that tag, of which the first has that id."""
    root, *replies = long(4, f"{identity}-", (tag,)).posts
    replies[0] = replace(replies[0], reply_to=identity)
    return Thread(identity, "bluesky", (replace(root, id=identity), *replies))


def test_a_page_called_as_the_folder_of_a_thread_is_named(tmp_path: Path) -> None:
    config = site(tmp_path, long(4), toml=TOML)
    inside = config.content / "thread/bluesky-p0.html"
    inside.mkdir(parents=True)
    (inside / "mine.md").write_text("# Mine")
    with pytest.raises(AddressError) as caught:
        builds.build(config)
    assert "thread/bluesky-p0.html/mine.md" in caught.value.message
    assert "both claim thread/bluesky-p0.html" in caught.value.message
