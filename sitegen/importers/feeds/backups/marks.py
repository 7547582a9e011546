"""Marks of who may see a post that IndieWeb sites write: `post-status`, `visibility`, `draft`.

https://indieweb.org/Micropub-extensions#Post_Status
"""

from __future__ import annotations

import re
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
_UNSPOKEN = re.compile("[-_ ]")
_WORDS = frozenset(("poststatus", "visibility"))
_OTHER_WORDS = frozenset(("status", "privacy", "access", "audience"))
_DRAFTS = frozenset(("draft", "isdraft"))
_PRIVATE = frozenset(("private", "isprivate", "hidden", "ishidden", "unlisted", "isunlisted"))
_PUBLISHED = frozenset(("published", "ispublished", "public", "ispublic"))


def of_words(words: Iterable[str]) -> Access:
    """Return who may see a post by all the words for its status and its visibility."""
    told = (word.strip().casefold() for word in words)
    return narrowest(*(_STATES.get(word) or unknown("its status is not known") for word in told))


def access(fields: Mapping[str, Any]) -> Access:
    """Return who may see a post by the fields of a JSON object, and those of its extensions.

    The names of extensions begin with "_" and hold what JSON Feed has no field for.
    """
    return narrowest(*_found(fields), *_found_in_extensions(fields))


def _found_in_extensions(fields: Mapping[str, Any]) -> Iterator[Access]:
    for key, value in fields.items():
        if key.startswith("_") and isinstance(value, dict):
            yield from _found(value)


def _found(fields: Mapping[str, Any]) -> Iterator[Access]:
    for key, value in fields.items():
        name = _UNSPOKEN.sub("", key).casefold()
        if name in _DRAFTS and _is_yes(value):
            yield Access("draft")
        elif name in _PRIVATE and _is_yes(value):
            yield Access("not public", "private")
        elif name in _PUBLISHED and (value is False or value == "false"):
            yield Access("draft")
        elif name in _WORDS:
            yield of_words(_words(value))
        elif name in _OTHER_WORDS:  # it may be about something else: only what closes counts
            yield of_words(word for word in _words(value) if word.strip().casefold() in _STATES)


def _is_yes(value: Any) -> bool:
    return value not in (None, False, 0, "false", "no", "0", "")


def _words(value: Any) -> Iterator[str]:
    for word in value if isinstance(value, list) else [value]:
        if word is not None:
            yield word if isinstance(word, str) else "?"
