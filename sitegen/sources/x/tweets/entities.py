"""Locate the links, mentions and tags of a text, and their targets.

The positions in X's entities count code points of the text in the archive, where `&`, `<` and `>`
are escaped. If a position is wrong or missing, the entity is searched for.
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
_FULL_WIDTH = str.maketrans("＠＃", "@#")


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
    located: list[Span] = []
    oddities: list[str] = []
    cursor: dict[str, int] = {}
    for place, shown, kind, value, medium in _targets_of(entities, media):
        start, oddity = _locate(text, place, shown, cursor.get(shown.casefold(), 0))
        if oddity:
            oddities.append(oddity)
        if start is not None:
            cursor[shown.casefold()] = start + len(shown)
            located.append(Span(start, start + len(shown), kind, value, medium))
    spans: list[Span] = []
    for span in sorted(set(located)):
        if spans and span.start < spans[-1].end:
            oddities.append(OVERLAPPING)
        else:
            spans.append(span)
    return tuple(spans), tuple(oddities)


def _targets_of(
    entities: Entities, media: Sequence[Medium]
) -> Iterator[tuple[Place, str, FacetKind, str, bool]]:
    """Yield each entity's stated position, its form in the text, its kind and its target."""
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


def _locate(text: str, place: Place, shown: str, after: int) -> tuple[int | None, str | None]:
    """Return an entity's position, the stated one or the next match, and what is odd about it."""
    if place and place[0] >= 0 and _is_match(text[place[0] : place[0] + len(shown)], shown):
        return place[0], None
    match = whole_word(shown).search(text, after)
    if match is None:
        return None, NOT_FOUND
    return match.start(), MOVED if place else None


def whole_word(shown: str) -> re.Pattern[str]:
    """Return a pattern that finds an entity that is not a part of a longer word."""
    return re.compile(rf"(?<!\w){re.escape(shown)}(?!\w)", re.IGNORECASE)


def _is_match(text: str, shown: str) -> bool:
    text = text[:1].translate(_FULL_WIDTH) + text[1:]
    return len(text) == len(shown) and text.casefold() == shown.casefold()
