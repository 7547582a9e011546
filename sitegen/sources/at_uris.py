"""Parse AT Protocol identifiers: at:// addresses, record keys, and the ids of posts.

https://atproto.com/specs/at-uri-scheme, /specs/tid, /specs/handle, /specs/did, /specs/record-key
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from sitegen.model import Author

NETWORK = "bluesky"
POST = "app.bsky.feed.post"
REPOST = "app.bsky.feed.repost"
SITE = "https://bsky.app"
_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_DIGITS = str.maketrans(_ALPHABET, "0123456789abcdefghijklmnopqrstuv")
_TID = re.compile(r"[234567abcdefghij][234567a-z]{12}")
_DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]{1,2000}(?<![:%])")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HANDLE = re.compile(rf"(?:{_LABEL}\.)+[A-Za-z](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?")
_KEY = re.compile(r"[A-Za-z0-9._:~-]{1,512}")
_ADDRESS = re.compile(
    rf"at://({_DID.pattern}|{_HANDLE.pattern})/([A-Za-z0-9.-]{{1,317}})/({_KEY.pattern})"
)


class Address(Struct, frozen=True):
    """The address of a record: its account (a DID or a handle), its collection, its key."""

    account: str
    collection: str
    key: str

    @property
    def author(self) -> Author:
        """Return the author as far as the address identifies it."""
        return Author(id=self.account) if is_did(self.account) else Author(handle=self.account)

    @property
    def post_id(self) -> str:
        """Return the id of a post at this address."""
        return post_id(self.account, self.key)

    @property
    def url(self) -> str:
        """Return the public address of a post."""
        return post_url(self.account, self.key)


def address(uri: str | None) -> Address | None:
    """Parse the at:// address of a record; return None if it is not one."""
    match = _ADDRESS.fullmatch(uri) if uri else None
    return Address(*match.groups()) if match else None


def post_id(account: str, key: str) -> str:
    """Return the id of a post: its record key, with its account unless the key is a TID."""
    return key if is_tid(key) else f"{key}@{account}"


def post_url(account: str, key: str) -> str:
    """Return the public address of a post; the account is a handle or a DID."""
    return f"{SITE}/profile/{account}/post/{key}"


def is_tid(key: str) -> bool:
    """Return whether a record key is a TID: 13 characters that hold a time."""
    return _TID.fullmatch(key) is not None


def tid_time(key: str) -> str | None:
    """Return the time of a TID as ISO 8601, to the millisecond; None for another key."""
    if not is_tid(key):
        return None
    return iso(int(key.translate(_DIGITS), 32) >> 10)


def iso(microseconds: int) -> str:
    """Return microseconds since 1970 as a time in ISO 8601, to the millisecond."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_did(name: str) -> bool:
    """Return whether a name is a decentralised identifier."""
    return _DID.fullmatch(name) is not None


def is_record_key(key: str) -> bool:
    """Return whether a name is valid as a record key."""
    return _KEY.fullmatch(key) is not None and key not in (".", "..")


def handle(name: str | None) -> str | None:
    """Return a name as a handle in lower case; None if it is not a valid one."""
    bare = (name or "").removeprefix("@")
    if len(bare) > 253 or not _HANDLE.fullmatch(bare):
        return None
    return None if bare.lower() == "handle.invalid" else bare.lower()
