"""Typed access to the fields of untrusted JSON.

Whatever a field contains, a caller gets the type that it asked for. There are two policies for an
unreadable field: `StrictFields` raise an error that names file, line and field, and `LenientFields`
leave the field out and count it by its name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self, TypeVar

from msgspec import Struct

from sitegen import timestamps
from sitegen.errors import SitegenError

T = TypeVar("T")
_DIGITS = re.compile(r"[0-9]{1,18}")
_MAX_COUNT = 2**63


class JsonFields(Struct, frozen=True):
    """The fields of a JSON object; a subclass decides what becomes of an unreadable one."""

    values: Mapping[str, Any]

    def __contains__(self, key: str) -> bool:
        """Return whether a field is there and not null."""
        return self.values.get(key) is not None

    def text(self, key: str) -> str:
        """Return a text that should be there."""
        raise NotImplementedError

    def optional(self, key: str) -> str | None:
        """Return a text, or None if it is null or missing."""
        return self._typed(key, str, "a text")

    def time(self, key: str) -> str | None:
        """Return a time in ISO 8601, or None if it is null or missing."""
        value = self.optional(key)
        if value is None or timestamps.is_iso(value):
            return value
        self.reject(key, "a time in ISO 8601, such as 2024-05-02T10:00:00Z", value)
        return None

    def count(self, key: str) -> int | None:
        """Return a whole number of 0 or more, or None if it is null or missing."""
        value = self.values.get(key)
        if value is None or (type(value) is int and value >= 0):
            return value
        self.reject(key, "a whole number", value)
        return None

    def flag(self, key: str) -> bool:
        """Return a boolean; null or missing is False."""
        return bool(self._typed(key, bool, "true or false"))

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty if it is null or missing."""
        return tuple([v for v in self.items(key) if self._has_type(v, str, key, "texts")])

    def record(self, key: str) -> Self:
        """Return an object; an empty one if it is null or missing."""
        return self.nested(key, self._typed(key, dict, "an object") or {})

    def records(self, key: str) -> list[Self]:
        """Return the objects of a list; empty if it is null or missing."""
        items = self.items(key)
        return [self.nested(key, v) for v in items if self._has_type(v, dict, key, "objects")]

    def items(self, key: str) -> list[Any]:
        """Return a list of untyped values; empty if it is null or missing."""
        return self._typed(key, list, "a list") or []

    def nested(self, key: str, values: Mapping[str, Any]) -> Self:
        """Return the fields of an object that a field of this one contains."""
        raise NotImplementedError

    def reject(self, key: str, expected: str, value: object) -> None:
        """Report a field whose value is not what is expected."""
        raise NotImplementedError

    def _typed(self, key: str, kind: type[T], expected: str) -> T | None:
        value = self.values.get(key)
        if value is None or isinstance(value, kind):
            return value
        self.reject(key, expected, value)
        return None

    def _has_type(self, value: object, kind: type, key: str, items: str) -> bool:
        if isinstance(value, kind):
            return True
        self.reject(key, f"a list of {items}", value)
        return False


class StrictFields(JsonFields, frozen=True):
    """Fields whose unreadable values are errors, of the caller's own class.

    `prefix` is the path of the object within an outer one.
    """

    path: Path | str
    line: int
    error: type[SitegenError]
    prefix: str = ""

    def text(self, key: str) -> str:
        """Return a required text."""
        value = self.values.get(key)
        if not isinstance(value, str):
            raise self.wrong(key, "a text", value)
        return value

    def nested(self, key: str, values: Mapping[str, Any]) -> Self:
        """Return the fields of an object that a field of this one contains."""
        return type(self)(values, self.path, self.line, self.error, f"{self.prefix}{key}.")

    def reject(self, key: str, expected: str, value: object) -> None:
        """Raise the error for a field whose value is not what is expected."""
        raise self.wrong(key, expected, value)

    def wrong(self, key: str, expected: str, value: object) -> SitegenError:
        """Return the error for a field whose value is not what is expected."""
        shown = repr(value) if len(repr(value)) <= 40 else repr(value)[:39] + "…"
        return self.error(
            f'"{self.prefix}{key}" must be {expected}, not {shown}',
            path=self.path,
            line=self.line,
            hint="correct the line, or leave the field out.",
        )


class LenientFields(JsonFields, frozen=True):
    """Fields whose unreadable values are left out and counted among the oddities of a source."""

    oddities: Counter[str]

    def text(self, key: str) -> str:
        """Return a text; empty if there is none."""
        return self.optional(key) or ""

    def identifier(self, key: str) -> str | None:
        """Return an id, which may be a number; None if there is none."""
        value = self.values.get(key)
        return str(value) if type(value) is int else self.optional(key) or None

    def count(self, key: str) -> int | None:
        """Return a whole number of 0 or more, also one written as text, or None."""
        value = self.values.get(key)
        try:
            return parse_count(value)
        except ValueError:
            self.reject(key, "a whole number", value)
            return None

    def nested(self, key: str, values: Mapping[str, Any]) -> Self:
        """Return the fields of an object that a field of this one contains."""
        return type(self)(values, self.oddities)

    def reject(self, key: str, expected: str, value: object) -> None:
        """Count a field whose value is not what is expected."""
        self.oddities[unreadable(key)] += 1


def unreadable(name: str) -> str:
    """Return the oddity for a field that was left out because it could not be read."""
    return f'unreadable "{name}" left out'


def parse_count(value: Any) -> int | None:
    """Return a whole number of 0 or more, also one written as text or 3.0; None stays None.

    Raises ValueError for any other value.
    """
    if type(value) is str and _DIGITS.fullmatch(value):
        return int(value)
    if type(value) is float and value.is_integer() and abs(value) < _MAX_COUNT:
        value = int(value)
    if value is None or (type(value) is int and 0 <= value < _MAX_COUNT):
        return value
    raise ValueError("not a count")
