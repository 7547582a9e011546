"""Decode untrusted records: a field of the wrong type is lost, but never its record.

The fast path is msgspec's own decoder. If it refuses a record, the fields are converted one
by one, down to the items of lists, and the names of the lost ones are returned.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TypeVar, get_args, get_origin

import msgspec
from msgspec import Raw, Struct

T = TypeVar("T", bound=Struct)


def decode(raw: bytes | Raw, kind: type[T], wrapper: str) -> tuple[T | None, tuple[str, ...]]:
    """Decode a record, `{wrapper: {...}}` or the inner object alone.

    Returns None if it is not a JSON object, and the names of the lost fields.
    """
    try:
        wrapped = msgspec.json.decode(raw, type=dict[str, Raw])
        inner = wrapped[wrapper] if len(wrapped) == 1 and wrapper in wrapped else raw
        return msgspec.json.decode(inner, type=kind, strict=False), ()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _decode_slowly(raw, kind, wrapper)


def _decode_slowly(
    raw: bytes | Raw, kind: type[T], wrapper: str
) -> tuple[T | None, tuple[str, ...]]:
    """Decode a record that has wrong fields or half an emoji, which is no fault."""
    try:
        fields = json.loads(bytes(raw))
    except (ValueError, RecursionError):
        return None, ()
    if isinstance(fields, dict) and isinstance(fields.get(wrapper), dict):
        fields = fields[wrapper]
    if not isinstance(fields, dict):
        return None, ()
    lost: list[str] = []
    return _struct(fields, kind, "", lost), tuple(lost)


def _struct(fields: dict[str, Any], kind: type[T], prefix: str, lost: list[str]) -> T:
    """Convert an object field by field; all fields of such a struct have defaults."""
    values = {
        field.name: _value(fields[key], field.type, prefix + key, lost)
        for field in msgspec.structs.fields(kind)
        if fields.get(key := field.encode_name) is not None
    }
    return kind(**{name: value for name, value in values.items() if value is not None})


def _value(value: Any, kind: Any, name: str, lost: list[str]) -> Any:
    """Convert a value, or as much of it as possible; None if nothing is."""
    try:
        return msgspec.convert(value, kind, strict=False)
    except (msgspec.ValidationError, RecursionError, OverflowError):
        pass
    for option in get_args(kind) or (kind,):
        if isinstance(value, dict) and _is_struct(option):
            return _struct(value, option, f"{name}.", lost)
        if isinstance(value, list) and get_origin(option) is tuple:
            inner = get_args(option)[0]
            items = [_value(item, inner, name, lost) for item in value]
            return tuple(item for item in items if item is not None) if _is_struct(inner) else None
    lost.append(name)
    return None


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def entries(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects in an object with their keys; X also writes it as a list of pairs."""
    pairs = list(value.items()) if isinstance(value, dict) else []
    if isinstance(value, list):
        pairs = [(pair.get("key"), pair.get("value")) for pair in value if isinstance(pair, dict)]
    yield from ((str(key), inner) for key, inner in pairs if isinstance(inner, dict))
