"""The fields of records of the AT Protocol: their types, links, byte strings and blobs.

Records come from DAG-CBOR, where links and byte strings are `bytes`, and from JSON, where they
are `{"$link": …}` and `{"$bytes": …}` (https://atproto.com/specs/data-model).
"""

from __future__ import annotations

from base64 import b32encode, b64encode
from collections.abc import Iterable
from typing import Any

from sitegen.formats.json_fields import LenientFields
from sitegen.model import Json

MAX_DEPTH = 32
_CID_HEADS = (b"\x01\x71\x12\x20", b"\x01\x55\x12\x20")


class RecordFields(LenientFields, frozen=True):
    """The fields of a record's object."""

    @property
    def kind(self) -> str:
        """Return the object's type, without a "#main"."""
        return self.text("$type").removesuffix("#main")

    def raw(self, keys: Iterable[str]) -> dict[str, Json]:
        """Return fields as JSON; count those that are too deep."""
        extra = {}
        for key in keys:
            try:
                extra[key] = as_json(self.values[key])
            except ValueError:
                self.oddities["fields that are too deep left out"] += 1
        return extra


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


def blob(fields: RecordFields) -> str | None:
    """Return the CID of a blob's bytes, of the current form or the legacy one, as text.

    https://atproto.com/specs/data-model#blob-type; legacy: `{"cid": …, "mimeType": …}`.
    """
    name = link(fields.values.get("ref"))
    return name or fields.text("cid") or None
