"""Three versions of a thing's parts into one: what sitegen last wrote, what is there, what is new.

A part that still has the digest it was written with may be replaced; one that differs is
a person's and stays. Where both sides changed, the person's stays and the new one is named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from sitegen.content.format.draft import Parts, digest
from sitegen.content.imported.stamps import NEVER, Seen
from sitegen.formats import json_text
from sitegen.model import Json

HISTORY, COUNTS = "history", "counts"
MEDIA, PATH, ORIGIN = "media", "path", "origin"
TIMES = ("date", "created_at")

_QUERY = re.compile(r"[?#].*", re.S)


class Merged(Struct, frozen=True):
    """The parts as they shall be, their new digests, and the names of those in conflict.

    `is_older` says that what came was from before an edit that is known; `seen` is which sources
    the parts come from now.
    """

    parts: Parts
    written: Parts
    conflicts: tuple[str, ...] = ()
    is_older: bool = False
    seen: Seen = NEVER


def merge_parts(
    mine: Parts,
    theirs: Parts,
    written: Parts,
    telling: frozenset[str] = frozenset(),
    outdated: frozenset[str] = frozenset(),
) -> Merged:
    """Merge the parts of one thing; a part that is missing has no digest.

    What one source gave is not taken away because another knows less; only for the parts in
    `telling` does it mean something that they are missing. What a person deleted keeps the
    digest that it had, also while no source speaks of it. Of the parts in `outdated` a newer
    source is known: they stay, unless this one says the same and more.
    """
    theirs = _with_files(theirs, mine, written)
    merged: Parts = {}
    conflicts = []
    new_digests = digests(theirs)
    for name in {**theirs, **mine}:
        base, new = written.get(name), new_digests.get(name)
        if name in outdated and not _adds_to(name, theirs, mine, base):
            new_digests.pop(name, None)
            known = {name: mine[name]} if name in mine else {}
            if known and digest(mine[name]) == base:
                known = _with_files(known, theirs, {})
                base = digest(known[name])
            merged |= known
            new_digests |= {name: base} if base else {}
            continue
        if name not in theirs and name not in telling:
            merged[name] = mine[name]
            new_digests |= {name: base} if base else {}
            continue
        old = digest(mine[name]) if name in mine else None
        if old == base and base and _says_less(name, theirs, mine):
            merged[name], new_digests[name] = mine[name], base
            continue
        untouched = old in (base, new)
        if not untouched and new != base and (name in theirs or mine[name]):
            conflicts.append(name)
        chosen = theirs if untouched else mine
        if name in chosen:
            merged[name] = chosen[name]
    for name in written.keys() - new_digests.keys() - mine.keys():
        new_digests[name] = written[name]
    return Merged(merged, in_order(new_digests, merged), tuple(conflicts))


def digests(of: Parts) -> Parts:
    """Return the digest of every part; of a history, those of its versions."""
    found: Parts = {name: digest(value) for name, value in of.items()}
    if HISTORY in of:
        found[HISTORY] = [*dict.fromkeys(map(version_digest, versions(of)))]
    return found


def in_order(written: Parts, parts: Parts) -> Parts:
    """Return digests in the order of their parts, as a fresh file has them."""
    return {name: written[name] for name in {**parts, **written} if name in written}


def versions(of: Parts) -> list[Parts]:
    """Return the earlier versions that a post's parts list; what is none is left out."""
    listed = of.get(HISTORY)
    found = listed if isinstance(listed, list) else []
    return [v for v in found if isinstance(v, dict) and isinstance(v.get("text"), str)]


def version_digest(version: Parts) -> str:
    """Return what tells an earlier version from others: its text."""
    return digest(version["text"])


def ordered(now: Sequence[str], new: Sequence[str]) -> list[str]:
    """Keep today's order and put each new thing after the one that it follows upstream."""
    known = set(now)
    followers: dict[str | None, list[str]] = {None: []}
    anchor = first = None
    for identity in new:
        if identity in known:
            anchor = identity
            first = first or identity
        else:
            followers.setdefault(anchor, []).append(identity)
    order: list[str] = []
    for identity in now:
        order += followers[None] if identity == first else []
        order += [identity, *followers.get(identity, [])]
    return order if first else order + followers[None]


def height(counts: Json) -> tuple[int, str]:
    """Return how high counts are, so that any two that differ have an order."""
    numbers = as_object(counts).values()
    total = sum(number for number in numbers if isinstance(number, int))
    return total, json_text.canonical(counts)


def as_object(value: Json | None) -> Parts:
    """Return what should be an object; an empty one where it is none."""
    return value if isinstance(value, dict) else {}


def is_untouched(parts: Parts, written: Parts) -> bool:
    """Tell whether parts are all as they were written: none edited, added or deleted."""
    return _comparable(digests(parts)) == _comparable(written)


def is_part_untouched(post: Merged, name: str) -> bool:
    """Return whether one part is as it was written: not edited, added or deleted."""
    now = digest(post.parts[name]) if name in post.parts else None
    return post.written.get(name) == now


def _comparable(found: Mapping[str, Json]) -> Parts:
    """Return digests in which the order of a history's versions means nothing."""
    listed = found.get(HISTORY)
    if not isinstance(listed, list):
        return dict(found)
    return {**found, HISTORY: [*sorted({str(version) for version in listed})]}


def _with_files(theirs: Parts, mine: Parts, written: Parts) -> Parts:
    """Return parts whose media have the files that an earlier source gave and this one has not."""
    new, old = theirs.get(MEDIA), mine.get(MEDIA)
    if not isinstance(new, list) or not isinstance(old, list) or len(new) != len(old):
        return theirs
    if digest(new) == written.get(MEDIA):  # then what differs is a person's
        return theirs
    media: list[Json] = [_with_file(*pair) for pair in zip(new, old, strict=True)]
    return theirs | {MEDIA: media} if media != new else theirs


def _with_file(new: Json, old: Json) -> Json:
    """Return a medium with the file of another that is the same by its kind and name."""
    one, other = as_object(new), as_object(old)
    if PATH in one or PATH not in other or one.get("kind") != other.get("kind"):
        return new
    if _file_name(one) is None or _file_name(one) != _file_name(other):
        return new
    known = {name: other[name] for name in (PATH, ORIGIN)}
    whole: Parts = {**one, **known}
    return {name: whole[name] for name in {**other, **one} if name in whole}


def _file_name(medium: Parts) -> str | None:
    """Return what a file was called at its source, whichever address it was told by."""
    origin = medium.get(ORIGIN)
    if not isinstance(origin, str):
        return None
    return _QUERY.sub("", origin).rpartition("/")[2].partition("@")[0] or None


def _adds_to(name: str, theirs: Parts, mine: Parts, base: Json) -> bool:
    """Tell whether an older source has the same as stands untouched in the file, and more."""
    if name not in theirs or name not in mine or digest(mine[name]) != base:
        return False
    return _says_less(name, mine, theirs)


def _says_less(name: str, theirs: Parts, mine: Parts) -> bool:
    """Tell whether a source knows only a piece of a part that the file has."""
    if name not in theirs:
        return False
    new, old = theirs[name], mine[name]
    if name in TIMES and isinstance(new, str) and isinstance(old, str):
        return new != old and old.startswith(new.removesuffix(":00"))  # seconds nobody told
    return new != old and _is_piece(new, old)


def _is_piece(new: Json, old: Json) -> bool:
    """Tell whether an object has no more than another, or a list no more in its every object."""
    if isinstance(new, dict) and isinstance(old, dict):
        return all(
            old.get(key) == value or (isinstance(value, dict) and _is_piece(value, old.get(key)))
            for key, value in new.items()
        )
    if isinstance(new, list) and isinstance(old, list) and len(new) == len(old):
        pairs = zip(new, old, strict=True)
        return all(isinstance(one, dict) and _is_piece(one, other) for one, other in pairs)
    return False
