"""The search page in a real browser: what it shows, the address, keys, and what it loads."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from pathlib import Path
from urllib.parse import quote

import pytest
from checkers import chromium
from checkers.checks import loading
from checkers.chromium import Tab
from msgspec.structs import replace
from search.index_reader import IndexReader
from test_build import ADA, site

from sitegen.languages import direction
from sitegen.languages.language import Language
from sitegen.model import Author, Counts, Elsewhere, Media, Poll, PollOption, Post, Thread
from sitegen.site import build as builds

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.CHROMIUM is None, reason="Chromium is not installed"),
]
WIDE, NARROW = (1280, 900), (390, 844)
DONE = "document.querySelector('.search-results .listing').ariaBusy === 'false'"
STATUS = "document.querySelector('[role=status]').textContent"
TITLES = "[...document.querySelectorAll('.search-results h3')].map((e) => e.textContent)"
MARKS = "[...document.querySelectorAll('mark')].map((e) => e.textContent)"
FIELD = "document.querySelector('input[type=search]')"
FACETS = """Object.fromEntries([...document.querySelectorAll('.facet')].filter((e) => e.checkVisibility()).map((facet) => [
  facet.querySelector('h3').textContent,
  [...facet.querySelectorAll('button')].filter((e) => e.checkVisibility()).map((e) => (e.ariaPressed === 'true' ? '+' : '') + e.textContent)]))"""
# One pixel.
PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
BEN = Author("ben.example", None, "Ben Löwe")


def one(
    identity: str, text: str, day: str, author: Author = ADA, network: str = "bluesky",
    **fields: object,
) -> Thread:  # fmt: skip
    post = Post(identity, network, text, f"{day}T10:00:00Z", author, langs=("en",))
    return Thread(identity, network, (replace(post, **fields),))


THREADS = (
    one("fog", "The fog lifted; fog-bound boats, naïve gulls.", "2024-03-01", counts=Counts(likes=3)),
    one("heavy", "A heavy fog <img src=x onerror=alert(1)> & more", "2023-05-01", BEN, tags=("weather",)),
    one("tokyo", "今日は東京都へ行った", "2023-06-01", langs=("ja",)),
    one("long", f"{'Frost and rain and frost. ' * 40} And then a foggy day. {'Snow. ' * 90}", "2022-01-01", counts=Counts(likes=9)),
    one("warned", "Secret fog words", "2021-01-01", warning="Spiders", media=(Media("image", "media/stork.png", "A fog picture"),)),
    one("alt", "Look", "2020-02-02", media=(Media("image", None, "A heron in fog"),), poll=Poll((PollOption("Fog ferry"),))),
    one("reply", "I agree, fog", "2019-01-01", reply_to="gone", elsewhere=(Elsewhere("gone", author=BEN),)),
    one("toot", "Fog on another network", "2018-01-01", network="mastodon"),
    one("pictured", "Two storks", "2016-05-05", media=(Media("image", "media/stork.png", "On a roof"), Media("video", None))),
    one("sensitive", "Three storks", "2016-04-05", media=(Media("image", "media/stork.png"),), sensitive=True),
    *[one(f"rain{at}", f"Rain number {at}", f"2017-01-{at + 1:02}") for at in range(25)],
)  # fmt: skip


def built(folder: Path, toml: str = "") -> Path:
    """Build a site with these threads."""
    config = site(folder, *THREADS, toml=toml)
    (config.content / "media").mkdir()
    (config.content / "media" / "stork.png").write_bytes(PNG)
    builds.build(config)
    return config.output


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("site"))


def search(tab: Tab, place: str, query: str) -> None:
    """Open the search page with a query in its address, and wait for what it finds."""
    tab.go(f"{place}/search.html?q={quote(query)}")
    tab.until(DONE)


def test_the_page_does_not_shift_while_results_and_counts_come(tab: Tab, address: str) -> None:
    for query in ("", "fog"):
        search(tab, address, query)
        assert list(loading.faults(tab, address)) == []


@pytest.mark.parametrize(
    ("theme", "language"),
    [
        ("default", "es"),
        *(
            pytest.param(theme, language, marks=pytest.mark.slow)
            for theme, language in (("gazette", "fr"), ("ink", "es"), ("default", "ar"))
        ),
    ],
)
def test_the_results_do_not_move_when_their_number_comes(
    tab: Tab, tmp_path: Path, theme: str, language: str
) -> None:
    toml = f'[site]\nlanguage = "{language}"\n[theme]\nname = "{theme}"\n'
    output = built(tmp_path, toml)
    search(tab, f"file://{output}", "fog")
    say = "(text => { document.querySelector('[role=status]').textContent = text; })"
    tops = """['.search-order', '.search-columns'].map((name) =>
      document.querySelector(name).getBoundingClientRect().top)"""
    for width in (NARROW[0], 500, 640, 641, 800, WIDE[0]):
        tab.resize(width, 844)
        tab.value(f"{say}('')")
        before = tab.value(tops)
        tab.value(f"{say}(sitegen.say('count.posts', {{count: 1234567}}))")
        assert tab.value(tops) == before, width


def test_the_direction_of_results_is_that_of_the_language_of_their_words(
    tab: Tab, tmp_path: Path
) -> None:
    threads = (
        one("arabic", "https://ada.example/\nضباب فوق البحر\nhttps://ada.example/2", "2015-01-01", langs=("ar",), media=(Media("image", None, "Fennick ضباب"),)),
        one("latin", "Fennick moor", "2015-01-02", langs=("ar-EG",)),
        one("fog", "The fog lifted", "2014-01-01"),
    )  # fmt: skip
    config = site(tmp_path, *threads)
    builds.build(config)
    address = f"file://{config.output}"
    directions = """[...document.querySelectorAll('.search-results :is(h3, .line-text)')]
      .map((e) => e.dir)"""
    search(tab, address, "ضباب")
    assert tab.value(directions) == ["rtl", "rtl"]
    search(tab, address, "Fennick")  # one has no Arabic letter
    assert tab.value(directions) == ["auto", "rtl", "rtl"]
    search(tab, address, "lifted")
    assert tab.value(directions) == ["auto"]


def test_the_languages_that_results_take_as_from_right_to_left_are_those_of_all_pages(
    output: Path,
) -> None:
    script = (output / "static/search/results.js").read_text("utf-8")
    found = re.search(r'RIGHT_TO_LEFT = new Set\("([a-z ]+)"', script)
    assert found
    assert found[1].split() == sorted(direction.RIGHT_TO_LEFT)


def test_a_query_in_the_address_is_answered_from_a_server_and_from_a_disk(
    tab: Tab, address: str, output: Path
) -> None:
    for place in (address, f"file://{output}"):
        search(tab, place, "fog -is:reply year:2023,2024 sort:old")
        assert tab.value(TITLES) == [
            "A heavy fog <img src=x onerror=alert(1)> & more",
            "The fog lifted; fog-bound boats, naïve gulls.",
        ]
        assert tab.value(STATUS) == "2 posts"
        assert tab.value("document.querySelector('.search-meaning').textContent") == (
            "with “fog” · not Replies · of 2023 or 2024"
        )
        assert tab.value(f"{FIELD}.value") == "fog -is:reply year:2023,2024 sort:old"
        assert tab.value("document.querySelector('select').value") == "old"
        assert tab.value("document.title").startswith("fog -is:reply year:2023,2024 sort:old · ")
        assert tab.problems == []


@pytest.mark.parametrize(
    ("query", "marks"),
    [
        ("FOG", ["fog", "fog"]),
        ('"fog bound" naive', ["fog-bound", "naïve"]),
        ("gu*", ["gulls"]),
        ("fog gull", []),
        ("京都", ["京都"]),
        ("heron", ["heron"]),
        ("ferry", ["ferry"]),
        ("foggy", ["foggy"]),
        ("spiders", ["Spiders"]),
    ],
)
def test_what_was_found_is_marked(tab: Tab, address: str, query: str, marks: list[str]) -> None:
    search(tab, address, f"{query} -from:ben.example -is:reply -network:mastodon")
    found = tab.value(MARKS)
    assert found[: len(marks)] == marks
    assert bool(found) == bool(marks)


def test_a_long_text_is_shown_around_what_was_found(tab: Tab, address: str) -> None:
    search(tab, address, "foggy")
    (title,) = tab.value(TITLES)
    assert title.startswith("…")
    assert title.endswith("…")
    assert "And then a foggy day. Snow." in title
    assert len(title) <= 502


def test_what_is_behind_a_warning_stays_there(tab: Tab, address: str) -> None:
    search(tab, address, "secret")
    assert tab.value(TITLES) == ["Content warning: Spiders"]
    assert "Secret" not in tab.value("document.querySelector('main').innerHTML")
    search(tab, address, '"fog picture"')
    assert tab.value(TITLES) == ["Content warning: Spiders"]
    assert "picture" not in tab.value("document.querySelector('.search-results').innerHTML")


def test_pictures_are_shown_small_unless_someone_closed_them(tab: Tab, address: str) -> None:
    images = "[...document.querySelectorAll('.search-results img')]"
    search(tab, address, "storks")
    assert tab.value(TITLES) == ["Two storks", "Three storks"]
    tab.until(f"{images}.every((image) => image.complete)")
    assert tab.value(f"{images}.map((image) => image.naturalWidth)") == [1]
    lines = tab.value("[...document.querySelectorAll('.line-foot')].map((e) => e.textContent)")
    assert lines == [f"Ada @ada.example · {count}" for count in ("2 attachments", "1 attachment")]
    search(tab, address, "secret")
    assert tab.value(f"{images}.length") == 0


def test_texts_are_never_elements(tab: Tab, address: str) -> None:
    search(tab, address, '"<img src=x onerror=alert(1)>"')
    assert len(tab.value(TITLES)) == 1
    assert tab.value("document.querySelectorAll('main img').length") == 0
    assert tab.value(MARKS) == ["img src=x onerror=alert(1"]
    assert tab.problems == []


def test_a_line_says_who_when_and_where_it_leads(tab: Tab, address: str) -> None:
    search(tab, address, "agree")
    line = "document.querySelector('.search-results li')"
    assert [text for text in tab.value(f"{line}.innerText").split("\n") if text] == [
        "1 Jan 2019 Bluesky", "in reply to @ben.example", "I agree, fog", "Ada @ada.example",
    ]  # fmt: skip
    assert tab.value(f"{line}.querySelector('h3 a').pathname").endswith(
        "/thread/bluesky-reply.html"
    )
    search(tab, address, "gulls")
    assert tab.value(f"{line}.innerText").endswith("Ada @ada.example · 3 likes")


def test_only_the_last_word_goes_on_while_it_is_typed(tab: Tab, address: str) -> None:
    search(tab, address, "")
    tab.value(f"{FIELD}.focus()")
    tab.command("Input.insertText", text="fog lif")
    tab.until(f"{STATUS} === '1 post'")
    assert tab.value(MARKS) == ["fog", "lifted", "fog"]
    assert tab.value("document.activeElement === document.querySelector('input[type=search]')")
    tab.command("Input.insertText", text=" ")
    tab.until(f"{STATUS} === 'No posts found'")
    assert tab.value("new URLSearchParams(location.search).get('q')") == "fog lif "
    tab.value(f"{FIELD}.value = 'fog lif'")
    tab.press("Enter")
    tab.until(DONE)
    assert tab.value(STATUS) == "No posts found"
    assert tab.value("location.search") == "?q=fog+lif"
    assert tab.problems == []


def test_what_was_entered_is_in_the_history(tab: Tab, address: str) -> None:
    search(tab, address, "heron")
    tab.value(f"{FIELD}.focus()")
    tab.value(f"{FIELD}.value = 'gulls'")
    tab.press("Enter")
    tab.until("document.querySelector('mark')?.textContent === 'gulls'")
    tab.value("history.back()")
    tab.until("document.querySelector('mark')?.textContent === 'heron'")
    assert tab.value(f"{FIELD}.value") == "heron"


def test_what_was_typed_and_entered_is_in_the_history_once(tab: Tab, address: str) -> None:
    search(tab, address, "")
    for text in ("heron", "gulls"):
        tab.value(f"{FIELD}.focus(), {FIELD}.select()")
        tab.command("Input.insertText", text=text)
        tab.until(f"location.search === '?q={text}'")
        tab.press("Enter")
        tab.until(f"document.querySelector('mark')?.textContent === '{text}'")
    for text in ("heron", ""):
        tab.value("history.back()")
        tab.until(f"{FIELD}.value === '{text}'")
        assert tab.value("new URLSearchParams(location.search).get('q') ?? ''") == text


@pytest.mark.parametrize(
    ("typed", "kept"), [("fo", "fo*"), ("fo*", "fo*"), ("fog -tag:none fo", "fog -tag:none fo*")]
)
def test_a_click_while_a_word_is_typed_keeps_what_was_counted(
    tab: Tab, address: str, typed: str, kept: str
) -> None:
    search(tab, address, "")
    tab.value(f"{FIELD}.focus()")
    tab.command("Input.insertText", text=typed)
    tab.until("document.querySelector('mark')?.textContent.toLowerCase() === 'fog'")
    tab.until(DONE)
    years = "[...document.querySelectorAll('.facet button')]"
    button = f"{years}.find((e) => e.textContent.startsWith('2023'))"
    count = tab.value(f"{button}.textContent").removeprefix("2023").strip()
    tab.value(f"{button}.click()")
    tab.until(f"{FIELD}.value === '{kept} year:2023'")
    tab.until(f"parseInt({STATUS}) === {count}")


def test_a_click_keeps_a_word_that_no_star_can_follow(tab: Tab, address: str) -> None:
    search(tab, address, "")
    tab.value(f"{FIELD}.focus()")
    tab.command("Input.insertText", text="-is:repost nothing:")
    tab.until(DONE)
    tab.value(f"{FIELD}.dispatchEvent(new Event('input'))")
    tab.until(DONE)
    tab.value("document.querySelector('select').value = 'old'")
    tab.value("document.querySelector('select').dispatchEvent(new Event('change'))")
    tab.until(f"{FIELD}.value === '-is:repost nothing: sort:old'")


def test_counts_narrow_and_widen_the_query(tab: Tab, address: str) -> None:
    search(tab, address, "fog")
    assert tab.value(FACETS) == {
        "Years": ["2024 1", "2023 1", "2021 1", "2020 1", "2019 1", "2018 1"],
        "Kinds": ["Posts 5", "Replies 1"],
        "Networks": ["Bluesky 5", "Mastodon 1"],
    }
    button = "[...document.querySelectorAll('.facet button')].find((e) => e.textContent.startsWith('2023'))"
    tab.value(f"{button}.focus()")
    tab.press("Enter")
    tab.until(f"{STATUS} === '1 post'")
    tab.until(DONE)
    assert tab.value(f"{FIELD}.value") == "fog year:2023"
    assert tab.value("location.search") == "?q=fog+year%3A2023"
    assert tab.value(FACETS) == {
        "Years": ["2024 1", "+2023 1", "2021 1", "2020 1", "2019 1", "2018 1"],
        "Kinds": ["Posts 1"],
        "Networks": ["Bluesky 1"],
    }
    assert tab.value(f"document.activeElement === {button}")
    other = button.replace("2023", "2019")
    tab.value(f"{other}.click()")
    tab.until(f"{STATUS} === '2 posts'")
    assert tab.value(f"{FIELD}.value") == "fog year:2023,2019"
    tab.value(f"{button}.click()")
    tab.until(f"{STATUS} === '1 post'")
    assert tab.value(f"{FIELD}.value") == "fog year:2019"
    tab.value(f"{other}.click()")
    tab.until(f"{STATUS} === '6 posts'")
    assert tab.value(f"{FIELD}.value") == "fog"


def test_the_order_is_part_of_the_query(tab: Tab, address: str) -> None:
    search(tab, address, "frost sort:old")
    for order, text in (("likes", "frost sort:likes"), ("new", "frost")):
        tab.value(f"(() => {{ const s = document.querySelector('select'); s.value = '{order}'; s.dispatchEvent(new Event('change')); }})()")  # fmt: skip
        tab.until(DONE)
        assert tab.value(f"{FIELD}.value") == text


def test_more_results_come_when_they_are_asked_for(tab: Tab, address: str) -> None:
    search(tab, address, "rain* network:bluesky")
    more = "document.querySelector('.search-more')"
    assert tab.value(f"{TITLES}.length") == 20
    assert tab.value(STATUS) == "26 posts"
    tab.value(f"{more}.focus()")
    tab.press("Enter")
    tab.until(f"{TITLES}.length === 26")
    tab.until(f"{STATUS} === '26 of 26 posts'")
    assert tab.value(f"document.activeElement === {more}")
    assert tab.value(f"{more}.ariaDisabled") == "true"


def test_what_is_not_understood_is_told_with_what_was_meant(tab: Tab, address: str) -> None:
    search(tab, address, "fog fron:ben.example")
    assert tab.value("document.querySelector('.search-problem').innerText") == (
        "There is no fron: to search by, so it is taken as a word. Did you mean fog from:ben.example?"
    )
    tab.value("document.querySelector('.search-problem button').click()")
    tab.until(f"{STATUS} === '1 post'")
    assert tab.value(f"{FIELD}.value") == "fog from:ben.example"
    search(tab, address, "İİİ is:replys")
    tab.value("document.querySelector('.search-problem button').click()")
    tab.until(f"{FIELD}.value === 'İİİ is:reply'")
    search(tab, address, "12:30 https://example.org")
    assert tab.value("document.querySelectorAll('.search-problem').length") == 0


def test_keys_reach_the_field_and_the_results(tab: Tab, address: str) -> None:
    search(tab, address, "fog sort:old")
    tab.press("j")
    assert tab.value("document.activeElement.textContent") == "Fog on another network"
    tab.press("j")
    assert tab.value("document.activeElement.textContent") == "I agree, fog"
    tab.press("/")
    assert tab.value(f"document.activeElement === {FIELD}")


LOADED = """performance.getEntriesByType('resource').map((e) => e.name.replace(/[?].*/, ''))
  .filter((name) => !name.includes('/static/')).sort()"""


VERSIONS = (
    """Object.fromEntries(performance.getEntriesByType('resource').map((e) => e.name.split('?')))"""
)


def test_a_query_loads_only_what_it_needs(tab: Tab, address: str, output: Path) -> None:
    tab.resize(*NARROW)
    search(tab, address, "heron")
    needed = [f"{address}/search/{name}.js" for name in ("0/words-0", "index", "posts/0")]
    assert [name for name in tab.value(LOADED) if "posts" not in name] == needed[:2]
    assert len(tab.value(LOADED)) == 3
    (segment,) = IndexReader(output).directory["segments"]
    versions = tab.value(VERSIONS)
    assert versions[f"{address}/search/posts/0.js"] == segment["results"]
    assert versions[f"{address}/search/0/words-0.js"] == segment["version"]
    tab.value("document.querySelector('.search-narrow').open = true")
    tab.until(f"{LOADED}.length === 4")
    assert f"{address}/search/0/facets.js" in tab.value(LOADED)


@pytest.mark.parametrize("name", ["search/index.js", "search/0/words-0.js", "search/posts/0.js"])
@pytest.mark.parametrize(
    "other",
    [
        pytest.param(None, id="missing"),
        pytest.param(b"<!doctype html>\n<title>Not found</title>\n", id="a page instead"),
        pytest.param(b'sitegen.receive("search/0/likes","")\n', id="another file"),
    ],
)
def test_an_index_that_cannot_be_loaded_is_told(
    tab: Tab, tmp_path: Path, name: str, other: bytes | None
) -> None:
    output = built(tmp_path)
    file = output / name
    data = file.read_bytes()
    file.unlink()
    if other:
        file.write_bytes(other)
    search(tab, f"file://{output}", "heron")
    assert tab.value(STATUS) == "The index of the search could not be loaded. Please try again."
    file.write_bytes(data)
    tab.value("document.querySelector('.search-form').requestSubmit()")
    tab.until(f"{STATUS} === '1 post'")


def test_more_results_that_cannot_be_loaded_are_told(tab: Tab, tmp_path: Path) -> None:
    output = built(tmp_path)
    search(tab, f"file://{output}", "")
    assert tab.value(f"{TITLES}.length") == 20
    for file in (output / "search/posts").iterdir():
        file.unlink()
    tab.command("Network.clearBrowserCache")
    tab.value("document.querySelector('.search-more').click()")
    tab.until(f"{TITLES}.length > 20 || {STATUS}.startsWith('The index of the search')")


def test_results_that_are_there_do_not_wait_for_others(tab: Tab, tmp_path: Path) -> None:
    output = built(tmp_path)
    older = output / "search/posts/0.js"
    data = older.read_bytes()
    older.unlink()
    search(tab, f"file://{output}", "")
    newest = tab.value(TITLES)
    assert [title[:9] for title in newest] == ["The fog l", "今日は東京都へ行っ", "A heavy f"]
    assert tab.value(STATUS) == "The index of the search could not be loaded. Please try again."
    older.write_bytes(data)
    tab.value("document.querySelector('.search-form').requestSubmit()")
    tab.until(f"{STATUS} === '35 posts'")
    assert tab.value(f"{TITLES}.length") == 20
    assert tab.value(TITLES)[:3] == newest


def test_there_is_one_live_status_and_headings_lead_through_the_page(
    tab: Tab, address: str
) -> None:
    search(tab, address, "heron")
    live = "document.querySelectorAll('[role=status], [aria-live], [role=alert]').length"
    assert tab.value(live) == 1
    headings = "[...document.querySelectorAll('main :is(h1, h2, h3)')].map((e) => e.localName + ' ' + e.textContent)"
    assert tab.value(headings) == [
        "h1 Search", "h2 Narrow down", "h3 Years", "h3 Topics", "h3 Kinds", "h3 Networks", "h3 Languages", "h2 Results", "h3 Look",
    ]  # fmt: skip
    assert tab.value("document.activeElement === document.body")


@pytest.mark.parametrize(
    ("language", "status", "meaning", "first"),
    [
        pytest.param("de", "6 Beiträge", "mit „fog“", "1. März 2024", marks=pytest.mark.slow),
        pytest.param("fr", "6 messages", "avec « fog »", "1 mars 2024", marks=pytest.mark.slow),
        pytest.param("ja", "投稿6件", "「fog」を含む", "2024年3月1日", marks=pytest.mark.slow),
        ("ar", "6 منشورات", "فيها «fog»", "1 مارس 2024"),
        pytest.param("es", "6 publicaciones", "con «fog»", "1 mar 2024", marks=pytest.mark.slow),
    ],
)
def test_the_page_speaks_the_language_of_the_site(
    tab: Tab, tmp_path: Path, language: str, status: str, meaning: str, first: str
) -> None:
    output = built(tmp_path, f'[site]\nlanguage = "{language}"\n')
    search(tab, f"file://{output}", "fog")
    assert tab.value(STATUS) == status
    assert tab.value("document.querySelector('.search-meaning').textContent") == meaning
    assert tab.value("document.querySelector('.search-results time').textContent") == first
    days = [*(f"2022-{month:02}-22" for month in range(1, 13)), "2001-02-01T10:00", "0987-05-30"]
    spoken = Language(language, {})
    written = tab.value(f"{json.dumps(days)}.map((day) => sitegen.shortDate(day))")
    assert written == [spoken.short_day(day) for day in days]
    assert tab.problems == []


def test_without_scripts_the_page_offers_other_ways(output: Path) -> None:
    text = (output / "search.html").read_text("utf-8")
    offered = text[text.index("<noscript>") : text.index("</noscript>")]
    assert 'href="dates.html"' in offered
    assert "search.html" not in offered


@pytest.mark.parametrize(
    "theme", ["default", *(pytest.param(t, marks=pytest.mark.slow) for t in ("gazette", "ink"))]
)
def test_counts_are_beside_the_results_where_there_is_room(
    tab: Tab, tmp_path: Path, theme: str
) -> None:
    output = built(tmp_path, f'[theme]\nname = "{theme}"\n')
    edges = """['.facet', '.search-results'].map((name) => {
      const { left, right, top } = document.querySelector(name).getBoundingClientRect();
      return [left, right, top]; })"""
    search(tab, f"file://{output}", "fog")
    counts, results = tab.value(edges)
    assert 0 <= counts[0] < counts[1] <= results[0] < results[1] <= WIDE[0]
    tab.resize(*NARROW)
    tab.value("document.querySelector('.search-narrow').open = true")
    counts, results = tab.value(edges)
    assert counts[2] < results[2]
    assert 0 <= counts[0] < counts[1] <= NARROW[0]
