"""Patch the media of posts in a thread's file; everything else stays byte for byte.

The digests in `written` stay: a later import treats the patched media as edited by a person.
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from sitegen.content.content_folder import decode
from sitegen.content.format import front_matter, thread_file
from sitegen.content.format.stored import StoredPost
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.merge import thread_merge
from sitegen.errors import ContentError
from sitegen.model import Json, Media

ITEM = "  - "
SPACES = " \t\r\n"
MediaPatch = Mapping[str, Mapping[int, Media]]
_decode = json.JSONDecoder().raw_decode


def patch_media(path: str, data: bytes, patch: MediaPatch) -> bytes:
    """Return a thread file's bytes with other media, by post and index.

    Raises ContentError for a file that cannot be read, or cannot be patched.
    """
    file = thread_file.read(path, decode(data, path))
    head = file.head
    for identity, media in patch.items():
        for place, new in media.items():
            head = _in_line(head, identity, place, new) or _in_list(
                head, path, identity, place, new
            )
    text = file.text.replace(file.head, head, 1)
    _check(file, thread_file.read(path, text), patch)
    return (BOM_UTF8 if data.startswith(BOM_UTF8) else b"") + text.encode()


def _in_line(head: str, identity: str, place: int, new: Media) -> str | None:
    """Patch media in place in a post's line; None if the line is not JSON."""
    at = 0
    for line in head.split("\n"):
        if line.startswith(ITEM + "{") and '"media"' in line:
            span = _span(line, identity, place)
            if span:
                start, end = at + span[0], at + span[1]
                return head[:start] + _patch_item(json.loads(head[start:end]), new) + head[end:]
        at += len(line) + 1
    return None


def _in_list(head: str, path: str, identity: str, place: int, new: Media) -> str:
    """Rewrite the list of posts, which a person changed to other YAML."""
    old = front_matter.read_key(head, "posts", path)
    lines = json.loads(json.dumps(old))
    for line in lines if isinstance(lines, list) else ():
        media = line.get("media") if isinstance(line, dict) and line.get("id") == identity else None
        if isinstance(media, list) and place < len(media) and isinstance(media[place], dict):
            media[place] = json.loads(_patch_item(media[place], new))
    return thread_merge.replace_head(head, {"posts": old}, {"posts": lines})


def _patch_item(item: dict[str, Json], new: Media) -> str:
    """Return an item as JSON with another kind and path; its other keys stay."""
    changed: dict[str, Json] = {"kind": new.kind, "path": new.path}
    changed |= {key: value for key, value in item.items() if key not in changed}
    return front_matter.line("item", changed).removeprefix("item: ").removesuffix("\n")


def _span(line: str, identity: str, place: int) -> tuple[int, int] | None:
    """Return the span of a media item in a post's line; None if it is another post's line."""
    try:
        keys = dict(_members(line, len(ITEM)))
        if json.loads(line[slice(*keys["id"])]) != identity:
            return None
        return [*_values(line, keys["media"][0])][place]
    except (ValueError, KeyError, IndexError, RecursionError):
        return None


def _members(text: str, at: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the keys of a JSON object and the spans of their values."""
    at = _next(text, at + 1)
    while text[at] != "}":
        key, at = _decode(text, at)
        start = _next(text, _next(text, at) + 1)
        _, end = _decode(text, start)
        yield key, (start, end)
        at = _next(text, end)
        at = _next(text, at + 1) if text[at] == "," else at


def _values(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the values of a JSON list."""
    at = _next(text, at + 1)
    while text[at] != "]":
        _, end = _decode(text, at)
        yield at, end
        at = _next(text, end)
        at = _next(text, at + 1) if text[at] == "," else at


def _next(text: str, at: int) -> int:
    while text[at] in SPACES:
        at += 1
    return at


def _check(before: ThreadFile, after: ThreadFile, patch: MediaPatch) -> None:
    """Check that nothing but the media has changed. Raises ContentError."""
    stored = thread_file.stored_posts(before)
    counts = {s.post.id: len(s.post.media) for s in stored}
    is_there = all(max(places) < counts.get(i, 0) for i, places in patch.items() if places)
    wanted = tuple([_patch_post(s, patch) for s in stored])
    is_same = thread_file.stored_posts(after) == wanted and after.written == before.written
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
