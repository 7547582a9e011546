"""Microformats: mf2py finds in every page what readers and other sites look for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import mf2py  # type: ignore[import-untyped]

from ..built_site import BuiltSite
from ..findings import Finding, Report

CHECKER = "mf2py"
# Any address does: pages name others by relative links.
ADDRESS = "https://site.example"
# At least one of these says what an entry is.
CONTENT = ("name", "content", "summary", "photo", "video", "audio", "repost-of", "quotation-of")


def check(site: BuiltSite) -> Report:
    """Check the microformats of every page."""
    findings = [
        Finding(CHECKER, path, message)
        for path, text in site.texts.items()
        for message in _page(text, f"{ADDRESS}{site.base_path}{path}")
    ]
    return Report(CHECKER, len(site.texts), tuple(sorted(findings)))


def _page(text: str, address: str) -> Iterator[str]:
    parsed = mf2py.parse(doc=text, url=address, html_parser="html5lib")
    for item in parsed["items"]:
        yield from _item(item)


def _item(item: dict[str, Any]) -> Iterator[str]:
    """Check an item and those in it."""
    kind, properties = item["type"][0], item["properties"]
    if kind == "h-card" and not _text(properties, "name"):
        yield "an h-card has no name"
    if kind == "h-entry":
        yield from _entry(properties)
    inner = [value for values in properties.values() for value in values]
    for value in [*inner, *item.get("children", [])]:
        if isinstance(value, dict) and "properties" in value:
            yield from _item(value)


def _entry(properties: dict[str, Any]) -> Iterator[str]:
    name = _text(properties, "url") or "an h-entry"
    if not properties.get("url"):
        yield "an h-entry has no url"
    if not any(_text(properties, key) for key in CONTENT):
        yield f"{name} has no content"
    for key in ("published", "updated"):
        for value in properties.get(key, []):
            try:
                datetime.fromisoformat(value)
            except (TypeError, ValueError):
                yield f"{name} has {key} {value!r}"


def _text(properties: dict[str, Any], key: str) -> str:
    value = next(iter(properties.get(key, [])), "")
    return str(value.get("value", "") if isinstance(value, dict) else value).strip()
