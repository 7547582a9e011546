"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), as people write it.

A field of a wrong type is lost, but never its item.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self
from urllib.parse import urljoin

from sitegen.errors import SourceError
from sitegen.formats import lenient_json
from sitegen.formats.json_fields import LenientFields
from sitegen.formats.media_kinds import kind_of
from sitegen.model import Author
from sitegen.sources import Exclusion
from sitegen.sources.feeds.backups import indieweb
from sitegen.sources.feeds.items.items import (
    DOWNLOAD_AGAIN,
    Access,
    Channel,
    Enclosure,
    Item,
    Writing,
    narrowest,
)

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


def read_json(text: str, path: Path) -> Channel:
    """Read a JSON Feed; exclude what is not an item. Raises SourceError."""
    fields = _parsed(text, path)
    items = fields.get("items")
    if isinstance(items, dict):
        items = [items]
    if not isinstance(items, list):
        raise SourceError("its items are no list", path=path, hint=DOWNLOAD_AGAIN)
    feed = _FeedFields(fields, Counter())
    itself = feed.word("feed_url")
    home = feed.word("home_page_url") or itself
    of_feed = indieweb.access_of_feed({k: value for k, value in fields.items() if k != "items"})
    read = [_item(value, feed, f"item {n}", home, of_feed) for n, value in enumerate(items, 1)]
    return Channel(
        found="a JSON Feed",
        items=tuple(item for item in read if isinstance(item, Item)),
        home=home,
        itself=itself,
        title=feed.optional("title"),
        about=feed.text("description"),
        author=_author(feed),
        language=feed.language(),
        exclusions=tuple(item for item in read if isinstance(item, Exclusion)),
        oddities=feed.oddities,
    )


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        fields = _loads(text)
    except (ValueError, RecursionError) as error:
        raise lenient_json.not_json(error, path, DOWNLOAD_AGAIN) from error
    if not isinstance(fields, dict):
        raise SourceError("is not a JSON object", path=path, hint=DOWNLOAD_AGAIN)
    return fields


def _loads(text: str) -> object:
    """Parse JSON, also with trailing commas, as after an edit by hand."""
    try:
        return _with_numbers_as_texts(text)
    except json.JSONDecodeError as error:
        repaired = lenient_json.strip_trailing_commas(text.encode("utf-8", "surrogatepass"))
        try:
            return _with_numbers_as_texts(repaired.decode("utf-8", "surrogatepass"))
        except json.JSONDecodeError:
            raise error from None  # report the position in the file


def _with_numbers_as_texts(text: str) -> object:
    """Parse JSON with numbers as texts: some feeds use them as ids."""
    value: object = json.loads(text, parse_int=_number, parse_float=_number, parse_constant=_number)
    return value


class _Number(str):
    """A number as written."""

    __slots__ = ()


def _number(digits: str) -> _Number:
    return _Number(digits)


class _FeedFields(LenientFields, frozen=True):
    """The fields of an object of a feed, which may have numbers for texts."""

    def optional(self, key: str) -> str | None:
        """Return a text, or a number as written; None if it is empty, null or missing."""
        return super().optional(key) or None

    def word(self, key: str) -> str | None:
        """Return an address, time or other text that cannot be a number."""
        value = self.values.get(key)
        if isinstance(value, _Number):
            self.reject(key, "a text", value)
            return None
        return self.optional(key)

    def language(self) -> str | None:
        """Return the tag of a language (BCP 47)."""
        word = (self.word("language") or "").replace("_", "-")
        return word if _LANGUAGE.fullmatch(word) else None

    def items(self, key: str) -> list[Any]:
        """Return a list of untyped values; a single value becomes a list of one."""
        value = self.values.get(key)
        return [value] if value is not None and not isinstance(value, list) else value or []

    def people_or_files(self, key: str) -> Iterator[Self]:
        """Yield the objects of a list; a text in it becomes the name of one."""
        for value in self.items(key):
            if isinstance(value, str) and not isinstance(value, _Number):
                yield self.nested(key, {"name": value})
            elif isinstance(value, dict):
                yield self.nested(key, value)
            else:
                self.reject(key, "a list of objects", value)

    def tags(self) -> Iterator[str]:
        """Yield tags: a list of texts, or one text with commas."""
        tags = self.texts("tags")
        if isinstance(self.values.get("tags"), list):
            return iter(tags)
        return (tag for text in tags for tag in _split_tags(text))


def _split_tags(text: str) -> list[str]:
    is_marked = all(word.startswith("#") for word in text.split())
    return text.split() if is_marked else re.split(r"[,;]", text)


def _item(
    value: object, feed: _FeedFields, place: str, home: str | None, of_feed: Access
) -> Item | Exclusion:
    if not isinstance(value, dict):
        return Exclusion(place, "damaged", "is not an object")
    fields = feed.nested("items", value)
    html, plain = fields.text("content_html"), fields.text("content_text")
    title, summary = fields.text("title"), fields.text("summary")
    has_content = any(value.get(key) not in (None, "") for key in ("content_html", "content_text"))
    if has_content and not (html or plain or title or summary):
        return Exclusion(place, "damaged", "its content is no text")
    return Item(
        place=place,
        id=fields.optional("id"),
        url=_absolute(home, fields.word("url")),
        title=Writing(title) if title else None,
        content=Writing(html, True) if html else Writing(plain or summary),
        published=fields.word("date_published"),
        updated=fields.word("date_modified"),
        author=_author(fields),
        tags=tuple(dict.fromkeys(tag for name in fields.tags() if (tag := name.strip(" #")))),
        files=tuple(_files(fields, home)),
        language=fields.language(),
        external=fields.word("external_url"),
        access=narrowest(of_feed, indieweb.access(fields.values)),
    )


def _absolute(base: str | None, url: str | None) -> str | None:
    try:
        return urljoin(base, url) if base and url else url
    except ValueError:
        return url


def _author(fields: _FeedFields) -> Author | None:
    """Return the first author: `authors` since 1.1, `author` before."""
    for author in (*fields.people_or_files("authors"), *fields.people_or_files("author")):
        name, url = author.optional("name"), author.word("url")
        if name or url:
            return Author(id=None if url and url.startswith("mailto:") else url, name=name)
    return None


def _files(fields: _FeedFields, home: str | None) -> Iterator[Enclosure]:
    for key in ("image", "banner_image"):
        if url := _absolute(home, fields.word(key)):
            yield Enclosure(url, "image")
    for file in fields.people_or_files("attachments"):
        if url := _absolute(home, file.word("url")):
            yield Enclosure(url, kind_of(url, file.word("mime_type")), file.optional("title"))
