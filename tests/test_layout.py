"""How pages lie in a real browser: nothing runs out of the page, and the eye goes as the keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from checkers import chromium
from checkers.chromium import Tab
from media.pictures import picture, saved
from test_build import ADA, site

from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.model import Author, Counts, Media, Post, Profile, Thread
from sitegen.site import build as builds

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.CHROMIUM is None, reason="Chromium is not installed"),
]

BEN = Author("ben.example", None, "Ben of the moor")
SITES = ("default", pytest.param("gazette", marks=pytest.mark.slow), "gazette in Arabic")
WIDTHS = (500, 1000, 1440)
PHOTO = "media/fog.png"
TOML = """
[site]
account = "ada.example"
language = "{}"
[theme]
name = "{}"
[build]
jobs = 1
"""
# The words of the links to years, in the order of the page, and in that of the eye.
YEARS = "[...document.querySelectorAll('.years a')].filter(a => a.checkVisibility())"
BOXES = f"{YEARS}.map(a => [a.textContent.slice(0, 4), a.getBoundingClientRect()])"
IN_ORDER = f"{BOXES}.map(([year]) => year)"
AS_SEEN = f"""{BOXES}.sort(([, a], [, b]) => Math.abs(a.bottom - b.bottom) > 9
  ? a.bottom - b.bottom : (a.left - b.left) * (document.dir === 'rtl' ? -1 : 1)).map(([y]) => y)"""
ROOM = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
RTL = "(document.dir === 'rtl')"
MIDDLE_OF = "(e => (b => (b.left + b.right) / 2)(e.getBoundingClientRect()))"
MIDDLE = f"{MIDDLE_OF}(document.querySelector('.masthead'))"
# The middle of each row of links to years.
MIDDLES = f"""Object.values(Object.groupBy({YEARS}, a => Math.round(a.getBoundingClientRect().bottom)))
  .map(row => ({MIDDLE_OF}(row[0]) + {MIDDLE_OF}(row.at(-1))) / 2)"""
# How far the line of a thread is from the edge of the page beside each post, and the words of one.
FROM_EDGE = f"(r => Math.round({RTL} ? innerWidth - r.right : r.left))"
LINE = f"""[...document.querySelectorAll('.thread-long .post')].map(post =>
  {FROM_EDGE}(post.getBoundingClientRect())
  + Math.round(parseFloat(getComputedStyle(post, '::before').insetInlineStart)))"""
EDGE = f"{FROM_EDGE}(document.querySelector('.post .e-content').getBoundingClientRect())"
# How far each line of the titles of the neighbours is from the edge of the page that is theirs.
TITLES = f"""[...document.querySelectorAll('.ways > a > bdi')].flatMap(title => {{
  const range = document.createRange(), box = title.parentElement.getBoundingClientRect();
  range.selectNodeContents(title);
  const isLeft = title.parentElement.matches('.way-newer') !== {RTL};
  return [...range.getClientRects()].map(line =>
    Math.round(isLeft ? line.left - box.left : box.right - line.right));
}})"""
PAGES = (
    "index.html", "posts.html", "pictures.html", "dates.html", "date/2003.html",
    "date/2025-05.html", "thread/bluesky-p0.html", "tag/fog.html", "profiles.html",
    "profile/bluesky-ada.example.html",
)  # fmt: skip


class Site(NamedTuple):
    """A built site, its theme, and a tab of a browser to look at it with."""

    theme: str
    output: Path
    tab: Tab

    def look(self, path: str, *values: str, width: int | None = None) -> list[list[Any]]:
        """Return what expressions are on a page in each width, with the list of years unfolded."""
        self.tab.go((self.output / path).as_uri())
        self.tab.value("document.querySelectorAll('.years details').forEach(d => d.open = true)")
        seen = []
        for each in (width,) if width else WIDTHS:
            self.tab.resize(each, 800)
            seen.append([self.tab.value(value) for value in values])
        return seen


def conversation() -> Thread:
    """Return a thread in which replies hang below replies."""
    answers = [None, "p0", "p1", "p2", "p1", "p0"]
    posts = [
        Post(
            f"p{n}", "bluesky", f"Fog {n} on the moor.", f"2025-05-01T1{n}:00:00Z",
            (ADA, BEN)[n % 2], reply_to=answer, media=(Media("image", PHOTO, "Fog"),) * (n == 0),
            tags=("fog",), counts=Counts(likes=40 + n, replies=2),
        )
        for n, answer in enumerate(answers)
    ]  # fmt: skip
    return Thread("p0", "bluesky", tuple(posts))


def of_many_years() -> list[Thread]:
    """Return a post of each year, enough for several rows of years on a narrow page."""
    texts = {year: f"Fog of {year}, and a kettle. " * 8 for year in range(1996, 2025)}
    posts = [
        Post(f"y{year}", "bluesky", text, f"{year}-06-01T10:00:00Z", ADA,
             media=(Media("image", PHOTO),), counts=Counts(likes=year))
        for year, text in texts.items()
    ]  # fmt: skip
    return [Thread(post.id, "bluesky", (post,)) for post in posts]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run one browser for all tests."""
    with chromium.running(tmp_path_factory.mktemp("profile")) as address:
        yield address


@pytest.fixture(scope="module", params=SITES)
def built(
    request: pytest.FixtureRequest, browser: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Return a site with a theme, and one in a language from right to left."""
    theme, _, language = str(request.param).partition(" in ")
    folder = tmp_path_factory.mktemp("site")
    toml = TOML.format("ar" if language else "en", theme)
    config = site(folder, conversation(), *of_many_years(), toml=toml)
    about = Profile("ada.example", "bluesky", "ada.example", "Ada", bio="I watch clouds. " * 20)
    store.write(store.merge(ArchiveIndex(config.content), (), (about,)))
    (config.content / PHOTO).parent.mkdir(exist_ok=True)
    (config.content / PHOTO).write_bytes(saved(picture(), "PNG"))
    builds.build(config)
    with chromium.opened(browser, "about:blank") as tab:
        yield Site(theme, config.output, tab)


@pytest.mark.parametrize("path", ["index.html", "date/2003.html", "date/2025-05.html"])
def test_the_eye_meets_the_years_as_the_keyboard_does(built: Site, path: str) -> None:
    for in_order, as_seen in built.look(path, IN_ORDER, AS_SEEN):
        years = [year for year in in_order if re.fullmatch(r"\d{4}", year)]
        assert years == [str(year) for year in range(2025, 1995, -1)]
        assert as_seen == in_order


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_wider_than_its_window(built: Site, path: str) -> None:
    assert all(room <= 0 for (room,) in built.look(path, ROOM))


def test_the_line_of_a_thread_runs_straight_past_replies(built: Site) -> None:
    for edge, (first, *others) in built.look("thread/bluesky-p0.html", EDGE, LINE):
        assert len(others) == 5
        assert {*others} == {first}
        assert first < edge


def test_titles_of_neighbours_are_at_the_edge_where_they_lead(built: Site) -> None:
    for (lines,) in built.look("thread/bluesky-y2003.html", TITLES):
        assert len(lines) >= 2
        assert {*lines} == {0}


@pytest.mark.parametrize("path", ["index.html", "date/2003.html"])
def test_the_years_of_the_newspaper_are_in_the_middle(built: Site, path: str) -> None:
    for middle, middles in built.look(path, MIDDLE, MIDDLES) if built.theme == "gazette" else ():
        assert all(abs(middle - row) <= 1 for row in middles)
