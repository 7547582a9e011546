"""Threads and Instagram exports (JSON): posts, reels and who wrote them; all else is named.

One export may hold both networks; it is read as one source. What was public for a day only,
archived, deleted or sent to somebody is left out and counted. An export may be of a part of
the time only and does not say so, so it never proves that a post has vanished.
"""

from __future__ import annotations

from sitegen.errors import SourceError
from sitegen.importers import Imported, Options, Source
from sitegen.importers.meta.reading import AS_HTML, read_export
from sitegen.importers.meta.sections import is_of_posts

_HEAD = 65_536
_KEYS = (b'"ig_', b'"profile_user"')


class ThreadsExport:
    """Reads an export that has posts of Threads, and Instagram's where it has those too."""

    name = "Threads export"
    looks_for = "threads/threads_and_replies.json, or the JSON file itself"

    def detect(self, source: Source) -> str | None:
        """Claim a bundle or a file with the key of Threads' posts."""
        if source.members is None:
            head = _head(source.head)
            return "a Threads export" if head[:1] == b"{" and b'"text_post_app_' in head else None
        for name in source.members.names():
            is_there = "/threads/" in f"/{name}" and name.lower().endswith(".json")
            if is_there and b'"text_post_app_' in _begin(source, name):
                return "a Threads export"
        return None

    def read(self, source: Source, options: Options) -> Imported:
        """Read all of it. Raises SourceError."""
        return read_export(source, options)


class InstagramExport:
    """Reads an export that has posts of Instagram."""

    name = "Instagram export"
    looks_for = "content/posts_1.json or media/posts_1.json, or the JSON file itself"

    def detect(self, source: Source) -> str | None:
        """Claim a bundle or a file with Instagram's keys, or with lists of media and times."""
        if source.members is None:
            return "an Instagram export" if _is_instagram(_head(source.head)) else None
        for name in source.members.names():
            lower = name.lower()
            near = is_of_posts(name) or "personal_information" in lower
            if near and lower.endswith(".json") and _is_instagram(_begin(source, name)):
                return "an Instagram export"
        is_html = any(source.members.find(name) for name in AS_HTML)
        return "a Threads or Instagram export as HTML" if is_html else None

    def read(self, source: Source, options: Options) -> Imported:
        """Read all of it. Raises SourceError."""
        return read_export(source, options)


def _is_instagram(head: bytes) -> bool:
    if head[:1] == b"{":
        return any(key in head for key in _KEYS)
    return head[:1] == b"[" and b'"media"' in head and b'"creation_timestamp"' in head


def _head(data: bytes) -> bytes:
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()


def _begin(source: Source, name: str) -> bytes:
    """Return how a member begins; nothing where it cannot be read, which is told later."""
    try:
        with source.members.open(name) as file:  # type: ignore[union-attr]
            return _head(file.read(_HEAD))
    except SourceError:
        return b""
