"""Find the words that say who may see something, in the fields of JSON objects of any format.

A format may have its own field for this, and people and programs add others. The caller decides
which words it knows; an unknown word must exclude the object.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sitegen.model import Privacy

UNREADABLE = "?"
OPEN = frozenset(("public", "everyone"))  # known words of any format
DRAFT, PRIVATE = "draft", "private"
# Fields that say who sees a post, and fields that may, if the format has none of its own.
WHO_SEES = frozenset((
    "visibility", "poststatus", "publishstatus", "privacy", "viewableby", "visibleto",
))  # fmt: skip
MAY_SAY = frozenset((
    "status", "state", "access", "audience", "scope", "permission", "permissions", "accesslevel",
    "acl", "security", "accessrights", "sharedwith",
))  # fmt: skip
# Words that restrict in fields that may be about something else.
CLOSED = frozenset((
    "draft", "pending", "scheduled", "future", "trash", "trashed", "deleted", "private", "hidden",
    "protected", "password", "followers", "friends", "members", "subscribers", "paid", "direct",
    "limited", "restricted", "unpublished", "only me",
    "usemask", "friendsonly", "members only", "followers only",
))  # fmt: skip
_SEPARATORS = re.compile("[-_ ]")
_PREFIX = re.compile(r".*[:/#]", re.DOTALL)  # of a namespace
_DRAFTS = frozenset(("draft", "isdraft", "unpublished", "isunpublished"))
_PRIVATE = frozenset((
    "private", "isprivate", "hidden", "ishidden", "unlisted", "isunlisted", "secret", "issecret",
    "protected", "isprotected", "password", "passwordprotected", "followersonly", "friendsonly",
    "membersonly", "subscribersonly", "localonly", "directmessage", "limited", "islimited",
    "limitedscope", "restricted", "isrestricted",
    "closefriends", "isclosefriends", "closefriendsonly", "trashed", "istrashed", "archived",
    "isarchived", "deleted", "isdeleted",
))  # fmt: skip
_PUBLIC = frozenset(("public", "ispublic", "visible", "isvisible"))
_PUBLISHED = frozenset(("published", "ispublished"))  # mostly a date
_FIELDS = (WHO_SEES, MAY_SAY, _DRAFTS, _PRIVATE, _PUBLIC)
_NO = frozenset(("false", "no", "n", "off", "0", "0.0", ""))
_YES = frozenset(("true", "yes", "y", "on", "1", "1.0"))
# Words in the names of a program's visibility settings, and words that give them another meaning.
_SETTING = re.compile(
    r"access|restrict.*|member.*|paywall.*|subscribers?|subscriptions?|visibility|password|pmpro.*"
)
_OTHER_SETTING = frozenset(("count", "counter", "counts", "log", "date", "time", "views"))
_OPEN_SETTING = OPEN | _NO | {"everybody", "anyone", "none", "null", "visible", "a:0:{}", "b:0;"}
_NAME_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def most_restrictive(states: Iterable[Privacy | None]) -> Privacy | None:
    """Return the state with the fewest viewers; None if nothing is stated."""
    stated = set(states)
    order: tuple[Privacy, ...] = ("private", "unknown", "public")
    return next((state for state in order if state in stated), None)


def words(fields: Mapping[str, Any], who_sees: frozenset[str] = WHO_SEES) -> Iterator[str]:
    """Yield the words that say who may see an object, in lower case.

    `who_sees` are the fields for this. A value that is not a word, such as a number, is UNREADABLE.
    """
    for key, value in fields.items():
        name = _normalise_name(key)
        if value is None:
            continue
        if name in who_sees or "visibility" in name:
            yield from _words_of_value(value)
        elif name in _DRAFTS and _is_yes(value):
            yield DRAFT
        elif name in _PRIVATE and _is_yes(value):
            yield PRIVATE
        elif name in _PUBLISHED and _normalise(value) in _NO:
            yield DRAFT
        elif name in _PUBLIC and _normalise(value) not in _YES:
            yield PRIVATE if _normalise(value) in _NO else UNREADABLE


def is_field(key: str) -> bool:
    """Return whether a field with this name may say who sees a post."""
    name = _normalise_name(key)
    return "visibility" in name or any(name in fields for fields in _FIELDS)


def may_restrict(setting: str, value: str) -> bool:
    """Return whether a setting of an unknown program restricts who sees a post."""
    parts = {part.casefold() for part in _NAME_PARTS.findall(setting)}
    if parts & _OTHER_SETTING or not any(map(_SETTING.fullmatch, parts)):
        return False
    return _normalise(value) not in _OPEN_SETTING


def closing_words(fields: Mapping[str, Any]) -> Iterator[str]:
    """Yield the words that say who may see an object, and restricting words in other fields."""
    yield from words(fields)
    yield from (word for word in words(fields, MAY_SAY) if word in CLOSED)


def words_within(value: Any, who_sees: frozenset[str] = WHO_SEES) -> Iterator[str]:
    """Yield the words in the fields of all objects in a value, however deep."""
    stack = [value]
    while stack:
        inner = stack.pop()
        if isinstance(inner, dict):
            yield from words(inner, who_sees)
            stack += inner.values()
        elif isinstance(inner, list):
            stack += inner


def _normalise_name(key: str) -> str:
    return _SEPARATORS.sub("", _PREFIX.sub("", key)).casefold()


def _words_of_value(value: Any) -> Iterator[str]:
    for word in value if isinstance(value, list) and value else [value]:  # [] has no viewers
        if not isinstance(word, str):
            yield UNREADABLE
        elif word.strip():
            yield word.strip().casefold()


def _is_yes(value: Any) -> bool:
    return _normalise(value) not in _NO and value not in ([], {})


def _normalise(value: Any) -> str:
    return str(value).strip().casefold()
