"""Queries in Chromium: how soon the first result is there, and how much a query loads.

A server on loopback sends the pages, to a window with room for the counts. Each query is the first of
its page: entered once the page is at rest, and in the address of a page that is opened. Times are those
of the browser's own clock; the median of several rounds counts. The host says nothing of how long a
file is valid, so the browser loads all of them anew. Bytes are those of the files of the index as gzip
packs them.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from checkers import chromium
from checkers.hosting import hosted

from .archive import Thread, posts_by_word

COLUMNS = ("/facets", "/likes", "/topics")  # of counts and orders, beside what finds posts
IS_DONE = "document.querySelector('.search-results .listing')?.ariaBusy === 'false'"
# Waits for the first result below a node; gives the times when it is in the page and when it is painted.
FIRST = """
(node) => new Promise((done) => {
  new MutationObserver((_, observer) => {
    if (!document.querySelector(".search-results .listing li")) return;
    observer.disconnect();
    const first = performance.now(), {port1, port2} = new MessageChannel();
    port1.onmessage = () => done([first, performance.now()]);
    requestAnimationFrame(() => port2.postMessage(null));
  }).observe(node, {childList: true, subtree: true});
})
"""
# Enters a query, and gives the milliseconds from then. Nothing else changes the list of a page at rest.
ENTER = f"""
async (query) => {{
  await new Promise(requestIdleCallback);
  const first = ({FIRST})(document.querySelector(".search-results .listing"));
  const form = document.querySelector("form.search-form"), entered = performance.now();
  form.elements.q.value = query;
  form.requestSubmit();
  return (await first).map((time) => time - entered);
}}
"""
LOADED = "performance.getEntriesByType('resource').map((each) => each.name)"


class Query(NamedTuple):
    """What was measured of a query.

    Milliseconds from when it was entered until the first result was in the page, and until that was
    painted; milliseconds to the first result of a page that was opened with it; bytes of what finds
    posts, and of columns for counts.
    """

    first_result: float
    painted: float
    opened: float
    loaded: int
    columns: int


class Entered(NamedTuple):
    """Milliseconds to the first result and to its paint; the paths of what the page has loaded."""

    times: tuple[float, float]
    loaded: tuple[str, ...]


def words(threads: Iterable[Thread], number: int) -> list[str]:
    """Return words to search for: two fifths are the most frequent, the others of all frequencies."""
    posts = posts_by_word(threads)
    ranked = [word for word, _ in sorted(posts.items(), key=lambda each: (-each[1], each[0]))]
    frequent = number * 2 // 5
    rest = ranked[frequent:]
    step = max(1, len(rest) // (number - frequent))
    return [*ranked[:frequent], *rest[::step]][:number]


def measured(site: Path, wanted: Sequence[str], rounds: int) -> list[Query]:
    """Return what was measured of each query in a built site."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
        hosted(site, "/") as address,
        chromium.running(Path(profile)) as browser,
    ):
        page = f"{address}search.html"
        found = [
            [(_entered(page, word, browser), _opened(page, word, browser)) for word in wanted]
            for _ in range(rounds)
        ]
    return [_query(site, of_word) for of_word in zip(*found, strict=True)]


def _query(site: Path, found: Sequence[tuple[Entered, float]]) -> Query:
    entered, opened = zip(*found, strict=True)
    first, painted = (median(each) for each in zip(*[each.times for each in entered], strict=True))
    index = [name for name in entered[0].loaded if name.startswith("/search/")]
    sizes = {name: _packed(site / unquote(name.lstrip("/"))) for name in index}
    columns = sum([sizes[name] for name in index if any(part in name for part in COLUMNS)])
    return Query(first, painted, median(opened), sum(sizes.values()) - columns, columns)


def _entered(page: str, word: str, browser: str) -> Entered:
    """Enter a word on a page at rest."""
    with _tab(browser) as tab:
        tab.go(page)
        tab.until(IS_DONE)
        first, painted = tab.value(f"({ENTER})({json.dumps(word)})")
        tab.until(IS_DONE)
        return Entered((first, painted), tuple([urlsplit(name).path for name in tab.value(LOADED)]))


def _opened(page: str, word: str, browser: str) -> float:
    """Return the milliseconds to the first result of a page that is opened with a word."""
    with _tab(browser) as tab:
        script = f"globalThis.firstResult = ({FIRST})(document)"
        tab.command("Page.addScriptToEvaluateOnNewDocument", source=script)
        tab.go(f"{page}?q={quote(word)}")
        return float(tab.value("firstResult")[0])


@contextmanager
def _tab(browser: str) -> Iterator[chromium.Tab]:
    with chromium.opened(browser, "about:blank") as tab:
        tab.resize(1280, 900)
        yield tab


def _packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), mtime=0))
