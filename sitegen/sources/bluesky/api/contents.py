"""Value types for the contents of API pages and event streams."""

from __future__ import annotations

from msgspec import Struct

from sitegen.sources.at_uris import Address
from sitegen.sources.bluesky.records.record_fields import RecordFields


class PostView(Struct, frozen=True):
    """The API's view of a post or an account, and its name in reports."""

    name: str
    view: RecordFields


class Repost(Struct, frozen=True):
    """A repost in a feed: the post, who reposted it, and when."""

    name: str
    view: RecordFields
    reason: RecordFields


class BareRecord(Struct, frozen=True):
    """A record without a view: its address and its value."""

    name: str
    at: Address
    value: RecordFields


class OtherRecord(Struct, frozen=True):
    """Something that is not a post: the kind of record, or None if it cannot be read."""

    name: str
    kind: str | None
