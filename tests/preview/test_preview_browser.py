"""A real browser before the preview: reload, style without reload, error and recovery."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from checkers import chromium
from checkers.checks import axe
from checkers.chromium import Tab
from checkers.combinations import VIEWS
from preview.serving import Serving

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


SHADOW = "document.querySelector('sitegen-failure')?.shadowRoot"
TEXTS = f"[...({SHADOW}?.querySelectorAll('.place, pre, li p:last-child') ?? [])].map((e) => e.textContent)"
THREAD = (
    '---\ntitle: "Fog"\nnetwork: "bluesky"\nid: "{id}"\nposts:\n  - {{"id": "{id}"}}\n---\n\n'
    "<!-- post 3 -->\n\nFog\n"  # only thread 3 is whole
)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Serving]:
    """Serve a real site, with the theme's own policy."""
    write(tmp_path / "content/threads/a.md", THREAD.format(id="3"))
    (tmp_path / "sitegen.toml").write_text(
        '[site]\nbase_url = "https://x.example/repo/"\n', "utf-8"
    )
    serving = Serving(tmp_path)
    yield serving
    serving.end()


def write(path: Path, text: str) -> None:
    """Save a file at once, so that one build shows it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_name("new.tmp").write_text(text, "utf-8")
    path.with_name("new.tmp").replace(path)


def test_errors_lie_over_the_last_good_page(
    served: Serving, open_tab: Callable[[str], Tab]
) -> None:
    tab = open_tab(f"http://{served.netloc}/")
    tab.until("document.querySelector('body.kind-index .when a')")
    tab.value("document.querySelector('.when a').focus(); window.mark = 'not reloaded'")
    threads = served.root / "content/threads"
    write(threads / "b.md", THREAD.format(id="<b>4</b>"))
    tab.until(f"({TEXTS}).length === 3")
    assert tab.value(TEXTS) == [
        "content/threads/b.md:6",
        "the text of post <b>4</b> is missing",
        "Hint: put back the line <!-- post %3Cb%3E4%3C/b%3E -->, or delete the post's line too.",
    ]
    assert tab.value(f"{SHADOW}.querySelector('section').getAttribute('role')") == "alert"
    assert tab.value("document.activeElement.matches('.when a')")
    assert tab.value("document.querySelector('h1').getBoundingClientRect().height > 0")
    assert tab.value("window.mark") == "not reloaded"

    tab.press("Escape")
    assert tab.value(SHADOW) is None
    write(threads / "c.md", THREAD.format(id="5"))
    tab.until(f"({TEXTS}).length === 6")
    tab.value(f"{SHADOW}.querySelector('button').focus()")
    tab.press("Enter")
    tab.until(f"({TEXTS}).length === 0")

    other = open_tab(f"http://{served.netloc}/thread/none-3.html")
    other.problems.clear()  # the browser reports that there is no such page
    other.until(f"({TEXTS}).length === 6")
    for name in "bc":
        (threads / f"{name}.md").unlink()
    other.until(f"({TEXTS}).length === 0")
    assert tab.problems == other.problems == []


def test_the_404_page_has_its_style_at_any_depth(
    served: Serving, open_tab: Callable[[str], Tab]
) -> None:
    for path in ("repo/a/b/c", "a/b/c", "none"):
        tab = open_tab(f"http://{served.netloc}/{path}")
        tab.until("document.querySelector('.kind-404')")
        tab.until("getComputedStyle(document.querySelector('.skip')).position === 'absolute'")
        home = tab.value("document.querySelector('.lede a').href")
        assert home == f"http://{served.netloc}/repo/index.html"


@pytest.mark.checkers
@pytest.mark.parametrize("is_built", [True, False], ids=["over-a-page", "without-a-page"])
def test_errors_can_be_read_by_everyone(tmp_path: Path, browser: str, is_built: bool) -> None:
    """By axe's rules, in each scheme and width; also the page where nothing was ever built."""
    write(tmp_path / "content/threads/a.md", THREAD.format(id="3"))
    broken = tmp_path / "content/threads/b.md"
    if not is_built:
        write(broken, THREAD.format(id="4" * 300))
    serving = Serving(tmp_path)
    try:
        with chromium.opened(browser, f"http://{serving.netloc}/") as tab:
            tab.until("document.querySelector('h1')")
            write(broken, THREAD.format(id="4" * 300))
            tab.until(f"({TEXTS}).length === 3")
            for view in VIEWS:
                axe.look(tab, view)
                assert axe.faults(tab) == []
                width = f"{SHADOW}.querySelector('section').scrollWidth"
                assert tab.value(width) <= view.width
    finally:
        serving.end()
