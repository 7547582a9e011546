"""The properties of ActivityPub objects.

In JSON-LD one value, a list of them, an address and an object with an `id` all say the same
(https://www.w3.org/TR/activitystreams-core/#jsonld).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Self

from sitegen.formats.json_fields import LenientFields
from sitegen.sources.mastodon.shapes import compact


class Properties(LenientFields, frozen=True):
    """The properties of an object, each with one value or several."""

    @property
    def kind(self) -> str:
        """Return the first type of the object, or an empty text."""
        return self.text("type")

    def has(self, *keys: str) -> bool:
        """Return whether one of these properties is present."""
        return any(key in self for key in keys)

    def may_be(self, key: str) -> bool:
        """Return whether a flag is true, or has a value that cannot be read."""
        return self.flag(key) or self.values.get(key) not in (None, False)

    def optional(self, key: str) -> str | None:
        """Return the first text of a property, or None."""
        value = self.values.get(key)
        if value is None or type(value) is str:
            return value
        return next(self._each(key, str), None)

    def only_text(self, key: str) -> str | None:
        """Return a text that must be the only value, or None."""
        value = self.values.get(key)
        alone = value[0] if isinstance(value, list) and len(value) == 1 else value
        return LenientFields({key: alone}, self.oddities).optional(key)

    def time(self, key: str) -> str | None:
        """Return a time as written, or None."""
        return super().time(key) if self.text(key) else None

    def records(self, key: str) -> list[Self]:
        """Return the objects of a property."""
        return [self.nested(key, value) for value in self._each(key, dict)]

    def record(self, key: str) -> Self:
        """Return the first object of a property; an empty one if there is none."""
        return next(iter(self.records(key)), self.nested(key, {}))

    def nested(self, key: str, values: Mapping[str, Any]) -> Self:
        """Return the properties of an object, with their short names."""
        return type(self)(compact(values), self.oddities)

    def addresses(self, key: str) -> tuple[str, ...]:
        """Return the addresses of a property: texts, or objects' `id` or `href`."""
        addresses = []
        for value in self._each(key, str, dict):
            address = value if isinstance(value, str) else value.get("id") or value.get("href")
            if isinstance(address, str):
                addresses.append(address)
        return tuple(addresses)

    def address(self, key: str) -> str | None:
        """Return the first address of a property, or None."""
        return next((a for a in self.addresses(key) if a), None)

    def texts_by_language(self, key: str) -> dict[str, str]:
        """Return the texts of a language map."""
        by_language = self.record(key).values
        texts = {k: v for k, v in by_language.items() if isinstance(v, str)}
        if len(texts) < len(by_language):
            self.reject(key, "texts by language", by_language)
        return texts

    def _each(self, key: str, *kinds: type) -> Iterator[Any]:
        value = self.values.get(key)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, kinds):
                yield each
            elif each is not None and not isinstance(each, str | dict):
                self.reject(key, "a text or an object", each)
