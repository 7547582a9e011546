"""Classify objects by their shape: activities, posted objects, statuses of the client API.

Exports, pages and backups have these in many wrappers; none of them matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sitegen.sources import Reason, wrappers

POSTED = frozenset((
    "Note", "Question", "Article", "Page", "Event", "Video", "Audio", "Image", "Document",
))  # fmt: skip
ACTORS = frozenset(("Person", "Service", "Group", "Organization", "Application"))
PRIVATE = frozenset(("ChatMessage", "EncryptedMessage"))
OTHERS = frozenset({
    "Accept", "Add", "Arrive", "Bite", "Block", "Delete", "Dislike", "EmojiReact", "Flag", "Follow",
    "Ignore", "Invite", "Join", "Leave", "Like", "Listen", "Move", "Offer", "QuoteRequest", "Read",
    "Reject", "Remove", "TentativeAccept", "TentativeReject", "Travel", "Undo", "View",
})  # fmt: skip
# Lists of other people's posts, of unpublished posts, or of other things, by the names that
# the API and backup tools give them.
OTHER_LISTS: dict[str, tuple[Reason, str]] = {
    "favourites": ("not a post", "like"),
    "favorites": ("not a post", "like"),
    "favourited": ("not a post", "like"),
    "likes": ("not a post", "like"),
    "bookmarks": ("not a post", "bookmark"),
    "mentions": ("not a post", "mention"),
    "notifications": ("not a post", "notification"),
    "followers": ("not a post", "follow"),
    "following": ("not a post", "follow"),
    "mutes": ("not a post", "mute"),
    "blocks": ("not a post", "block"),
    "conversations": ("private message", ""),
    "drafts": ("draft", ""),
    "scheduled": ("draft", "scheduled"),
    "scheduled_statuses": ("draft", "scheduled"),
}
_ACTIVITIES = OTHERS | {"Create", "Update", "Announce"}
_COLLECTIONS = frozenset((
    "Collection", "CollectionPage", "OrderedCollection", "OrderedCollectionPage",
))  # fmt: skip
_STATUS = frozenset((
    "media_attachments", "spoiler_text", "reblogs_count", "favourites_count",
))  # fmt: skip
_LD = ("as:", "https://www.w3.org/ns/activitystreams#")
_CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")
_OWN = re.compile(r"/api/v1/(?:accounts/[^/?]+/statuses|statuses/[^/?]+(?:/context)?)(?:[?#]|$)")


def is_status(value: Mapping[str, Any]) -> bool:
    """Return whether an object is a status of the client API, also of Mastodon.js, in camelCase."""
    if not {"id", "uri", "url"} & value.keys():
        return False
    named = frozenset(map(_snake, value)) if "createdAt" in value else frozenset(value)
    signs = len(named & _STATUS)
    if "created_at" in named:
        return signs > 0 or {"account", "content"} <= named
    return signs > 1


def is_item(value: Mapping[str, Any]) -> bool:
    """Return whether an object is an activity or the object of one."""
    value = compact(value)
    kinds = _kinds(value)
    if kinds & _ACTIVITIES:
        return not {"object", "actor"}.isdisjoint(value)
    named = "id" in value and not {"content", "contentMap", "name"}.isdisjoint(value)
    is_posted = not (POSTED | PRIVATE | {"Tombstone"}).isdisjoint(kinds)
    return is_posted and (named or "attributedTo" in value)


def is_collection(value: Mapping[str, Any]) -> bool:
    """Return whether an object is a collection, or a page of one."""
    return not _COLLECTIONS.isdisjoint(_kinds(value))


def is_actor(value: Mapping[str, Any]) -> bool:
    """Return whether an object is an account."""
    return not ACTORS.isdisjoint(_kinds(value)) and "preferredUsername" in value


def children(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the contents of an object, a list, or a text of JSON, with their keys."""
    return wrappers.children(value, lambda url: _OWN.search(url) is not None)


def holds_any(values: list[Any]) -> bool:
    """Return whether values contain any posts."""
    return wrappers.holds_any(values, _holds_posts, children)


def compact(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Shorten the names of an object's properties and types from JSON-LD."""
    if "type" in value or not any(key.startswith(("@type", *_LD)) for key in value):
        return value
    try:
        return _compact(value)
    except RecursionError:
        return value


def snake_case(value: Any) -> Any:
    """Rename a status's fields to those of the API."""
    if type(value) is dict:
        return {_snake(key): snake_case(inner) for key, inner in value.items()}
    return [snake_case(inner) for inner in value] if type(value) is list else value


def _compact(value: Mapping[str, Any]) -> dict[str, Any]:
    compacted: dict[str, Any] = {}
    for key, inner in value.items():
        name = {"@type": "type", "@id": "id"}.get(key) or _short(key)
        compacted[name] = _plain(inner, name)
    return compacted


def _plain(value: Any, name: str) -> Any:
    if type(value) is list:
        return [_plain(inner, name) for inner in value]
    if type(value) is str:
        return _short(value) if name == "type" else value
    if type(value) is dict and "@value" in value:
        return value["@value"]
    return _compact(value) if type(value) is dict else value


def _short(name: str) -> str:
    return next((name.removeprefix(p) for p in _LD if name.startswith(p)), name)


def _snake(name: str) -> str:
    return _CAMEL.sub(lambda match: "_" + match[1].lower(), name)


def _kinds(value: Mapping[str, Any]) -> frozenset[str]:
    kinds = value.get("type") or value.get("@type")
    listed = kinds if type(kinds) is list else [kinds]
    return frozenset([_short(kind) for kind in listed if type(kind) is str])


def _holds_posts(value: Mapping[str, Any]) -> bool:
    return is_status(value) or is_item(value) or _is_full(value)


def _is_full(value: Mapping[str, Any]) -> bool:
    return is_collection(value) and any(key in value for key in ("orderedItems", "first"))
