"""Three-way merge of a profile's file, and the texts of new ones."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from sitegen.content.format import front_matter, profile_file
from sitegen.content.format.draft import TEXT, Parts, digest
from sitegen.content.format.profile_file import ProfileFile
from sitegen.content.format.recorded import is_recorded
from sitegen.content.imported.stamps import NEVER, UNKNOWN, Seen, Stamp, combine, is_part_outdated
from sitegen.content.merge.part_merge import merge_parts
from sitegen.content.merge.post_parts import PostParts
from sitegen.content.merge.rewrite import replace_head


def new_profile_text(parts: Parts) -> str:
    """Return the text of a new profile file."""
    head = "".join(front_matter.line(k, v) for k, v in _fields(parts).items())
    return _profile_text(head, str(parts[TEXT]))


class MergedProfile(Struct, frozen=True):
    """A merged profile's file, its conflicts, and the sources of its parts."""

    file: ProfileFile
    conflicts: tuple[str, ...]
    seen: Seen


def merge_profile(
    theirs: Parts, file: ProfileFile, stamp: Stamp = UNKNOWN, seen: Seen = NEVER
) -> MergedProfile:
    """Update a profile's file without touching what a person changed in it.

    A source without a bio often just does not include bios.
    """
    if not theirs[TEXT]:
        theirs = {k: v for k, v in theirs.items() if k != TEXT}
    names = {*theirs, *file.recorded}
    own: Parts = {k: v for k, v in file.fields.items() if k in names} | {TEXT: file.body}
    known = {*own, *file.recorded} - ({TEXT} if _has_no_bio(file) else set())
    worse = frozenset(name for name in known if is_part_outdated(stamp, seen.of(name)))
    merged = merge_parts(PostParts(own, file.recorded, seen), theirs, outdated=worse)
    parts, recorded = merged.post.parts, merged.post.recorded
    taken = theirs.keys() - worse
    after = combine(seen, stamp, taken, own.keys() - taken)
    if parts == own:
        return MergedProfile(replace(file, recorded=recorded), merged.conflicts, after)
    head = replace_head(file.head, _fields(own), _fields(parts))
    text = _profile_text(head, str(parts.get(TEXT, "")))
    text = front_matter.with_line_ends_of(file.text, text)
    new = profile_file.read(file.path, text, recorded)
    return MergedProfile(new, merged.conflicts, after)


def _has_no_bio(file: ProfileFile) -> bool:
    """Return whether no source has had a bio yet, and no person has written one."""
    return not file.body and is_recorded(file.recorded.get(TEXT, digest("")), digest(""))


def is_profile_personal(file: ProfileFile) -> bool:
    """Return whether a person changed anything in a profile's file."""
    own: Parts = {**file.fields, TEXT: file.body}
    return not PostParts(own, file.recorded).is_unedited()


def _fields(parts: Parts) -> Parts:
    fields = dict(parts)
    fields.pop(TEXT, None)
    return fields


def _profile_text(head: str, body: str) -> str:
    return f"---\n{head}---\n" + (f"\n{body}\n" if body else "")
