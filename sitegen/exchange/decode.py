"""Decode a post from an object of the exchange format."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from sitegen.exchange.privacy_words import hide_closed
from sitegen.formats.json_fields import StrictFields
from sitegen.model import (
    Author,
    Card,
    Counts,
    Elsewhere,
    Facet,
    Media,
    Poll,
    PollOption,
    Post,
    Version,
)
from sitegen.text import richtext

MEDIA_KINDS = ("image", "video", "audio", "file")
FACET_KINDS = ("link", "mention", "tag")
STATES = ("deleted", "blocked")
VISIBILITIES = ("unlisted", "followers", "direct", "unknown")
# Fields that identify a post, and those of its text and what the text shows.
APART = frozenset(("id", "network", "thread", "position", "text", "links", "facets"))


def post(
    source: StrictFields, text: str, facets: tuple[Facet, ...], links: tuple[str, ...]
) -> Post:
    """Read a post from a record, given its text and what the text shows.

    `facets` and `links` are used as they are; the record's own are up to the caller.
    Fields outside the schema become the post's extra. Raises the record's error.
    """
    found: dict[str, Any] = {}
    extra = []
    for key, value in source.values.items():
        if key in READERS:
            found[key] = READERS[key](source, key)
        elif key not in APART:
            extra.append((key, json.dumps(value, ensure_ascii=False)))
    return Post(
        _name(source, "id"), _name(source, "network"), text, facets=facets, links=links,
        extra=tuple(extra), **found,
    )  # fmt: skip


def exported(source: StrictFields) -> Post:
    """Read a post from a record as `record` writes them. Raises the record's error.

    Its times are ISO 8601, and no field that may be meant to keep it private is misread.
    """
    source = hide_closed(source, KNOWN)
    _refuse_times(source)
    text, links = source.text("text"), source.texts("links")
    if "facets" in source.values:
        found = facets(source, text)
    else:
        found = richtext.locate(text, links, source.texts("mentions"), source.texts("tags"))
    return post(source, text, found, links)


def _refuse_times(source: StrictFields) -> None:
    """Check that all times of a record can be read. Raises the record's error."""
    source.time("created_at")
    source.time("edited_at")
    for version in source.records("history"):
        version.time("created_at")
    source.record("poll").time("ends_at")


def facets(source: StrictFields, text: str) -> tuple[Facet, ...]:
    """Read the record's facets: within the text, in order, without overlaps."""
    found = sorted(_facet(f, text) for f in source.records("facets"))
    for before, after in pairwise(found):
        if after.start < before.end:
            raise source.wrong("facets", "free of overlaps", [after.start, after.end])
    return tuple(found)


def _name(source: StrictFields, key: str) -> str:
    name = source.text(key)
    if not name.strip():
        raise source.wrong(key, "a text that is not empty", name)
    return name


def _author(source: StrictFields, key: str) -> Author:
    author = source.record(key)
    return Author(author.optional("handle"), author.optional("id"), author.optional("name"))


def _media(source: StrictFields, key: str) -> tuple[Media, ...]:
    return tuple(_medium(item) for item in source.records(key))


def _medium(source: StrictFields) -> Media:
    kind = source.text("kind")
    if kind not in MEDIA_KINDS:
        raise source.wrong("kind", f"one of {', '.join(MEDIA_KINDS)}", kind)
    path, alt, origin = map(source.optional, ("path", "alt", "origin"))
    return Media(kind, path, alt, origin)  # type: ignore[arg-type]


def _history(source: StrictFields, key: str) -> tuple[Version, ...]:
    return tuple(Version(v.text("text"), v.optional("created_at")) for v in source.records(key))


def _elsewhere(source: StrictFields, key: str) -> tuple[Elsewhere, ...]:
    return tuple(_other(item) for item in source.records(key))


def _other(source: StrictFields) -> Elsewhere:
    url, state = source.optional("url"), _one_of(source, "state", STATES)
    by, network = _author(source, "author"), source.optional("network")
    return Elsewhere(_name(source, "id"), url, by, state, network)  # type: ignore[arg-type]


def _visibility(source: StrictFields, key: str) -> str | None:
    is_public = source.values.get(key) == "public"
    return None if is_public else _one_of(source, key, VISIBILITIES)


def _one_of(source: StrictFields, key: str, known: tuple[str, ...]) -> str | None:
    value = source.optional(key)
    if value is not None and value not in known:
        raise source.wrong(key, f"one of {', '.join(known)}", value)
    return value


def _card(source: StrictFields, key: str) -> Card | None:
    if key not in source:
        return None
    card = source.record(key)
    title, description = card.optional("title"), card.optional("description")
    return Card(title or "", description or "", card.optional("url"))


def _poll(source: StrictFields, key: str) -> Poll | None:
    if key not in source:
        return None
    poll = source.record(key)
    options = tuple(PollOption(o.text("text"), o.count("votes")) for o in poll.records("options"))
    return Poll(options, poll.optional("ends_at"), poll.count("voters"))


def _counts(source: StrictFields, key: str) -> Counts:
    counts = source.record(key)
    return Counts(*(counts.count(name) for name in ("likes", "reposts", "replies", "quotes")))


def _facet(source: StrictFields, text: str) -> Facet:
    kind, start, end = source.text("kind"), source.count("start"), source.count("end")
    if kind not in FACET_KINDS:
        raise source.wrong("kind", f"one of {', '.join(FACET_KINDS)}", kind)
    if start is None or end is None or not start < end <= len(text):
        raise source.wrong("end", "a place in the text after start", end)
    return Facet(start, end, kind, source.text("value"))  # type: ignore[arg-type]


# The reader of each field of a post; a missing field takes its default.
READERS: dict[str, Callable[[StrictFields, str], Any]] = {
    **dict.fromkeys(
        ("created_at", "reply_to", "repost_of", "quote_of", "warning", "url", "edited_at"),
        StrictFields.optional,
    ),
    **dict.fromkeys(("mentions", "tags", "cut_links", "langs", "uncertain"), StrictFields.texts),
    "author": _author,
    "media": _media,
    "card": _card,
    "poll": _poll,
    "counts": _counts,
    "history": _history,
    "elsewhere": _elsewhere,
    "also": _elsewhere,
    "visibility": _visibility,
    "vanished": StrictFields.flag,
}
KNOWN = READERS.keys() | APART
