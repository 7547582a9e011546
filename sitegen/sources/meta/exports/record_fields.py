"""The fields of Meta's records."""

from __future__ import annotations

from typing import Any

from sitegen.formats.json_fields import LenientFields


class ExportFields(LenientFields, frozen=True):
    """The fields of a record; Meta writes a list of one as the object itself."""

    def items(self, key: str) -> list[Any]:
        """Return a list of untyped values; empty if it is null or missing."""
        value = self.values.get(key)
        return [value] if isinstance(value, dict) else super().items(key)
