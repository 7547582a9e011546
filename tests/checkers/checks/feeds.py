"""Feeds: feedparser reads them without a complaint, and they have what their formats demand."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import feedparser  # type: ignore[import-untyped]

from ..built_site import BuiltSite
from ..findings import Finding, Report

CHECKER = "feeds"
ATOM = "{http://www.w3.org/2005/Atom}"
JSON_FEED = "https://jsonfeed.org/version/1.1"


def check(site: BuiltSite) -> Report:
    """Check every Atom feed (RFC 4287) and JSON Feed (1.1) of the site."""
    feeds = {path: (site.folder / path).read_bytes() for path in site.paths(".xml", ".json")}
    atom = {path: data for path, data in feeds.items() if f"{ATOM[1:-1]}".encode() in data[:1024]}
    as_json = {path: data for path, data in feeds.items() if path.endswith(".json")}
    findings = [
        *(Finding(CHECKER, path, m) for path, data in atom.items() for m in _atom(site, data)),
        *(Finding(CHECKER, path, m) for path, data in as_json.items() for m in _json(site, data)),
    ]
    return Report(CHECKER, len(atom) + len(as_json), tuple(sorted(findings)))


def _atom(site: BuiltSite, data: bytes) -> Iterator[str]:
    parsed = feedparser.parse(data)
    if parsed.bozo:
        yield f"feedparser: {parsed.bozo_exception}"
    if parsed.version != "atom10":
        yield f"feedparser takes it for {parsed.version or 'no feed'}"
    root = ET.fromstring(data)
    entries = root.findall(f"{ATOM}entry")
    yield from _missing(root, "the feed")
    for number, entry in enumerate(entries, 1):
        yield from _missing(entry, f"entry {number}")
        if entry.find(f"{ATOM}author") is None and root.find(f"{ATOM}author") is None:
            yield f"entry {number} has no author"
        for link in entry.findall(f"{ATOM}link"):
            yield from _dead(site, root.get(BASE, "") or _own(root), link.get("href") or "")
    yield from _repeated([entry.findtext(f"{ATOM}id") or "" for entry in entries])


BASE = "{http://www.w3.org/XML/1998/namespace}base"


def _own(root: ET.Element) -> str:
    links = root.findall(f"{ATOM}link")
    return next((link.get("href") or "" for link in links if link.get("rel") == "self"), "")


def _missing(element: ET.Element, name: str) -> Iterator[str]:
    for required in ("id", "title", "updated"):
        if len(element.findall(f"{ATOM}{required}")) != 1:
            yield f"{name} has not one {required}"
    if not _is_time(element.findtext(f"{ATOM}updated")):
        yield f"{name} was updated at no time"


def _json(site: BuiltSite, data: bytes) -> Iterator[str]:
    feed: dict[str, Any] = json.loads(data)
    if feed.get("version") != JSON_FEED or not feed.get("title"):
        yield "it has no version 1.1 or no title"
    for item in feed["items"]:
        name = f"item {item.get('id')!r}"
        if not isinstance(item.get("id"), str):
            yield f"{name} has no id"
        if not isinstance(item.get("content_html", item.get("content_text")), str):
            yield f"{name} has no content"
        for key in ("date_published", "date_modified"):
            if key in item and not _is_time(item[key]):
                yield f"{name} has no time in {key}"
        yield from _dead(site, feed.get("feed_url", ""), item.get("url", ""))
    yield from _repeated([item.get("id") for item in feed["items"]])


def _repeated(ids: list[str]) -> Iterator[str]:
    yield from (f"{name!r} is the id of several" for name in {*ids} if ids.count(name) > 1)


def _dead(site: BuiltSite, base: str, link: str) -> Iterator[str]:
    """Tell whether a link into the site leads to no file of it."""
    place = urlsplit(urljoin(base, link))
    if place.netloc != urlsplit(base).netloc or not place.path.startswith(site.base_path):
        return
    path = unquote(place.path.removeprefix(site.base_path)) or "index.html"
    if base and not (site.folder / path).is_file():
        yield f"{link} leads nowhere"


def _is_time(text: str | None) -> bool:
    """Tell whether a text is a time by RFC 3339, which has a zone."""
    try:
        return datetime.fromisoformat(text or "").tzinfo is not None
    except ValueError:
        return False
