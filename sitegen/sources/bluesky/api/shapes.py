"""Classify objects in API responses by their shape.

Responses are saved in many wrappers: the `data` of an agent's response, a browser capture, lists
of pages, keys that people chose. None of these matters: known objects are searched for inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from sitegen.sources import wrappers
from sitegen.sources.bluesky.api.snake_case import to_lexicon_case

Shape = Literal["event", "item", "reply", "record", "post", "account", "missing"]
# Lists whose items are posts, accounts or records.
LISTS = ("feed", "posts", "records")
# Lists of things that are not an account's own posts, and what these things are.
OTHERS = {
    "follows": "app.bsky.graph.follow",
    "followers": "app.bsky.graph.follow",
    "likes": "app.bsky.feed.like",
    "lists": "app.bsky.graph.list",
    "feeds": "app.bsky.feed.generator",
    "starterPacks": "app.bsky.graph.starterpack",
    "blocks": "app.bsky.graph.block",
    "bookmarks": "app.bsky.bookmark",
    "notifications": "app.bsky.notification",
    "actors": "app.bsky.actor.profile",
    "repostedBy": "app.bsky.actor.profile",
    "suggestions": "app.bsky.actor.profile",
    "drafts": "app.bsky.draft",
    "convos": "chat.bsky.convo",
    "messages": "chat.bsky.convo",
}
_MISSING = (
    "#notFoundPost", "#blockedPost", "#viewNotFound", "#viewBlocked", "#threadItemNotFound",
    "#threadItemBlocked",
)  # fmt: skip
_QUESTION = re.compile(r"/xrpc/([A-Za-z0-9.-]+)")
# Requests of a browser for an account's own posts; its capture has many others.
_OWN = frozenset((
    "app.bsky.actor.getProfile", "app.bsky.feed.getAuthorFeed", "app.bsky.feed.getPostThread",
    "app.bsky.feed.getPosts", "app.bsky.unspecced.getPostThreadV2",
    "com.atproto.repo.getRecord", "com.atproto.repo.listRecords",
))  # fmt: skip


def shape_of(value: Mapping[str, Any]) -> Shape | None:
    """Return the kind of an object; None for one that may contain such things."""
    uri = value.get("uri")
    is_named = type(uri) is str and uri.startswith("at://")
    inner = value.get("value")
    if _is_event(value):
        return "event"
    if is_named and type(inner) is dict:
        return "reply" if _is_reply(inner) else "record"
    if is_named and type(value.get("record")) is dict:
        return "post"
    if type(value.get("post")) is dict and not {"uri", "record"}.isdisjoint(value["post"]):
        return "item"
    if is_named and _is_missing(value):
        return "missing"
    did = value.get("did")
    is_account = type(did) is str and did.startswith("did:") and type(value.get("handle")) is str
    return "account" if is_account else None


def children(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the contents of an object, a list, or a text of JSON, with their keys."""
    inside = wrappers.children(value, is_own)
    if type(value) is str:
        yield from ((key, to_lexicon_case(inner)) for key, inner in inside)
    else:
        yield from inside


def is_own(url: str) -> bool:
    """Return whether a request asks for posts of one account, or of one thread."""
    asked = _QUESTION.search(url)
    return asked is not None and asked[1] in _OWN


def holds_any(values: list[Any]) -> bool:
    """Return whether values contain anything that this importer reads."""
    return wrappers.holds_any(values, _is_readable, children)


def actor(item: Any) -> tuple[str, str] | None:
    """Return the DID and handle of who acted in a feed item: the poster or reposter."""
    if type(item) is not dict or type(item.get("post")) is not dict:
        return None
    reason = item.get("reason")
    by = reason.get("by") if type(reason) is dict else None
    who = by if type(by) is dict else item["post"].get("author")
    did = who.get("did") if type(who) is dict else None
    if type(who) is not dict or type(did) is not str:
        return None
    return did.casefold(), str(who.get("handle")).casefold()


def is_listed(key: str, value: Any) -> bool:
    """Return whether a list under this key has no posts, though its items look like some."""
    return key in OTHERS and type(value) is list and not any(map(_is_answer, value))


def _is_answer(value: Any) -> bool:
    return type(value) is dict and any(type(value.get(key)) is list for key in LISTS)


def _is_readable(value: Mapping[str, Any]) -> bool:
    return shape_of(value) is not None or _is_beginning(value)


def _is_beginning(value: Mapping[str, Any]) -> bool:
    """Return whether an object may be cut off before the field that identifies it."""
    kind, uri = value.get("$type"), value.get("uri")
    is_record = type(kind) is str and kind.startswith("app.bsky.")
    return is_record or (type(uri) is str and uri.startswith("at://") and "/app.bsky." in uri)


def _is_event(value: Mapping[str, Any]) -> bool:
    """Return whether an object is a line of Jetstream, or a row with a record and its address."""
    if type(value.get("did") or value.get("repo")) is not str:
        return False
    if type(value.get("collection")) is str and type(value.get("rkey")) is str:
        return not {"record", "value", "operation", "action"}.isdisjoint(value)
    is_line = not {"kind", "type"}.isdisjoint(value)
    return is_line and any(type(value.get(k)) is dict for k in ("commit", "identity", "account"))


def _is_reply(inner: Mapping[str, Any]) -> bool:
    kind = inner.get("$type")
    is_named = type(kind) is str and "#threadItem" in kind
    return is_named or type(inner.get("post")) is dict


def _is_missing(value: Mapping[str, Any]) -> bool:
    kind = value.get("$type")
    is_named = type(kind) is str and kind.endswith(_MISSING)
    return is_named or value.get("notFound") is True or value.get("blocked") is True
