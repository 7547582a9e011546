"""Saved profile pages: their h-feed, else the text that people see, read as page text."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.errors import SourceError
from sitegen.formats.html.page_tree import parse_page
from sitegen.sources import HEAD_BYTES, Imported, Options, Source
from sitegen.sources.page_text.importer import PageText
from sitegen.sources.page_text.inner_text import visible_text
from sitegen.sources.page_text.saved_page import SavedPage

from .expected import holds

CASES = Path(__file__).parent / "saved_page"
INPUTS = sorted(CASES.glob("*/input.html"))
PAGES = sorted((Path(__file__).parent / "page_text").glob("*/input.txt"))


def source(path: Path) -> Source:
    return Source(path, path.read_bytes()[:HEAD_BYTES])


def read(path: Path) -> Imported:
    return SavedPage().read(source(path), Options("river.example.net"))


def shown(html: str) -> str:
    return visible_text(parse_page(html, Path("page.html")))


@pytest.mark.parametrize("path", INPUTS, ids=lambda p: p.parent.name)
def test_a_saved_page_imports_as_expected(path: Path, refresh: bool) -> None:
    assert SavedPage().detect(source(path)) == "a saved HTML page"
    holds(read(path), path.parent / "expected.json", refresh)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.parent.name)
def test_a_page_gives_what_its_text_gives(path: Path, tmp_path: Path) -> None:
    data = path.read_bytes().decode("utf-8")
    lines = data.replace("\r\n", "\n").replace("&", "&amp;").replace("<", "&lt;").split("\n")
    body = "".join(f'<div style="white-space:pre-wrap">{line}</div>' for line in lines if line)
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><meta charset=utf-8>{body}", "utf-8")
    text = tmp_path / "page.txt"
    text.write_text(
        "\n".join(line for line in data.replace("\r\n", "\n").split("\n") if line), "utf-8"
    )
    expected = PageText().read(source(text), Options("river.example.net"))
    imported = read(page)
    assert imported.threads == expected.threads
    assert imported.profiles == expected.profiles
    assert imported.exclusions == expected.exclusions


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One<p>Two", "One\n\nTwo"),
        ("<div>One<div>Two</div>Three</div>", "One\nTwo\nThree"),
        ("a <b> b</b>  c", "a b c"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<table><tr><td>1<td>2<tr><td>3", "1\t2\n3"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<span hidden>x</span>y<i style='DISPLAY : none'>z</i>", "y"),
        ("<script>a</script><style>b</style><template>c</template><noscript>d</noscript>e", "e"),
        ("<!-- a -->b", "b"),
        ("<img alt='👍'> 2 <img alt='A photo of 👍'>", "👍 2"),
        ("&nbsp;a&nbsp;&nbsp;b", "\xa0a\xa0\xa0b"),
        ("<title>t</title>", ""),
        ("", ""),
    ],
)
def test_the_text_is_as_a_browser_copies_it(html: str, text: str) -> None:
    assert shown(html) == text


def test_a_page_without_posts_says_what_was_looked_for(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    for html in ("<html><body><p>Nothing here", "<html><script>1</script></html>", "<html><body>"):
        page.write_text(html, "utf-8")
        with pytest.raises(SourceError) as caught:
            read(page)
        assert "👍" in str(caught.value.hint)
        assert "\n" not in str(caught.value)


def test_only_html_is_claimed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for data in (
        b"",
        b"text",
        b'{"a": "<html>"}',
        b"<3 hearts",
        b"\xff\xd8\xff",
        b"<?xml version='1.0'?><rss/>",
    ):
        path.write_bytes(data)
        assert SavedPage().detect(source(path)) is None, data
    for data in (b"<!DOCTYPE html>", b"\xef\xbb\xbf <p>", b"<?xml version='1.0'?><html xmlns='x'>"):
        path.write_bytes(data)
        assert SavedPage().detect(source(path)), data


def test_a_deep_page_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html>" + "<div>" * 100_000, "utf-8")
    with pytest.raises(SourceError, match="deeply nested"):
        read(page)
