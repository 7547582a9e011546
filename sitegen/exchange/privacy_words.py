"""Words in a record that may keep a post private: understood, or refused, never passed over."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from msgspec.structs import replace

from sitegen.errors import SitegenError
from sitegen.formats.json_fields import Record
from sitegen.text import spelling

HIDE, DRAFT, VISIBILITY = "hide", "draft", "visibility"
KEYS = (HIDE, DRAFT, VISIBILITY)
# Words of others that keep something private: when they are true, when they are false, by value.
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


def held_back(source: Record, known: Collection[str]) -> Record:
    """Return a record in which only `hide` keeps the post from being shown.

    `known` are the keys of the schema, which are never mistakes. Raises the record's error for
    what is nearly one of the privacy keys, for other words whose value asks for privacy, and for
    what asks for it within another field, where nobody looks.
    """
    for key, value in source.fields.items():
        if key not in known and (problem := fault(key, value)):
            raise wrong(source, key, problem)
        if isinstance(value, dict | list):
            _refuse_within(source, key, value)
    if HIDE not in source.fields and DRAFT not in source.fields:
        return source
    is_held = source.flag(HIDE) | source.flag(DRAFT)
    fields = {k: v for k, v in source.fields.items() if k not in (HIDE, DRAFT)}
    return replace(source, fields=fields | ({HIDE: True} if is_held else {}))


def _refuse_within(source: Record, key: str, value: Any) -> None:
    """Make sure that no privacy key with a value that closes is inside the value of a field."""
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


def fault(key: str, value: Any) -> str | None:
    """Return which key is meant where one may be meant to keep something private, and is not it."""
    if key in KEYS:
        return None
    if near := spelling.nearest(key, KEYS):
        return near
    return HIDE if asks_for_privacy(key, value) else None


def asks_for_privacy(key: str, value: Any) -> bool:
    """Tell whether another generator or network keeps private what has this key and value."""
    shown = _shown(value)
    if spelling.folded(key) in _WHO_SEES:
        return spelling.is_slip(shown, _CLOSED)
    if shown not in _NO:
        return spelling.is_slip(key, _CLOSE_WHEN_TRUE)
    return value not in (None, "") and spelling.is_slip(key, _CLOSE_WHEN_FALSE)


def closes(key: str, value: str) -> bool:
    """Tell whether a setting in a text is one of the privacy keys, and its value closes."""
    meant = spelling.folded(key)
    if meant == VISIBILITY:
        return spelling.is_slip(value, _CLOSED)
    return meant in (HIDE, DRAFT) and spelling.folded(value) in _YES


def may_close(key: str, value: str) -> bool:
    """Tell whether a setting in a text is or may be meant for one that closes."""
    return may_be(key, value) or asks_for_privacy(key, value)


def may_be(key: str, value: str) -> bool:
    """Tell whether a setting is, or is nearly, one of the privacy keys with a value that closes."""
    meant = spelling.nearest(key, KEYS)
    return meant is not None and closes(meant, value)


def _shown(value: Any) -> str:
    return "" if value is None else str(value).strip().casefold()


def wrong(source: Record, key: str, meant: str) -> SitegenError:
    """Make the error for a key that may be meant to keep a post private."""
    cure = "visibility" if meant == VISIBILITY else f"{meant}: true or {meant}: false"
    return source.error(
        f'"{key}" is not a field, and may be meant for "{meant}"',
        path=source.path,
        line=source.line,
        hint=f"write {cure}, or give the field another name.",
    )
