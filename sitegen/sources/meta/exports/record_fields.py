"""Typed fields of Meta's records: a value of the wrong type is counted and lost, but only it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct

from sitegen.model import Json


class Fields(Struct, frozen=True):
    """A JSON object, and the counter of its unreadable fields."""

    values: Mapping[str, Json]
    wrong: Counter[str]

    def text(self, key: str) -> str:
        """Return a text; empty if there is none."""
        value = self.values.get(key)
        if value is None or isinstance(value, str):
            return value or ""
        self.reject(key)
        return ""

    def number(self, key: str) -> int | None:
        """Return a whole number of 0 or more, also if it was written as text."""
        value = self.values.get(key)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
            return int(value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if value is None or (type(value) is int and value >= 0):
            return value
        self.reject(key)
        return None

    def flag(self, key: str) -> bool:
        """Return a boolean; missing is False."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, bool):
            self.reject(key)
            return False
        return bool(value)

    def record(self, key: str) -> Fields:
        """Return an object; an empty one if there is none."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, dict):
            self.reject(key)
        return Fields(value if isinstance(value, dict) else {}, self.wrong)

    def records(self, key: str) -> Iterator[Fields]:
        """Yield the objects of a list; Meta writes a list of one as the object itself."""
        value = self.values.get(key)
        if isinstance(value, dict):
            value = [value]
        if value is not None and not isinstance(value, list):
            self.reject(key)
            return
        for each in value or ():
            if isinstance(each, dict):
                yield Fields(each, self.wrong)
            else:
                self.reject(key)

    def reject(self, key: str) -> None:
        """Count an unreadable field."""
        self.wrong[key] += 1
