"""Three-way merge of parts: what sitegen last wrote, what the file has, what is new.

A part that still has the digest it was written with may be replaced; one that differs was edited
by a person and stays. If both sides changed, the person's stays and a conflict is reported. The
steps are tried in order, and the first one that applies decides.
"""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from sitegen.content.format.draft import Parts, digest
from sitegen.content.format.recorded import is_recorded, is_recorded_value
from sitegen.content.merge import media_merge
from sitegen.content.merge.post_parts import NO_PARTS, PostParts
from sitegen.content.post_media import media_parts
from sitegen.content.post_media.media_parts import MEDIA
from sitegen.model import Json

TIMES = ("date", "created_at")


class MergedParts(Struct, frozen=True):
    """Merged parts, and the names of those in conflict.

    `is_older` means that the source's text is from before a known edit.
    """

    post: PostParts
    conflicts: tuple[str, ...] = ()
    is_older: bool = False


class PartOutcome(Struct, frozen=True):
    """The value of a part after the merge, and the digest to record; None: no digest."""

    value: Json | UnsetType
    digest: Json
    is_conflict: bool = False


class PartSides(Struct, frozen=True):
    """One part as the file has it and as the source has it; UNSET: that side has no such part.

    `digest` is that of the file's value, `base` the recorded one; None if there is none.
    """

    name: str
    mine: Json | UnsetType
    theirs: Json | UnsetType
    digest: str | None
    base: Json

    def keep(self) -> PartOutcome:
        """Leave the part and its record as they are."""
        return PartOutcome(self.mine, self.base or None)


class Sides(Struct, frozen=True):
    """All parts of a file and of a source.

    What one source gave is not removed because another knows less, except the parts in
    `removable`, whose absence is meaningful. For the parts in `outdated` a newer source is known.
    `first_version` are parts of which the source has what version 1 of the format recorded.
    """

    mine: PostParts
    theirs: Parts
    removable: frozenset[str] = NO_PARTS
    outdated: frozenset[str] = NO_PARTS
    first_version: frozenset[str] = NO_PARTS

    def part(self, name: str) -> PartSides:
        """Return the sides of one part."""
        mine, theirs = self.mine.parts.get(name, UNSET), self.theirs.get(name, UNSET)
        now = None if mine is UNSET else digest(mine)
        return PartSides(name, mine, theirs, now, self.mine.recorded.get(name))

    def merge(self, name: str) -> PartOutcome:
        """Merge one part: the first step that applies decides."""
        part = self.part(name)
        for step in (_keep_newer, _keep_unstated, _keep_fuller):
            if (outcome := step(part, self)) is not None:
                return outcome
        return _choose_side(part, self)


def merge_parts(
    mine: PostParts,
    theirs: Parts,
    *,
    removable: frozenset[str] = NO_PARTS,
    outdated: frozenset[str] = NO_PARTS,
) -> MergedParts:
    """Merge the parts of a file with those of a source; `Sides` says what the names are for.

    What a person deleted keeps its digest, even while no source has it.
    """
    mine, theirs = media_merge.share_files(mine, theirs)
    mine = media_merge.add_card_picture(mine, theirs)
    first_version = media_merge.find_first_version(theirs, mine.recorded)
    sides = Sides(mine, theirs, removable, outdated, first_version)
    merged = {name: sides.merge(name) for name in {**theirs, **mine.parts}}
    unstated = {name: base for name, base in mine.recorded.items() if name not in merged}
    post = PostParts(
        {name: of.value for name, of in merged.items() if of.value is not UNSET},
        unstated | {name: of.digest for name, of in merged.items() if of.digest is not None},
        mine.seen,
    )
    conflicts = tuple([name for name, of in merged.items() if of.is_conflict])
    return _without_lost_alts(MergedParts(post, conflicts), sides)


def _keep_newer(part: PartSides, sides: Sides) -> PartOutcome | None:
    """Keep a part of which a newer source is known, unless this source has the same and more."""
    if part.name not in sides.outdated or _adds_to(part, sides):
        return None
    return part.keep()


def _keep_unstated(part: PartSides, sides: Sides) -> PartOutcome | None:
    """Keep a part that the source does not state."""
    is_stated = part.theirs is not UNSET or part.name in sides.removable
    return None if is_stated else part.keep()


def _keep_fuller(part: PartSides, sides: Sides) -> PartOutcome | None:
    """Keep an untouched part of which the source has only a subset."""
    if not part.base or not is_recorded(part.base, part.digest):
        return None
    mine = sides.mine
    return part.keep() if _says_less(part.name, sides.theirs, mine.parts, mine.recorded) else None


def _choose_side(part: PartSides, sides: Sides) -> PartOutcome:
    """Take the source's part if no person changed the file's; report what both sides changed."""
    new = None if part.theirs is UNSET else digest(part.theirs)
    if new == part.digest or is_recorded(part.base, part.digest):
        return PartOutcome(part.theirs, new)
    is_conflict = part.name not in sides.first_version and _is_news(part)
    return PartOutcome(part.mine, new, is_conflict)


def _is_news(part: PartSides) -> bool:
    """Return whether a source changed or removed a part since the last import."""
    if part.theirs is UNSET:
        return bool(part.base and part.mine)
    return not is_recorded_value(part.base, part.theirs)


def _adds_to(part: PartSides, sides: Sides) -> bool:
    """Return whether a source has more than an untouched part of the file."""
    if part.theirs is UNSET or part.mine is UNSET or not is_recorded(part.base, part.digest):
        return False
    return _says_less(part.name, sides.mine.parts, sides.theirs, {})


def _says_less(name: str, theirs: Parts, mine: Parts, recorded: Parts) -> bool:
    """Return whether one side has only a subset of a part that the other has."""
    if name not in theirs or name not in mine:
        return False
    new, old = theirs[name], mine[name]
    if name == MEDIA and new != old:
        new, old = media_merge.comparable_media(theirs, mine, recorded)
    if name in TIMES and isinstance(new, str) and isinstance(old, str):
        return new != old and old.startswith(new.removesuffix(":00"))  # unknown seconds
    return new != old and _is_piece(new, old)


def _is_piece(new: Json, old: Json) -> bool:
    """Return whether an object is a subset of another, or each object of a list is."""
    if isinstance(new, dict) and isinstance(old, dict):
        return all(
            old.get(key) == value or (isinstance(value, dict) and _is_piece(value, old.get(key)))
            for key, value in new.items()
        )
    if isinstance(new, list) and isinstance(old, list) and len(new) == len(old):
        pairs = zip(new, old, strict=True)
        return all(isinstance(one, dict) and _is_piece(one, other) for one, other in pairs)
    return False


def _without_lost_alts(merged: MergedParts, sides: Sides) -> MergedParts:
    """Remove the alt texts of files that are not in the merged list of media.

    That of a file which a person removed stays recorded, as any part they deleted.
    """
    post = merged.post
    if MEDIA not in post.parts:
        return merged
    known = sides.mine.recorded.keys() & sides.theirs.keys()
    kept = {name: base for name, base in post.recorded.items() if name in known}
    recorded = media_parts.without_lost_alts(post.parts, post.recorded) | kept
    parts = media_parts.without_lost_alts(post.parts, post.parts)
    conflicts = media_parts.without_lost_alts(post.parts, dict.fromkeys(merged.conflicts))
    return MergedParts(replace(post, parts=parts, recorded=recorded), tuple(conflicts))
