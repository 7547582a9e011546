"""Statistics lines of pages in giant lines, behind odd line breaks, and without a date."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType

import pytest

from sitegen.model import Counts
from sitegen.sources import Options, Source
from sitegen.sources.page_text.importer import PageText
from sitegen.sources.page_text.posts.statistics import parse_line

LINE = "03.04.2024 10:00 — 👍 3 🔁 1 💬 2 📌 0"


@pytest.mark.parametrize(
    "text",
    [
        f"Fog again.{' ' * 30_000} {LINE}\nRain.\n{LINE.replace('03.', '02.')}\n",
        f"Fog again. {LINE}{' ' * 30_000}\nRain.\n{LINE.replace('03.', '02.')}\n",
        f"Fog again.\n{' ' * 30_000}{LINE}\nRain.\n{LINE.replace('03.', '02.')}\n",
        f"Fog again.\u2028{LINE}\u2028Rain.\u2028{LINE.replace('03.', '02.')}\u2028",
        f"Fog again.\v{LINE}\vRain.\x85{LINE.replace('03.', '02.')}\x85",
        f"Fog again.\n{LINE}\nRain.\n2024\u201104\u201102 {LINE[11:]}\n",
        f"Fog again.\n3h {LINE[19:]}\nRain.\n{LINE}\n",
        f"Fog again.\nYesterday 10:00 · {LINE[19:]}\nRain.\n{LINE}\n",
    ],
)
def test_a_statistics_line_ends_its_post_in_whatever_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "page.txt"
    path.write_text(text, "utf-8")
    imported = PageText().read(Source(path, b""), Options("mara.example.net"))
    posts = [post for thread in imported.threads for post in thread.posts]
    texts = sorted(post.text for post in posts)
    assert texts == ["Fog again.", "Rain."]
    assert {post.counts for post in posts} == {Counts(3, 1, 2, 0)}


def test_a_page_of_one_giant_line_is_read_in_linear_time() -> None:
    page = " ".join(
        f"Fog {'again ' * (1 + n % 7)}{LINE.replace('10:00', f'{n // 60:02}:{n % 60:02}')}"
        for n in reversed(range(1200))
    )
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        found = parse_line(page)[0]
    finally:
        sys.setprofile(None)
    assert len(found) == 1200
    assert {len(end.before.split()) for end in found} == {*range(2, 9)}
    assert calls < 1200 * 1000
