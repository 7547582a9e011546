"""A real browser before the preview: reload, style without reload, error and recovery."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from checkers import chromium
from checkers.chromium import Tab

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run one browser for all tests."""
    with chromium.running(tmp_path_factory.mktemp("profile")) as address:
        yield address


@pytest.fixture
def open_tab(browser: str) -> Iterator[Callable[[str], Tab]]:
    """Return a function that opens an address in a new tab."""
    with ExitStack() as tabs:
        yield lambda url: tabs.enter_context(chromium.opened(browser, url))


TEXT = "document.querySelector('#text')?.textContent"
COLOUR = "getComputedStyle(document.querySelector('#text')).color"
OVERLAY = "document.querySelector('sitegen-failure')?.shadowRoot.textContent ?? ''"


def test_the_browser_follows_the_site(preview: Any, open_tab: Callable[[str], Tab]) -> None:
    tab = open_tab(preview.url)
    tab.until(f"{TEXT} === 'First light'")

    tab.value("scrollTo(0, 700); window.mark = 'not reloaded'")
    preview.write("content/index.txt", "Edited")
    tab.until(f"{TEXT} === 'Edited'")
    assert tab.value("typeof window.mark") == "undefined"
    tab.until("scrollY === 700")

    tab.value("window.mark = 'not reloaded'")
    preview.write("style.css", "p { color: rgb(200, 0, 0) }")
    tab.until(f"{COLOUR} === 'rgb(200, 0, 0)'")
    tab.until("document.querySelectorAll('link[rel=stylesheet]').length === 1")
    preview.write("style.css", "p { color: rgb(0, 100, 0) }")
    tab.until(f"{COLOUR} === 'rgb(0, 100, 0)'")
    assert tab.value("window.mark") == "not reloaded"

    preview.write("content/index.txt", "BROKEN")
    tab.until(f"({OVERLAY}).includes('no <b>way</b> to read this')")
    assert (
        tab.value("document.querySelector('sitegen-failure').shadowRoot.querySelector('b')") is None
    )
    section = "document.querySelector('sitegen-failure').shadowRoot.querySelector('section')"
    assert tab.value(f"getComputedStyle({section}).position") == "fixed"
    assert tab.value(TEXT) == "Edited"
    assert tab.value("window.mark") == "not reloaded"

    preview.write("content/index.txt", "Edited")
    tab.until(f"({OVERLAY}) === ''")
    assert tab.value("window.mark") == "not reloaded"
    assert tab.problems == []


def test_a_page_opened_on_a_failure_recovers(
    little_site: Path, start_preview: Callable[..., Any], open_tab: Callable[[str], Tab]
) -> None:
    (little_site / "content/index.txt").write_text("BROKEN", "utf-8")
    preview = start_preview(little_site, words="error")
    tab = open_tab(preview.url)
    tab.until("document.title === 'The site could not be built'")
    tab.until(f"({OVERLAY}).includes('no <b>way</b>')")
    preview.write("content/index.txt", "Whole")
    tab.until(f"{TEXT} === 'Whole'")
    assert tab.value(OVERLAY) == ""


def test_a_page_outlives_the_server(
    little_site: Path, start_preview: Callable[..., Any], open_tab: Callable[[str], Tab]
) -> None:
    first = start_preview(little_site)
    tab = open_tab(first.url)
    tab.until(f"{TEXT} === 'First light'")
    first.end()
    first.write("content/index.txt", "Changed while nobody served")
    start_preview(little_site, int(first.netloc.rpartition(":")[2]))
    tab.until(f"{TEXT} === 'Changed while nobody served'")


def test_a_removed_page_shows_that_it_is_gone(preview: Any, open_tab: Callable[[str], Tab]) -> None:
    tab = open_tab(f"{preview.url}second")
    tab.until(f"{TEXT} === 'Second light'")
    (preview.folder / "content/second.txt").unlink()
    tab.until("document.title === 'No such page'")
    preview.write("content/second.txt", "Back again")
    tab.until(f"{TEXT} === 'Back again'")
