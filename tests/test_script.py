"""The script of the default theme, in a real browser: keys, and buttons that copy permalinks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from checkers import chromium
from checkers.chromium import CONTROL, Tab
from test_build import site, thread

from sitegen.config.schema import Config, Site
from sitegen.languages import catalog, site_language
from sitegen.site import build as builds
from sitegen.site.outputs import scripts

SCRIPT = Path(__file__).parent.parent / "themes/default/static/posts.js"
FIELD = '<input type="search" aria-label="Search">'
SEARCH = f'{{% extends "default/tag.html" %}}{{% block heading %}}{FIELD}{{% endblock %}}'
MOST = 3_000  # bytes of the script
FOCUSED = "document.activeElement.closest('.post, .line')?.textContent.match(/Fog \\w+/)[0] ?? null"


class Quiet(SimpleHTTPRequestHandler):
    """Serve files without a word."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called there
        """Say nothing."""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a built site, whose tag pages have a search field."""
    folder = tmp_path_factory.mktemp("site")
    config = site(folder, thread("a", "Fog one", "Fog two", "Fog three", tags=("moor",)),
                  thread("b", "Fog four", day=2, tags=("moor",)))  # fmt: skip
    config.templates.mkdir()
    (config.templates / "tag.html").write_text(SEARCH, "utf-8")
    builds.build(config)
    return config.output


@pytest.fixture(scope="module")
def address(output: Path) -> Iterator[str]:
    """Serve the site on loopback, and return its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(output)))
    serving = Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run one browser for all tests."""
    with chromium.running(tmp_path_factory.mktemp("profile")) as browser_address:
        yield browser_address


@pytest.fixture
def tab(browser: str, address: str) -> Iterator[Tab]:
    """Open a tab at the thread of three posts, with the keys on."""
    with chromium.opened(browser, f"{address}/thread/bluesky-a0.html") as opened:
        opened.value("localStorage.clear()")
        opened.go(f"{address}/thread/bluesky-a0.html")
        yield opened


browsing = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.mark.parametrize("code", catalog.bundled_languages())
def test_the_script_is_small_with_the_words_of_any_language(code: str) -> None:
    language = site_language.load(Config(root=Path(), site=Site(language=code)))
    assert len(scripts.with_messages(SCRIPT.read_bytes(), language)) <= MOST


def test_only_pages_with_several_posts_load_the_script(output: Path) -> None:
    pages = {p.relative_to(output).as_posix(): p.read_text("utf-8") for p in output.rglob("*.html")}
    loading = {name for name, text in pages.items() if "static/posts.js" in text}
    several = {n for n, text in pages.items() if len(re.findall('class="(post|line) ', text)) > 1}
    by_kind = {
        n for n, text in pages.items() if re.search('<body class="kind-(kind|search)">', text)
    }
    assert loading == several | by_kind
    assert "thread/bluesky-a0.html" in several
    assert {"thread/bluesky-a1.html", "thread/bluesky-b0.html"} <= pages.keys() - loading


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_its_words_are_those_of_the_site(tmp_path: Path, language: str) -> None:
    config = site(tmp_path, thread("a", "Fog"), toml=f'[site]\nlanguage = "{language}"\n')
    builds.build(config)
    script = config.output / "static/posts.js"
    words = {"fr": "Copier le lien", "ar": "نسخ الرابط"}
    assert f'{{"copy":"{words[language]}","copied":' in script.read_text("utf-8")
    config.messages.mkdir()
    own = config.messages / f"{language}.toml"
    own.write_text('[script]\nkeys = "\\"j\\" \\\\ k"\n', "utf-8")
    assert "static/posts.js" in builds.build(config).written
    assert r'"keys":"\"j\" \\ k"}' in script.read_text("utf-8")


class TestInABrowser:
    """What the script does."""

    pytestmark = browsing

    def test_keys_move_the_focus_from_post_to_post(self, tab: Tab) -> None:
        focused = [tab.value(FOCUSED)]
        for key in "jjjjkkk":
            tab.press(key)
            focused.append(tab.value(FOCUSED))
        assert focused == [
            None, "Fog one", "Fog two", "Fog three", "Fog three", "Fog two", "Fog one", "Fog one",
        ]  # fmt: skip
        assert tab.value("document.activeElement.matches('.post .when a')")
        assert tab.problems == []

    def test_keys_with_modifiers_and_in_fields_are_left_alone(self, tab: Tab, address: str) -> None:
        tab.press("j", CONTROL)
        assert tab.value(FOCUSED) is None
        tab.press("/")
        assert tab.value("document.activeElement === document.body")
        tab.go(f"{address}/tag/moor.html")
        tab.press("/")
        assert tab.value("document.activeElement.type") == "search"
        for key in ("j", "/"):
            tab.press(key)
        assert tab.value("document.activeElement.value") == "j/"

    def test_keys_move_between_the_lines_of_a_listing(self, tab: Tab, address: str) -> None:
        tab.go(f"{address}/tag/moor.html")
        tab.press("j")
        assert tab.value(FOCUSED) == "Fog four"
        tab.press("j")
        assert tab.value(FOCUSED) == "Fog one"
        tab.press("Enter")
        tab.until("location.pathname === '/thread/bluesky-a0.html'")

    def test_the_keys_can_be_turned_off(self, tab: Tab, address: str) -> None:
        button = "document.querySelector('.keys button')"
        assert tab.value(f"{button}.getAttribute('aria-pressed')") == "true"
        tab.value(f"{button}.click()")
        assert tab.value(f"{button}.getAttribute('aria-pressed')") == "false"
        tab.go(f"{address}/thread/bluesky-a0.html")
        assert tab.value(f"{button}.getAttribute('aria-pressed')") == "false"
        tab.press("j")
        assert tab.value(FOCUSED) is None

    def test_a_button_copies_the_permalink(self, tab: Tab, address: str) -> None:
        permissions = ["clipboardReadWrite", "clipboardSanitizedWrite"]
        tab.command("Browser.grantPermissions", permissions=permissions)
        tab.command("Page.bringToFront")
        assert tab.value("document.querySelectorAll('.copy').length") == 3
        label = tab.value("document.querySelectorAll('.copy')[1].ariaLabel")
        assert label == "Copy the link: post 2 of 3"
        tab.value("document.querySelectorAll('.copy')[1].click()")
        tab.until("document.querySelector('[role=status]').textContent === 'Link copied'")
        assert tab.value("navigator.clipboard.readText()") == f"{address}/thread/bluesky-a1.html"

    def test_the_link_is_shown_where_it_cannot_be_copied(self, tab: Tab, address: str) -> None:
        tab.value("navigator.clipboard.writeText = () => Promise.reject(new Error())")
        tab.value("document.querySelector('.copy').click()")
        link = f"{address}/thread/bluesky-a0.html"
        tab.until(f"document.querySelector('[role=status]').textContent === '{link}'")

    def test_pages_from_a_disk_work_as_well(self, tab: Tab, output: Path) -> None:
        tab.go(f"file://{output}/thread/bluesky-a0.html")
        tab.press("j")
        assert tab.value(FOCUSED) == "Fog one"
        assert tab.problems == []
