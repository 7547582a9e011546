"""The layout of a site of several people in a real browser: nothing is cut off, covered or out of place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from checkers import chromium
from media.pictures import picture, saved
from test_build import ADA, site
from test_layout import BEN, FROM_EDGE, PHOTO, SITES, Site

from sitegen.model import Author, Elsewhere, Media, Post, Thread
from sitegen.site import build as builds

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.CHROMIUM is None, reason="Chromium is not installed"),
]

# A site of two people, with a busy month, a handle that fills lines, and topics in two groups.
PEOPLE = """
[site]
language = "{}"
title = "The moor"
description = "What is above it."
footer = "Fog."
[theme]
name = "{}"
[build]
jobs = 1
page_size = 20
[[people]]
name = "Ada"
accounts = ["ada.example"]
portrait = "media/fog.png"
[[people]]
name = "Ben of the moor"
accounts = ["ben.example"]
"""
TOPICS = """
[[topic]]
name = "kettles"
words = ["kettle"]
group = "kitchen"
[[topic]]
name = "fog"
words = ["fog"]
group = "weather"
[[topic]]
name = "and a kettle"
"""
LONG_HANDLE = f"{'keeper-of-the-lamp-' * 5}example"
UNBROKEN_HANDLE = f"{'keeperofthelamp' * 3}.example"
PHONE = 390
CELLS = "[...document.querySelectorAll('.strip > li')].map(e => e.getBoundingClientRect().toJSON())"
# How far the words after a link are below its last line, for each link to a post elsewhere.
AFTER_LINKS = """[...document.querySelectorAll(':is(.stub, .unknown) a')].flatMap(link => {
  const range = document.createRange(), after = link.nextSibling;
  if (!after?.length) return [];
  range.setStart(after, 0), range.setEnd(after, 1);
  return [Math.round(range.getBoundingClientRect().bottom - [...link.getClientRects()].at(-1).bottom)];
})"""
# Links and words that are under the button that copies a permalink, which touch screens show.
UNDER_BUTTONS = """[...document.querySelectorAll('.post > .copy')].flatMap(button => {
  const b = button.getBoundingClientRect();
  return [...button.parentElement.querySelectorAll(':is(.stub, .post-head) :is(a, time, bdi)')]
    .filter(e => [...e.getClientRects()].some(r =>
      r.left < b.right && b.left < r.right && r.top < b.bottom && b.top < r.bottom))
    .map(e => e.textContent);
})"""
HEADS = """[...document.querySelectorAll('.post-head')].map(head => {
  const range = document.createRange();
  range.selectNodeContents(head);
  return [...range.getClientRects()].map(({x, y, width}) => [x, y, width].map(Math.round));
})"""
NAMES = f"""[...document.querySelectorAll('.institution .p-name')].map(name =>
  Math.abs({FROM_EDGE}(name.getBoundingClientRect()) - {FROM_EDGE}(name.closest('li').getBoundingClientRect())))"""
TABS = """[...document.querySelectorAll('.tabs li')].filter(tab => {
  const t = tab.getBoundingClientRect(), box = tab.closest('nav').getBoundingClientRect();
  return t.left < box.left - 1 || t.right > box.right + 1;
}).length"""
MAPS = """[...document.querySelectorAll('.topic-map svg')]
  .map(map => Math.round(map.getBoundingClientRect().width))"""
# How far the middle of the words of an element is from that of the masthead.
OFF_CENTRE = """(selector => {
  const range = document.createRange(), middle = b => (b.left + b.right) / 2;
  range.selectNodeContents(document.querySelector(selector));
  const masthead = document.querySelector('.masthead').getBoundingClientRect();
  return Math.round(Math.abs(middle(range.getBoundingClientRect()) - middle(masthead)));
})"""
TITLE_FONT = "getComputedStyle(document.querySelector('h1')).fontFamily"
MASTHEAD = "Math.round(document.querySelector('.masthead').getBoundingClientRect().left)"


def of_two_people() -> list[Thread]:
    """Return many posts of one month, a reply to and a quote of what is elsewhere, and a talk."""
    posts = [
        Post(f"b{n}", "bluesky", ("Fog and a kettle.", "Fog.")[n % 2],
             f"2024-07-{1 + n % 28:02}T10:00:00Z", (ADA, BEN)[n % 2], media=(Media("image", PHOTO),) * (n == 0))
        for n in range(60)
    ]  # fmt: skip
    away = Elsewhere("away", "https://social.example/away", Author(LONG_HANDLE))
    posts += [
        Post("reply", "bluesky", "Fog.", "2024-07-30T10:00:00Z", ADA, reply_to="away", elsewhere=(away,)),
        Post("quote", "bluesky", "Fog.", "2024-07-30T11:00:00Z", BEN, quote_of="away", elsewhere=(away,)),
    ]  # fmt: skip
    talk = [
        Post(f"c{n}", "bluesky", "Fog.", f"2024-07-31T1{n}:00:00Z", (ADA, Author(UNBROKEN_HANDLE))[n % 2],
             reply_to=f"c{n - 1}" if n else None)
        for n in range(6)
    ]  # fmt: skip
    return [
        *[Thread(post.id, "bluesky", (post,)) for post in posts],
        Thread("c0", "bluesky", tuple(talk)),
    ]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run one browser for all tests."""
    with chromium.running(tmp_path_factory.mktemp("profile")) as address:
        yield address


@pytest.fixture(scope="module", params=SITES)
def crowded(
    request: pytest.FixtureRequest, browser: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Return a site of two people, one of them without a portrait."""
    theme, _, language = str(request.param).partition(" in ")
    toml = PEOPLE.format("ar" if language else "en", theme)
    config = site(tmp_path_factory.mktemp("site"), *of_two_people(), toml=toml)
    (config.content / PHOTO).parent.mkdir(exist_ok=True)
    (config.content / PHOTO).write_bytes(saved(picture(), "PNG"))
    (config.content / "topics.toml").write_text(TOPICS, "utf-8")
    builds.build(config)
    with chromium.opened(browser, "about:blank") as tab:
        yield Site(theme, config.output, tab)


def test_the_days_of_a_busy_month_are_a_strip(crowded: Site) -> None:
    for cells in [cells for (cells,) in crowded.look("date/2024.html", CELLS)]:
        assert len(cells) == 31
        assert {round(cell["height"]) for cell in cells} == {32}
        assert max(cell["width"] for cell in cells) < 48


def test_no_line_begins_with_the_comma_after_a_link(crowded: Site) -> None:
    for path in ("thread/bluesky-reply.html", "thread/bluesky-quote.html"):
        for (below,) in crowded.look(path, AFTER_LINKS, width=PHONE):
            assert below
            assert all(abs(each) < 12 for each in below)


def test_the_button_of_a_post_is_beside_its_words(crowded: Site) -> None:
    ((buttons, under),) = crowded.look(
        "thread/bluesky-c0.html",
        "document.querySelectorAll('.copy').length",
        UNDER_BUTTONS,
        width=PHONE,
    )
    assert (buttons, under) == (6, [])


def test_words_stay_where_they_are_when_the_buttons_come(crowded: Site) -> None:
    ((after, before),) = crowded.look(
        "thread/bluesky-c0.html", HEADS,
        f"document.querySelectorAll('.copy').forEach(each => each.remove()), {HEADS}", width=PHONE,
    )  # fmt: skip
    assert len(after) == 6
    assert after == before


def test_names_of_people_are_below_each_other_without_a_portrait_too(crowded: Site) -> None:
    for (edges,) in crowded.look("index.html", NAMES):
        assert edges == [60, 60]


def test_no_tab_is_cut_off(crowded: Site) -> None:
    assert crowded.look("index.html", TABS, width=200) == [[0]]


def test_the_maps_of_all_groups_of_topics_have_one_scale(crowded: Site) -> None:
    for (widths,) in crowded.look("topics.html", MAPS):
        assert len(widths) == 3
        assert len({*widths}) == 1


def test_the_titles_of_all_pages_have_one_font(crowded: Site) -> None:
    fonts = [crowded.look(path, TITLE_FONT) for path in ("search.html", "dates.html")]
    assert fonts[0] == fonts[1]


def test_what_is_around_the_front_page_of_the_newspaper_is_in_the_middle(crowded: Site) -> None:
    for selector in (".lede", ".colophon p") if crowded.theme == "gazette" else ():
        for (off,) in crowded.look("index.html", f"{OFF_CENTRE}('{selector}')"):
            assert off <= 1


def test_the_newspaper_is_as_wide_on_all_pages(crowded: Site) -> None:
    if crowded.theme == "gazette":
        edges = [crowded.look(path, MASTHEAD) for path in ("index.html", "insights.html")]
        assert edges[0] == edges[1]
