"""The digests of what sitegen last wrote, by which the parts that a person edited are known.

They are stored in `content/.imported/`. A part's digest is a text, or a list of texts where
several people imported the part, or an import was stopped: it is untouched if it has any of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from sitegen.content.format.draft import Parts, digest
from sitegen.model import Json

LEGACY_LENGTH = 8  # of digests in version 1, in characters
COUNTS = "counts"
HISTORY = "history"  # its list has the digest of each earlier version


class Recorded(Struct, frozen=True):
    """What is stored beside a thread's file, the digests of its parts and its counts.

    `fields` are the digests of its front matter, `posts` those of its posts by id; `counts` are
    the posts' counts by id.
    """

    fields: Parts = {}
    posts: Mapping[str, Parts] = {}
    counts: Mapping[str, Parts] = {}


NOTHING = Recorded()


def is_recorded(recorded: Json, current: Json) -> bool:
    """Return whether a part has a recorded digest; None: it is missing, now or in the record."""
    return current in recorded if isinstance(recorded, list) else recorded == current


def is_part_untouched(name: str, parts: Parts, recorded: Parts) -> bool:
    """Return whether a part is as recorded: not edited, added or deleted."""
    return is_recorded(recorded.get(name), digest(parts[name]) if name in parts else None)


def is_recorded_value(recorded: Json, value: Json) -> bool:
    """Return whether a value has a recorded digest, or one of version 1 of the format."""
    if is_recorded(recorded, digest(value)):
        return True
    listed = recorded if isinstance(recorded, list) else [recorded]
    return any(map(is_short, listed)) and legacy_digest(value) in listed


def is_short(recorded: Json) -> bool:
    """Return whether a digest is one of version 1 of the format."""
    return isinstance(recorded, str) and len(recorded) == LEGACY_LENGTH


def legacy_digest(value: Json) -> str:
    """Return the digest of a part in version 1 of the format."""
    return digest(value, LEGACY_LENGTH // 2)


def unite(first: Parts, second: Parts) -> Parts:
    """Return the digests of two records of the same parts; None in a list: the part was missing."""
    if not (first and second) or first == second:
        return first or second
    names = {**first, **second}
    return {name: _unite(name, first.get(name), second.get(name)) for name in names}


def _unite(name: str, first: Json, second: Json) -> Json:
    if first == second:
        return first
    if name == HISTORY:
        return [*dict.fromkeys(_as_list(first or []) + _as_list(second or []))]
    listed = {*_as_list(first), *_as_list(second)}
    return [*sorted(listed, key=str)]


def digests(of: Parts) -> Parts:
    """Return the digest of each part; for a history, the digests of its versions."""
    found: Parts = {name: digest(value) for name, value in of.items()}
    if HISTORY in of:
        found[HISTORY] = [*dict.fromkeys(map(version_digest, versions(of)))]
    return found


def is_same_but_counts(first: Parts, second: Parts) -> bool:
    """Return whether two records of a post differ at most in the digest of its counts."""
    return first == second or {**first, COUNTS: None} == {**second, COUNTS: None}


def versions(of: Parts) -> list[Parts]:
    """Return the earlier versions in a post's parts; invalid ones are left out."""
    listed = of.get(HISTORY)
    known = listed if isinstance(listed, list) else []
    return [v for v in known if isinstance(v, dict) and isinstance(v.get("text"), str)]


def version_digest(version: Parts) -> str:
    """Return the digest that identifies an earlier version, which is that of its text."""
    return digest(version["text"])


def recorded_versions(recorded: Parts) -> tuple[str, ...]:
    """Return the digests of all earlier versions that were recorded."""
    listed = recorded.get(HISTORY)
    return tuple(map(str, listed)) if isinstance(listed, list) else ()


def settle(parts: Parts, recorded: Parts) -> Parts:
    """Return digests with one for each part that has one of several; edited parts keep all."""
    now: Parts = {}
    for name, digests in recorded.items():
        if name == HISTORY or not (
            isinstance(digests, list) and is_part_untouched(name, parts, recorded)
        ):
            now[name] = digests
        elif name in parts:
            now[name] = digest(parts[name])
    return now


def _as_list(value: Json) -> list[Any]:
    return value if isinstance(value, list) else [value]
