"""Mastodon's export (a ZIP, a tar.gz or a folder), and outboxes of any ActivityPub server.

The export holds `outbox.json`, `actor.json`, `likes.json`, `bookmarks.json` and the account's
files (Mastodon's BackupService); a saved outbox, or a page of one, is a single JSON file.
"""

from __future__ import annotations

import re

from sitegen.importers import Imported, Options, Source
from sitegen.importers.mastodon.reading import OUTBOX, Reading

HEAD = 65_536
_COLLECTION = re.compile(rb'"type"\s*:\s*\[?\s*"(?:Ordered)?Collection(?:Page)?"')
_SIGNS = (b"www.w3.org/ns/activitystreams", b'"orderedItems"')


class MastodonExport:
    """Reads what somebody posted from a server that speaks ActivityPub."""

    name = "Mastodon export"
    looks_for = "an archive or folder with outbox.json, or a saved outbox (OrderedCollection)"

    def detect(self, source: Source) -> str | None:
        """Claim a bundle whose outbox.json is a collection, or a file that is one."""
        if source.members is None:
            return "ActivityPub outbox" if _is_collection(source.head) else None
        for name in source.members.find(OUTBOX):
            with source.members.open(name) as file:
                if _is_collection(file.read(HEAD)):
                    return "Mastodon export"
        return None

    def read(self, source: Source, options: Options) -> Imported:
        """Read all outboxes. Raises SourceError."""
        reading = Reading(source.path, options)
        if source.members is None:
            reading.page()
            return reading.imported("ActivityPub outbox")
        for name in source.members.find(OUTBOX):
            reading.export(source.members, name.removesuffix(OUTBOX))
        return reading.imported(self.name)


def _is_collection(head: bytes) -> bool:
    """Tell whether JSON begins as a collection of activities does."""
    is_object = head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    return is_object and bool(_COLLECTION.search(head)) and any(sign in head for sign in _SIGNS)
