"""What a printed page has, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from checkers import chromium
from msgspec.structs import replace
from test_build import site, thread

from sitegen.model import Thread
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
