"""Keys that may keep a post private: understood or refused, never ignored."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from msgspec.structs import replace

from sitegen.errors import SitegenError
from sitegen.formats.json_fields import StrictFields
from sitegen.text import spelling

HIDE, DRAFT, VISIBILITY = "hide", "draft", "visibility"
KEYS = (HIDE, DRAFT, VISIBILITY)
# Keys of other programs that keep something private: when true, when false, by value.
_CLOSE_WHEN_TRUE = (
    "hidden", "private", "isprivate", "ishidden", "isdraft", "drafted", "unpublished", "secret",
    "confidential", "invisible", "followersonly", "friendsonly", "membersonly", "onlyme",
    "notpublic", "nonpublic", "nopublish", "dontpublish", "donotpublish", "protected",
)  # fmt: skip
_CLOSE_WHEN_FALSE = ("public", "publish", "published", "visible", "ispublic", "isvisible")
_WHO_SEES = frozenset((
    "status", "poststatus", "publishstatus", "state", "stage", "scope", "privacy", "audience",
    "access",
))  # fmt: skip
_CLOSED = (
    "draft", "hidden", "private", "pending", "trash", "trashed", "future", "unpublished", "direct",
    "followers", "friends", "limited", "mutuals", "self", "onlyme", "restricted", "protected",
    "followersonly", "friendsonly", "members", "membersonly",
)  # fmt: skip
_YES = frozenset(("true", "yes", "y", "on", "1", "t"))
_NO = frozenset(("false", "no", "n", "off", "0", "f", "", "null", "none"))


def hide_closed(source: StrictFields, known: Collection[str]) -> StrictFields:
    """Return a record in which only `hide` keeps the post from being shown.

    `known` are the keys of the schema, which are never misspellings. Raises the record's error for
    a near miss of a privacy key, for a key of another program whose value asks for privacy, and for
    either of these inside another field, where it has no effect.
    """
    for key, value in source.values.items():
        if key not in known and (problem := misspelled_key(key, value)):
            raise wrong(source, key, problem)
        if isinstance(value, dict | list):
            _refuse_within(source, key, value)
    if HIDE not in source.values and DRAFT not in source.values:
        return source
    is_held = source.flag(HIDE) | source.flag(DRAFT)
    fields = {k: v for k, v in source.values.items() if k not in (HIDE, DRAFT)}
    return replace(source, values=fields | ({HIDE: True} if is_held else {}))


def _refuse_within(source: StrictFields, key: str, value: Any) -> None:
    """Refuse privacy keys with a closing value inside the value of another field."""
    stack = [value]
    while stack:
        at = stack.pop()
        for name, inner in at.items() if isinstance(at, dict) else ():
            if isinstance(inner, str | bool) and may_be(name, str(inner)):
                raise source.error(
                    f'"{name}" within "{key}" hides nothing',
                    path=source.path,
                    line=source.line,
                    hint=f'write it beside "{key}", which holds back the whole post.',
                )
        inside = at.values() if isinstance(at, dict) else at
        stack += [inner for inner in inside if isinstance(inner, dict | list)]


def misspelled_key(key: str, value: Any) -> str | None:
    """Return the privacy key that an unknown key may be meant for."""
    if key in KEYS:
        return None
    if near := spelling.find_nearest(key, KEYS):
        return near
    return HIDE if asks_for_privacy(key, value) else None


def asks_for_privacy(key: str, value: Any) -> bool:
    """Return whether another generator or network treats this key and value as private."""
    shown = _shown(value)
    if spelling.fold(key) in _WHO_SEES:
        return spelling.is_known_or_near(shown, _CLOSED)
    if shown not in _NO:
        return spelling.is_known_or_near(key, _CLOSE_WHEN_TRUE)
    return value not in (None, "") and spelling.is_known_or_near(key, _CLOSE_WHEN_FALSE)


def closes(key: str, value: str) -> bool:
    """Return whether a key in front matter is a privacy key whose value closes the post."""
    meant = spelling.fold(key)
    if meant == VISIBILITY:
        return spelling.is_known_or_near(value, _CLOSED)
    return meant in (HIDE, DRAFT) and spelling.fold(value) in _YES


def may_close(key: str, value: str) -> bool:
    """Return whether a key in front matter closes the post, or may be meant to."""
    return may_be(key, value) or asks_for_privacy(key, value)


def may_be(key: str, value: str) -> bool:
    """Return whether a setting is a privacy key, or nearly, with a value that closes."""
    meant = spelling.find_nearest(key, KEYS)
    return meant is not None and closes(meant, value)


def _shown(value: Any) -> str:
    return "" if value is None else str(value).strip().casefold()


def wrong(source: StrictFields, key: str, meant: str) -> SitegenError:
    """Return the error for a key that may be meant to keep a post private."""
    cure = "visibility" if meant == VISIBILITY else f"{meant}: true or {meant}: false"
    return source.error(
        f'"{key}" is not a field, and may be meant for "{meant}"',
        path=source.path,
        line=source.line,
        hint=f"write {cure}, or give the field another name.",
    )
