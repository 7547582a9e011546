"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), as people write it.

A field of a wrong type is lost, but never its item.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from sitegen.errors import SourceError
from sitegen.formats import lenient_json
from sitegen.model import Author
from sitegen.sources import Exclusion, Oddity
from sitegen.sources.feeds.backups import indieweb
from sitegen.sources.feeds.items.items import (
    DOWNLOAD_AGAIN,
    Access,
    Channel,
    Enclosure,
    Item,
    Writing,
    kind_of,
    narrowest,
)

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_WRONG = "optional fields of a wrong type, left out"


def read_json(text: str, path: Path) -> Channel:
    """Read a JSON Feed; exclude what is not an item. Raises SourceError."""
    fields = _parsed(text, path)
    items = fields.get("items")
    if isinstance(items, dict):
        items = [items]
    if not isinstance(items, list):
        raise SourceError("its items are no list", path=path, hint=DOWNLOAD_AGAIN)
    wrong: Counter[str] = Counter()
    feed = _Fields(fields, wrong)
    itself = feed.word("feed_url")
    home = feed.word("home_page_url") or itself
    of_feed = indieweb.access_of_feed({k: value for k, value in fields.items() if k != "items"})
    found = [_item(_Fields(i, wrong), f"item {at}", home, of_feed) for at, i in enumerate(items, 1)]
    return Channel(
        found="a JSON Feed",
        items=tuple(item for item in found if isinstance(item, Item)),
        home=home,
        itself=itself,
        title=feed.text("title"),
        about=feed.text("description") or "",
        author=_author(feed),
        language=feed.language(),
        exclusions=tuple(item for item in found if isinstance(item, Exclusion)),
        oddities=tuple(Oddity(what, count) for what, count in wrong.items()),
    )


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        fields = _loads(text)
    except json.JSONDecodeError as error:
        what = f"is not JSON: {error.msg}"
        raise SourceError(what, path=path, line=error.lineno, hint=DOWNLOAD_AGAIN) from error
    except (ValueError, RecursionError) as error:
        raise SourceError("is nested too deep", path=path, hint=DOWNLOAD_AGAIN) from error
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
    found: object = json.loads(text, parse_int=_number, parse_float=_number, parse_constant=_number)
    return found


class _Number(str):
    """A number as written."""

    __slots__ = ()


def _number(digits: str) -> _Number:
    return _Number(digits)


class _Fields:
    """The fields of an object, each of the requested type; others are counted."""

    def __init__(self, values: object, wrong: Counter[str]) -> None:
        self.is_object = isinstance(values, dict)
        self.values: dict[str, Any] = values if isinstance(values, dict) else {}
        self._wrong = wrong

    def has(self, *keys: str) -> bool:
        """Return whether one of the fields is not an empty text."""
        return any(self.values.get(key) not in (None, "") for key in keys)

    def text(self, key: str) -> str | None:
        """Return a text, or a number as written."""
        value = self.values.get(key)
        if value is None or isinstance(value, str):
            return value or None
        self._wrong[_WRONG] += 1
        return None

    def word(self, key: str) -> str | None:
        """Return an address, time or other text that cannot be a number."""
        value = self.values.get(key)
        if not isinstance(value, _Number):
            return self.text(key)
        self._wrong[_WRONG] += 1
        return None

    def language(self) -> str | None:
        """Return the tag of a language (BCP 47)."""
        word = (self.word("language") or "").replace("_", "-")
        return word if _LANGUAGE.fullmatch(word) else None

    def each(self, key: str) -> list[Any]:
        """Return a list; a single value becomes a list of one."""
        value = self.values.get(key)
        if value is None:
            return []
        return value if isinstance(value, list) else [value]

    def objects(self, key: str) -> Iterator[_Fields]:
        """Yield the objects of a list; a text in it becomes the name of one."""
        for value in self.each(key):
            if isinstance(value, str) and not isinstance(value, _Number):
                yield _Fields({"name": value}, self._wrong)
            elif isinstance(value, dict):
                yield _Fields(value, self._wrong)
            else:
                self._wrong[_WRONG] += 1

    def tags(self) -> Iterator[str]:
        """Yield tags: a list of texts, or one text with commas."""
        for value in self.each("tags"):
            if not isinstance(value, str):
                self._wrong[_WRONG] += 1
            elif isinstance(self.values["tags"], list):
                yield value
            else:
                is_marked = all(word.startswith("#") for word in value.split())
                yield from value.split() if is_marked else re.split(r"[,;]", value)


def _item(fields: _Fields, place: str, home: str | None, of_feed: Access) -> Item | Exclusion:
    if not fields.is_object:
        return Exclusion(place, "damaged", "is not an object")
    html, plain = fields.text("content_html"), fields.text("content_text")
    title, summary = fields.text("title"), fields.text("summary")
    if not (html or plain or title or summary) and fields.has("content_html", "content_text"):
        return Exclusion(place, "damaged", "its content is no text")
    return Item(
        place=place,
        id=fields.text("id"),
        url=_absolute(home, fields.word("url")),
        title=Writing(title) if title else None,
        content=Writing(html, True) if html else Writing(plain or summary or ""),
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


def _author(fields: _Fields) -> Author | None:
    """Return the first author: `authors` since 1.1, `author` before."""
    for author in (*fields.objects("authors"), *fields.objects("author")):
        name, url = author.text("name"), author.word("url")
        if name or url:
            return Author(id=None if url and url.startswith("mailto:") else url, name=name)
    return None


def _files(fields: _Fields, home: str | None) -> Iterator[Enclosure]:
    for key in ("image", "banner_image"):
        if url := _absolute(home, fields.word(key)):
            yield Enclosure(url, "image")
    for file in fields.objects("attachments"):
        if url := _absolute(home, file.word("url")):
            yield Enclosure(url, kind_of(file.word("mime_type"), url), file.text("title"))
