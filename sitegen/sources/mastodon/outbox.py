"""ActivityPub collections in files, decoded item by item.

https://www.w3.org/TR/activitystreams-core/#collections
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Raw, Struct

from sitegen.formats import lenient_json
from sitegen.formats.lenient_json import not_json
from sitegen.sources.mastodon import shapes
from sitegen.sources.mastodon.wrapped import CUT_OFF

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_COLLECTION = re.compile(rb'"type"\s*:\s*\[?\s*"(?:Ordered)?Collection(?:Page)?"')
_SIGNS = (b"www.w3.org/ns/activitystreams", b'"orderedItems"')
_ITEMS = ("orderedItems", "items")


class BrokenItem(Struct, frozen=True):
    """An item that is not valid JSON."""


class Collection(Struct, frozen=True):
    """A collection's own properties and its items, not yet decoded.

    `has_more` means that further pages exist, `first` is the address of the first one.
    """

    total: int | None
    has_more: bool
    first: str | None
    encoded: tuple[Any, ...]

    @property
    def count(self) -> int:
        """Count the items."""
        return len(self.encoded)

    def items(self) -> Iterator[Any]:
        """Decode the items one by one; a broken one becomes `Broken`."""
        return map(_decode, self.encoded)


def is_collection(head: bytes) -> bool:
    """Return whether JSON begins as a collection of activities, without any wrapper."""
    text = lenient_json.to_utf8(head)
    if not _COLLECTION.search(text) or not any(sign in text for sign in _SIGNS):
        return False
    value = next(iter(lenient_json.read_head(text)), None)
    return isinstance(value, dict) and (
        shapes.is_collection(value) or not value.keys().isdisjoint((*_ITEMS, "first"))
    )


def read(data: bytes, path: Path, name: str = "") -> Collection:
    """Read a collection or a page of one; `name` is its name within `path`.

    Raises SourceError.
    """
    fields = _fields(data, path, name)
    first = _decode(fields.get("first"))
    items = _items(fields)
    if items is None and isinstance(first, dict):
        fields, items = {**first, **fields}, _items(first)
    total, kind = _decode(fields.get("totalItems")), _decode(fields.get("type"))
    return Collection(
        total=total if type(total) is int else None,
        has_more="next" in fields or kind == "OrderedCollectionPage" or items is None,
        first=first if isinstance(first, str) else None,
        encoded=tuple(items or ()),
    )


def _fields(data: bytes, path: Path, name: str) -> Mapping[str, Any]:
    text = lenient_json.to_utf8(data)
    try:
        return msgspec.json.decode(text, type=dict[str, Raw])
    except _UNREADABLE:
        repaired = lenient_json.strip_trailing_commas(text)
    try:
        return msgspec.json.decode(repaired, type=dict[str, Raw])
    except _UNREADABLE:
        pass  # lone surrogates, which the standard library accepts
    try:
        value = lenient_json.loads(repaired)
    except ValueError as error:
        raise not_json(error, path / name, CUT_OFF) from error
    if not isinstance(value, dict):
        raise not_json(ValueError("not an object"), path / name, CUT_OFF)
    return value


def _items(fields: Mapping[str, Any]) -> list[Any] | None:
    """Return the items of a collection; a single one may come without a list."""
    for key in _ITEMS:
        if key not in fields:
            continue
        value = fields[key]
        if not isinstance(value, Raw):
            return value if isinstance(value, list) else [value]
        if bytes(value).lstrip()[:1] != b"[":
            return [value]
        try:
            return list(msgspec.json.decode(value, type=list[Raw]))
        except _UNREADABLE:
            items = _decode(value)
            return items if isinstance(items, list) else [items]
    return None


def _decode(raw: Any) -> Any:
    """Decode an item if necessary; return `Broken` if that fails."""
    if not isinstance(raw, Raw):
        return raw
    try:
        return msgspec.json.decode(raw)
    except _UNREADABLE:
        pass
    try:
        return json.loads(bytes(raw))
    except (ValueError, RecursionError):
        return BrokenItem()
