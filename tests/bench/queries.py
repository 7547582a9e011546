"""Queries in Chromium: how soon the first result is there, and how much a query loads.

Each is the first of a page that a server on loopback sent, in a window with room for the counts; the
browser keeps nothing of the query before. Bytes are those of the files of the index as gzip packs
them.
"""

from __future__ import annotations

import gzip
import json
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from checkers import chromium

from .archive import Thread

QUERIES = 50
FREQUENT = 20  # of them, the most frequent words
AT_REST = 0.3  # seconds without a new file, after which a query has loaded all
COLUMNS = ("/facets", "/likes", "/topics")  # of counts and orders, beside what finds posts
# Sends a query, and returns the milliseconds until the first result is in the page.
SEND = """
async (query) => {
  const list = document.querySelector(".search-results .listing");
  const form = document.querySelector("form.search-form");
  const shown = new Promise((done) => {
    new MutationObserver(() => { if (list.querySelector("li")) done(performance.now()); })
      .observe(list, {childList: true, subtree: true});
  });
  const sent = performance.now();
  form.elements.q.value = query;
  form.requestSubmit();
  return await shown - sent;
}
"""
LOADED = "performance.getEntriesByType('resource').map((each) => each.name)"


class Query(NamedTuple):
    """Milliseconds to the first result; bytes of what finds posts, and of columns for counts."""

    first_result: float
    loaded: int
    columns: int


def words(threads: Iterable[Thread]) -> list[str]:
    """Return words to search for: the most frequent ones, and others of all frequencies."""
    posts = Counter[str]()
    for thread in threads:
        for post in thread.posts:
            pieces = (piece for paragraph in post.paragraphs for piece in paragraph)
            posts.update(
                {p.value.lower() for p in pieces if p.kind == "word" and p.value.isalpha()}
            )
    ranked = [word for word, _ in sorted(posts.items(), key=lambda each: (-each[1], each[0]))]
    rest = ranked[FREQUENT:]
    step = max(1, len(rest) // (QUERIES - FREQUENT))
    return [*ranked[:FREQUENT], *rest[::step]][:QUERIES]


def measured(site: Path, wanted: Sequence[str]) -> list[Query]:
    """Return what was measured of each query in a built site."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
        _server(site) as address,
        chromium.running(Path(profile)) as browser,
    ):
        return [_query(site, f"{address}/search.html", word, browser) for word in wanted]


def _query(site: Path, address: str, word: str, browser: str) -> Query:
    with chromium.opened(browser, "about:blank") as tab:
        tab.resize(1280, 900)
        tab.command("Network.enable")
        tab.command("Network.setCacheDisabled", cacheDisabled=True)
        tab.go(address)
        first = float(tab.value(f"({SEND})({json.dumps(word)})"))
        loaded = [urlsplit(name).path for name in _at_rest(tab)]
    index = [name for name in loaded if name.startswith("/search/")]
    columns = [name for name in index if any(part in name for part in COLUMNS)]
    sizes = {name: _packed(site / unquote(name.lstrip("/"))) for name in index}
    of_columns = sum([sizes[name] for name in columns])
    return Query(first, sum(sizes.values()) - of_columns, of_columns)


def _at_rest(tab: chromium.Tab) -> list[str]:
    """Return the addresses of what a page has loaded, once nothing more comes."""
    before: list[str] = []
    while (loaded := list(tab.value(LOADED))) != before:
        before = loaded
        time.sleep(AT_REST)
    return before


def _packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), mtime=0))


class _Handler(SimpleHTTPRequestHandler):
    """Serves files without a word."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called there
        """Say nothing."""


@contextmanager
def _server(site: Path) -> Iterator[str]:
    """Serve a folder on loopback, and give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(site)))
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
