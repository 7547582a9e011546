"""Convert an h-entry to an item (https://microformats.org/wiki/h-entry), from mf2py's output."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sitegen.model import Author, Counts, MediaKind
from sitegen.sources import stated_visibility
from sitegen.sources.feeds.backups import indieweb
from sitegen.sources.feeds.items.items import Access, Enclosure, Item, Reference, Writing
from sitegen.sources.feeds.items.post_ids import MASTODON, network_id
from sitegen.sources.post_parts import extra

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

Properties = dict[str, list[Any]]
# An entry with one of these is a reaction without a text.
_REACTIONS = {
    "like-of": "like",
    "favorite-of": "like",
    "follow-of": "follow",
    "rsvp": "rsvp",
    "tag-of": "tag",
    "invitee": "invitation",
}
_WHO_SEES = ("post-status", "visibility")
_MAY_SAY = ("status", "access", "audience", "privacy")
_ROOT = re.compile("^(?:h-[a-z]|hfeed$|hentry$)")
_FILES: dict[str, MediaKind] = {"photo": "image", "video": "video", "audio": "audio"}


def reaction_of(properties: Properties) -> str | None:
    """Return the kind of a reaction, such as a like; None for a post."""
    return next((kind for key, kind in _REACTIONS.items() if properties.get(key)), None)


def item_of(entry: dict[str, Any], place: str, base: str | None) -> Item:
    """Convert an h-entry, whose values may be of any type, to an item."""
    properties: Properties = entry["properties"]
    name, summary = first_text(properties, "name"), first_text(properties, "summary")
    content = _content(properties, base)
    warning = summary if content and _is_of_mastodon(properties) else None
    return Item(
        place=place,
        id=first_text(properties, "uid"),
        url=first_text(properties, "url"),
        title=Writing(name) if name else None,
        content=content or (Writing(summary) if summary else None),
        published=first_text(properties, "published"),
        updated=first_text(properties, "updated"),
        author=author_of(properties.get("author", ())),
        tags=_tags(properties),
        files=tuple(_files(properties)),
        language=entry.get("lang") if isinstance(entry.get("lang"), str) else None,
        warning=warning,
        reply_to=_reference(properties, "in-reply-to"),
        quote_of=_reference(properties, "quotation-of") or _reference(properties, "quote-of"),
        repost_of=_reference(properties, "repost-of"),
        external=first_text(properties, "bookmark-of"),
        counts=_counts(properties),
        extra=_extra(properties),
        access=access_of(properties),
    )


def access_of(properties: Properties) -> Access:
    """Return who may see an entry, by its status and visibility."""
    who_sees = [value for name in _WHO_SEES for value in properties.get(name, ())]
    may_say = [value for name in _MAY_SAY for value in properties.get(name, ())]
    closing = (word for word in _texts(may_say) if word.casefold() in stated_visibility.CLOSED)
    return indieweb.access_of_words((*(next(_texts([value]), "") for value in who_sees), *closing))


def access_around(page: BeautifulSoup) -> Access:
    """Return who may see a page, by its marks outside of feeds and entries."""
    tags = page.find_all(class_=[f"p-{name}" for name in _WHO_SEES])
    outer = [tag for tag in tags if not tag.find_parent(class_=_ROOT)]
    values = (tag.get("value") or tag.get("title") or tag.get_text() for tag in outer)
    return indieweb.access_of_words(str(value) for value in values)


def _is_of_mastodon(properties: Properties) -> bool:
    """Return whether an entry is a Mastodon post, whose summary is its content warning."""
    ids = (network_id(url) for key in ("uid", "url") for url in _texts(properties.get(key, ())))
    return any(post_id and post_id[0] == MASTODON for post_id in ids)


def first_text(properties: Properties, key: str) -> str | None:
    """Return the first value of a property as a text."""
    return next(_texts(properties.get(key, ())), None)


def author_of(values: Sequence[Any]) -> Author | None:
    """Return the author from an h-card or a name."""
    for value in values:
        if isinstance(value, dict) and isinstance(value.get("properties"), dict):
            properties = value["properties"]
            name, url = first_text(properties, "name"), first_text(properties, "url")
        else:
            name, url = next(_texts([value]), None), None
        if name or url:
            return Author(id=url, name=name)
    return None


def _texts(values: Sequence[Any]) -> Iterator[str]:
    for value in values:
        text = value.get("value") if isinstance(value, dict) else value
        if isinstance(text, str) and text.strip():
            yield text.strip()


def _content(properties: Properties, base: str | None) -> Writing | None:
    for value in properties.get("content", ()):
        if isinstance(value, dict) and isinstance(value.get("html"), str):
            return Writing(value["html"], True, base)
        if isinstance(value, str):
            return Writing(value)
    return None


def _tags(properties: Properties) -> tuple[str, ...]:
    tags = _texts([value for value in properties.get("category", ()) if isinstance(value, str)])
    return tuple(dict.fromkeys(tag.lstrip("#") for tag in tags))


def _files(properties: Properties) -> Iterator[Enclosure]:
    for key, kind in _FILES.items():
        for value in properties.get(key, ()):
            alt = value.get("alt") if isinstance(value, dict) else None
            if url := next(_texts([value]), None):
                yield Enclosure(url, kind, alt if isinstance(alt, str) and alt else None)


def _reference(properties: Properties, key: str) -> Reference | None:
    """Return the post that an entry refers to: an address, or an h-cite with more."""
    for value in properties.get(key, ()):
        if isinstance(value, dict) and isinstance(value.get("properties"), dict):
            inner = value["properties"]
            url = first_text(inner, "url") or first_text(inner, "uid")
            if url:
                return Reference(url, author_of(inner.get("author", ())) or Author())
        if url := next(_texts([value]), None):
            return Reference(url)
    return None


def _counts(properties: Properties) -> Counts:
    """Return how many reactions a page shows below an entry; none means unknown."""
    return Counts(
        likes=len(properties.get("like", ())) or None,
        reposts=len(properties.get("repost", ())) or None,
        replies=len(properties.get("comment", ())) or None,
    )


def _extra(properties: Properties) -> tuple[tuple[str, str], ...]:
    people = [value for value in properties.get("category", ()) if isinstance(value, dict)]
    return extra(
        {
            "location": first_text(properties, "location"),
            "people": [url for value in people if (url := next(_texts([value]), None))],
            "also_in_reply_to": list(_texts(properties.get("in-reply-to", ())))[1:],
            "syndication": list(_texts(properties.get("syndication", ()))),
        }
    )
