"""Read feed files: RSS, Atom and JSON Feed, of Bluesky, Mastodon or any site."""

from __future__ import annotations

import re

from sitegen.formats.encodings import decode, decode_head, read_whole
from sitegen.sources import Imported, Options, Source

KINDS = frozenset(("an RSS feed", "an Atom feed", "a JSON Feed"))
_BEFORE_ROOT = re.compile(r"(?:\s+|<\?[^>]*>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*", re.S)
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(rss|feed|RDF)\b([^>]*)", re.IGNORECASE)
_JSON_FEED = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org\\?/version\\?/1')
_TAIL_BYTES = 4096
MAX_WHOLE_BYTES = 32 * 1024 * 1024


class Feed:
    """Reads a feed in a file."""

    name = "feed"
    looks_for = "RSS, Atom, or JSON Feed"

    def detect(self, source: Source) -> str | None:
        """Return the format of a feed, by its root element or its `version`."""
        if source.members is not None:
            return None
        text = decode_head(source.head)
        if text.startswith("{"):
            is_feed = _JSON_FEED.search(text) or _has_version_at_end(source, text)
            return "a JSON Feed" if is_feed else None
        if not text.startswith("<"):
            return None
        before = _BEFORE_ROOT.match(text)
        root = _ROOT.match(text, before.end() if before else 0)
        return _kind(root, text) if root else None

    def read(self, source: Source, options: Options) -> Imported:
        """Read the whole feed. Raises SourceError."""
        from sitegen.sources.feeds import json_feed as feed_json
        from sitegen.sources.feeds import rss_and_atom as feed_xml
        from sitegen.sources.feeds.items import posts as feed_posts

        if _is_backup(source):
            return feed_posts.import_channel(feed_xml.read_large(source.path), options)
        text, oddity = decode(read_whole(source.path))
        text = text.removeprefix("\ufeff")
        is_json = text.lstrip().startswith("{")
        read = feed_json.read_json if is_json else feed_xml.read_xml
        return feed_posts.import_channel(read(text, source.path), options, oddity)


def _is_backup(source: Source) -> bool:
    """Return whether a file is so large that it must be the backup of a site.

    Backups are read as streams, so they must not declare entities.
    """
    text = decode_head(source.head)
    before = _BEFORE_ROOT.match(text)
    is_plain = before is not None and "<!DOCTYPE" not in before[0].upper()
    is_large = source.path.is_file() and source.path.stat().st_size > MAX_WHOLE_BYTES
    return is_large and is_plain and text.startswith("<")


def _kind(root: re.Match[str], text: str) -> str | None:
    name = root[1].lower()
    if name == "feed":
        is_atom = "atom" in root[2].lower() or "<entry" in text or "purl.org" in root[2]
        return "an Atom feed" if is_atom else None
    if name == "rdf":
        return "an RSS feed" if "purl.org/rss/" in text or "rdf/simple/0.9" in text else None
    return "an RSS feed"


def _has_version_at_end(source: Source, text: str) -> bool:
    """Return whether `version` is at the end, where programs that sort their keys write it."""
    if '"items"' not in text:
        return False
    try:
        with source.path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - _TAIL_BYTES))
            return _JSON_FEED.search(file.read().decode("utf-8", "replace")) is not None
    except OSError:
        return False
