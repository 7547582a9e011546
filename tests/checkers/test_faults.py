"""Each checker finds a fault that was put into a page, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from . import running
from .built_site import BuiltSite
from .checks import feeds, html_checker, links, microformats
from .combinations import VIEWS, View

PLACES = ("from a disk", "under /", "under /repo/")
PHONE = View("dark", 390)
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width"><meta name="description" content="A page">
<link rel="icon" href="a.svg"></head>
<body class="kind-a"><main id="main"><h1>A page</h1>BODY</main></body></html>
"""
ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:a</id><title>A</title>
<updated>2024-05-01T10:00:00Z</updated><author><name>Mara</name></author>
<link rel="self" href="https://wells.example/feed.xml"/>
<entry><id>urn:b</id><title>B</title><updated>2024-05-01T10:00:00Z</updated>
<link href="https://wells.example/index.html"/></entry></feed>
"""
JSON = {
    "version": "https://jsonfeed.org/version/1.1", "title": "A",
    "feed_url": "https://wells.example/feed.json",
    "items": [{"id": "b", "url": "https://wells.example/index.html", "content_text": "B",
               "date_published": "2024-05-01T10:00:00Z"}],
}  # fmt: skip
ENTRY = '<article class="h-entry"><a class="u-url" href="a.html">A</a><a href="b">C</a><p class="e-content">B</p></article>'


@pytest.fixture
def site(tmp_path: Path) -> Callable[..., BuiltSite]:
    """Return a function that writes a site of one page, with more files."""

    def write(body: str, **files: str) -> BuiltSite:
        texts = {"index.html": PAGE.replace("BODY", body), "a.svg": SVG}
        texts |= {re.sub("_(?=[a-z]+$)", ".", name): text for name, text in files.items()}
        for name, text in texts.items():
            (tmp_path / name).write_text(text, "utf-8")
        return BuiltSite(tmp_path)

    return write


SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1v1z"/></svg>'
Write = Callable[..., BuiltSite]


@pytest.mark.checkers
def test_the_html_checker_reads_pages_styles_and_drawings(site: Write) -> None:
    assert html_checker.check(site("<p>Well</p>", a_css="p { color: red }")).findings == ()
    report = html_checker.check(
        site("<p><div>a</div></p>", a_css="p { colour: red }", a_svg="<svg>")
    )
    assert {finding.page for finding in report.findings} == {"index.html", "a.css", "a.svg"}
    assert report.checked == 3


@pytest.mark.checkers
def test_links_are_followed_with_their_fragments_wherever_the_site_is(site: Write) -> None:
    good = site('<a href="index.html#main">a</a> <a href="https://far.example/none">b</a>')
    assert links.check(good).findings == ()
    bad = site('<a href="none.html">a</a> <a href="#none">b</a> <a href="/index.html">c</a>')
    found = {tuple(finding.message.split(": ", 2)[:2]) for finding in links.check(bad).findings}
    dead = {(place, link) for place in PLACES for link in ("none.html", "index.html#none")}
    assert dead < found
    assert {place for place, _ in found - dead} == {"from a disk", "under /repo/"}


@pytest.mark.checkers
def test_axe_sees_what_colours_and_widths_hide(site: Write) -> None:
    good = running.run_axe(site("<p>Well</p>"), [("index.html", view) for view in VIEWS])
    assert (good.findings, good.checked) == ((), 4)
    style = (
        "<style>@media (prefers-color-scheme: dark) { body { background: #000; color: #333 } }"
        "@media (min-width: 600px) { p { width: 2000px } }</style>"
    )
    page = PAGE.replace("</head>", f"{style}</head>").replace("BODY", "<p>Pale</p>")
    report = running.run_axe(site("", index_html=page), [("index.html", view) for view in VIEWS])
    assert {
        (f.message.split(":")[0], f.message.split(":")[1].strip()) for f in report.findings
    } == {
        ("dark, 390 px", "color-contrast"),
        ("dark, 1280 px", "color-contrast"),
        ("dark, 1280 px", "the page is wider than the window"),
        ("light, 1280 px", "the page is wider than the window"),
    }
    folded = site("<details><summary>Warned</summary><img src='a.svg'></details>")
    (finding,) = running.run_axe(folded, [("index.html", PHONE)]).findings
    assert "image-alt" in finding.message


# Makes room in the middle of the window once someone scrolls.
LATE = """<script>addEventListener("scroll", () => {
  const room = Object.assign(document.createElement("p"), { style: "height: 300px" });
  document.elementFromPoint(90, 400).before(room);
}, { once: true });</script>"""


@pytest.mark.checkers
def test_pages_request_nothing_from_elsewhere_and_stay_where_they_are(site: Write) -> None:
    picture = '<img src="a.svg" loading="lazy" {}><p>Below</p>'
    tall = '<p style="height: 3000px">Tall</p>'
    size = 'width="300" height="300" style="height: 300px"'
    good = site(tall + picture.format(size) + tall)
    assert running.run_loading(good, [("index.html", view) for view in VIEWS]).findings == ()
    late = site('<p style="height: 40px; margin: 0">Line</p>' * 100 + LATE)
    moved = running.run_loading(late, [("index.html", PHONE)]).findings
    assert [finding.message.split(" by ")[0] for finding in moved] == [
        "dark, 390 px: the layout shifts"
    ]
    bad = site('<img src="https://far.example/a.png" alt=""><img src="none.png" alt="">')
    said = "\n".join(f.message for f in running.run_loading(bad, [("index.html", PHONE)]).findings)
    assert "it requests https://far.example/a.png" in said
    assert "404" in said


@pytest.mark.checkers
def test_lighthouse_wants_all_points(site: Write) -> None:
    case = [("index.html", PHONE)]
    assert running.run_lighthouse(site("<p>Well</p>"), case).findings == ()
    report = running.run_lighthouse(site('<p>Well</p><img src="none.png">'), case)
    messages = "\n".join(finding.message for finding in report.findings)
    assert "image-alt" in messages
    assert "errors-in-console" in messages
    assert "accessibility has 0." in messages
    hidden = PAGE.replace("</head>", '<meta name="robots" content="noindex"></head>')
    assert running.run_lighthouse(site("", index_html=hidden), case).findings == ()


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("", "", None),
        ("<id>urn:b</id>", "", "entry 1 has not one id"),
        ("10:00:00Z</updated>\n<link href", "nine</updated>\n<link href", "entry 1 was updated at no time"),
        ("<author><name>Mara</name></author>", "", "entry 1 has no author"),
        ("/index.html", "/none.html", "https://wells.example/none.html leads nowhere"),
        ("</entry>", "</entry><entry><id>urn:b</id><title>C</title><updated>2024-05-01T10:00:00Z</updated></entry>",
         "'urn:b' is the id of several"),
    ],
)  # fmt: skip
def test_an_atom_feed_has_what_it_has_to_have(
    site: Write, before: str, after: str, message: str | None
) -> None:
    assert before in ATOM
    report = feeds.check(site("", feed_xml=ATOM.replace(before, after) if before else ATOM))
    assert report.checked == 1
    assert [finding.message for finding in report.findings] == ([message] if message else [])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, None),
        ({"id": 7}, "item 7 has no id"),
        ({"content_text": None}, "item 'b' has no content"),
        ({"date_published": "2024-05-01T10:00:00"}, "item 'b' has no time in date_published"),
        (
            {"url": "https://wells.example/none.html"},
            "https://wells.example/none.html leads nowhere",
        ),
    ],
)
def test_a_json_feed_has_what_it_has_to_have(
    site: Write, change: dict[str, object], message: str | None
) -> None:
    feed = {**JSON, "items": [{**JSON["items"][0], **change}]}  # type: ignore[dict-item]
    report = feeds.check(site("", feed_json=json.dumps(feed)))
    assert report.checked == 1
    assert [finding.message for finding in report.findings] == ([message] if message else [])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (ENTRY, None),
        (ENTRY.replace("u-url", "url"), "an h-entry has no url"),
        (re.sub(">[A-C]<", "><", ENTRY), "https://site.example/a.html has no content"),
        ('<p class="h-card"><a class="u-url" href="a"></a></p>', "an h-card has no name"),
        (f'<div class="h-feed">{ENTRY.replace("u-url", "url")}</div>', "an h-entry has no url"),
        (ENTRY.replace("<p", '<time class="dt-published" datetime="soon">a</time><p'),
         "https://site.example/a.html has published 'soon'"),
    ],
)  # fmt: skip
def test_microformats_have_what_readers_look_for(
    site: Write, body: str, message: str | None
) -> None:
    found = [finding.message for finding in microformats.check(site(body)).findings]
    assert found == ([message] if message else [])
