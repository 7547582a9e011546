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
from urllib.parse import quote

from msgspec import Struct

from sitegen import exchange
from sitegen.content.format import draft, front_matter, keys
from sitegen.content.format.draft import TEXT, Parts
from sitegen.content.format.hiding import (
    DRAFT,
    HIDE,
    VISIBILITY,
    is_closed,
    is_held_back,
    is_hidden,
)
from sitegen.content.format.recorded import NOTHING, Recorded, legacy_digest
from sitegen.content.format.stored import StoredPost
from sitegen.content.post_media import media_block, media_parts
from sitegen.content.post_media.media_block import Section
from sitegen.content.post_media.media_parts import MEDIA
from sitegen.errors import ContentError, OldFormatError
from sitegen.formats.json_fields import StrictFields
from sitegen.model import Facet, Json
from sitegen.text import richtext

MARKER = re.compile(r"^<!-- post (\S+) -->[ \r]*$", re.M)
MARKER_SAFE = "._:/@+=,!*'()~"
WRITTEN = "written"
WRITTEN_LINE = re.compile(rf"^{WRITTEN}: *\{{", re.M)
COUNTS = "counts"
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


def stored_posts(file: ThreadFile) -> tuple[StoredPost, ...]:
    """Return the posts of a file, in its order. Raises ContentError."""
    network = file.fields.get("network")
    if not isinstance(network, str) or not network:
        raise file.wrong("network", '"network" must be a text such as "bluesky"')
    listed = tuple([stored_post(file, identity, network) for identity in file.records])
    if len(listed) < len(file.sections):
        raise _loose_marker(file, listed)
    return listed


def _loose_marker(file: ThreadFile, listed: tuple[StoredPost, ...]) -> ContentError:
    """Return the error for a marker whose post is not listed."""
    names = {marker_name(stored.post.id) for stored in listed}
    name = next(name for name in file.sections if name not in names)
    return ContentError(
        f"the marker of post {name} has no line in the front matter",
        path=file.path,
        line=file.text.count("\n", 0, file.text.find(f"<!-- post {name} -->")) + 1,
        hint=f'add a line - {{"id": "{name}"}} to posts, or delete the marker.',
    )


def stored_post(file: ThreadFile, identity: str, network: str) -> StoredPost:
    """Convert a post's line and Markdown into a post. Raises ContentError."""
    line, section = file.records[identity], file.section_of(identity)
    body = section.text
    parsed = richtext.from_markdown(body)
    text = parsed.text if parsed else richtext.plain(body)
    in_body = parsed.facets if parsed else ()
    fields = {**line, "network": network}
    hidden = False
    if len(line) > 1:
        hidden = _check_hidden(file, identity, line)
        fields.pop(HIDE, None)
        fields.pop(DRAFT, None)
    extra = fields.pop("extra", None)
    if isinstance(extra, dict):
        fields |= extra
    if section.block or MEDIA in line:
        fields[MEDIA] = media_parts.read_media(line.get(MEDIA), section.block)
    if "author" not in fields:
        handle = file.fields.get("author")
        fields["author"] = file.fields.get("account") or (handle and {"handle": handle})
    record = StrictFields(fields, file.path, 0, ContentError)
    try:
        post = exchange.post(record, text, _facets(line, text, in_body), _links(record, in_body))
    except ContentError as error:
        error.line = file.line_of_post(identity)
        raise
    return StoredPost(post, None if parsed else body, hidden)


def _check_hidden(file: ThreadFile, identity: str, line: Parts) -> bool:
    """Return whether a post is hidden, after checking its line's keys. Raises ContentError."""
    try:
        keys.refuse_unknown(line, file.path)
        return is_post_hidden(file, identity)
    except ContentError as error:
        error.line = file.line_of_post(identity)
        raise


def is_post_hidden(file: ThreadFile, identity: str) -> bool:
    """Return whether a post's line hides it. Raises ContentError."""
    line = file.records[identity]
    if is_hidden(line, file.path):
        return True
    return is_closed(line) and not _is_imported_visibility(file, identity, line)


def _is_imported_visibility(file: ThreadFile, identity: str, line: Parts) -> bool:
    """Return whether an import set the visibility of a post in a file of version 1.

    Such files have digests, and no `hide: false` where an import included what is not public.
    """
    posts = file.written.get("posts")
    digests = posts.get(identity) if isinstance(posts, dict) else None
    written = digests.get(VISIBILITY) if isinstance(digests, dict) else None
    is_old = isinstance(digests, dict) and HIDE not in digests
    return is_old and written == legacy_digest(line.get(VISIBILITY))


def marker(identity: str) -> str:
    """Return the marker line before a post's text."""
    return f"<!-- post {marker_name(identity)} -->"


def marker_name(identity: str) -> str:
    """Return an id escaped for an HTML comment: no space, no "--", no ">"."""
    if identity.isascii() and identity.isalnum():
        return identity
    name = quote(identity, safe=MARKER_SAFE, errors="surrogatepass")
    return name.replace("--", "-%2D").removesuffix("-") + ("%2D" if name.endswith("-") else "")


def trim(body: str) -> str:
    """Return a section's text without surrounding blank lines."""
    return (body.replace("\r\n", "\n") if "\r" in body else body).strip(" \n")


def _facets(line: Parts, text: str, in_body: tuple[Facet, ...]) -> tuple[Facet, ...]:
    """Merge the body's links with the line's facets that still match the text."""
    listed = line.get("facets")
    if not isinstance(listed, list):
        return draft.derived_facets(text, in_body, line)
    return draft.merge_facets(in_body, (f for value in listed if (f := _parse_facet(value, text))))


def _parse_facet(value: Json, text: str) -> Facet | None:
    if not isinstance(value, dict):
        return None
    start, end, kind, target = (value.get(k) for k in ("start", "end", "kind", "value"))
    if not (isinstance(start, int) and isinstance(end, int) and isinstance(target, str)):
        return None
    if kind not in exchange.FACET_KINDS or not 0 <= start < end <= len(text):
        return None
    return Facet(start, end, kind, target) if text[start:end] == value.get("shown") else None  # type: ignore[arg-type]


def _links(record: StrictFields, in_body: tuple[Facet, ...]) -> tuple[str, ...]:
    shown = tuple(f.value for f in in_body)
    if "links" not in record.values:
        return shown
    listed = record.texts("links")
    known = frozenset(listed)
    return listed + tuple(link for link in shown if link not in known)
