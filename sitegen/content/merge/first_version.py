"""Digests of the first version of the format, whose lines list media with their alt texts."""

from __future__ import annotations

from sitegen.content.format import media_parts
from sitegen.content.format.draft import Parts, digest
from sitegen.content.format.media_parts import ALT, MEDIA
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.merge.parts import as_object, digests


def digests_of(file: ThreadFile, identity: str, written: Parts) -> Parts:
    """Return the digests of a post's parts; of a list with alt texts, those of its parts."""
    known = as_object(written.get(identity))
    listed = file.records[identity].get(MEDIA)
    if MEDIA not in known or not media_parts.is_first_version(listed):
        return known
    if any(name.startswith(ALT) for name in known) or digest(listed) != known[MEDIA]:
        return known
    new = digests(media_parts.from_list(listed))
    parts: Parts = {}
    for name, value in known.items():
        parts |= new if name == MEDIA else {name: value}
    return parts
