"""Which media may run as part of a site, and what these are called there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.media import svg
from sitegen.media.active_content import SafeName, inspect
from sitegen.media.store import Store, StoredFile

from . import pictures
from .attachments import attached

SVG = 'xmlns="http://www.w3.org/2000/svg"'
LINKS = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
PNG = pictures.saved(pictures.picture(), "PNG")
RUNS = b"<script>document.title = 'it ran'</script>"


def drawing(
    inside: str = "<rect width='9' height='9'/>", more: str = "", before: str = ""
) -> bytes:
    """Return an SVG."""
    return f"{before}<svg {SVG} {LINKS} {more}>{inside}</svg>".encode()


DRAWINGS = {
    "shapes": drawing("<g fill='red'><path d='M0 0h9'/><circle r='2'/><text x='1'>Fog</text></g>"),
    "declared": drawing(before='<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<!-- by hand -->\n'),
    "of old": drawing(before='<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'),
    "gradient": drawing("<defs><linearGradient id='a'><stop offset='1' stop-color='#fff'/></linearGradient></defs><rect fill='url(#a)' style='filter: url(\"#b\")'/>"),
    "used": drawing("<symbol id='a'/><use href='#a'/><use xlink:href='#a'/>"),
    "styled": drawing("<style>.hourly { fill: url(#a) } /* curl */ @media (prefers-color-scheme: dark) { path { fill: #fff } }</style>"),
    "moving": drawing("<circle r='1'><animate attributeName='r' from='1' to='2' dur='1s'/></circle>"),
    "picture inside": drawing("<image width='1' href='data:image/png;base64,iVBORw0KGgo='/>"),
    "font inside": drawing("<style>@font-face { font-family: a; src: url(data:font/woff2;base64,d09GMg==) }</style>"),
    "an editor's": drawing(
        "<metadata><r:RDF><r:Description/></r:RDF></metadata><i:view i:zoom='2'/>",
        'xmlns:i="http://www.inkscape.org/namespaces/inkscape" xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" i:version="1.3"',
    ),
    "words": drawing("<title>Fog</title><desc lang='en' data-at='x' aria-label='y'>On the moor</desc>"),
}  # fmt: skip
PROGRAMS = {
    "script": drawing("<script>alert(1)</script>"),
    "script by its name": drawing("<x:script>alert(1)</x:script>", f'xmlns:x="{SVG[7:-1]}"'),
    "script of a page": drawing("<x:script>alert(1)</x:script>", 'xmlns:x="http://www.w3.org/1999/xhtml"'),
    "handler": drawing(more='onload="alert(1)"'),
    "handler inside": drawing("<rect ONCLICK='alert(1)'/>"),
    "page inside": drawing("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>Hello</p></foreignObject>"),
    "frame": drawing("<iframe xmlns='http://www.w3.org/1999/xhtml' src='a.html'/>"),
    "link that runs": drawing("<a xlink:href='javascript:alert(1)'><text>Fog</text></a>"),
    "use from outside": drawing("<use href='https://far.example/a.svg#b'/>"),
    "use of data": drawing("<use href='data:image/svg+xml;base64,PHN2Zy8+#x'/>"),
    "picture from outside": drawing("<image href='https://far.example/a.png'/>"),
    "picture from beside": drawing("<image xlink:href='b.svg'/>"),
    "drawing in a drawing": drawing("<image href='data:image/svg+xml;base64,PHN2Zy8+'/>"),
    "fill from outside": drawing("<rect fill='url(https://far.example/a.svg#b)'/>"),
    "style from outside": drawing("<rect style='fill: url( \"//far.example/a#b\" )'/>"),
    "import": drawing("<style>@import 'https://far.example/a.css';</style>"),
    "import spelled otherwise": drawing("<style>@\\69mport 'https://far.example/a.css';</style>"),
    "import behind strings": drawing("<style>a { content: '/*' } @import 'https://far.example/a.css'; b { content: '*/' }</style>"),
    "import in pieces": drawing("<style>@im<![CDATA[port 'a.css';]]></style>"),
    "set of images": drawing("<style>rect { mask: image-set('https://far.example/a.png' 1x) }</style>"),
    "font from outside": drawing("<style>@font-face { src: url(a.woff2) }</style>"),
    "animated link": drawing("<a><set attributeName='href' to='javascript:alert(1)'/></a>"),
    "animated address": drawing("<image><animate attributeName='xlink:href' values='javascript:alert(1)'/></image>"),
    "entity": drawing("&a;", before='<!DOCTYPE svg [<!ENTITY a "<script/>">]>'),
    "subset": drawing(before='<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [<!ATTLIST svg onload CDATA "alert(1)">]>'),
    "rules of others": drawing(before='<!DOCTYPE svg SYSTEM "https://far.example/a.dtd">'),
    "style sheet": drawing(before='<?xml-stylesheet href="a.css"?>'),
    "base": drawing(more='xml:base="https://far.example/"'),
    "unknown element": drawing("<handler type='a'/>"),
    "unknown attribute": drawing("<rect src='a'/>"),
    "unknown words": drawing("<x xmlns='https://far.example/'/>"),
    "no namespace": b"<svg><rect/></svg>",
    "not whole": drawing()[:-3],
    "another letter code": drawing(before='<?xml version="1.0" encoding="utf-7"?>'),
    "wide letters": drawing().decode().encode("utf-16"),
}  # fmt: skip


def put(folder: Path, name: str, data: bytes) -> Path:
    """Write a file."""
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_stays_a_picture(tmp_path: Path, name: str) -> None:
    assert svg.is_picture(DRAWINGS[name])
    assert inspect(put(tmp_path, "a.svg", DRAWINGS[name])).safe_name is None
    taken = Store(tmp_path).add(attached("a", DRAWINGS[name]))
    assert isinstance(taken, StoredFile)
    assert (taken.kind, Path(taken.path).suffix) == ("image", ".svg")


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_drawing_that_may_do_more_becomes_a_text(tmp_path: Path, name: str) -> None:
    assert not svg.is_picture(PROGRAMS[name])
    found = inspect(put(tmp_path, "a.svg", PROGRAMS[name])).safe_name
    assert found is not None
    assert (found.name, found.kind) == ("a-svg.txt", "file")
    taken = Store(tmp_path).add(attached("a.svg", PROGRAMS[name]))
    assert isinstance(taken, StoredFile)
    assert (taken.kind, Path(taken.path).suffix) == ("file", ".txt")


def test_a_drawing_that_is_too_large_to_look_at_becomes_a_text(tmp_path: Path) -> None:
    large = drawing("<!--" + "x" * svg.MAX_BYTES + "-->")
    assert inspect(put(tmp_path, "a.svg", large)).safe_name == SafeName(
        "a-svg.txt", "file", "it may run as part of the site"
    )


PAGES = [
    b"<!doctype html><title>Fog</title>" + RUNS,
    b"\xef\xbb\xbf\n <html>" + RUNS,
    b"<!-- by hand -->" + RUNS,
    b"Dear Ada, " + RUNS,
    b'<?xml version="1.0"?><x:html xmlns:x="http://www.w3.org/1999/xhtml"/>',
    b"<b  ftypisom" + RUNS,
    b"<a>\nmoov" + RUNS,
    "<html>".encode("utf-16"),
    "<html>".encode("utf-16-be"),
]


@pytest.mark.parametrize("data", PAGES)
@pytest.mark.parametrize(
    "name", ["a.jpg", "a.html", "a.foo", "a", "a.mp4", "a.gpx", "a.md", "A.SVG"]
)
def test_a_page_becomes_a_text_whatever_it_is_called(
    tmp_path: Path, name: str, data: bytes
) -> None:
    found = inspect(put(tmp_path, name, data)).safe_name
    assert found is not None
    expected = {"a.html": "a-html.txt", "A.SVG": "A-SVG.txt"}.get(name, f"{name}.txt")
    assert (found.name, found.kind) == (expected, "file")


@pytest.mark.parametrize("data", PAGES)
def test_a_page_in_a_source_is_kept_as_a_text(tmp_path: Path, data: bytes) -> None:
    taken = Store(tmp_path).add(attached("a.jpg", data))
    assert isinstance(taken, StoredFile)
    assert (taken.kind, Path(taken.path).suffix) == ("file", ".txt")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.js", "a-js.txt"),
        ("a.mjs", "a-mjs.txt"),
        ("a.xhtml", "a-xhtml.txt"),
        ("a.xml", "a-xml.txt"),
        ("a.svgz", "a-svgz.txt"),
        ("a.html.gz", "a-html.gz.txt"),
        ("a.html.en", "a-html.en.txt"),
        ("a.HTML", "a-HTML.txt"),
        ("a.html~", "a-html~.txt"),
        ("a.php", "a-php.txt"),
        ("a.svg.foo", "a-svg.foo.txt"),
        ("a.xsl", "a-xsl.txt"),
        ("a.b.htm", "a.b-htm.txt"),
    ],
)
def test_a_name_that_hosts_run_becomes_that_of_a_text(
    tmp_path: Path, name: str, expected: str
) -> None:
    found = inspect(put(tmp_path, name, b"alert(1) // Dear Ada")).safe_name
    assert found is not None
    assert (found.name, found.kind) == (expected, "file")


@pytest.mark.parametrize(
    ("name", "data", "expected", "kind"),
    [
        ("hill.php.jpg", PNG, "hill-php.jpg", "image"),
        ("hill.PHP5.png", PNG, "hill-PHP5.png", "image"),
        ("hill.phtml.old.jpg", PNG, "hill-phtml.old.jpg", "image"),
        ("hill.html.php.jpg", PNG, "hill-html-php.jpg", "image"),
        ("hill.php .jpg", PNG, "hill-php .jpg", "image"),
        (".php.jpg", PNG, "-php.jpg", "image"),
        ("www.example.org.js.png", PNG, "www.example.org-js.png", "image"),
        ("hill.svg.webp", PNG, "hill-svg.webp", "image"),
        ("hill.cgi.mp4", pictures.film(), "hill-cgi.mp4", "video"),
        ("hill.jsp.pdf", b"%PDF-1.7", "hill-jsp.pdf", "file"),
        ("hill.shtml.txt", b"Dear Ada", "hill-shtml.txt", "file"),
        ("hill.asp.txt", b"<html>" + RUNS, "hill-asp.txt", "file"),
        ("hill.pl.jpg", RUNS, "hill-pl.jpg.txt", "file"),
        ("hill.php.svg", drawing(), "hill-php.svg", "image"),
    ],
)
def test_no_ending_within_a_name_is_of_what_runs(
    tmp_path: Path, name: str, data: bytes, expected: str, kind: str
) -> None:
    found = inspect(put(tmp_path, name, data)).safe_name
    assert found is not None
    assert (found.name, found.kind) == (expected, kind)
    assert inspect(put(tmp_path, expected, data)).safe_name is None


def test_a_picture_with_the_name_of_a_page_is_named_after_what_it_is(tmp_path: Path) -> None:
    found = inspect(put(tmp_path, "hill.html", PNG + RUNS)).safe_name
    assert found is not None
    assert (found.name, found.kind) == ("hill-html.png", "image")
    found = inspect(put(tmp_path, "hill.html", b"%PDF-1.7")).safe_name
    assert found is not None
    assert found.name == "hill-html.txt"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", PNG),
        ("a.jpg", PNG),
        ("www.example.org.png", PNG),
        ("a", PNG),
        ("a.gif", b"GIF89a" + RUNS),
        ("a.mp4", pictures.film()),
        ("a.pdf", b"%PDF-1.7\n" + RUNS),
        ("a.txt", b"<html>" + RUNS),
        ("a.csv", b"<b>,1"),
        ("a.zip", b"PK\x03\x04\0\0<html>"),
        ("a.docx", b"PK\x03\x04"),
        ("a.foo", b"Dear Ada, 1 < 2 and <3"),
        ("a.jpg", drawing()),
        ("a.bin", b""),
    ],
)
def test_what_cannot_run_keeps_its_name(tmp_path: Path, name: str, data: bytes) -> None:
    assert inspect(put(tmp_path, name, data)).safe_name is None


# Any bytes may happen to begin as one of these does.
CANNOT_RUN = {
    "txt", "jpg", "png", "gif", "webp", "bmp", "tiff", "avif", "heic",
    "mp3", "wav", "ogg", "flac", "m4a", "mov", "mp4", "webm", "mkv",
}  # fmt: skip


@example(b"fLaC", "html")
@example(b"OggS", "js")
@given(st.binary(max_size=40), st.sampled_from(["html", "svg", "js", "svgz", "xht", "php"]))
def test_no_bytes_keep_a_name_that_runs(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, ending: str
) -> None:
    path = put(tmp_path_factory.getbasetemp(), f"a.{ending}", data)
    found = inspect(path).safe_name
    assert found is not None
    assert found.name.rpartition(".")[2] in CANNOT_RUN
