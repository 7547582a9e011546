"""The digests of what sitegen last wrote, by which the parts that a person edited are known.

They are stored in `content/.imported/`. A part's digest is a text, or a list of texts where
several people imported the part: it is untouched if it has any of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from sitegen.content.format.draft import Parts, digest
from sitegen.model import Json

HISTORY = "history"  # its list has the digest of each earlier version


class Recorded(Struct, frozen=True):
    """The digests of a thread's front matter, and those of its posts by id."""

    fields: Parts = {}
    posts: Mapping[str, Parts] = {}


NOTHING = Recorded()


def is_recorded(recorded: Json, current: Json) -> bool:
    """Return whether a part has a recorded digest; None: it is missing, now or in the record."""
    return current in recorded if isinstance(recorded, list) else recorded == current


def is_part_untouched(name: str, parts: Parts, recorded: Parts) -> bool:
    """Return whether a part is as recorded: not edited, added or deleted."""
    return is_recorded(recorded.get(name), digest(parts[name]) if name in parts else None)


def unite(records: Iterable[Parts]) -> Parts:
    """Return the digests of several records of the same parts."""
    united: Parts = {}
    for record in records:
        for name, value in record.items():
            united[name] = _unite(united[name], value) if name in united else value
    return united


def _unite(first: Json, second: Json) -> Json:
    if first == second:
        return first
    listed = dict.fromkeys((*_as_list(first), *_as_list(second)))
    return [*listed] if isinstance(first, list) else [*sorted(map(str, listed))]


def _as_list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]
