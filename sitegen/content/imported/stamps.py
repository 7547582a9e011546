"""Stamps: the states of sources, which decide which of two versions of a post is newer.

Exports of an account are imported in any order, years apart. The time of a source (when it was
made, or else its newest post) decides which of two values wins, not the order of imports.
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
    """The state of a source: RFC 3339 in UTC, or "" if unknown.

    A source that is not whole leaves out parts of its posts, as feeds do. `kind` (the importer's
    name) decides between sources of equal states, so that their order does not matter.
    """

    as_of: str = ""
    is_whole: bool = True
    kind: str = ""


UNKNOWN = Stamp()


class Bound(Struct, frozen=True, omit_defaults=True):
    """The parts that belong to an earlier text, from the newest whole source that had it."""

    at: Stamp = UNKNOWN
    parts: dict[str, Any] = {}  # as JSON


class ById(Struct, frozen=True, omit_defaults=True):
    """The author of a post whose newest source knows the account's id but not its handle.

    `at` is the source of the handle, None if no source of the post has it. `name` is the name that
    sources without the handle gave, `named` the newest of these, None if it is the newest source.
    """

    at: Stamp | None = None
    name: str = ""
    named: Stamp | None = None


class Seen(Struct, frozen=True, omit_defaults=True):
    """The sources of a post's parts: the stamp of most, and of those parts that differ.

    The part `words` is the newest source that had the words of the text, which may be an excerpt;
    the part `text` is the source of the Markdown. `versions` are the states in which earlier texts
    were first reported, by their digests. `pages` are the states of the sources without ids that
    gave the parts which no other source has. `handle` is the author's handle if all sources of
    the post know only that, and others know the account. `by_id` is what is known of the author if
    the newest source does not know the handle. `texts` has the parts of earlier texts, by their
    digests.
    """

    at: Stamp = UNKNOWN
    parts: dict[str, Stamp] = {}
    versions: dict[str, str] = {}
    pages: dict[str, Stamp] = {}
    handle: str = ""
    by_id: ById | None = None
    texts: dict[str, Bound] = {}

    def of(self, name: str) -> Stamp:
        """Return the source of one part."""
        return self.parts.get(name, self.at)


NEVER = Seen()


def normalise(iso: str | None) -> str:
    """Normalise a time for a stamp, so that stamps sort as text; "" if it is invalid."""
    when = timestamps.parse(iso)
    if when is None:
        return ""
    try:
        when = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:  # within a day of year 1 or 9999
        return ""
    return when.isoformat(timespec="microseconds").replace("+00:00", "Z")


def is_part_outdated(new: Stamp, known: Stamp) -> bool:
    """Return whether a source is known to be worse for a part: an excerpt, or older."""
    if new.is_whole != known.is_whole:
        return known.is_whole
    return _is_before(new, known)


def is_text_outdated(new: Stamp, known: Stamp) -> bool:
    """Return whether a source's words are known to be older.

    Of an excerpt and a whole source of equal states, the excerpt is newer: a feed is read
    repeatedly while there is no new post.
    """
    if new.as_of and new.as_of == known.as_of and new.is_whole != known.is_whole:
        return new.is_whole
    return _is_before(new, known)


def _is_before(new: Stamp, known: Stamp) -> bool:
    if not new.as_of or not known.as_of:
        return False  # unknown: the later import wins
    return (new.as_of, new.kind) < (known.as_of, known.kind)


def combine(seen: Seen, new: Stamp, taken: Iterable[str], kept: Iterable[str]) -> Seen:
    """Return the sources of parts after a merge that took some from a source and kept others."""
    base = seen.at if is_part_outdated(new, seen.at) else new
    words = seen.of(WORDS) if is_text_outdated(new, seen.of(WORDS)) else new
    parts = {name: at for name in kept if (at := seen.of(name)) != base}
    parts |= dict.fromkeys(taken, new) if new != base else {}
    parts = {k: v for k, v in sorted((parts | {WORDS: words}).items()) if v != base}
    return replace(seen, at=base, parts=parts, pages={})


def confirm(seen: Seen, new: Stamp, names: Iterable[str]) -> Seen:
    """Return the sources of parts of which a source has all, as they are."""
    if seen == Seen(new):
        return seen
    listed = {*names}
    taken = {name for name in listed if not is_part_outdated(new, seen.of(name))}
    return combine(seen, new, taken, listed - taken)


def from_source(seen: Seen, at: Stamp, names: Iterable[str]) -> Seen:
    """Set the source of some parts."""
    parts = seen.parts | dict.fromkeys(names, at)
    return replace(seen, parts={k: v for k, v in sorted(parts.items()) if v != seen.at})


def first_seen(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, str]:
    """Return the earliest state of each earlier text."""
    keys = sorted({*first, *second})
    return {k: min(filter(None, (first.get(k), second.get(k))), default="") for k in keys}
