"""Parse addresses of posts and accounts: ids, hosts and names.

`https://HOST/users/NAME/statuses/NUMBER`, since 2025 `https://HOST/ap/users/ID/statuses/NUMBER`,
and for people `https://HOST/@NAME/NUMBER`, are one post (Mastodon's ActivityPub::TagManager).
"""

from __future__ import annotations

import re

from sitegen.model import Author, Elsewhere

NETWORK = "mastodon"
_STATUS = re.compile(
    r"https?://([^/?#@\s]+)/(?:(users/([^/?#]+)|ap/users/[^/?#]+)/statuses|@([^/?#@]+))/([0-9]+)"
    r"(?:/activity)?/?"
)
_ACTOR = re.compile(
    r"https?://([^/?#@\s]+)/(?:users/|@|u/|c/|accounts/|profile/|author/)([^/?#@]+)/?"
)
_HOST = re.compile(r"https?://([^/?#@\s]+)", re.IGNORECASE)
_WEB = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)


def post_id(uri: str) -> str:
    """Return a post's id: `NUMBER@HOST` if its address has both, else the address."""
    match = _STATUS.fullmatch(uri)
    return f"{match[5]}@{match[1].lower()}" if match else uri


def host(uri: str) -> str | None:
    """Return the host of an address, with its port."""
    match = _HOST.match(uri)
    return match[1].lower() if match else None


def handle(actor: str) -> str | None:
    """Return `name@host` if an account's address has the name."""
    match = _ACTOR.fullmatch(actor)
    return f"{match[2]}@{match[1].lower()}" if match else None


def is_web(url: str) -> bool:
    """Return whether an address is a web address."""
    return _WEB.match(url) is not None


def elsewhere(uri: str, author: str | None = None) -> Elsewhere:
    """Return a reference from the address of a post: its id and its author."""
    match = _STATUS.fullmatch(uri)
    if match and not author:
        where = uri[: match.start(2)]
        author = where + match[2] if match[2] else None
        known = match[3] or match[4]
        named = f"{known}@{match[1].lower()}" if known else None
        post_author = Author(handle=named, id=author)
    else:
        post_author = Author(handle=handle(author) if author else None, id=author)
    return Elsewhere(post_id(uri), uri if is_web(uri) else None, post_author)
