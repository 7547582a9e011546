"""The media of a post in a merge: files that only one side has, and media in comparable form."""

from __future__ import annotations

import re

from msgspec.structs import replace

from sitegen.content.format.draft import Parts, as_object, digest
from sitegen.content.format.recorded import digests, is_recorded, is_short, legacy_digest
from sitegen.content.merge.post_parts import NO_PARTS, PostParts
from sitegen.content.post_media import media_parts
from sitegen.content.post_media.media_parts import ALT, MEDIA
from sitegen.model import Json

PATH, ORIGIN = "path", "origin"
CARD, PICTURE = "card", "picture"

_QUERY = re.compile(r"[?#].*", re.S)


def share_files(mine: PostParts, theirs: Parts) -> tuple[PostParts, Parts]:
    """Complete either side with the files of media that only the other side has.

    A list that a person edited stays as it is, and so does a source's that was written before:
    then a person made the difference.
    """
    if MEDIA not in theirs or MEDIA not in mine.parts:
        return mine, theirs
    base, parts = mine.recorded.get(MEDIA), mine.parts
    completed = theirs if is_recorded(base, digest(theirs[MEDIA])) else _with_files(theirs, parts)
    if not is_recorded(base, digest(parts[MEDIA])) or (own := _with_files(parts, theirs)) is parts:
        return mine, completed
    new = {n: v for n, v in own.items() if n == MEDIA or (n.startswith(ALT) and n not in parts)}
    return replace(mine, parts=own, recorded=mine.recorded | digests(new)), completed


def add_card_picture(mine: PostParts, theirs: Parts) -> PostParts:
    """Add the picture of a source's card to one that a person edited, if that is all its news."""
    own, other = as_object(mine.parts.get(CARD)), as_object(theirs.get(CARD))
    base = mine.recorded.get(CARD)
    if not own or PICTURE in own or PICTURE not in other or is_recorded(base, digest(own)):
        return mine
    if not is_recorded(base, digest({k: v for k, v in other.items() if k != PICTURE})):
        return mine
    return replace(
        mine,
        parts=mine.parts | {CARD: own | {PICTURE: other[PICTURE]}},
        recorded=mine.recorded | digests({CARD: other}),
    )


def find_first_version(theirs: Parts, recorded: Parts) -> frozenset[str]:
    """Return the parts of media of which a source has what version 1 of the format recorded."""
    base = recorded.get(MEDIA)
    if not is_short(base) or legacy_digest(media_parts.to_list(theirs)) != base:
        return NO_PARTS
    return frozenset(name for name in recorded if name == MEDIA or name.startswith(ALT))


def comparable_media(theirs: Parts, mine: Parts, recorded: Parts) -> tuple[Json, Json]:
    """Return the media of both sides with their alt texts, except those that a person edited."""
    new, old = media_parts.to_list(theirs), media_parts.to_list(mine)
    if not recorded or not isinstance(new, list) or not isinstance(old, list):
        return new, old
    edited = {name for name, alt in mine.items() if name.startswith(ALT)}
    edited = {name for name in edited if digest(mine[name]) != recorded.get(name)}
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


def _with_files(parts: Parts, other: Parts) -> Parts:
    """Return parts whose media have the files that another list has for them."""
    media, files = parts[MEDIA], other[MEDIA]
    if not isinstance(media, list) or not isinstance(files, list) or len(media) != len(files):
        return parts
    completed: list[Json] = [_keep_file(*pair) for pair in zip(media, files, strict=True)]
    if completed == media:
        return parts
    rest = {k: v for k, v in parts.items() if not k.startswith(ALT)}
    known = {k: v for k, v in parts.items() if k.startswith(ALT)}
    return media_parts.insert(rest, completed) | known


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
