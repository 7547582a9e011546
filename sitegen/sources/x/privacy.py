"""Determine who may see posts: by the account's protection, and by each tweet's own fields.

A statement in unknown words excludes posts. A missing one does not: most partial archives lack
the history of protections.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Raw

from sitegen.model import Privacy
from sitegen.sources import Include, stated_visibility
from sitegen.sources.stated_visibility import most_restrictive
from sitegen.sources.x.files.record_types import Protection, Tweet
from sitegen.sources.x.files.times import utc

INCLUDED_BY: dict[Privacy, frozenset[Include]] = {
    "public": frozenset(),
    "private": frozenset(("followers",)),
    "unknown": frozenset(("followers", "unknown")),
}
_OPEN = re.compile(r"un-?protect(?:ed)?|public", re.IGNORECASE)
_CLOSED = re.compile(r"protect(?:ed)?|private", re.IGNORECASE)
_YES, _NO = (True, "true", 1, "1"), (False, "false", 0, "0", None, "")
# Parts of the keys that are looked for, as few tweets have any: only these are parsed again.
_KEY_PARTS = (
    b'isibility"', b'rivacy"', b'rivate"', b'idden"', b'raft"', b'sProtected"', b'"Scopes"',
    b'dFriendsControl"', b'eTweetControl"', b'ontrol_options"', b'ontrolOptions"',
    b'llows_tweet"', b'llowsTweet"', b'ircle"', b'cheduled', b'"community"',
)  # fmt: skip
# Fields of circles and Super Follows, and of unpublished posts, as other tools rename them.
_CONTROL = re.compile(
    "(?:trustedfriends|exclusivetweet)control(?:options)?|(?:is)?superfollowstweet|(?:is)?circle"
)
_SCHEDULED = re.compile("(?:is)?scheduled(?:status|at|for)?")
_OF_COMMUNITY = stated_visibility.WHO_SEES | {"access"}
_OPEN_COMMUNITY = stated_visibility.OPEN | {"open"}
_NOT_PRIVACY = ("place_ids",)


def state_of_history(history: Iterable[Protection]) -> Privacy:
    """Return the state after the last change of an account's protection."""
    events = [(utc(p.protected_at), _state_of_word(p.action)) for p in history]
    if not events:
        return "public"  # it was never protected
    if any(when is None for when, _ in events):
        return "public" if all(state == "public" for _, state in events) else "unknown"
    last = max(when or "" for when, _ in events)
    return most_restrictive(state for when, state in events if when == last) or "unknown"


def state_of_tweet(tweet: Tweet) -> Privacy:
    """Return who may see a tweet by its own fields."""
    restrictions = (
        _state_of_scopes(tweet.scopes),
        _state_of_control(tweet.trusted_friends_control),
        _state_of_control(tweet.exclusive_tweet_control),
        state_of_original(tweet),
    )
    return most_restrictive(restrictions) or "public"


def state_of_foreign_fields(raw: bytes | Raw) -> Privacy | None:
    """Return who may see a tweet by fields that X does not write; None if there are none.

    The owner may have marked tweets, and tools rename X's own fields.
    """
    data = bytes(raw)
    if not any(part in data for part in _KEY_PARTS):
        return None
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if isinstance(fields, dict) and isinstance(fields.get("tweet"), dict):
        fields = fields["tweet"]
    if not isinstance(fields, dict):
        return None
    words = (word for word in stated_visibility.words(fields) if word not in stated_visibility.OPEN)
    scopes = _state_of_scopes(fields.get("Scopes"))
    state = most_restrictive(
        (*map(_state_of_word, words), *_states_of_renamed_fields(fields), scopes)
    )
    return state if state != "public" else None


def _states_of_renamed_fields(fields: dict[str, Any]) -> Iterator[Privacy]:
    for key, value in fields.items():
        name = key.replace("_", "").casefold()
        if _CONTROL.fullmatch(name):
            yield _state_of_control(value)
        elif (_SCHEDULED.fullmatch(name) and not _is_one_of(value, _NO)) or (
            name == "community" and not _is_open_community(value)
        ):
            yield "unknown"


def _is_open_community(community: Any) -> bool:
    return _OPEN_COMMUNITY.issuperset(stated_visibility.words_within(community, _OF_COMMUNITY))


def state_of_original(tweet: Tweet) -> Privacy | None:
    """Return who may see the original of a retweet, which another account may protect."""
    original = tweet.retweeted_status
    return state_of_flag(original.user.protected) if original and original.user else None


def state_of_flag(protected: Any) -> Privacy | None:
    """Return the state for an account's `protected` flag; None if it is missing."""
    if protected is None:
        return None
    if _is_one_of(protected, _YES):
        return "private"
    return "public" if _is_one_of(protected, _NO) else "unknown"


def _state_of_word(word: str | None) -> Privacy:
    word = (word or "").strip()
    if _OPEN.fullmatch(word):
        return "public"
    return "private" if _CLOSED.fullmatch(word) else "unknown"


def _state_of_scopes(scopes: Any) -> Privacy:
    if not scopes:
        return "public"
    if not isinstance(scopes, dict):
        return "unknown"
    followers = state_of_flag(scopes.get("followers")) or "public"
    others = (v for k, v in scopes.items() if k != "followers" and k not in _NOT_PRIVACY)
    is_stated = any(not _is_one_of(value, _NO) and value != [] for value in others)
    return "unknown" if is_stated and followers == "public" else followers


def _state_of_control(control: Any) -> Privacy:
    return "public" if not control or _is_one_of(control, _NO) else "private"


def _is_one_of(value: Any, known: tuple[Any, ...]) -> bool:
    if isinstance(value, str):
        value = value.strip().lower()
    return isinstance(value, str | int | bool | None) and value in known
