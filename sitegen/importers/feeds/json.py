"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from sitegen.errors import SourceError
from sitegen.fields import Record
from sitegen.importers import Exclusion
from sitegen.importers.feeds.items import Channel, Enclosure, Item, Writing, kind_of
from sitegen.model import Author

_HINT = "download it again, and see that it is whole."


def read_json(text: str, path: Path) -> Channel:
    """Read a JSON Feed; an item with fields that are none is left out. Raises SourceError."""
    fields = _parsed(text, path)
    items = fields.get("items")
    feed = Record({**fields, "items": None}, path, 1, SourceError)
    if not isinstance(items, list):
        raise feed.wrong("items", "a list", items)
    home = feed.optional("home_page_url") or feed.optional("feed_url")
    found: list[Item] = []
    exclusions: list[Exclusion] = []
    for at, fields in enumerate(items, 1):
        place = f"item {at}"
        try:
            found.append(_item(_record(fields, path), place, home))
        except SourceError as error:
            exclusions.append(Exclusion(place, "damaged", error.what))
    return Channel(
        found="a JSON Feed",
        items=tuple(found),
        home=home,
        title=feed.optional("title"),
        about=feed.optional("description") or "",
        author=_author(feed),
        language=feed.optional("language"),
        exclusions=tuple(exclusions),
    )


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        # Numbers stay the text they are: some feeds have them as ids.
        fields = json.loads(text, parse_int=_number, parse_float=_number, parse_constant=_number)
    except json.JSONDecodeError as error:
        what = f"is not JSON: {error.msg}"
        raise SourceError(what, path=path, line=error.lineno, hint=_HINT) from error
    except (ValueError, RecursionError) as error:
        raise SourceError("is nested too deep", path=path, hint=_HINT) from error
    if not isinstance(fields, dict):
        raise SourceError("is not a JSON object", path=path, hint=_HINT)
    return fields


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


def _number(digits: str) -> _Number:
    return _Number(digits)


def _record(fields: object, path: Path) -> Record:
    if not isinstance(fields, dict):
        raise SourceError("is not an object", path=path, hint=_HINT)
    return Record(fields, path, 1, SourceError)


def _item(record: Record, place: str, home: str | None) -> Item:
    url = record.optional("url")
    html, plain = record.optional("content_html"), record.optional("content_text")
    title, summary = record.optional("title"), record.optional("summary")
    content = Writing(html, True) if html else Writing(plain or summary or "")
    language = record.optional("language")
    return Item(
        place=place,
        id=record.optional("id") or None,
        url=_absolute(home, url),
        title=Writing(title) if title else None,
        content=content,
        published=record.optional("date_published"),
        updated=record.optional("date_modified"),
        author=_author(record),
        tags=tuple(dict.fromkeys(tag.lstrip("#") for tag in record.texts("tags") if tag)),
        files=tuple(_files(record, home)),
        language=language,
        external=record.optional("external_url"),
    )


def _absolute(base: str | None, url: str | None) -> str | None:
    try:
        return urljoin(base, url) if base and url else url
    except ValueError:
        return url


def _author(record: Record) -> Author | None:
    """Return the first author: `authors` since 1.1, `author` before."""
    single = record.record("author")
    for author in [*record.records("authors"), *([single] if single else [])]:
        name, url = author.optional("name"), author.optional("url")
        if name or url:
            return Author(id=None if url and url.startswith("mailto:") else url, name=name)
    return None


def _files(record: Record, home: str | None) -> Iterator[Enclosure]:
    for key in ("image", "banner_image"):
        if url := _absolute(home, record.optional(key)):
            yield Enclosure(url, "image")
    for file in record.records("attachments"):
        url = _absolute(home, file.text("url")) or ""
        yield Enclosure(url, kind_of(file.optional("mime_type"), url), file.optional("title"))
