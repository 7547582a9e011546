"""Find the ids of feed items: those of their own network if an address shows them.

A post of Bluesky or Mastodon in a feed gets the same id as in an export, so that the two are
recognised as one post.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

from sitegen.sources import at_uris as bluesky_addresses
from sitegen.sources.derived_ids import post_id

BLUESKY, MASTODON, X, WEB = "bluesky", "mastodon", "x", "web"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,31}:")
_BSKY = re.compile(r"https://bsky\.app/profile/([A-Za-z0-9._:%-]+)/post/([A-Za-z0-9._:~-]+)")
_STATUS = re.compile(
    r"https://([A-Za-z0-9.-]+(?::\d+)?)/(?:users/[\w.-]+/statuses|ap/users/\d+/statuses|@[\w.-]+)/(\d+)"
)
_X = re.compile(r"https://(?:www\.|mobile\.)?(?:twitter|x)\.com/(?:\w+|i/web)/status(?:es)?/(\d+)")
_PLAIN = re.compile(r"[A-Za-z0-9]")
_MIN_LETTERS = 12
_ACTOR = re.compile(r"https://([A-Za-z0-9.-]+(?::\d+)?)/(?:users/|@)([\w.-]+)")


def network_id(uri: str) -> tuple[str, str] | None:
    """Return the network and the id there of the post at an address; None for other addresses.

    bluesky: the record key where it is a TID, else `KEY@DID`. mastodon: `NUMBER@HOST`. x: the
    status's number.
    """
    uri = uri.strip()
    if record := _bluesky(uri):
        return BLUESKY, bluesky_addresses.post_id(*record)
    if match := _STATUS.fullmatch(uri):
        return MASTODON, f"{match[2]}@{match[1].lower()}"
    if match := _X.fullmatch(uri):
        return X, match[1]
    return None


def did_of(uri: str) -> str | None:
    """Return the DID in an at:// or bsky.app address."""
    account, _ = _bluesky(uri.strip()) or ("", "")
    return account if account.startswith("did:") else None


def _bluesky(uri: str) -> tuple[str, str] | None:
    """Return the account and the record key of a Bluesky post."""
    if address := bluesky_addresses.address(uri):
        is_post = address.collection == bluesky_addresses.POST
        return (address.account, address.key) if is_post else None
    match = _BSKY.fullmatch(uri)
    return (match[1], match[2]) if match else None


def actor_of(url: str) -> tuple[str, str] | None:
    """Return the host and name of a Mastodon account from the address of a page, actor or post."""
    match = _ACTOR.match(url)
    return (match[1].lower(), match[2]) if match else None


def web_id(guid: str, home: str | None) -> str:
    """Return an item's own id, with the feed's host if it is not an address."""
    host = host_of(home or "")
    return f"{guid}@{host}" if guid and host and not _SCHEME.match(guid) else guid


def derived_id(created_at: str | None, text: str, home: str | None) -> str:
    """Derive an id for an item without one, from its minute, its text and its feed."""
    if created_at and not _is_mostly_other(text):
        return post_id(created_at[:16], f"{text}\n{home or ''}")
    digest = hashlib.sha256(f"{text}\n{home or ''}".encode("utf-8", "replace")).hexdigest()[:8]
    minute = post_id(created_at[:16], "").partition("-")[0] if created_at else "undated"
    return f"{minute}-{digest}"


def _is_mostly_other(text: str) -> bool:
    """Return whether derived ids would ignore most of a text, since it is not ASCII."""
    return not text.isascii() and len(_PLAIN.findall(text)) < _MIN_LETTERS


def host_of(url: str) -> str:
    """Return an address's host; empty if there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
