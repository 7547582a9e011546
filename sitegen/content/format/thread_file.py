"""A thread's Markdown file as text: front matter, then each post under its marker.

---
title: "…"
posts:
- {"id": "3kabc", …}
---

<!-- post 3kabc -->

The text.
"""

from __future__ import annotations

import json
import re
from functools import cached_property

from msgspec import Struct

from sitegen.content.format import front_matter
from sitegen.content.format.draft import TEXT, Parts
from sitegen.content.format.hiding import (
    is_held_back,
)
from sitegen.content.format.post_text import marker, marker_name
from sitegen.content.format.recorded import COUNTS, NOTHING, Recorded
from sitegen.content.post_media import media_block, media_parts
from sitegen.content.post_media.media_block import Section
from sitegen.content.post_media.media_parts import MEDIA
from sitegen.errors import ContentError, OldFormatError

MARKER = re.compile(r"^<!-- post (\S+) -->[ \r]*$", re.M)
WRITTEN = "written"
WRITTEN_LINE = re.compile(rf"^{WRITTEN}: *\{{", re.M)
SKIPPED = frozenset((WRITTEN,))


class ThreadFile(Struct, frozen=True, dict=True):
    """The parsed text of a thread's file; `sections` are the bodies of posts by marker.

    `recorded` are the digests of what sitegen last wrote into it, which only imports need.
    """

    path: str
    text: str
    head: str
    preamble: str
    fields: Parts
    sections: dict[str, str]
    recorded: Recorded = NOTHING

    @cached_property
    def network(self) -> str:
        """The network of its posts, for the records of imports; "None" if it names none."""
        return str(self.fields.get("network"))

    @cached_property
    def records(self) -> dict[str, Parts]:
        """The posts' lines by id, in the file's order. Raises ContentError."""
        lines = self.fields.get("posts")
        if not isinstance(lines, list):
            raise self.wrong("posts", '"posts" must be a list with a post a line')
        records: dict[str, Parts] = {}
        for line in lines:
            identity = line.get("id") if isinstance(line, dict) else None
            if not isinstance(line, dict) or not isinstance(identity, str) or not identity:
                raise self.wrong("posts", 'each post needs an "id" that is a text')
            if identity in records:
                raise self.wrong("posts", f"the post {identity} is listed twice")
            records[identity] = line
        if not records:
            raise self.wrong("posts", "the thread has no posts")
        return records

    @cached_property
    def written(self) -> Parts:
        """The digests in a file of version 1 of the format; empty in newer ones."""
        value = front_matter.read_key(self.head, WRITTEN, self.path)
        return value if isinstance(value, dict) else {}

    @cached_property
    def is_held_back(self) -> bool:
        """Whether its front matter keeps the whole thread out of the site. Raises ContentError."""
        return is_held_back(self.fields, self.path, self.head)

    def wrong(self, key: str, what: str) -> ContentError:
        """Return the error for a key of the front matter."""
        return ContentError(
            what, path=self.path, line=self.line_of(key), hint="correct the front matter."
        )

    def line_of(self, key: str) -> int:
        """Return the line number of a front matter key."""
        return front_matter.line_of(self.head, key)

    def line_of_post(self, identity: str) -> int:
        """Return the line number of a post's record, or of the list if it is not on one line."""
        at = self.text.find(f'  - {{"id": {json.dumps(identity, ensure_ascii=False)}')
        return self.text.count("\n", 0, at) + 1 if at >= 0 else self.line_of("posts")

    def parts_of(self, identity: str) -> Parts:
        """Return a post's current parts."""
        if identity not in self._parts:
            self._parts[identity] = self._read_parts(identity)
        return self._parts[identity]

    @cached_property
    def _parts(self) -> dict[str, Parts]:
        return {}

    def _read_parts(self, identity: str) -> Parts:
        line = {k: v for k, v in self.records[identity].items() if k != "id"}
        section = self.section_of(identity)
        if section.block or MEDIA in line:
            media = media_parts.read_media(line.get(MEDIA), section.block)
            line = media_parts.insert(line, media)
        if COUNTS not in line and identity in self.recorded.counts:
            line[COUNTS] = self.recorded.counts[identity]
        return line | {TEXT: section.text}

    def section_of(self, identity: str) -> Section:
        """Return the text and the media block of a post. Raises ContentError."""
        return media_block.split(self.body_of(identity), self.levels)

    @cached_property
    def levels(self) -> int:
        """The number of folders from the file up to content/."""
        return media_block.levels_of(self.path)

    def line_of_medium(self, identity: str, name: str) -> int:
        """Return the line number of a medium in a post's block, or else of the post's record."""
        at = self.text.find(marker(identity))
        section = MARKER.split(self.text[at:], 2)[2] if at >= 0 else ""
        first = self.text.count("\n", 0, at) + 1
        for number, line in enumerate(section.replace("\r\n", "\n").split("\n"), first):
            found = media_block.parse(line, self.levels)
            if found and found.name == name:
                return number
        return self.line_of_post(identity)

    def body_of(self, identity: str) -> str:
        """Return a post's Markdown with its block. Raises ContentError without its marker."""
        try:
            return self.sections[marker_name(identity)]
        except KeyError as error:
            raise ContentError(
                f"the text of post {identity} is missing",
                path=self.path,
                line=self.line_of_post(identity),
                hint=f"put back the line {marker(identity)}, or delete the post's line too.",
            ) from error


def read(path: str, text: str, recorded: Recorded = NOTHING) -> ThreadFile:
    """Parse the text of a thread's file. Raises ContentError."""
    split = front_matter.require(text, path, "a thread's file")
    pieces = MARKER.split(split.body)
    names, bodies = pieces[1::2], pieces[2::2]
    if "\r" in split.body:
        bodies = [body.replace("\r\n", "\n") for body in bodies]
    sections = dict(zip(names, [body.strip(" \n") for body in bodies], strict=True))
    if len(sections) < len(names):
        double = next(n for n in names if names.count(n) > 1)
        first, second = [found for found in MARKER.finditer(text) if found[1] == double][:2]
        raise ContentError(
            f"the marker of post {double} is there twice",
            path=path,
            line=text.count("\n", 0, second.start()) + 1,
            hint=f"delete it here or in line {text.count(chr(10), 0, first.start()) + 1}.",
        )
    fields = front_matter.read(split.head, path, skip=SKIPPED)
    return ThreadFile(path, text, split.head, pieces[0], fields, sections, recorded)


def refuse_version_1(path: str, head: str) -> None:
    """Check that front matter has no digests, as in version 1. Raises OldFormatError."""
    if WRITTEN_LINE.search(head):
        what = "is in version 1 of the format of content/, which other files are not"
        raise OldFormatError(what, path=path, hint="convert it with `sitegen convert`.")
