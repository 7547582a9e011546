"""The parts of a post as a file has them, with what was recorded of them: what a merge works on."""

from __future__ import annotations

from collections.abc import Container

from msgspec import Struct
from msgspec.structs import replace

from sitegen.content.format.draft import Parts, as_object, digest
from sitegen.content.format.hiding import HIDE, VISIBILITY
from sitegen.content.format.recorded import (
    HISTORY,
    digests,
    is_part_untouched,
    recorded_versions,
)
from sitegen.content.imported.stamps import NEVER, UNKNOWN, Seen, Stamp
from sitegen.formats import json_text
from sitegen.model import Json

NO_PARTS: frozenset[str] = frozenset()


class PostParts(Struct, frozen=True):
    """The parts of a post, of front matter or of a profile, as a file has them.

    `recorded` are the digests of what sitegen last wrote, `seen` are the sources of the parts.
    A part that a person deleted still has its digest; one that a person added has none.
    """

    parts: Parts
    recorded: Parts = {}
    seen: Seen = NEVER

    def is_untouched(self, name: str) -> bool:
        """Return whether a part is as written: not edited, added or deleted."""
        if name == HISTORY:  # the order of its versions may differ
            now = digests({HISTORY: self.parts[HISTORY]}) if HISTORY in self.parts else {}
            return {*recorded_versions(now)} == {*recorded_versions(self.recorded)}
        return is_part_untouched(name, self.parts, self.recorded)

    def is_unedited(self) -> bool:
        """Return whether all parts are as written: none edited, added or deleted."""
        return all(map(self.is_untouched, {*self.parts, *self.recorded, HISTORY}))

    def is_missing(self, name: str) -> bool:
        """Return whether there is no such part, and no person deleted it."""
        return name not in self.parts and self.is_untouched(name)

    def edited(self) -> set[str]:
        """Return the names of the parts that a person edited, added or deleted."""
        return {name for name in {*self.parts, *self.recorded} if not self.is_untouched(name)}

    def write(self, name: str, value: Json) -> PostParts:
        """Return these parts with one that sitegen writes."""
        return self.write_all({name: value})

    def write_all(self, parts: Parts) -> PostParts:
        """Return these parts with some that sitegen writes."""
        return replace(self, parts=self.parts | parts, recorded=self.recorded | digests(parts))

    def without(self, names: Container[str]) -> PostParts:
        """Return these parts without some, as if they had never been there."""
        parts = {name: value for name, value in self.parts.items() if name not in names}
        recorded = {name: value for name, value in self.recorded.items() if name not in names}
        return replace(self, parts=parts, recorded=recorded)


def from_source(parts: Parts, stamp: Stamp = UNKNOWN) -> PostParts:
    """Return parts that no file has yet, as a source has them."""
    return PostParts(parts, digests(parts), Seen(stamp))


def keep_hidden(theirs: Parts, mine: PostParts) -> PostParts:
    """Return a post with digests by which a source's `hide: false` cannot show what a person hid.

    An import shows a post of limited visibility only if the visibility came from an import too.
    Otherwise the digests are as if the person had deleted or changed that `hide: false`.
    """
    if theirs.get(HIDE) is not False or mine.parts.get(HIDE) is False:
        return mine
    if mine.is_missing(HIDE) and mine.is_untouched(VISIBILITY):
        return mine
    return replace(mine, recorded=mine.recorded | {HIDE: digest(theirs[HIDE])})


def count_rank(counts: Json) -> tuple[int, str]:
    """Return a sort key for counts, by which any two different ones have an order."""
    numbers = as_object(counts).values()
    total = sum(number for number in numbers if isinstance(number, int))
    return total, json_text.canonical(counts)
