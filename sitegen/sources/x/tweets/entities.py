"""Locate the links, mentions and tags of a text, and their targets.

Positions in X's entities count code points of the text as it is in the archive, where `&`, `<` and
`>` are escaped. If a position is wrong or missing the entity is searched for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from sitegen.model import FacetKind
from sitegen.sources.x.files.record_types import Entities, Medium, Place
from sitegen.text import richtext

NOT_FOUND = "entities of what the text does not show"
MOVED = "entities that are not where they say"
OVERLAPPING = "entities over another left out"


class Span(Struct, frozen=True, order=True):
    """A range of the escaped text that an entity covers, and its target."""

    start: int
    end: int
    kind: FacetKind
    value: str
    medium: bool = False


def address_of(short: str | None, expanded: str | None) -> str | None:
    """Return the target of a short link, or the link itself if it is unknown or unsafe."""
    for address in (expanded, short):
        if address and richtext.is_safe_url(address):
            return address
    return None


def find_spans(
    text: str, entities: Entities, media: Sequence[Medium]
) -> tuple[tuple[Span, ...], tuple[str, ...]]:
    """Locate each entity, in order, without overlaps; return oddities too."""
    taken: list[Span] = []
    oddities: list[str] = []
    cursor: dict[str, int] = {}
    for place, shown, kind, value, medium in _wanted(entities, media):
        start, odd = _found(text, place, shown, cursor.get(shown.casefold(), 0))
        if odd:
            oddities.append(odd)
        if start is not None:
            cursor[shown.casefold()] = start + len(shown)
            taken.append(Span(start, start + len(shown), kind, value, medium))
    spans: list[Span] = []
    for span in sorted(set(taken)):
        if spans and span.start < spans[-1].end:
            oddities.append(OVERLAPPING)
        else:
            spans.append(span)
    return tuple(spans), tuple(oddities)


def _wanted(
    entities: Entities, media: Sequence[Medium]
) -> Iterator[tuple[Place, str, FacetKind, str, bool]]:
    """Yield the entities: their stated positions, their displays, their targets."""
    for url in entities.urls or ():
        if url.url and (address := address_of(url.url, url.expanded_url)):
            yield url.indices, url.url, "link", address, False
    for short in {m.url: m for m in media if m.url}.values():
        address = address_of(short.url, short.expanded_url)
        yield short.indices, short.url or "", "link", address or "", True
    for mention in entities.user_mentions or ():
        if name := mention.screen_name:
            yield mention.indices, f"@{name}", "mention", name, False
    for tag in entities.hashtags or ():
        if tag.text:
            yield tag.indices, f"#{tag.text}", "tag", tag.text, False


def _found(text: str, place: Place, shown: str, after: int) -> tuple[int | None, str | None]:
    """Return the position of an entity: the stated one if it is right, else the next match."""
    if place and place[0] >= 0 and _alike(text[place[0] : place[0] + len(shown)], shown):
        return place[0], None
    start = _next(text, shown, after)
    if start is None:
        return None, NOT_FOUND
    return start, MOVED if place else None


def _next(text: str, shown: str, after: int) -> int | None:
    """Find an entity that is not a part of a longer word; ASCII letters in any case."""
    match = alone(shown).search(text, after)
    return match.start() if match else None


def alone(shown: str) -> re.Pattern[str]:
    """Return a pattern that finds an entity unless it is a part of a longer word."""
    return re.compile(rf"(?<!\w){re.escape(shown)}(?!\w)", re.IGNORECASE)


def _alike(found: str, shown: str) -> bool:
    signs = {"＠": "@", "＃": "#"}
    found = signs.get(found[:1], found[:1]) + found[1:]
    return found == shown or (len(found) == len(shown) and found.casefold() == shown.casefold())
