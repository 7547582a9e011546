"""Typed access to the fields of untrusted JSON.

Whatever a field contains, a caller gets the type it asked for or an error that names
file, line and field, in the caller's own error class.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from sitegen.errors import SitegenError

_DIGITS = re.compile(r"[0-9]{1,18}")


class Record(Struct, frozen=True):
    """A JSON object and its source location; `prefix` is its path within the outer object."""

    fields: dict[str, Any]
    path: Path | str
    line: int
    error: type[SitegenError]
    prefix: str = ""

    def text(self, key: str) -> str:
        """Return a required text."""
        value = self.fields.get(key)
        if not isinstance(value, str):
            raise self.wrong(key, "a text", value)
        return value

    def optional(self, key: str) -> str | None:
        """Return a text, or None if it is null or missing."""
        return None if self.fields.get(key) is None else self.text(key)

    def flag(self, key: str) -> bool:
        """Return a boolean; null or missing is False."""
        value = self.fields.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(key, "true or false", value)
        return bool(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty if it is null or missing."""
        values = self._list(key)
        for value in values:
            if not isinstance(value, str):
                raise self.wrong(key, "a list of texts", value)
        return tuple(values)

    def records(self, key: str) -> Iterator[Record]:
        """Yield the objects of a list; none if it is null or missing."""
        for value in self._list(key):
            if not isinstance(value, dict):
                raise self.wrong(key, "a list of objects", value)
            yield Record(value, self.path, self.line, self.error, f"{self.prefix}{key}.")

    def wrong(self, key: str, expected: str, value: object) -> SitegenError:
        """Return the error for a field of the wrong type."""
        shown = repr(value) if len(repr(value)) <= 40 else repr(value)[:39] + "…"
        return self.error(
            f'"{self.prefix}{key}" must be {expected}, not {shown}',
            path=self.path,
            line=self.line,
            hint="correct the line, or leave the field out.",
        )

    def _list(self, key: str) -> list[Any]:
        value = self.fields.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.wrong(key, "a list", value)
        return value


def parse_count(value: Any) -> int | None:
    """Return a whole number of 0 or more, also one written as text; None stays None.

    Raises ValueError for any other value.
    """
    if type(value) is str and _DIGITS.fullmatch(value):
        return int(value)
    if value is None or (type(value) is int and 0 <= value < 2**63):
        return value
    raise ValueError("not a count")
