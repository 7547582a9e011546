"""Jetstream lines: records that accounts created, changed and deleted.

https://github.com/bluesky-social/jetstream: `{did, time_us, kind, commit: {rev, operation,
collection, rkey, record}}`. Other tools write one row per record with the same names. The last
operation on a record is that of its last line, unless a deletion has a newer `rev`: lines of
merged or sorted files are in any order.
"""

from __future__ import annotations

from sitegen.sources import Exclusion, Reason, at_uris
from sitegen.sources.at_uris import POST, REPOST, Address
from sitegen.sources.bluesky.api.contents import BareRecord
from sitegen.sources.bluesky.records.record_fields import RecordFields

# The first version of Jetstream wrote one letter.
_OPERATIONS = {"c": "create", "u": "update", "d": "delete"}


class Events:
    """Processes event lines; `operations` counts those on posts and reposts."""

    def __init__(self) -> None:
        self.operations = 0
        self.excluded: list[Exclusion] = []
        self.handles: dict[str, str] = {}
        self.until: str | None = None
        self._deleted: dict[Address, str] = {}

    def is_deleted(self, at: Address) -> bool:
        """Return whether the last operation on a record deleted it."""
        return at in self._deleted

    def process(self, name: str, line: RecordFields) -> BareRecord | None:
        """Process a line; return its record, if any."""
        did = line.text("did") or line.text("repo")
        commit = line if "collection" in line else line.record("commit")
        self._record_time(line)
        if not commit.values:
            self._account(name, did, line)
            return None
        record = commit.record("record" if "record" in commit else "value")
        verb = commit.text("operation") or commit.text("action") or commit.text("type") or "create"
        operation = _OPERATIONS.get(verb, verb)
        uri = f"at://{did}/{commit.text('collection')}/{commit.text('rkey')}"
        at = at_uris.address(uri)
        if at is None:
            self._exclude(name, "damaged", "it does not say of what")
        elif operation == "delete":
            self.operations += at.collection in (POST, REPOST)
            self._deleted[at] = commit.text("rev")
            self._exclude(uri, "not a post", "deletion")
        elif operation in ("create", "update") and record.values:
            self.operations += at.collection in (POST, REPOST)
            if commit.text("rev") >= self._deleted.get(at, ""):
                self._deleted.pop(at, None)
            return BareRecord(uri, at, record)
        elif operation in ("create", "update"):
            self._exclude(uri, "damaged", "it has no record")
        else:
            self._exclude(uri, "unknown kind", operation or "no operation")
        return None

    def _account(self, name: str, did: str, line: RecordFields) -> None:
        event = line.record("identity")
        handle = at_uris.handle(event.text("handle"))
        if handle:
            self.handles[did] = handle
        self._exclude(name, "not a post", "identity" if event.values else "account")

    def _exclude(self, name: str, reason: Reason, detail: str) -> None:
        self.excluded.append(Exclusion(name, reason, detail))

    def _record_time(self, line: RecordFields) -> None:
        """Record the time of the newest line, which is the state of the source."""
        microseconds = line.count("time_us")
        if microseconds is None or microseconds >= 1 << 53:
            return
        written = at_uris.iso(microseconds)
        self.until = max(self.until or written, written)
