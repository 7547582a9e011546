"""Patch the media of posts in a thread's file; everything else stays byte for byte.

The digests in `written` stay: a later import treats the patched media as edited by a person.
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from sitegen.content.content_folder import decode
from sitegen.content.format import front_matter, post_text, thread_file
from sitegen.content.format.draft import Parts
from sitegen.content.format.post_text import marker_name
from sitegen.content.format.stored import StoredPost, stored_posts
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.merge import rewrite
from sitegen.content.post_media import media_parts
from sitegen.errors import ContentError
from sitegen.model import Media

ITEM = "  - "
MediaPatch = Mapping[str, Mapping[int, Media]]


def patch_media(path: str, data: bytes, patch: MediaPatch) -> bytes:
    """Return a thread file's bytes with other media, by post and index.

    Raises ContentError for a file that cannot be read, or cannot be patched.
    """
    file = thread_file.read(path, decode(data, path))
    head, body = file.head, file.text[file.text.index(file.head) + len(file.head) :]
    for identity, media in patch.items():
        if identity in file.records:
            parts = _patch_parts(file.parts_of(identity), media)
            head = _replace_line(head, path, identity, post_text.line(identity, parts))
            body = _replace_section(body, file, identity, post_text.section(parts, file.levels))
    text = file.text[: file.text.index(file.head)] + head + body
    _check(file, thread_file.read(path, text), patch)
    return (BOM_UTF8 if data.startswith(BOM_UTF8) else b"") + text.encode()


def _patch_parts(parts: Parts, patch: Mapping[int, Media]) -> Parts:
    """Return a post's parts with other kinds and paths of media."""
    listed = media_parts.to_list(parts)
    media = [*listed] if isinstance(listed, list) else []
    for place, new in patch.items():
        if place < len(media) and isinstance(old := media[place], dict):
            first: Parts = {"kind": new.kind, "path": new.path}
            media[place] = first | {k: v for k, v in old.items() if k not in first}
    rest = {k: v for k, v in parts.items() if not k.startswith(media_parts.ALT)}
    return media_parts.insert(rest, media)


def _replace_line(head: str, path: str, identity: str, new: Parts) -> str:
    """Replace a post's line; if a person wrote the list in other YAML, rewrite the list."""
    lines = head.split("\n")
    for number, line in enumerate(lines):
        if (old := _post_line(line)) and old.get("id") == identity:
            if old != new:
                end = "\r" if line.endswith("\r") else ""
                written = front_matter.line("posts", [new]).removeprefix("posts:\n")
                lines[number] = written.removesuffix("\n") + end
            return "\n".join(lines)
    before = front_matter.read_key(head, "posts", path)
    listed = before if isinstance(before, list) else []
    after = [new if isinstance(x, dict) and x.get("id") == identity else x for x in listed]
    changed = rewrite.replace_head(head, {"posts": before}, {"posts": after})
    return front_matter.with_line_ends_of(head, changed)


def _post_line(line: str) -> Parts | None:
    """Return the fields of a post's line; None if it is not written as JSON."""
    if not line.startswith(ITEM + "{"):
        return None
    try:
        found = json.loads(line.removeprefix(ITEM))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _replace_section(body: str, file: ThreadFile, identity: str, new: str) -> str:
    """Replace the Markdown of a post, without the spaces around it."""
    if new == file.body_of(identity):
        return body
    end = "\r\n" if "\r\n" in body else "\n"
    name = marker_name(identity)
    places = [m for m in thread_file.MARKER.finditer(body) if m[1] == name]
    start = places[0].end() if places else len(body)
    after = thread_file.MARKER.search(body, start)
    stop = after.start() if after else len(body)
    written = body[start:stop]
    bare = written.rstrip(" \r\n")
    tail = written[len(bare) :] if bare else end + end * (after is not None)
    before = written[: len(written) - len(written.lstrip(" \r\n"))] if bare else "\n" + end
    return body[:start] + before + new.replace("\n", end) + tail + body[stop:]


def _check(before: ThreadFile, after: ThreadFile, patch: MediaPatch) -> None:
    """Check that nothing but the media has changed. Raises ContentError."""
    stored = stored_posts(before)
    counts = {s.post.id: len(s.post.media) for s in stored}
    is_there = all(max(places) < counts.get(i, 0) for i, places in patch.items() if places)
    wanted = tuple([_patch_post(s, patch) for s in stored])
    is_same = stored_posts(after) == wanted and after.written == before.written
    if not (is_there and is_same):
        raise ContentError(
            "the media of its posts cannot be changed without changing more",
            path=before.path,
            line=before.line_of("posts"),
            hint="write each post on one line, as in other files.",
        )


def _patch_post(stored: StoredPost, patch: MediaPatch) -> StoredPost:
    new = patch.get(stored.post.id, {})
    media: Sequence[Media] = [
        replace(m, kind=new[n].kind, path=new[n].path) if n in new else m
        for n, m in enumerate(stored.post.media)
    ]
    return replace(stored, post=replace(stored.post, media=tuple(media)))
