"""Pages of threads are light: split by bytes, from the start, so that they stay as they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from english import ENGLISH
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from test_build import ADA, cold, site
from test_long_threads import dead, shown
from trees import differences, tree

from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.format.stored import StoredPost
from sitegen.model import (
    Card,
    Counts,
    Elsewhere,
    Facet,
    Media,
    Poll,
    PollOption,
    Post,
    Thread,
    Version,
)
from sitegen.site import build as builds
from sitegen.site.parsing.page_breaks import MAX_BYTES, estimate, page_breaks
from sitegen.site.views import thread_pages
from sitegen.site.views.summary import Entry

LIGHT = 150_000  # bytes of a page's HTML
LINK = "https://moor.example/a/way/that/leads/far/away?with=some&more=words"


def line(name: str, count: int, **fields: object) -> Thread:
    """Return a thread of so many posts with these fields."""
    posts = [
        Post(
            id=f"{name}{at}x", network="bluesky", author=ADA, url=f"https://ada.example/{name}{at}",
            created_at=f"2024-03-{1 + at // 1000:02}T{at // 60 % 24:02}:{at % 60:02}:00Z",
            reply_to=f"{name}{at - 1}x" if at else None, text=f"{at}", counts=Counts(1, 1, 1, 1),
        )
        for at in range(count)
    ]  # fmt: skip
    return Thread(posts[0].id, "bluesky", tuple([replace(post, **fields) for post in posts]))


THREADS = (
    line("short", 400, text="Fog"),
    line("usual", 300, text="The fog came in before the dome was open, and we made tea. " * 5),
    line("wide", 120, text="山に霧が出て、" * 70),
    line("odd", 90, text="&<>\"'" * 100),
    line("lines", 150, text="\n\n".join("abcdefgh" * 9)),
    line(
        "links", 60,
        text=" ".join([LINK] * 12),
        facets=tuple([Facet(at * (len(LINK) + 1), at * (len(LINK) + 1) + len(LINK), "link", LINK) for at in range(12)]),
    ),
    line(
        "media", 40,
        media=tuple([Media("image", f"media/{at}.png", "A moor in fog & frost. " * 30) for at in range(4)]),
    ),
    line(
        "more", 50,
        card=Card("A card" * 20, "Of fog " * 40, LINK), warning="Spiders" * 9,
        poll=Poll(tuple([PollOption("Fog or frost" * 4, 3) for _ in range(6)])),
        history=tuple([Version("Earlier words" * 9) for _ in range(4)]),
        uncertain=("It is above newer posts, as a repost does, so someone else may have written it.",),
        also=(Elsewhere("z", LINK, network="mastodon"),),
    ),
    line("quoting", 50, quote_of="wide0x", repost_of="odd0x"),
    Thread("big0x", "bluesky", (*line("big", 3, text="Fog " * 50_000).posts, *line("big", 5).posts[3:])),
)  # fmt: skip


@pytest.mark.slow
def test_no_page_of_several_posts_is_heavy(tmp_path: Path) -> None:
    config = site(tmp_path, *THREADS)
    builds.build(config)
    sizes = {
        name: (len(data), data.count(b'<article class="post'))
        for name, data in tree(config.output).items()
        if b'<body class="kind-thread">' in data
    }
    assert {name: size for name, size in sizes.items() if size[0] > LIGHT} == {
        name: sizes[name] for name in ("thread/bluesky-big0x.html", *(f"thread/bluesky-big0x/{n}.html" for n in (2, 3)))
    }  # fmt: skip
    assert all(count == 1 for size, count in sizes.values() if size > LIGHT)
    assert sum(count for _, count in sizes.values()) == sum(len(t.posts) for t in THREADS)
    assert not dead(config.output)


def test_pages_are_not_much_smaller_than_they_may_be(tmp_path: Path) -> None:
    config = site(tmp_path, *[t for t in THREADS if t.id in ("short0x", "usual0x")])
    builds.build(config)
    for name in ("short", "usual"):
        assert len((config.output / f"thread/bluesky-{name}0x.html").read_bytes()) > LIGHT / 3


def test_a_thread_that_grows_keeps_its_pages(tmp_path: Path) -> None:
    posts = line("a", 260, text="The fog came in before the dome was open. " * 12).posts
    config = site(tmp_path, Thread("a0x", "bluesky", posts[:200]))
    builds.build(config)
    middle = "thread/bluesky-a0x/2.html"
    before = (config.output / middle).read_bytes()
    store.write(store.merge(ArchiveIndex(config.content), (Thread("a0x", "bluesky", posts),), ()))
    assert middle not in builds.build(config).written
    assert (config.output / middle).read_bytes() == before
    pages = ["thread/bluesky-a0x.html", middle, "thread/bluesky-a0x/3.html"]
    assert [i for page in pages for i in shown(config, page)] == [f"a{n}x" for n in range(260)][
        : sum(len(shown(config, page)) for page in pages)
    ]
    assert not differences(tree(config.output), cold(config))


def weighing(*sizes: int) -> tuple[StoredPost, ...]:
    """Return posts that grow with these numbers, each in another way."""
    ways: tuple[Callable[[int], dict[str, object]], ...] = (
        lambda n: {"text": "x" * n},
        lambda n: {"text": "&\n" * (n // 6)},
        lambda n: {"text": "\N{DESERT ISLAND}" * (n // 4), "quote_of": "p"},
        lambda n: {"facets": tuple([Facet(0, 1, "link", "é" * 9)] * (n // 300))},
        lambda n: {"media": (Media("image", "é" * (n // 99), "&" * (n // 20)),)},
        lambda n: {"warning": "<" * (n // 6), "card": Card("Fog", "x" * 50)},
    )
    return tuple(
        [
            StoredPost(Post(f"p{at}", **ways[(at + size) % len(ways)](size)), None, False)  # type: ignore[arg-type]
            for at, size in enumerate(sizes)
        ]
    )


SIZES = st.lists(st.integers(0, MAX_BYTES + 9_000) | st.integers(0, 9_000), min_size=1, max_size=40)


@given(SIZES, SIZES)
def test_the_pages_of_a_longer_thread_begin_as_those_of_a_shorter(
    sizes: list[int], more: list[int]
) -> None:
    short, long = page_breaks(weighing(*sizes)), page_breaks(weighing(*sizes, *more))
    assert long[: len(short)] == short
    assert all(at >= len(sizes) for at in long[len(short) :])


@given(SIZES)
def test_a_page_is_full_before_another_begins(sizes: list[int]) -> None:
    posts = weighing(*sizes)
    edges = (0, *page_breaks(posts), len(posts))
    weights = [estimate(post) for post in posts]
    for start, end in pairwise(edges):
        assert start < end
        assert end - start == 1 or sum(weights[start:end]) <= MAX_BYTES
        assert end == len(posts) or sum(weights[start : end + 1]) > MAX_BYTES


@given(st.sets(st.integers(1, 29)), st.integers(1, 30), st.integers(1, 40))
def test_every_post_is_on_the_page_that_its_address_names(
    breaks: set[int], count: int, size: int
) -> None:
    inside = tuple(sorted(at for at in breaks if at < count))
    entry = _entry(count, inside)
    starts = thread_pages.page_starts(entry, size)
    assert starts[0] == 0
    assert {*inside} <= {*starts}
    assert max(b - a for a, b in zip(starts, (*starts[1:], count), strict=True)) <= size
    for at in range(count):
        number = thread_pages.page_number(entry, at, size)
        assert starts[number - 1] <= at < (*starts, count)[number]
    assert thread_pages.has_pages(entry, size) == (len(starts) > 1)


def _entry(count: int, breaks: tuple[int, ...]) -> Entry:
    fields = dict.fromkeys(Entry.__struct_fields__)
    ids = tuple([f"p{at}" for at in range(count)])
    known = {"count": count, "page_breaks": breaks, "path": "thread/a.html", "post_ids": ids}
    return Entry(**{**fields, **known})  # type: ignore[arg-type]


@pytest.mark.parametrize("theme", ["default", "gazette", "ink"])
def test_a_thread_of_a_few_posts_is_small_with_its_style(tmp_path: Path, theme: str) -> None:
    import gzip

    posts = line(
        "a", 5, text="The fog came in before the dome was open, and we made tea. " * 5
    ).posts
    config = site(tmp_path, Thread("a0x", "bluesky", posts), toml=f'[theme]\nname = "{theme}"\n')
    builds.build(config)
    page = (config.output / "thread/bluesky-a0x.html").read_bytes()
    needed = re.findall(
        rb'<(?:link rel="(?:stylesheet|icon)"[^>]*href|script src|img[^>]*src)="([^"]*)"', page
    )
    files = [
        page,
        *[(config.output / "thread" / name.decode()).resolve().read_bytes() for name in needed],
    ]
    assert len(files) <= 5
    assert sum(len(gzip.compress(file)) for file in files) <= 12_000


@given(st.integers(1, 900), st.integers(0, 900), st.integers(1, 60))
def test_links_to_posts_are_few_and_stay_on_middle_pages(count: int, more: int, size: int) -> None:
    entry, grown = _entry(count, ()), _entry(count + more, ())
    links = thread_pages.jumps(entry, count, size, ENGLISH)
    numbers = [int(link.title) for link in links]
    assert (links == ()) == (count < thread_pages.MIN_JUMPS)
    assert len(links) <= thread_pages.MAX_JUMPS + 2
    assert numbers == sorted(set(numbers))
    assert not links or (numbers[0], numbers[-1]) == (1, count)
    for link, number in zip(links, numbers, strict=True):
        assert link.path == thread_pages.place(entry, number - 1, size)
    middles = thread_pages.page_starts(entry, size)[2:]
    for end in middles[:3]:
        assert thread_pages.jumps(entry, end, size, ENGLISH) == thread_pages.jumps(
            grown, end, size, ENGLISH
        )


def test_a_long_thread_leads_to_its_posts_and_its_month(tmp_path: Path) -> None:
    config = site(tmp_path, line("a", 64), toml="[build]\nthread_size = 25\n")
    builds.build(config)
    pages = [
        (config.output / f"thread/bluesky-a0x{name}.html").read_text("utf-8")
        for name in ("", "/2", "/3")
    ]
    found = [
        re.findall(
            r'href="([^"]*)">(\d+)</a>', page.partition('class="jumps"')[2].partition("</nav>")[0]
        )
        for page in pages
    ]
    first = "../thread/bluesky-a0x"
    assert found[0] == [
        (f"{first}.html#post-a0x", "1"), (f"{first}.html#post-a9x", "10"),
        (f"{first}.html#post-a19x", "20"), (f"{first}/2.html#post-a29x", "30"),
        (f"{first}/2.html#post-a39x", "40"), (f"{first}/2.html#post-a49x", "50"),
        (f"{first}/3.html#post-a59x", "60"), (f"{first}/3.html#post-a63x", "64"),
    ]  # fmt: skip
    assert found[1] == [(f"../{href}", number) for href, number in found[0][:6]]
    assert found[2] == [(f"../{href}", number) for href, number in found[0]]
    for root, page in zip(("../", "../../", "../../"), pages, strict=True):
        assert (
            f'<p class="thread-month"><a href="{root}date/2024-03.html">March 2024</a></p>' in page
        )
    assert not dead(config.output)


def test_a_site_without_dates_leads_to_no_month(tmp_path: Path) -> None:
    config = site(tmp_path, line("a", 2), toml="[build]\ndate_pages = false\n")
    builds.build(config)
    assert "thread-month" not in (config.output / "thread/bluesky-a0x.html").read_text("utf-8")
    assert not dead(config.output)
