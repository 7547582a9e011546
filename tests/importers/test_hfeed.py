"""Pages with microformats: whole imports as goldens, what is claimed, bad input."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.errors import SourceError
from sitegen.model import Post
from sitegen.sources import HEAD_BYTES, Imported, Options, Source
from sitegen.sources.feeds.microformats.importer import HFeed, OtherMicroformats
from sitegen.sources.page_text.saved_page import SavedPage

from .expected import holds

STATISTICS = "15.09.2025 13:24 — 👍 2 🔁 0 💬 0 📌 0"
CASES = Path(__file__).parent / "hfeed"
INPUTS = sorted(CASES.glob("*/input.html"))


def source(path: Path) -> Source:
    return Source(path, path.read_bytes()[:HEAD_BYTES])


def read(path: Path) -> Imported:
    imported = HFeed().read(source(path), Options())
    assert imported.records == len(posts(imported)) + len(imported.exclusions)
    return imported


def posts(imported: Imported) -> list[Post]:
    return [post for thread in imported.threads for post in thread.posts]


def made(folder: Path, html: str | bytes) -> Path:
    path = folder / "page"
    path.write_bytes(html.encode() if isinstance(html, str) else html)
    return path


@pytest.mark.parametrize("path", INPUTS, ids=lambda p: p.parent.name)
def test_a_page_imports_as_expected(path: Path, refresh: bool) -> None:
    holds(read(path), path.parent / "expected.json", refresh)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<div class="h-entry">', "a page with h-entries"),
        ("<!-- saved --><html><body class='a h-feed b'>", "a page with h-entries"),
        ("<p class=h-entry>", "a page with h-entries"),
        ("<html>" + " " * HEAD_BYTES + '<p class="h-entry">', "a page with h-entries"),
        ('<div class="h-event">', "a page with microformats"),
        ('<p class="h-card">Me</p>', "a page with microformats"),
        (f'<p class="h-card">Me</p><p>{STATISTICS}</p>', "a saved HTML page"),
        (f'<p class="h-entry">Me</p><p>{STATISTICS}</p>', "a page with h-entries"),
        ("<html><p>about h-entry</p>", "a saved HTML page"),
        ('<body class="h-full">', "a saved HTML page"),
        ('{"class": "h-entry"}', None),
        ("class='h-entry'", None),
        ("", None),
    ],
)
def test_a_page_is_known_by_its_classes(html: str, found: str | None, tmp_path: Path) -> None:
    page = source(made(tmp_path, html))
    claims = (importer.detect(page) for importer in (HFeed(), SavedPage(), OtherMicroformats()))
    assert next(filter(None, claims), None) == found


def test_a_page_without_an_address_has_relative_ids_of_no_host(tmp_path: Path) -> None:
    entry = '<div class="h-entry"><p class="e-content">Hi</p><a class="u-url" href="/1">1</a></div>'
    post = posts(read(made(tmp_path, entry)))[0]
    assert (post.id, post.url) == ("/1", None)
    saved = f"<!-- saved from url=(0019)https://a.example/b -->{entry}"
    assert posts(read(made(tmp_path, saved)))[0].url == "https://a.example/1"


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + '<p class="h-entry">',
        "".join(f"<b id={n}>" for n in range(250)) + "<p>" * 100_000 + '<i class="h-entry">',
        "<table class='h-entry'>" * 5_000,
        '<div class="p-name h-entry">' * 200 + "text" * 1000,
        "<p class='h-entry'>" + "<a " * 20_000,
    ],
    ids=["deep", "tangled", "tables", "properties", "cut tags"],
)
def test_pages_that_would_grow_out_of_hand_are_read_or_refused(html: str, tmp_path: Path) -> None:
    try:
        read(made(tmp_path, html))
    except SourceError as error:
        assert "\n" not in str(error)
        assert error.hint


@pytest.mark.parametrize("html", ["<div>" * 400, '<p class="p-x">' + '<i class="p-x">' * 30])
def test_too_deep_a_page_is_refused(html: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="deeply nested"):
        read(made(tmp_path, html))


def test_a_script_address_is_no_link(tmp_path: Path) -> None:
    html = '<div class="h-entry"><a class="u-url" href="javascript:alert(1)">x</a><b class="e-content">y</b></div>'
    post = posts(read(made(tmp_path, html)))[0]
    assert (post.url, post.links) == (None, ())


def test_values_of_any_type_are_coped_with(tmp_path: Path) -> None:
    html = """<div class="h-entry p-name"><div class="u-photo h-card">x</div><p class="e-content h-card">
    <b class="p-name">inner</b></p><span class="dt-published h-card">y</span><i class="u-in-reply-to">z</i></div>"""
    assert len(posts(read(made(tmp_path, html)))) == 1


MARK = "<data class='p-{}' value='{}'></data>"
ENTRY = "<div class='h-entry'><p class='e-content'>{}</p>{}</div>"


@pytest.mark.parametrize(
    "mark",
    [MARK.format("visibility", "private"), MARK.format("visibility", "Znajomi"),
     MARK.format("post-status", "draft"), "<b class='p-visibility'>Followers</b>"],
)  # fmt: skip
def test_what_a_feed_says_of_who_sees_it_is_said_of_its_entries(mark: str, tmp_path: Path) -> None:
    hidden = ENTRY.format("Rook", "") + ENTRY.format("Rook 2", MARK.format("visibility", "public"))
    feed = f"<div class='h-feed'><h1 class='p-name'>Rook log</h1>{{}}{hidden}</div>"
    around = f"<div class='h-card'><b class='p-name'>Ada</b>{{}}{hidden}</div>"
    open_feed = f"<div class='h-feed'>{ENTRY.format('Fog', '')}</div>"
    for closed in (
        feed.format(mark),
        around.format(mark),
        f"<div class='hfeed h-feed'>{mark}{hidden}</div>",
    ):
        imported = read(made(tmp_path, f"<body>{closed}{open_feed}"))
        assert [post.text for post in posts(imported)] == ["Fog"]
        assert "Rook" not in repr((imported.threads, imported.exclusions))
    imported = read(made(tmp_path, f"<body>{mark}{open_feed}{ENTRY.format('Rook', '')}"))
    assert not posts(imported)
    inside = ENTRY.format("Rook", mark) + ENTRY.format("Fog", "")
    assert [post.text for post in posts(read(made(tmp_path, inside)))] == ["Fog"]


@pytest.mark.parametrize(
    ("name", "word", "is_open"),
    [("status", "draft", False), ("access", "Members", False), ("audience", "friends", False),
     ("privacy", "private", False), ("status", "on the moor", True)],
)  # fmt: skip
def test_other_marks_close_an_entry_by_words_that_can_mean_nothing_else(
    name: str, word: str, is_open: bool, tmp_path: Path
) -> None:
    html = ENTRY.format("Rook", MARK.format(name, word)) + ENTRY.format("Fog", "")
    found = read(made(tmp_path, html))
    assert ("Rook" in repr(found)) == is_open
    assert len(posts(found)) == 1 + is_open
