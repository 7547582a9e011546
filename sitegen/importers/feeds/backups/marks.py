"""Marks of who may see a post that IndieWeb sites write: `post-status`, `visibility`, `draft`.

https://indieweb.org/Micropub-extensions#Post_Status
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sitegen.importers.feeds.items import PUBLIC, Access, narrowest, unknown

_STATES = {
    "published": PUBLIC,
    "publish": PUBLIC,
    "public": PUBLIC,
    "draft": Access("draft"),
    "pending": Access("draft", "pending review"),
    "scheduled": Access("not public", "scheduled"),
    "future": Access("not public", "scheduled"),
    "trash": Access("not public", "trashed"),
    "deleted": Access("not public", "trashed"),
    "private": Access("not public", "private"),
    "protected": Access("not public", "protected"),
    "password": Access("not public", "protected by a password"),
    "unlisted": Access("not public", "unlisted"),
    "followers": Access("not public", "for followers", "followers", "followers"),
    "direct": Access("private message", "", "direct", "direct"),
}
_KEYS = ("post-status", "post_status", "visibility")


def of_words(words: Iterable[str]) -> Access:
    """Return who may see a post by all the words for its status and its visibility."""
    told = (word.strip().casefold() for word in words)
    return narrowest(*(_STATES.get(word) or unknown("its status is not known") for word in told))


def access(fields: Mapping[str, Any]) -> Access:
    """Return who may see a post by the fields of a JSON object."""
    is_draft = fields.get("draft") not in (None, False, "false", "no", "")
    draft = Access("draft") if is_draft else PUBLIC
    return narrowest(draft, of_words(_words(fields)))


def _words(fields: Mapping[str, Any]) -> Iterator[str]:
    for key in _KEYS:
        value = fields.get(key)
        for word in value if isinstance(value, list) else [value]:
            if word is not None:
                yield word if isinstance(word, str) else "?"
