"""No page is heavy, however much there is of anything: long lists are spread over pages."""

from __future__ import annotations

import re
import string
from collections import Counter
from itertools import accumulate, pairwise
from pathlib import Path

import pytest
from english import ENGLISH
from hypothesis import given
from hypothesis import strategies as st
from test_build import site
from test_long_threads import dead

from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.model import Author, Card, Counts, Media, Post, Profile, Thread
from sitegen.site import build as builds
from sitegen.site.plan.page_types.directories import (
    Limits,
    NamesPage,
    chunks,
    initial_of,
    spread,
    weigh,
)
from sitegen.site.plan.pagination import ROOM, page_counts
from sitegen.site.views.links import Tag
from sitegen.text.facets import locate

HEAVY = 150_000  # bytes of HTML
ADA = Author("ada.example", None, "Ada")
SMALL = Limits(names=5, bytes=2_000, most=4)


def tag(name: str, count: int = 1) -> Tag:
    """Return a tag of a list."""
    return Tag(name, f"tag/{name}.html", count)


def spread_tags(*tags: Tag, limits: Limits = SMALL) -> list[NamesPage[Tag]]:
    """Return the pages of a list of tags."""
    return list(spread("tags.html", "Tags", tags, ENGLISH, limits))


def test_a_list_that_fits_on_a_page_stays_as_it_is() -> None:
    tags = [tag(name) for name in ["zebra", "apple", "moor"]]
    (page,) = spread_tags(*tags)
    assert (page.path, page.title, page.names) == ("tags.html", "Tags", tuple(tags))
    assert (page.directory.count, page.directory.initials) == (3, ())
    assert not page.directory.folds


@pytest.mark.parametrize(
    ("once", "more", "folds"), [(20, 20, True), (19, 20, False), (20, 19, False), (60, 0, False)]
)
def test_names_used_once_are_folded_away_where_there_are_many_of_both(
    once: int, more: int, folds: bool
) -> None:
    tags = [tag(f"t{n}", 2 if n < more else 1) for n in range(once + more)]
    (page,) = spread_tags(*tags, limits=Limits())
    assert page.directory.folds == folds


def test_a_long_list_has_the_most_frequent_first_and_all_by_name() -> None:
    words = [
        "fog1",
        "fog2",
        "fog3",
        "fog4",
        "fog5",
        "fog6",
        "heath",
        "1st",
        "Éire",
        "туман",
        "霧",
        "☂",
    ]
    pages = spread_tags(*(tag(word, 1 + at % 3) for at, word in enumerate(words)))
    listed = {page.path: [name.name for name in page.names] for page in pages}
    assert listed == {
        "tags.html": ["Éire", "fog3", "fog6", "☂"],
        "tags/names/0-9.html": ["1st"],
        "tags/names/e.html": ["Éire"],
        "tags/names/f.html": ["fog1", "fog2", "fog3", "fog4", "fog5"],
        "tags/names/f/2.html": ["fog6"],
        "tags/names/h.html": ["heath"],
        "tags/names/cjk.html": ["霧"],
        "tags/names/cyrillic.html": ["туман"],
        "tags/names/other.html": ["☂"],
    }
    assert [link.title for link in pages[0].directory.initials] == [
        "1", "E", "F", "H", "霧", "т", "☂",
    ]  # fmt: skip
    assert pages[4].title == "Tags · F, page 2"
    assert [link.path for link in pages[4].directory.numbers] == [pages[3].path, pages[4].path]


NAMES = st.lists(
    st.tuples(st.text("abàßñØéя霧א1☂ @#" + string.ascii_uppercase, min_size=1), st.integers(1, 3)),
    min_size=6,
    unique_by=lambda pair: pair[0],
)


@given(NAMES)
def test_every_name_is_on_one_page_of_its_initial(pairs: list[tuple[str, int]]) -> None:
    tags = [tag(name, count) for name, count in pairs]
    first, *others = spread_tags(*tags)
    assert Counter(name for page in others for name in page.names) == Counter(tags)
    paths = [page.path for page in (first, *others)]
    assert len({path.casefold() for path in paths}) == len(paths)
    initials = {link.path for link in first.directory.initials}
    numbers = {link.path for page in others for link in page.directory.numbers}
    assert initials | numbers == set(paths[1:])
    for page in others:
        assert len(page.names) <= SMALL.names
        assert len({initial_of(name.name).key for name in page.names}) == 1


@given(NAMES, st.text("abcxyz", min_size=1))
def test_a_new_name_changes_only_the_pages_of_its_initial(
    pairs: list[tuple[str, int]], added: str
) -> None:
    tags = [tag(name, count) for name, count in pairs if name != added]
    key = initial_of(added).key
    if len(tags) <= SMALL.names or key not in {initial_of(t.name).key for t in tags}:
        return
    before = {page.path: page.names for page in spread_tags(*tags)}
    after = {page.path: page.names for page in spread_tags(*tags, tag(added))}
    changed = {path for path in after if before.get(path) != after[path]} - {"tags.html"}
    assert all(re.match(rf"tags/names/{key}(/\d+)?\.html", path) for path in changed)


@given(st.lists(st.integers(1, 1_500)))
def test_a_page_has_at_most_so_many_items_and_bytes(weights: list[int]) -> None:
    pages = list(chunks(weights, lambda weight: weight, SMALL))
    assert [weight for page in pages for weight in page] == weights
    assert all(len(page) <= SMALL.names and sum(page) <= SMALL.bytes for page in pages)
    for page, following in pairwise(pages):  # none ends before it is full
        assert len(page) == SMALL.names or sum(page) + following[0] > SMALL.bytes


@given(st.text(min_size=1))
def test_a_name_weighs_as_much_as_its_line(name: str) -> None:
    line = f'<li><a href="../../{tag(name).path}"><bdi>#{name}</bdi></a> <span class="count">1</span></li>'
    assert abs(weigh(tag(name)) - len(line.encode("utf-8", "replace"))) < 3 * len(name) + 100


LONG = "Nebel über dem Hochmoor & 霧の荒野 "  # with letters of two and three bytes


def hostile(count: int) -> tuple[list[Thread], list[Profile]]:
    """Return an archive with so many people, tags, sites, accounts, and long words everywhere."""
    threads, profiles = [], []
    for n in range(count):
        initial = chr(97 + n % 26)
        many = 25 if n % 2 == 0 else 1
        tags = ("all", *(f"{initial}{'moor' * (n % 40)}{n}-{i}" for i in range(many)))
        people = tuple(f"{initial}{n}-{i}.{'long-' * 9}name.example" for i in range(2))
        link = f"https://{'heath-' * 8}{n}.example/fog?{'x' * 300}"
        text = f"{LONG * (1 + n % 60)} @{people[0]} @{people[1]} {link} #{tags[0]}"
        media = tuple(Media("image", f"media/{n}-{i}.png", LONG * 9) for i in range(n % 5))
        account = f"a{n}.{'long-' * 6}name.example"
        post = Post(
            id=f"p{n}", network="bluesky", text=text, author=Author(account, None, LONG * 8),
            created_at=f"{1990 + n // 28 // 12}-{1 + n // 28 % 12:02}-{1 + n % 28:02}T10:00:00Z",
            tags=tags, mentions=people, links=(link,), facets=locate(text, (link,), people, tags),
            media=media, warning=LONG * 20 if n % 7 == 0 else None,
            card=Card(LONG * 30, LONG * 90, link) if n % 3 == 0 else None,
            quote_of=f"p{n - 1}" if n % 4 == 3 else None, counts=Counts(10**6 + n, 3, 10**6 - n),
        )  # fmt: skip
        threads.append(Thread(post.id, "bluesky", (post,)))
        only_bio = n % 3 == 0
        profiles.append(
            Profile(
                account, "bluesky", None if only_bio else account,
                None if only_bio else LONG * 8, bio=f"{LONG * 60} https://a.example/{n}",
                followed_by="ada.example" if only_bio else None,
            )
        )  # fmt: skip
    return threads, profiles


def weights(folder: Path, count: int) -> dict[str, int]:
    """Build such an archive; return the bytes of its pages."""
    threads, profiles = hostile(count)
    config = site(folder, *threads, toml="[build]\njobs = 1\n")
    store.write(store.merge(ArchiveIndex(config.content), (), profiles))
    for number in range(count // 2):
        (config.content / f"page-{number}.md").write_text(f"# {LONG * 8} {number}\n", "utf-8")
    builds.build(config)
    assert not dead(config.output)
    return {
        path.relative_to(config.output).as_posix(): path.stat().st_size
        for path in config.output.rglob("*.html")
    }


@pytest.mark.parametrize(
    "count", [pytest.param(n, marks=pytest.mark.slow) for n in (90, 1_500)], ids=["90", "1500"]
)
def test_no_page_of_a_hostile_archive_is_heavy(tmp_path: Path, count: int) -> None:
    sizes = weights(tmp_path, count)
    heavy = {path: size for path, size in sizes.items() if size > HEAVY}
    assert not heavy


def test_no_listing_of_long_titles_and_names_is_heavy(tmp_path: Path) -> None:
    threads = [
        Thread(
            f"p{n}", "bluesky",
            (Post(
                id=f"p{n}", network="bluesky", text="霧の荒野で" * 60,
                author=Author(f"a{n}.example", None, "名前" * 60),
                created_at=f"{2000 + n // 28}-02-{1 + n % 28:02}T10:00:00Z",
                counts=Counts(10**6, 10**6, 10**6),
                tags=("all", *(f"霧の荒野{n}x{i}" for i in range(25))),
            ),),
        )
        for n in range(74)
    ]  # fmt: skip
    config = site(tmp_path, *threads, toml="[build]\njobs = 1\npost_pages = false\n")
    for path in config.content.rglob("*.md"):
        text = re.sub(r"(?m)^title: .*", f'title: "{"題名の長い話" * 60}"', path.read_text("utf-8"))
        path.write_text(text, "utf-8")
    builds.build(config)
    sizes = {path.name: path.stat().st_size for path in config.output.rglob("*.html")}
    assert max(sizes.values()) <= HEAVY
    assert sizes["all.html"] > HEAVY / 3


def test_no_year_of_long_posts_on_every_day_is_heavy(tmp_path: Path) -> None:
    threads = [
        Thread(
            f"p{n}", "bluesky",
            (Post(
                id=f"p{n}", network="bluesky", text='"' * 300, counts=Counts(10**6, 10**6),
                author=Author(f"a{n}.example", None, '"' * 100),
                created_at=f"2019-{1 + n % 12:02}-{1 + n // 12 % 28:02}T10:00:00Z",
            ),),
        )
        for n in range(12 * 28)
    ]  # fmt: skip
    config = site(tmp_path, *threads, toml="[build]\njobs = 1\npage_size = 4\n")
    builds.build(config)
    year = (config.output / "date/2019.html").read_text("utf-8")
    assert year.count('<li class="line h-entry">') == 12 * 4
    assert year.count('<ol class="strip">') == 12
    assert 0.9 * HEAVY < len(year.encode()) <= HEAVY


@given(st.lists(st.integers(1, 60)), st.integers(1, 60))
def test_a_numbered_page_of_a_listing_never_changes(units: list[int], size: int) -> None:
    counts = page_counts(units, size)
    assert sum(counts) == len(units)
    oldest_first = units[::-1]
    starts = [0, *accumulate(counts)]
    pages = [oldest_first[start:end] for start, end in pairwise(starts)]
    room = max(size, ROOM)
    for page in pages[:-1]:
        assert len(page) <= size
        assert sum(page) <= room or len(page) == 1
    grown = page_counts([1, 60, *units], size)
    assert grown[: len(counts) - 1] == counts[:-1]


@given(st.integers(0, 400), st.integers(1, 60))
def test_the_newest_page_of_small_items_is_neither_short_nor_long(items: int, size: int) -> None:
    *full, newest = page_counts((1,) * items, size)
    assert set(full) <= {size}
    assert newest < size + max(1, size // 2)
    assert newest >= max(1, size // 2) or not full
