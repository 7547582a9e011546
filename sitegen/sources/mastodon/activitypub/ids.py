"""What the addresses of posts and accounts say: ids, hosts and names.

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
    """Return a post's id: `NUMBER@HOST` where its address has both, else the address."""
    found = _STATUS.fullmatch(uri)
    return f"{found[5]}@{found[1].lower()}" if found else uri


def host(uri: str) -> str | None:
    """Return the host of an address, with its port."""
    found = _HOST.match(uri)
    return found[1].lower() if found else None


def handle(actor: str) -> str | None:
    """Return `name@host` where an account's address has the name."""
    found = _ACTOR.fullmatch(actor)
    return f"{found[2]}@{found[1].lower()}" if found else None


def is_web(url: str) -> bool:
    """Return whether an address is one of the web."""
    return _WEB.match(url) is not None


def elsewhere(uri: str, author: str | None = None) -> Elsewhere:
    """Return what an address says of a post: its id, its author's."""
    found = _STATUS.fullmatch(uri)
    if found and not author:
        where = uri[: found.start(2)]
        author = where + found[2] if found[2] else None
        known = found[3] or found[4]
        named = f"{known}@{found[1].lower()}" if known else None
        post_author = Author(handle=named, id=author)
    else:
        post_author = Author(handle=handle(author) if author else None, id=author)
    return Elsewhere(post_id(uri), uri if is_web(uri) else None, post_author)
