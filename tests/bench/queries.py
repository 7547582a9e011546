"""Queries in Chromium: how soon the first result is there, and how much a query loads.

Each is the first of a page that a server on loopback sent, in a window with room for the counts; the
browser keeps nothing of the query before. Bytes are those of the files of the index as gzip packs
them.
"""

from __future__ import annotations

import gzip
import json
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from checkers import chromium
from checkers.hosting import hosted

from .archive import Thread, posts_by_word

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
    posts = posts_by_word(threads)
    ranked = [word for word, _ in sorted(posts.items(), key=lambda each: (-each[1], each[0]))]
    rest = ranked[FREQUENT:]
    step = max(1, len(rest) // (QUERIES - FREQUENT))
    return [*ranked[:FREQUENT], *rest[::step]][:QUERIES]


def measured(site: Path, wanted: Sequence[str]) -> list[Query]:
    """Return what was measured of each query in a built site."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
        hosted(site, "/") as address,
        chromium.running(Path(profile)) as browser,
    ):
        return [_query(site, f"{address}search.html", word, browser) for word in wanted]


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
