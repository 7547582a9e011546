"""What a printed page has, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from checkers import chromium
from msgspec.structs import replace
from test_build import site, thread

from sitegen.model import Card, Facet, Thread
from sitegen.site import build as builds

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.CHROMIUM is None, reason="Chromium is not installed"),
]
VISIBLE = "document.querySelector('{}').checkVisibility()"


def test_print_unfolds_doubts_but_no_warning_and_leaves_out_the_menu(tmp_path: Path) -> None:
    doubtful, warned = thread("a", "Fog").posts[0], thread("b", "Rain", day=2).posts[0]
    doubtful = replace(doubtful, uncertain=("it speaks of itself",))
    warned = replace(warned, warning="Rain")
    threads = [Thread(post.id, post.network, (post,)) for post in (doubtful, warned)]
    config = site(tmp_path, *threads)
    builds.build(config)
    parts = (".doubts ul", ".warning .e-content", ".masthead nav")
    with (
        chromium.running(tmp_path / "profile") as browser,
        chromium.opened(browser, f"file://{config.output}/index.html") as tab,
    ):
        shown = [tab.value(VISIBLE.format(part)) for part in parts]
        tab.print()
        printed = [tab.value(VISIBLE.format(part)) for part in parts]
    assert (shown, printed) == ([False, False, True], [True, False, False])


@pytest.mark.parametrize(
    "theme", ["default", *(pytest.param(t, marks=pytest.mark.slow) for t in ("gazette", "ink"))]
)
def test_paper_is_white_and_words_are_black_in_every_theme(tmp_path: Path, theme: str) -> None:
    config = site(tmp_path, thread("a", "Fog"), toml=f'[theme]\nname = "{theme}"\n')
    builds.build(config)
    colours = (
        "['backgroundColor', 'color'].map((key) => getComputedStyle(document.documentElement)[key])"
    )
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    with (
        chromium.running(tmp_path / "profile") as browser,
        chromium.opened(browser, f"file://{config.output}/index.html") as tab,
    ):
        tab.command("Emulation.setEmulatedMedia", media="print", features=dark)
        assert tab.value(colours) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]


def test_paper_has_the_address_of_a_link_once(tmp_path: Path) -> None:
    text = "See kettle.example/tea or ask"
    facets = tuple(
        Facet(
            text.index(words), text.index(words) + len(words), "link", "https://kettle.example/tea"
        )
        for words in ("kettle.example/tea", "ask")
    )
    post = replace(thread("a", "").posts[0], text=text, facets=facets)
    cards = Card("A kettle", "", "https://kettle.example/"), Card("", "", "https://pot.example/")
    others = [replace(thread(f"b{n}", "").posts[0], card=card) for n, card in enumerate(cards)]
    config = site(tmp_path, *[Thread(each.id, each.network, (each,)) for each in (post, *others)])
    builds.build(config)
    has_address = """Object.fromEntries([...document.querySelectorAll('main :is(.text, .card) a')]
      .map((link) => [link.textContent, getComputedStyle(link, '::after').content !== 'none']))"""
    with (
        chromium.running(tmp_path / "profile") as browser,
        chromium.opened(browser, f"file://{config.output}/index.html") as tab,
    ):
        tab.print()
        assert tab.value(has_address) == {
            "A kettle": True,
            "ask": True,
            "https://pot.example/": False,
            "kettle.example/tea": False,
        }
