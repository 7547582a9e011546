"""Typed properties of untrusted ActivityPub objects.

In JSON-LD one value, a list of them, an address and an object with an `id` all say the same
(https://www.w3.org/TR/activitystreams-core/#jsonld). A value of another type is counted and
left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from sitegen import timestamps
from sitegen.formats.json_fields import parse_count
from sitegen.sources.mastodon.shapes import compact


class Thing(Struct, frozen=True):
    """An object, and the counter of oddities."""

    values: Mapping[str, Any]
    odd: Counter[str]

    @property
    def kind(self) -> str:
        """Return the first type of the object, or an empty text."""
        return next(self._each("type", str), "")

    def has(self, *keys: str) -> bool:
        """Return whether one of these properties is present."""
        return any(self.values.get(key) is not None for key in keys)

    def text(self, key: str) -> str | None:
        """Return a text, or None."""
        value = self.values.get(key)
        if value is None or type(value) is str:
            return value
        return next(self._each(key, str), None)

    def only_text(self, key: str) -> str | None:
        """Return a text that must be the only value, or None."""
        value = self.values.get(key)
        alone = value[0] if isinstance(value, list) and len(value) == 1 else value
        if alone is not None and not isinstance(alone, str):
            self._other_type(key)
            return None
        return alone

    def name(self, key: str) -> str | None:
        """Return an id, which may be a number; None if there is none."""
        value = self.values.get(key)
        return str(value) if type(value) is int else self.text(key) or None

    def moment(self, key: str) -> str | None:
        """Return a time as written, or None."""
        text = self.text(key)
        if text and timestamps.instant(text) is None:
            self.odd["times that are none"] += 1
            return None
        return text or None

    def count(self, key: str) -> int | None:
        """Return a whole number of 0 or more, also one written as text, or None."""
        try:
            return parse_count(self.values.get(key))
        except ValueError:
            self._other_type(key)
            return None

    def flag(self, key: str) -> bool | None:
        """Return a boolean, or None."""
        value = self.values.get(key)
        if value is not None and type(value) is not bool:
            self._other_type(key)
            return None
        return value

    def things(self, key: str) -> tuple[Thing, ...]:
        """Return the objects of a property."""
        if self.values.get(key) is None:
            return ()
        return tuple([Thing(compact(value), self.odd) for value in self._each(key, dict)])

    def thing(self, key: str) -> Thing:
        """Return the first object of a property; an empty one if there is none."""
        return next(iter(self.things(key)), Thing({}, self.odd))

    def addresses(self, key: str) -> tuple[str, ...]:
        """Return the addresses of a property: texts, or objects' `id` or `href`."""
        alone = self.values.get(key)
        if alone is None or type(alone) is str:
            return () if alone is None else (alone,)
        found = []
        for value in self._each(key, str, dict):
            name = value if isinstance(value, str) else value.get("id") or value.get("href")
            if isinstance(name, str):
                found.append(name)
        return tuple(found)

    def address(self, key: str) -> str | None:
        """Return the first address of a property, or None."""
        return next((a for a in self.addresses(key) if a), None)

    def texts_by_language(self, key: str) -> dict[str, str]:
        """Return the texts of a language map."""
        by_language = self.thing(key).values
        found = {k: v for k, v in by_language.items() if isinstance(v, str)}
        if len(found) < len(by_language):
            self._other_type(key)
        return found

    def _each(self, key: str, *kinds: type) -> Iterator[Any]:
        value = self.values.get(key)
        for values in value if isinstance(value, list) else [value]:
            if isinstance(values, kinds):
                yield values
            elif values is not None and not isinstance(values, str | dict):
                self._other_type(key)

    def _other_type(self, key: str) -> None:
        self.odd[f'"{key}" of a type that it must not have'] += 1
