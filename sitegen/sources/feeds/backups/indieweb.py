"""Interpret the visibility that IndieWeb sites state: `post-status`, `visibility`, `draft`.

https://indieweb.org/Micropub-extensions#Post_Status
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sitegen.sources import stated_visibility
from sitegen.sources.feeds.items.items import PUBLIC, Access, by_words, narrowest
from sitegen.sources.feeds.xml.elements import STATED, Element

_STATES = {
    "published": PUBLIC,
    "publish": PUBLIC,
    "public": PUBLIC,
    "draft": Access("draft"),
    "pending": Access("draft", "pending review"),
    "scheduled": Access("not public", "scheduled"),
    "future": Access("not public", "scheduled"),
    "trash": Access("not public", "trashed"),
    "deleted": Access("not public", "trashed"),
    "private": Access("not public", "private"),
    "protected": Access("not public", "protected"),
    "password": Access("not public", "protected by a password"),
    "unlisted": Access("not public", "unlisted"),
    "followers": Access("not public", "for followers", "followers", "followers"),
    "direct": Access("private message", "", "direct", "direct"),
}
# Public values of fields that may be about something else.
_OPEN = frozenset(("open", "free", "everyone", "everybody", "anyone", "all", "live", "visible"))
_OF_JSON_FEED = frozenset(("author", "authors", "attachments", "tags", "hubs"))
_FIELDS = stated_visibility.WHO_SEES | stated_visibility.MAY_SAY


def access_of_words(words: Iterable[str]) -> Access:
    """Return who may see a post, by all words for its status and visibility."""
    states = (word.strip().casefold() for word in words)
    return narrowest(*by_words(_STATES, states, "its status is not known"))


def access_of_elements(elements: Iterable[Element]) -> Access:
    """Return who may see an item or feed, by elements that no format defines."""
    return access_of_words(
        word for e in elements for word in _words_of_element(e) if word not in _OPEN
    )


def _words_of_element(element: Element) -> Iterator[str]:
    fields = {element.name: element.text}
    if element.family == STATED:
        yield from stated_visibility.closing_words(fields)
    else:
        yield from (
            word for word in stated_visibility.words(fields) if "visibility" in element.name
        )


def access(fields: Mapping[str, Any]) -> Access:
    """Return who may see an item, by the fields of a JSON object and of its extensions.

    Extensions, whose names should begin with "_", have the fields that JSON Feed lacks.
    """
    return access_of_words(word for word in _words(fields, _FIELDS) if word not in _OPEN)


def access_of_feed(fields: Mapping[str, Any]) -> Access:
    """Return who may see all items of a JSON Feed, by the fields of the feed itself.

    Only known words count in fields that may be about the state of the feed.
    """
    known = (word for word in _words(fields, _FIELDS) if word in _STATES)
    return access_of_words((*known, *_words(fields, stated_visibility.WHO_SEES)))


def _words(fields: Mapping[str, Any], who_sees: frozenset[str]) -> Iterator[str]:
    yield from stated_visibility.words(fields, who_sees)
    for key, value in fields.items():
        if key not in _OF_JSON_FEED:
            yield from stated_visibility.words_within(value, who_sees)
