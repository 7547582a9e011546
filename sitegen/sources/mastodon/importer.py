"""Mastodon's export (a ZIP, a tar.gz or a folder), and other files with fediverse posts.

The export holds `outbox.json`, `actor.json`, `likes.json`, `bookmarks.json` and the account's
files (Mastodon's BackupService). A saved outbox, a list of activities or a list of statuses, as
Pixelfed and tools for backups keep it, is a single JSON file, or several in a folder.
"""

from __future__ import annotations

from sitegen.formats import lenient_json
from sitegen.formats.archives import Members
from sitegen.sources import Imported, Options, Source, wrappers
from sitegen.sources.mastodon import shapes
from sitegen.sources.mastodon.outbox import is_collection
from sitegen.sources.mastodon.reader import OUTBOX, OutboxReader
from sitegen.sources.source_files import head_of, names_ending, read_file

# How many files of a folder are checked before the importer rejects it.
MAX_CHECKED_FILES = 64
_ENDINGS = (".json", ".jsonl", ".ndjson")
_SIGNS = (
    b"orderedItems", b"activitystreams", b"attributedTo", b"visibility", b"created_at",
    b"createdAt", b"Create", b"Announce", b"\"actor\"",
)  # fmt: skip


class MastodonExport:
    """Reads posts of an account on an ActivityPub server."""

    name = "Mastodon export"
    looks_for = (
        "an archive or folder with outbox.json, a saved outbox (OrderedCollection), "
        "or a list of activities or statuses"
    )

    def detect(self, source: Source) -> str | None:
        """Claim files that contain activities or statuses, however wrapped."""
        if source.members is None:
            return _kind(source.head) or _capture(source)
        if _outboxes(source.members):
            return "Mastodon export"
        names = names_ending(source.members, *_ENDINGS)[:MAX_CHECKED_FILES]
        return next((k for name in names if (k := _kind(head_of(source.members, name)))), None)

    def read(self, source: Source, options: Options) -> Imported:
        """Read all posts. Raises SourceError."""
        reader = OutboxReader(source.path, options)
        if source.members is None:
            reader.read_single_file()
            return reader.build_import(self.detect(source) or self.name)
        names = _outboxes(source.members)
        for name in names:
            reader.read_export(source.members, name.removesuffix(OUTBOX))
        if not names:
            json_files = [
                n
                for n in names_ending(source.members, *_ENDINGS)
                if _kind(head_of(source.members, n))
            ]
            reader.read_files(source.members, json_files)
        return reader.build_import(self.name if names else "posts of the fediverse")


def _outboxes(members: Members) -> tuple[str, ...]:
    return tuple(name for name in members.find(OUTBOX) if _kind(head_of(members, name)))


def _kind(head: bytes) -> str | None:
    """Return the contents of JSON with this beginning, in a few words; None for other JSON."""
    head = lenient_json.to_utf8(head)
    if is_collection(head):
        return "ActivityPub outbox"
    if not any(sign in head for sign in _SIGNS):
        return None
    values = lenient_json.read_head(head)
    return "posts of the fediverse" if shapes.holds_any(values) else None


def _capture(source: Source) -> str | None:
    """Claim a browser capture, if responses with statuses are in it."""
    if not wrappers.is_capture(source.head):
        return None
    data = read_file(source.path)
    return "posts of the fediverse" if b"/api/v1/" in data and b"visibility" in data else None
