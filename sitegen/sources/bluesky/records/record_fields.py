"""Typed fields of untrusted records: a value of the wrong type is counted and left out.

Records come from DAG-CBOR, where links and byte strings are `bytes`, and from JSON, where they
are `{"$link": …}` and `{"$bytes": …}` (https://atproto.com/specs/data-model).
"""

from __future__ import annotations

from base64 import b32encode, b64encode
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from sitegen.formats.json_fields import parse_count
from sitegen.model import Json

MAX_DEPTH = 32
_CID_HEADS = (b"\x01\x71\x12\x20", b"\x01\x55\x12\x20")


class Fields(Struct, frozen=True):
    """The fields of a record's object, and the counter of oddities."""

    values: Mapping[str, Any]
    odd: Counter[str]

    def __contains__(self, key: str) -> bool:
        return self.values.get(key) is not None

    @property
    def kind(self) -> str:
        """Return the object's type, without a "#main"."""
        return (self.text("$type") or "").removesuffix("#main")

    def text(self, key: str) -> str | None:
        """Return a text, or None."""
        value = self.values.get(key)
        if value is None or type(value) is str:
            return value
        self._count_wrong_type(key)
        return None

    def count(self, key: str) -> int | None:
        """Return a whole number of 0 or more, also one written as text, or None."""
        try:
            return parse_count(self.values.get(key))
        except ValueError:
            self._count_wrong_type(key)
            return None

    def inner(self, key: str) -> Fields:
        """Return an object; an empty one if there is none."""
        value = self.values.get(key)
        if type(value) is dict:
            return Fields(value, self.odd)
        if value is not None:
            self._count_wrong_type(key)
        return Fields({}, self.odd)

    def inners(self, key: str) -> list[Fields]:
        """Return the objects of a list."""
        return [Fields(v, self.odd) for v in self._list(key) if self._has_type(dict, v, key)]

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the texts of a list."""
        values = self.values.get(key)
        if values is None:
            return ()
        if type(values) is list and set(map(type, values)) == {str}:
            return tuple(values)
        return tuple([v for v in self._list(key) if self._has_type(str, v, key)])

    def more(self, keys: Iterable[str]) -> dict[str, Json]:
        """Return unknown fields as JSON; count those that are too deep."""
        known_fields = {}
        for key in keys:
            try:
                known_fields[key] = as_json(self.values[key])
            except ValueError:
                self.odd["fields that are too deep left out"] += 1
        return known_fields

    def _list(self, key: str) -> list[Any]:
        value = self.values.get(key)
        if type(value) is list:
            return value
        if value is not None:
            self._count_wrong_type(key)
        return []

    def _has_type(self, kind: type, value: object, key: str) -> bool:
        if type(value) is kind:
            return True
        self._count_wrong_type(key)
        return False

    def _count_wrong_type(self, key: str) -> None:
        self.odd[f'"{key}" of another type left out'] += 1


def as_json(value: Any, depth: int = 0) -> Json:
    """Convert a value of a record to JSON. Raises ValueError if it is too deep."""
    if depth > MAX_DEPTH:
        raise ValueError("too deep")
    if type(value) is dict:
        return {str(k): as_json(v, depth + 1) for k, v in value.items()}
    if type(value) is list:
        return [as_json(v, depth + 1) for v in value]
    if type(value) is bytes:
        cid = cid_text(value)
        return {"$link": cid} if cid else {"$bytes": b64encode(value).decode().rstrip("=")}
    if value is None or type(value) in (str, int, float, bool):
        return value  # type: ignore[no-any-return]
    raise ValueError("no JSON")


def link(value: Any) -> str | None:
    """Return the CID of a link in a record, as text; None if it is not a link.

    DAG-JSON, which other tools write, has `{"/": …}` for `{"$link": …}`.
    """
    if type(value) is bytes:
        return cid_text(value)
    if type(value) is dict:
        cid = value.get("$link") or value.get("/")
        return cid if type(cid) is str and cid else None
    return None


def cid_text(cid: bytes) -> str | None:
    """Encode a CID (version 1, SHA-256, DAG-CBOR or raw) in base 32; None for other bytes."""
    if len(cid) != 36 or not cid.startswith(_CID_HEADS):
        return None
    return "b" + b32encode(cid).decode().lower().rstrip("=")


def blob(fields: Fields) -> str | None:
    """Return the CID of a blob's bytes, of the current form or the legacy one, as text.

    https://atproto.com/specs/data-model#blob-type; legacy: `{"cid": …, "mimeType": …}`.
    """
    name = link(fields.values.get("ref"))
    return name or fields.text("cid") or None
