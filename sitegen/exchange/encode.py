"""Encode a post as an object of the exchange format."""

from __future__ import annotations

import json
from typing import Any

from sitegen import timestamps
from sitegen.model import NO_COUNTS, Card, Counts, Elsewhere, Media, Poll, Post, Thread
from sitegen.text import richtext

UNREAD_TIMES = "unread_times"


def lines(threads: tuple[Thread, ...]) -> str:
    """Return every post of the threads as JSON lines."""
    return "".join(
        _dump(record(post, thread.id, position)) + "\n"
        for thread in threads
        for position, post in enumerate(thread.posts, 1)
    )


def record(post: Post, thread: str, position: int) -> dict[str, Any]:
    """Return a post in the export schema."""
    author = post.author
    found = {
        "id": post.id,
        "network": post.network,
        "thread": thread,
        "position": position,
        "author": {"handle": author.handle, "id": author.id, "name": author.name},
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
        "counts": _counts_object(NO_COUNTS),
        "url": None,
        "uncertain": [],
    }
    return found | _readable(known(post)) | _added(post)


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

    Its id, text, author and extra are up to the caller.
    """
    found: dict[str, Any] = {}
    if post.created_at is not None:
        found["created_at"] = post.created_at
    if post.reply_to is not None:
        found["reply_to"] = post.reply_to
    if post.repost_of is not None:
        found["repost_of"] = post.repost_of
    if post.quote_of is not None:
        found["quote_of"] = post.quote_of
    if post.links:
        found["links"] = list(post.links)
    if post.mentions:
        found["mentions"] = list(post.mentions)
    if post.tags:
        found["tags"] = list(post.tags)
    if post.media:
        found["media"] = [_media_object(medium) for medium in post.media]
    if post.card is not None:
        found["card"] = _card_object(post.card)
    if post.warning is not None:
        found["warning"] = post.warning
    if post.langs:
        found["langs"] = list(post.langs)
    if post.counts != NO_COUNTS:
        found["counts"] = _counts_object(post.counts)
    if post.url is not None:
        found["url"] = post.url
    if post.uncertain:
        found["uncertain"] = list(post.uncertain)
    if post.poll:
        found["poll"] = _poll_object(post.poll)
    if post.cut_links:
        found["cut_links"] = list(post.cut_links)
    if post.edited_at is not None:
        found["edited_at"] = post.edited_at
    if post.history:
        found["history"] = [
            _compact(("text", v.text), ("created_at", v.created_at)) for v in post.history
        ]
    if post.elsewhere:
        found["elsewhere"] = [_elsewhere_object(reference) for reference in post.elsewhere]
    if post.also:
        found["also"] = [_elsewhere_object(reference) for reference in post.also]
    if post.visibility is not None:
        found["visibility"] = post.visibility
    if post.vanished:
        found["vanished"] = True
    return found


def _added(post: Post) -> dict[str, Any]:
    added: dict[str, Any] = {}
    if post.facets != richtext.locate(post.text, post.links, post.mentions, post.tags):
        added["facets"] = [
            {"start": f.start, "end": f.end, "kind": f.kind, "value": f.value} for f in post.facets
        ]
    return added | {k: json.loads(v) for k, v in post.extra}


def _compact(*fields: tuple[str, Any]) -> dict[str, Any]:
    """Return an object of the fields that have a value."""
    return {name: value for name, value in fields if value not in (None, {})}


def _media_object(medium: Media) -> dict[str, Any]:
    found = {"kind": medium.kind, "path": medium.path, "alt": medium.alt}
    return found if medium.origin is None else found | {"origin": medium.origin}


def _elsewhere_object(reference: Elsewhere) -> dict[str, Any]:
    author = reference.author
    author_fields = _compact(("handle", author.handle), ("id", author.id), ("name", author.name))
    state, network = reference.state, reference.network
    fields = (
        ("id", reference.id),
        ("url", reference.url),
        ("author", author_fields),
        ("state", state),
    )
    return _compact(*fields, ("network", network))


def _card_object(card: Card) -> dict[str, Any]:
    return {"title": card.title, "description": card.description, "url": card.url}


def _counts_object(counts: Counts) -> dict[str, Any]:
    return {
        "likes": counts.likes,
        "reposts": counts.reposts,
        "replies": counts.replies,
        "quotes": counts.quotes,
    }


def _poll_object(poll: Poll) -> dict[str, Any]:
    options = [{"text": option.text, "votes": option.votes} for option in poll.options]
    return {"options": options, "ends_at": poll.ends_at, "voters": poll.voters}


def _dump(record: dict[str, Any]) -> str:
    text = json.dumps(record, ensure_ascii=False)
    # a lone surrogate has no UTF-8: use JSON's own escape
    return text if text.isascii() else _escape_surrogates(text)


def _escape_surrogates(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text
