"""What pages of the API and streams of events show: posts, reposts, records, and other things."""

from __future__ import annotations

from msgspec import Struct

from sitegen.sources.at_uris import Address
from sitegen.sources.bluesky.records.record_fields import Fields


class Shown(Struct, frozen=True):
    """A post as a page shows it; what it is called there."""

    name: str
    view: Fields


class Repost(Struct, frozen=True):
    """A repost in a feed: the post, and who reposted it when."""

    name: str
    view: Fields
    reason: Fields


class Bare(Struct, frozen=True):
    """A record without a view: its address, and what it holds."""

    name: str
    at: Address
    value: Fields


class Other(Struct, frozen=True):
    """Something that is no post: what kind of record, or None for what cannot be read."""

    name: str
    kind: str | None
