"""Which pages the checkers look at, and how their host answers."""

from __future__ import annotations

import gzip
import http.client
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .built_site import BuiltSite, Traits, cover
from .hosting import hosted

traits = st.dictionaries(
    st.text("pqrs", min_size=1), st.sets(st.sampled_from("abcdefgh")), min_size=1
)


@given(traits)
def test_a_cover_has_all_traits_and_no_page_in_vain(pages: dict[str, set[str]]) -> None:
    chosen = cover(pages)
    seen: set[str] = set()
    for path in chosen:
        assert pages[path] - seen
        seen |= pages[path]
    assert seen == set().union(*pages.values())


def test_traits_are_elements_with_their_classes_directions_and_roles() -> None:
    page = Traits.of('<body class="kind-tag wide"><p dir="rtl">a<br><p role="alert">b')
    assert page.names == {
        "body",
        "body.kind-tag",
        "body.wide",
        "p",
        "p dir=rtl",
        "br",
        "p role=alert",
    }
    assert not page.is_redirect
    assert Traits.of('<meta http-equiv="refresh" content="0; url=a">').is_redirect


@pytest.fixture
def site(tmp_path: Path) -> BuiltSite:
    """Return a site of a few files, made for `/repo/`."""
    files = {
        "index.html": "<title>Home</title><p>a",
        "404.html": '<title>Lost</title><link rel="stylesheet" href="/repo/static/a.css?1">',
        "gone.html": '<meta http-equiv="refresh" content="0; url=index.html">',
        "tag/a.html": '<title>A</title><ul class="tags">',
        "static/a.css": "p {}",
        "media/own.svg": "<svg/>",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    return BuiltSite(tmp_path)


def test_pages_are_discovered_and_media_are_left_out(site: BuiltSite) -> None:
    assert site.paths(".html") == ("404.html", "gone.html", "index.html", "tag/a.html")
    assert site.paths(".css", ".svg") == ("static/a.css",)
    assert {*site.typical_pages} == {"404.html", "index.html", "tag/a.html"}


def test_the_404_page_names_the_path_of_the_site(site: BuiltSite, tmp_path: Path) -> None:
    assert site.base_path == "/repo/"
    (tmp_path / "404.html").write_text('<link rel="stylesheet" href="/static/a.css">', "utf-8")
    assert BuiltSite(tmp_path).base_path == "/"
    (tmp_path / "404.html").unlink()
    assert BuiltSite(tmp_path).base_path == "/"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/repo/", 200, "Home"),
        ("/repo/index.html", 200, "Home"),
        ("/repo/tag/a.html?x=1#y", 200, "<title>A"),
        ("/repo/static/a.css", 200, "p {}"),
        ("/repo/a/b/c", 404, "Lost"),
        ("/repo/tag", 404, "Lost"),
        ("/static/a.css", 404, "outside of the site"),
        ("/", 404, "outside of the site"),
    ],
)
def test_a_host_serves_a_site_under_its_path_only(
    site: BuiltSite, path: str, status: int, words: str
) -> None:
    with hosted(site.folder, "/repo/") as base:
        connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)
        connection.request("GET", path)
        reply = connection.getresponse()
        assert reply.status == HTTPStatus(status)
        data = reply.read()
        is_packed = reply.headers["Content-Encoding"] == "gzip"
        assert words in (gzip.decompress(data) if is_packed else data).decode()
        connection.close()
