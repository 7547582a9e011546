"""Threads and Instagram exports (JSON): posts, reels and their author; the rest is excluded.

One export may have both networks; it is read as one source. What was public for a day only,
archived, deleted or sent to somebody is excluded and counted. An export may cover a part of
the time only and does not say so, so it never proves that a post has vanished.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from sitegen.formats.archives import Members
from sitegen.sources import Imported, Options, Source
from sitegen.sources.meta.download import AS_HTML, downloads, read_download
from sitegen.sources.meta.exports import heads
from sitegen.sources.meta.exports.exports import first_bytes
from sitegen.sources.meta.exports.layout import (
    is_below_other_folder,
    is_in_media,
    is_of_media,
    kind_of_document,
)

_OTHER_SOURCES = (".jsonl", ".js", ".xml", ".rss", ".atom", ".html", ".txt", ".car")
_MAX_UNSURE = 100  # files in unknown places of an unknown folder that are opened


class ThreadsExport:
    """Reads an export with posts of Threads, and those of Instagram if it has them too."""

    name = "Threads export"
    looks_for = "threads/threads_and_replies.json, or the JSON file itself"

    def detect(self, source: Source) -> str | None:
        """Claim a bundle or a file with the key of Threads' posts."""
        if source.members is None:
            return "a Threads export" if heads.is_of_threads(source.head) else None
        for name in source.members.names():
            is_there = "/threads/" in f"/{name}" and name.lower().endswith(".json")
            if is_there and heads.is_of_threads(first_bytes(source.members, name)):
                return "a Threads export"
        return None

    def read(self, source: Source, options: Options) -> Imported:
        """Read the whole export. Raises SourceError."""
        return read_download(source, options)

    def downloads(self, sources: Sequence[Source]) -> tuple[tuple[Source, ...], ...]:
        """Group sources by the download that they are parts of."""
        return downloads(sources)


class InstagramExport(ThreadsExport):
    """Reads an export with posts of Instagram, or a part of one."""

    name = "Instagram export"
    looks_for = "posts_1.json, media.json or media/posts/, or the JSON file itself"

    def detect(self, source: Source) -> str | None:
        """Claim a bundle or a file with Instagram's keys, or with lists of media and times."""
        if source.members is None:
            kind = heads.kind_of_head(source.head)
            return "an Instagram export" if kind in ("posts", "profile") else None
        if _has_documents(source.members):
            return "an Instagram export"
        if any(source.members.find(name) for name in AS_HTML):
            return "a Threads or Instagram export as HTML"
        return "a part of an Instagram export" if _is_part(source) else None


def _has_documents(members: Members) -> bool:
    """Return whether a file of posts or a profile exists, by its name and beginning."""
    kinds = {n: kind_of_document(n) for n in members.names() if n.lower().endswith(".json")}
    likely = [name for name, kind in kinds.items() if kind in ("posts", "profile")]
    unsure = (name for name, kind in kinds.items() if kind == "unsure")
    return any(
        heads.kind_of_head(first_bytes(members, name)) in ("posts", "profile")
        for name in (*likely, *islice(unsure, _MAX_UNSURE))
    )


def _is_part(source: Source) -> bool:
    """Return whether there are only media, or other files of an export."""
    names = source.members.names() if source.members else ()
    words = " ".join((source.path.name, *names)).casefold()
    if any(map(_is_of_another, names)):
        return False
    is_named = "instagram" in words and any(
        is_below_other_folder(n) or is_in_media(n) for n in names
    )
    return is_named or any(map(is_of_media, names))


def _is_of_another(name: str) -> bool:
    """Return whether another importer may read a file."""
    *_, last = name.casefold().split("/")
    is_cover = last in ("start_here.html", "index.html")
    return last.endswith(_OTHER_SOURCES) and not is_cover and not is_below_other_folder(name)
