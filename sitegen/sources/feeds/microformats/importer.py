"""Read pages with microformats: an h-feed, or h-entries alone (https://microformats.org)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.formats.encodings import decode, read_whole
from sitegen.formats.html import pages
from sitegen.sources import Exclusion, Imported, Options, Source
from sitegen.sources.feeds.items.items import Access, Channel, Item, narrowest
from sitegen.sources.feeds.microformats import medium_story, wordpress_themes
from sitegen.sources.feeds.microformats.h_entries import (
    access_around,
    access_of,
    author_of,
    first_text,
    item_of,
    reaction_of,
)

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s<>\"]+)\s*-->")


class HFeed:
    """Reads a page with microformats of posts."""

    name = "h-feed"
    looks_for = "a page whose classes are h-feed or h-entry"

    def detect(self, source: Source) -> str | None:
        """Claim a page with one of these classes anywhere."""
        page = _page(source)
        return "a page with h-entries" if page and pages.has_posts(page) else None

    def read(self, source: Source, options: Options) -> Imported:
        """Read all entries of the page. Raises SourceError."""
        from sitegen.formats.html.page_tree import parse_page
        from sitegen.sources.feeds.items import posts as feed_posts

        text, oddity = decode(read_whole(source.path))
        channel = channel_of(parse_page(text, source.path), text, source.path)
        return feed_posts.import_channel(channel, options, oddity)


class OtherMicroformats(HFeed):
    """Reads a page with microformats of people or events, but of no post."""

    name = "page with microformats"
    looks_for = "a page whose classes are h-card, h-event or the like"

    def detect(self, source: Source) -> str | None:
        """Claim a page with one of these classes anywhere."""
        page = _page(source)
        return "a page with microformats" if page and pages.has_cards(page) else None


def _page(source: Source) -> bytes:
    """Return the bytes of an HTML page; empty for any other source."""
    is_page = source.members is None and pages.is_page(source.head)
    return pages.read_page(source.path) if is_page else b""


def address_of(page: BeautifulSoup, text: str) -> str | None:
    """Return the address that a page was saved from, if it states one."""
    saved = _SAVED_FROM.search(text[:4096])
    link = page.find("link", rel="canonical")
    meta = page.find("meta", property="og:url")
    candidates = [
        saved[1] if saved else None,
        link.get("href") if link else None,
        meta.get("content") if meta else None,
    ]
    return next(
        (t for t in candidates if isinstance(t, str) and t.startswith(("http:", "https:"))), None
    )


def channel_of(page: BeautifulSoup, text: str, path: Path) -> Channel:
    """Read all entries of a page. Raises SourceError."""
    address = address_of(page, text)
    closed = wordpress_themes.remove_closed(page)
    story = medium_story.story(page)
    parsed = _parse_microformats(page, address, path)
    items: list[Item] = []
    exclusions: list[Exclusion] = [*closed]
    feed: dict[str, Any] = {}
    cards: list[dict[str, Any]] = []
    for kind, entry, outer in _objects(parsed.get("items", []), access_around(page)):
        place = f"{kind} {len(items) + len(exclusions) + 1}"
        properties = entry["properties"]
        if kind == "h-feed":
            is_public = narrowest(outer, access_of(properties)).reason is None
            feed = feed or (properties if is_public else {})
        elif kind != "h-entry":
            exclusions.append(Exclusion(place, "not a post", kind))
            cards += [entry] if kind == "h-card" else []
        elif reaction := reaction_of(properties):
            exclusions.append(Exclusion(place, "not a post", reaction))
        else:
            item = item_of(entry, place, address)
            item = replace(item, access=narrowest(outer, item.access))
            items.append(medium_story.complete(item, story) if story else item)
    owner = cards if len(cards) == 1 else []
    return Channel(
        found="a page with h-entries" if items else "a page with microformats",
        items=tuple(items),
        home=(story.author if story else None) or _home(feed, items, address),
        title=first_text(feed, "name"),
        about=first_text(feed, "summary") or "",
        author=author_of(feed.get("author", ())) or author_of(owner),
        details=tuple(("rel-me", url) for url in parsed.get("rels", {}).get("me", ())),
        exclusions=tuple(exclusions),
    )


def _parse_microformats(page: BeautifulSoup, address: str | None, path: Path) -> dict[str, Any]:
    """Parse a page's microformats; the document is passed, so nothing is fetched."""
    import mf2py  # type: ignore[import-untyped]

    try:
        parsed: dict[str, Any] = mf2py.parse(doc=page, url=address, filter_roots=True)
    except (RecursionError, ValueError) as error:
        raise SourceError(
            "cannot be read as a page with microformats",
            path=path,
            hint="save the page again, or copy its text into a file.",
        ) from error
    return parsed


def _objects(items: list[Any], around: Access) -> Iterator[tuple[str, dict[str, Any], Access]]:
    """Yield a page's objects in order, including those inside feeds and cards.

    Each comes with the access of what contains it, as a feed's statement applies to its items.
    """
    stack = [(entry, around) for entry in reversed(items)]
    while stack:
        entry, outer = stack.pop()
        kinds = entry.get("type") or ["h-unknown"]
        kind = next((k for k in ("h-feed", "h-entry") if k in kinds), kinds[0])
        yield kind, entry, outer
        if kind != "h-entry":
            inner = narrowest(outer, access_of(entry["properties"]))
            stack.extend((child, inner) for child in reversed(entry.get("children", [])))


def _home(feed: dict[str, Any], items: list[Item], address: str | None) -> str | None:
    """Return the page of the entries: the stated one, else the root of their host."""
    page_url = first_text(feed, "url")
    if page_url and (url := urljoin(address or "", page_url)).startswith("http"):
        return url
    if address and feed:
        return address
    for item in items:
        parts = urlsplit(item.url or "")
        if parts.scheme in ("http", "https") and parts.netloc:
            return f"{parts.scheme}://{parts.netloc}/"
    return address
