"""Classify the files of an export by their first bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitegen.sources.meta.exports.layout import Kind

HEAD = 65_536
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[{}\[\]:]', re.DOTALL)
_DEPTH = 6  # levels of objects in a post that can identify it
_THREADS = b"text_post_app_"
_PROFILES = (b"profile_user", b"text_post_app_text_post_app_profile")


def strip(data: bytes) -> bytes:
    """Return a file's first bytes without a byte order mark and spaces."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()


def kind_of_head(data: bytes) -> Kind:
    """Return the kind of a file by its beginning: posts, a profile, or something else."""
    head = strip(data)
    if head[:1] not in (b"{", b"["):
        return "other"
    keys = list(_keys(head[:HEAD]))
    tops = {key for depth, key in keys if depth == 1 and head[:1] == b"{"}
    if tops & set(_PROFILES) or {b"username", b"private_account"} <= tops:
        return "profile"
    if any(key.startswith((_THREADS, b"ig_")) for key in tops):
        return "posts"
    return "posts" if _has_posts(head, keys, tops) else "other"


def is_of_threads(data: bytes) -> bool:
    """Return whether a file begins with posts, likes or the profile of Threads."""
    head = strip(data)
    return head[:1] == b"{" and any(
        depth == 1 and key.startswith(_THREADS) for depth, key in _keys(head[:HEAD])
    )


def _has_posts(head: bytes, keys: list[tuple[int, bytes]], tops: set[bytes]) -> bool:
    """Return whether there are media records with times: in a list, alone, or as in 2018."""
    level = 1 if head[:1] == b"{" else 2
    records = {key for depth, key in keys if depth == level}
    below = {key for depth, key in keys if level < depth <= _DEPTH}
    if b"media" in records and (records | below) & {b"creation_timestamp", b"label_values"}:
        return True
    is_of_2018 = tops & {b"photos", b"videos", b"stories", b"direct"}
    return bool(is_of_2018) and {b"path", b"taken_at"} <= below


def _keys(head: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the keys of objects with their depth, as far as the beginning goes."""
    depth = 0
    text = b""
    for match in _TOKEN.finditer(head):
        token = match[0]
        if token in (b"{", b"["):
            depth += 1
        elif token in (b"}", b"]"):
            depth -= 1
        elif token == b":":
            yield depth, text
        else:
            text = token[1:-1]
