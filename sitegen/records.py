"""The exchange format: a post as one JSON object, and back.

The names and their order are sitegen's export schema. What the schema has no field for
(polls, shortened links, the places of links in the text, a source's own extra fields) is
added only where there is some, so that a plain post is a plain record.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from sitegen import richtext
from sitegen.fields import Record
from sitegen.model import Author, Card, Counts, Facet, Media, Poll, PollOption, Post, Thread

NO_COUNTS = Counts()
MEDIA_KINDS = ("image", "video", "audio", "file")
FACET_KINDS = ("link", "mention", "tag")
# Fields that say what a post is, where it is, and what its text shows.
ELSEWHERE = frozenset(("id", "network", "thread", "position", "text", "links", "facets"))


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
    return found | known(post) | _added(post)


def known(post: Post) -> dict[str, Any]:
    """Return what the fields of a post hold, in the schema's order; nothing that is empty.

    Those in ELSEWHERE, the author and the extra are the caller's business.
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
        found["media"] = [{"kind": m.kind, "path": m.path, "alt": m.alt} for m in post.media]
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
    return found


def post(source: Record, text: str, facets: tuple[Facet, ...], links: tuple[str, ...]) -> Post:
    """Read a post from a record, its text and what the text shows being known.

    `facets` and `links` are used as they are; the record's own are the caller's business.
    What the schema does not know is kept as the post's extra. Raises the record's error.
    """
    found: dict[str, Any] = {}
    extra = []
    for key, value in source.fields.items():
        if key in READERS:
            found[key] = READERS[key](source, key)
        elif key not in ELSEWHERE:
            extra.append((key, json.dumps(value, ensure_ascii=False)))
    return Post(
        _name(source, "id"), _name(source, "network"), text, facets=facets, links=links,
        extra=tuple(extra), **found,
    )  # fmt: skip


def exported(source: Record) -> Post:
    """Read a post from a record as `record` makes them. Raises the record's error."""
    text, links = source.text("text"), source.texts("links")
    if "facets" in source.fields:
        found = facets(source, text)
    else:
        found = richtext.locate(text, links, source.texts("mentions"), source.texts("tags"))
    return post(source, text, found, links)


def facets(source: Record, text: str) -> tuple[Facet, ...]:
    """Read the record's facets: within the text, in order, none over another."""
    found = sorted(_facet(f, text) for f in source.records("facets"))
    for before, after in pairwise(found):
        if after.start < before.end:
            raise source.wrong("facets", "free of overlaps", [after.start, after.end])
    return tuple(found)


def _added(post: Post) -> dict[str, Any]:
    added: dict[str, Any] = {}
    if post.facets != richtext.locate(post.text, post.links, post.mentions, post.tags):
        added["facets"] = [
            {"start": f.start, "end": f.end, "kind": f.kind, "value": f.value} for f in post.facets
        ]
    return added | {k: json.loads(v) for k, v in post.extra}


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


def _name(source: Record, key: str) -> str:
    name = source.text(key)
    if not name.strip():
        raise source.wrong(key, "a text that is not empty", name)
    return name


def _author(source: Record, key: str) -> Author:
    found = source.record(key)
    if found is None:
        return Author()
    return Author(found.optional("handle"), found.optional("id"), found.optional("name"))


def _media(source: Record, key: str) -> tuple[Media, ...]:
    return tuple(_medium(item) for item in source.records(key))


def _medium(source: Record) -> Media:
    kind = source.text("kind")
    if kind not in MEDIA_KINDS:
        raise source.wrong("kind", f"one of {', '.join(MEDIA_KINDS)}", kind)
    return Media(kind, source.optional("path"), source.optional("alt"))  # type: ignore[arg-type]


def _card(source: Record, key: str) -> Card | None:
    found = source.record(key)
    if found is None:
        return None
    title, description = found.optional("title"), found.optional("description")
    return Card(title or "", description or "", found.optional("url"))


def _poll(source: Record, key: str) -> Poll | None:
    found = source.record(key)
    if found is None:
        return None
    options = tuple(PollOption(o.text("text"), o.count("votes")) for o in found.records("options"))
    return Poll(options, found.optional("ends_at"), found.count("voters"))


def _counts(source: Record, key: str) -> Counts:
    found = source.record(key)
    if found is None:
        return Counts()
    return Counts(*(found.count(name) for name in ("likes", "reposts", "replies", "quotes")))


def _facet(source: Record, text: str) -> Facet:
    kind, start, end = source.text("kind"), source.count("start"), source.count("end")
    if kind not in FACET_KINDS:
        raise source.wrong("kind", f"one of {', '.join(FACET_KINDS)}", kind)
    if start is None or end is None or not start < end <= len(text):
        raise source.wrong("end", "a place in the text after start", end)
    return Facet(start, end, kind, source.text("value"))  # type: ignore[arg-type]


def _dump(record: dict[str, Any]) -> str:
    text = json.dumps(record, ensure_ascii=False)
    # a lone surrogate has no UTF-8: JSON's own escape keeps it
    return text if text.isascii() else _escape_surrogates(text)


def _escape_surrogates(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text


# How each field of a post is read; a field that is not there keeps its default.
READERS: dict[str, Callable[[Record, str], Any]] = {
    **dict.fromkeys(
        ("created_at", "reply_to", "repost_of", "quote_of", "warning", "url"), Record.optional
    ),
    **dict.fromkeys(("mentions", "tags", "cut_links", "langs", "uncertain"), Record.texts),
    "author": _author,
    "media": _media,
    "card": _card,
    "poll": _poll,
    "counts": _counts,
}
