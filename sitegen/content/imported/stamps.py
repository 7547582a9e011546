"""States of sources: which of two reports of one post is the newer one.

Exports of one account are imported in any order, years apart. What a source says of itself (when
it was made, or else its newest post) decides which of two values stays, not the order of imports.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sitegen import timestamps

WORDS = "words"


class Stamp(Struct, frozen=True, omit_defaults=True):
    """The state of a source: RFC 3339 in UTC, or "" where nothing tells.

    A source that is not whole leaves out what its posts have, as feeds do. `kind` (the importer's
    name) decides between sources of one state, so that their order does not.
    """

    as_of: str = ""
    is_whole: bool = True
    kind: str = ""


UNKNOWN = Stamp()


class Bound(Struct, frozen=True, omit_defaults=True):
    """What belongs to an earlier text, by the newest whole source that had it."""

    at: Stamp = UNKNOWN
    parts: dict[str, Any] = {}  # as JSON


class Seen(Struct, frozen=True, omit_defaults=True):
    """Where the parts of a post come from: the stamp of all, and of those parts that differ.

    The part `words` is the newest source that had the characters of the text, which may be an
    excerpt; the part `text` is the source that the Markdown was made of. `versions` are the
    states in which earlier texts were first reported, by their digests. `pages` are the states of
    the sources without ids that gave the parts which no other source has. `handle` is by what
    alone all sources know the author, where others know the account. `texts` are what belongs to
    earlier texts, by their digests.
    """

    at: Stamp = UNKNOWN
    parts: dict[str, Stamp] = {}
    versions: dict[str, str] = {}
    pages: dict[str, Stamp] = {}
    handle: str = ""
    texts: dict[str, Bound] = {}

    def of(self, name: str) -> Stamp:
        """Return the source of one part."""
        return self.parts.get(name, self.at)


NEVER = Seen()


def normalised(iso: str | None) -> str:
    """Return a time as a stamp has it, so that texts compare as times do; "" if it is none."""
    when = timestamps.parse(iso)
    if when is None:
        return ""
    try:
        when = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:  # within a day of year 1 or 9999
        return ""
    return when.isoformat(timespec="microseconds").replace("+00:00", "Z")


def is_part_outdated(new: Stamp, known: Stamp) -> bool:
    """Tell whether a source is known to be the worse one for a part: an excerpt, or older."""
    if new.is_whole != known.is_whole:
        return known.is_whole
    return _is_before(new, known)


def is_text_outdated(new: Stamp, known: Stamp) -> bool:
    """Tell whether a source's words are known to be older.

    Of an excerpt and a whole source of one state, the excerpt tells of an edit: a feed is read
    again and again while no new post comes.
    """
    if new.as_of and new.as_of == known.as_of and new.is_whole != known.is_whole:
        return new.is_whole
    return _is_before(new, known)


def _is_before(new: Stamp, known: Stamp) -> bool:
    if not new.as_of or not known.as_of:
        return False  # nothing tells: the later import counts
    return (new.as_of, new.kind) < (known.as_of, known.kind)


def combined(seen: Seen, new: Stamp, taken: Iterable[str], kept: Iterable[str]) -> Seen:
    """Return where parts come from after a merge that took some of a source and kept others."""
    base = seen.at if is_part_outdated(new, seen.at) else new
    words = seen.of(WORDS) if is_text_outdated(new, seen.of(WORDS)) else new
    parts = {name: seen.of(name) for name in kept} | dict.fromkeys(taken, new) | {WORDS: words}
    parts = {k: v for k, v in sorted(parts.items()) if v != base}
    return replace(seen, at=base, parts=parts, pages={})


def from_source(seen: Seen, at: Stamp, names: Iterable[str]) -> Seen:
    """Return where parts come from, some of which are those of another source."""
    parts = seen.parts | dict.fromkeys(names, at)
    return replace(seen, parts={k: v for k, v in sorted(parts.items()) if v != seen.at})


def first_seen(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    """Return the earliest state for each earlier text."""
    keys = sorted({*one, *other})
    return {k: min(filter(None, (one.get(k), other.get(k))), default="") for k in keys}
