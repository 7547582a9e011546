"""Three-way merge of parts: what sitegen last wrote, what the file has, what is new.

A part that still has the digest it was written with may be replaced; one that differs was edited
by a person and stays. If both sides changed, the person's stays and a conflict is reported.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from sitegen.content.format.draft import Parts, digest
from sitegen.content.format.hiding import HIDE, VISIBILITY
from sitegen.content.format.recorded import is_part_untouched as is_untouched_part
from sitegen.content.format.recorded import is_recorded, is_recorded_value, is_short, legacy_digest
from sitegen.content.imported.stamps import NEVER, Seen
from sitegen.content.post_media import media_parts
from sitegen.content.post_media.media_parts import ALT, MEDIA
from sitegen.formats import json_text
from sitegen.model import Json

HISTORY, COUNTS = "history", "counts"
PATH, ORIGIN = "path", "origin"
TIMES = ("date", "created_at")

_QUERY = re.compile(r"[?#].*", re.S)


class MergedParts(Struct, frozen=True):
    """The merged parts, their new digests, and the names of parts in conflict.

    `is_older` means that the source's text is from before a known edit; `seen` are the sources of
    the merged parts.
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
    removable: frozenset[str] = frozenset(),
    outdated: frozenset[str] = frozenset(),
) -> MergedParts:
    """Merge the parts of a post, thread or profile; a missing part has no digest.

    What one source gave is not removed because another knows less, except the parts in
    `removable`, whose absence is meaningful. What a person deleted keeps its digest, even while
    no source has it. For the parts in `outdated` a newer source is known: they stay, unless this
    source has the same and more.
    """
    if MEDIA in theirs and MEDIA in mine:
        theirs, mine, written = _share_files(theirs, mine, written)
    old_media = _media_of_version_1(theirs, written)
    merged: Parts = {}
    conflicts = []
    new_digests = digests(theirs)
    for name in {**theirs, **mine}:
        base, new = written.get(name), new_digests.get(name)
        if name in outdated and not _adds_to(name, theirs, mine, base):
            new_digests.pop(name, None)
            merged |= {name: mine[name]} if name in mine else {}
            new_digests |= {name: base} if base else {}
            continue
        if name not in theirs and name not in removable:
            merged[name] = mine[name]
            new_digests |= {name: base} if base else {}
            continue
        old = digest(mine[name]) if name in mine else None
        if base and is_recorded(base, old) and _says_less(name, theirs, mine, written):
            merged[name], new_digests[name] = mine[name], base
            continue
        untouched = old == new or is_recorded(base, old)
        is_new = not is_recorded_value(base, theirs[name]) if name in theirs else bool(base)
        is_new = is_new and name not in old_media
        if not untouched and is_new and (name in theirs or mine[name]):
            conflicts.append(name)
        chosen = theirs if untouched else mine
        if name in chosen:
            merged[name] = chosen[name]
    for name in written.keys() - new_digests.keys() - mine.keys():
        new_digests[name] = written[name]
    if MEDIA in merged:
        # The alt text of a file that a person removed stays recorded, as any part they deleted.
        kept = {
            name: base for name, base in new_digests.items() if name in written and name in theirs
        }
        new_digests = media_parts.without_lost_alts(merged, new_digests) | kept
        conflicts = [*media_parts.without_lost_alts(merged, dict.fromkeys(conflicts))]
        merged = media_parts.without_lost_alts(merged, merged)
    return MergedParts(merged, sort_digests(new_digests, merged), tuple(conflicts))


def keep_hidden(theirs: Parts, mine: Parts, written: Parts) -> Parts:
    """Return digests by which a source's `hide: false` cannot show what a person hid.

    An import shows a post of limited visibility only if the visibility came from an import too.
    Otherwise the digests are as if the person had deleted or changed that `hide: false`.
    """
    if theirs.get(HIDE) is not False or mine.get(HIDE) is False:
        return written
    was_missing = HIDE not in mine and is_untouched_part(HIDE, mine, written)
    if was_missing and is_untouched_part(VISIBILITY, mine, written):
        return written
    return written | {HIDE: digest(theirs[HIDE])}


def _media_of_version_1(theirs: Parts, written: Parts) -> frozenset[str]:
    """Return the parts of media of which a source has what version 1 of the format recorded."""
    base = written.get(MEDIA)
    if not is_short(base) or legacy_digest(media_parts.to_list(theirs)) != base:
        return frozenset()
    return frozenset(name for name in written if name == MEDIA or name.startswith(ALT))


def digests(of: Parts) -> Parts:
    """Return the digest of each part; for a history, the digests of its versions."""
    found: Parts = {name: digest(value) for name, value in of.items()}
    if HISTORY in of:
        found[HISTORY] = [*dict.fromkeys(map(version_digest, versions(of)))]
    return found


def sort_digests(written: Parts, parts: Parts) -> Parts:
    """Sort digests in the order of their parts, as a new file has them."""
    return {name: written[name] for name in {**parts, **written} if name in written}


def versions(of: Parts) -> list[Parts]:
    """Return the earlier versions in a post's parts; invalid ones are left out."""
    listed = of.get(HISTORY)
    found = listed if isinstance(listed, list) else []
    return [v for v in found if isinstance(v, dict) and isinstance(v.get("text"), str)]


def version_digest(version: Parts) -> str:
    """Return the digest that identifies an earlier version, which is that of its text."""
    return digest(version["text"])


def insert_new(now: Sequence[str], new: Sequence[str]) -> list[str]:
    """Insert new ids into the current order, each after the one that it follows upstream."""
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


def count_rank(counts: Json) -> tuple[int, str]:
    """Return a sort key for counts, by which any two different ones have an order."""
    numbers = as_object(counts).values()
    total = sum(number for number in numbers if isinstance(number, int))
    return total, json_text.canonical(counts)


def as_object(value: Json | None) -> Parts:
    """Return a value that should be an object; an empty one if it is not."""
    return value if isinstance(value, dict) else {}


def is_untouched(parts: Parts, written: Parts) -> bool:
    """Return whether all parts are as written: none edited, added or deleted."""
    now = digests(parts)
    names = {*now, *written} - {HISTORY}
    return _versions(now) == _versions(written) and all(
        is_untouched_part(name, parts, written) for name in names
    )


def is_missing(post: MergedParts, name: str) -> bool:
    """Return whether a post has no such part, and no person deleted it."""
    return name not in post.parts and is_part_untouched(post, name)


def is_part_untouched(post: MergedParts, name: str) -> bool:
    """Return whether a part is as written: not edited, added or deleted."""
    if name == HISTORY:
        return _versions(digests(post.parts)) == _versions(post.written)
    return is_untouched_part(name, post.parts, post.written)


def _versions(written: Parts) -> set[str]:
    """Return the digests of a history's versions, whose order may differ."""
    listed = written.get(HISTORY)
    return {str(version) for version in listed} if isinstance(listed, list) else set()


def _share_files(theirs: Parts, mine: Parts, written: Parts) -> tuple[Parts, Parts, Parts]:
    """Complete either side with the files of media that only the other side has.

    A list that a person edited stays as it is, and so does a source's that was written before:
    then a person made the difference.
    """
    base = written.get(MEDIA)
    completed = theirs if is_recorded(base, digest(theirs[MEDIA])) else _with_files(theirs, mine)
    if is_recorded(base, digest(mine[MEDIA])) and (own := _with_files(mine, theirs)) is not mine:
        names = [n for n in own if n == MEDIA or (n.startswith(ALT) and n not in mine)]
        return completed, own, written | digests({name: own[name] for name in names})
    return completed, mine, written


def _with_files(parts: Parts, other: Parts) -> Parts:
    """Return parts whose media have the files that another list has for them."""
    media, files = parts[MEDIA], other[MEDIA]
    if not isinstance(media, list) or not isinstance(files, list) or len(media) != len(files):
        return parts
    found: list[Json] = [_keep_file(*pair) for pair in zip(media, files, strict=True)]
    if found == media:
        return parts
    rest = {k: v for k, v in parts.items() if not k.startswith(ALT)}
    known = {k: v for k, v in parts.items() if k.startswith(ALT)}
    return media_parts.insert(rest, found) | known


def _keep_file(new: Json, old: Json) -> Json:
    """Keep the file of an earlier medium that has the same kind and name."""
    one, other = as_object(new), as_object(old)
    if PATH in one or PATH not in other or one.get("kind") != other.get("kind"):
        return new
    if _file_name(one) is None or _file_name(one) != _file_name(other):
        return new
    known = {name: other[name] for name in (PATH, ORIGIN)}
    whole: Parts = {**one, **known}
    return {name: whole[name] for name in {**other, **one} if name in whole}


def _file_name(medium: Parts) -> str | None:
    """Return a file's name at its source, whatever URL it was served from."""
    origin = medium.get(ORIGIN)
    if not isinstance(origin, str):
        return None
    return _QUERY.sub("", origin).rpartition("/")[2].partition("@")[0] or None


def _adds_to(name: str, theirs: Parts, mine: Parts, base: Json) -> bool:
    """Return whether an older source has more than an untouched part of the file."""
    if name not in theirs or name not in mine or not is_recorded(base, digest(mine[name])):
        return False
    return _says_less(name, mine, theirs, {})


def _says_less(name: str, theirs: Parts, mine: Parts, written: Parts) -> bool:
    """Return whether a source has only a subset of a part that the file has."""
    if name not in theirs or name not in mine:
        return False
    new, old = theirs[name], mine[name]
    if name == MEDIA and new != old:
        new, old = _comparable_media(theirs, mine, written)
    if name in TIMES and isinstance(new, str) and isinstance(old, str):
        return new != old and old.startswith(new.removesuffix(":00"))  # unknown seconds
    return new != old and _is_piece(new, old)


def _comparable_media(theirs: Parts, mine: Parts, written: Parts) -> tuple[Json, Json]:
    """Return the media of both sides with their alt texts, except those that a person edited."""
    new, old = media_parts.to_list(theirs), media_parts.to_list(mine)
    if not written or not isinstance(new, list) or not isinstance(old, list):
        return new, old
    edited = {name for name, alt in mine.items() if name.startswith(ALT)}
    edited = {name for name in edited if digest(mine[name]) != written.get(name)}
    if not edited or len(new) != len(old):
        return new, old
    pairs = zip(new, old, strict=True)
    media = [
        {k: v for k, v in one.items() if k != "alt"}
        if isinstance(one, dict) and media_parts.alt_name(other) in edited
        else one
        for one, other in pairs
    ]
    return media, old


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
