"""Encode a post as an object of the exchange format."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from msgspec import to_builtins
from msgspec.structs import asdict

from sitegen import timestamps
from sitegen.model import Card, Post, Thread
from sitegen.text import richtext

UNREAD_TIMES = "unread_times"
APART = frozenset(("id", "network", "text", "author", "facets", "extra"))


def lines(threads: tuple[Thread, ...]) -> str:
    """Return every post of the threads as JSON lines."""
    return "".join(
        line_of(post, thread.id, position)
        for thread in threads
        for position, post in enumerate(thread.posts, 1)
    )


def line_of(post: Post, thread: str, position: int, topics: Iterable[str] | None = None) -> str:
    """Return a post as a JSON line; `position` counts from 1 in the thread with that id.

    `topics` are those of the post, for lines that have them.
    """
    found = encode(post, thread, position)
    return json_line(found if topics is None else found | {"topics": [*topics]})


def encode(post: Post, thread: str, position: int) -> dict[str, Any]:
    """Return a post in the export schema: every line has these fields, and more where needed."""
    found: dict[str, Any] = {
        "id": post.id,
        "network": post.network,
        "thread": thread,
        "position": position,
        "author": asdict(post.author),
        "created_at": None,
        "text": post.text,
        "reply_to": None,
        "repost_of": None,
        "quote_of": None,
        "links": [],
        "mentions": [],
        "tags": [],
        "media": [],
        "card": None,
        "warning": None,
        "langs": [],
        "counts": None,
        "url": None,
        "uncertain": [],
    }
    found |= _readable(known(post))
    found["counts"] = asdict(post.counts)
    found["media"] = [{"kind": None, "path": None, "alt": None} | each for each in found["media"]]
    return found | _added(post)


def _readable(fields: dict[str, Any]) -> dict[str, Any]:
    """Return fields with ISO 8601 times only, so that any export can be imported again.

    Times that a source wrote in another form are added as `unread_times`.
    """
    places: list[tuple[str, dict[str, Any], str]] = [
        ("created_at", fields, "created_at"),
        ("edited_at", fields, "edited_at"),
        ("ends_at", fields.get("poll") or {}, "ends_at"),
    ]
    versions = enumerate(fields.get("history", ()))
    places += [(f"history.{at}", version, "created_at") for at, version in versions]
    unread = {}
    for name, holder, key in places:
        written = holder.get(key)
        if written is not None and not timestamps.is_iso(written):
            unread[name] = holder.pop(key)
    if "ends_at" in unread:
        fields["poll"]["ends_at"] = None
    return fields | {UNREAD_TIMES: unread} if unread else fields


def known(post: Post) -> dict[str, Any]:
    """Return the fields of a post in the schema's order, without empty ones.

    Its id, network, text, author, facets and extra are up to the caller.
    """
    found: dict[str, Any] = {}
    for name, value in to_builtins(post).items():
        if name == "card" and post.card:
            found[name] = _card(post.card)
        elif value != {} and name not in APART:
            found[name] = _plain(value)
    return found


def _card(card: Card) -> dict[str, Any]:
    """Return a card with all texts, even empty ones, and its picture if there is one."""
    texts = asdict(card)
    return {name: text for name, text in texts.items() if name != "picture" or text is not None}


def _plain(value: Any) -> Any:
    """Return a value with lists for tuples, and without empty objects."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if v != {}}
    return [_plain(v) for v in value] if isinstance(value, tuple) else value


def _added(post: Post) -> dict[str, Any]:
    added: dict[str, Any] = {}
    if post.facets != richtext.locate(post.text, post.links, post.mentions, post.tags):
        added["facets"] = [asdict(facet) for facet in post.facets]
    return added | {k: json.loads(v) for k, v in post.extra}


def json_line(fields: dict[str, Any]) -> str:
    """Return an object as a line of JSON that UTF-8 can hold."""
    text = json.dumps(fields, ensure_ascii=False)
    # a lone surrogate has no UTF-8: use JSON's own escape
    return f"{text if text.isascii() else _escape_surrogates(text)}\n"


def _escape_surrogates(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text
