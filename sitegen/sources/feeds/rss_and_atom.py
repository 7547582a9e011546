"""Read RSS and Atom by feedparser; nothing is fetched, and no text is sanitised or rewritten."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urljoin

from msgspec import Struct

from sitegen.errors import SourceError
from sitegen.formats.html.post_text import read as read_html
from sitegen.formats.media_kinds import kind_of
from sitegen.model import Author
from sitegen.sources import Exclusion
from sitegen.sources.feeds.backups import apply_access, blogger, kinds_of
from sitegen.sources.feeds.items.items import (
    DOWNLOAD_AGAIN,
    Channel,
    Enclosure,
    Item,
    Reference,
    Writing,
)
from sitegen.sources.feeds.items.times import iso
from sitegen.sources.feeds.xml.elements import Element
from sitegen.sources.feeds.xml.parser import ELEMENTS, WHOLE, Entry, Parsed, parse, parse_file
from sitegen.timestamps import instant

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_ADDRESS = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+")
_HTML = re.compile(
    r"</?[A-Za-z][^<>]*>|&(?:#[0-9]{1,8}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)
_EXTRA_FIELDS = (
    "itunes_duration",
    "itunes_episode",
    "itunes_season",
    "itunes_episodetype",
    "comments",
)
_FORMATS = {"rss": "an RSS feed", "atom": "an Atom feed"}


class _FeedEntry(Struct, frozen=True):
    """An entry of a feed: its item, None if it is cut off, and what decides about its access."""

    place: str
    item: Item | None
    elements: tuple[Element, ...]
    categories: tuple[blogger.Category, ...]


def read_xml(text: str, path: Path) -> Channel:
    """Read RSS 0.9 to 2.0 or Atom. Raises SourceError."""
    parsed = parse(text, path)
    if parsed.is_cut_off and not parsed.entries:
        line = text.count("\n") + 1
        raise SourceError(
            "breaks off before its first item", path=path, line=line, hint=DOWNLOAD_AGAIN
        )
    home, _ = _home(parsed.feed)
    entries = [_read_entry(entry, n, home) for n, entry in enumerate(parsed.entries, 1)]
    return _channel(parsed, entries, path)


def read_large(path: Path) -> Channel:
    """Read a feed of any size, such as the backup of a large site. Raises SourceError."""
    entries: list[_FeedEntry] = []

    def take(entry: Entry, feed: Entry) -> None:
        entries.append(_read_entry(entry, len(entries) + 1, _home(feed)[0]))

    return _channel(parse_file(path, take), entries, path)


def _read_entry(entry: Entry, number: int, home: str | None) -> _FeedEntry:
    place = f"item {number}"
    item = _item(entry, place, home) if WHOLE in entry else None
    return _FeedEntry(place, item, tuple(entry.get(ELEMENTS, ())), _categories(entry))


def _channel(parsed: Parsed, entries: Sequence[_FeedEntry], path: Path) -> Channel:
    feed, version = parsed.feed, parsed.version
    if not version and not entries:
        raise SourceError("begins like a feed, but holds none", path=path, hint=DOWNLOAD_AGAIN)
    home, itself = _home(feed)
    marks = [(e.elements, e.categories) for e in entries]
    kinds = kinds_of(parsed.families, parsed.elements, marks)
    return Channel(
        found=_FORMATS["atom" if version.startswith("atom") else "rss"],
        items=tuple(
            apply_access(e.item, e.elements, e.categories, kinds) for e in entries if e.item
        ),
        home=home,
        itself=itself,
        title=" ".join(_plain(_writing(feed, "title")).split()) or None,
        about=_plain(_writing(feed, "subtitle")),
        author=_author(feed),
        language=_language(feed.get("language")),
        until=_state_time(feed),
        exclusions=tuple(exclusion for entry in entries for exclusion in _exclusions(entry)),
        oddities=dict(parsed.faults),
    )


def _exclusions(entry: _FeedEntry) -> Iterator[Exclusion]:
    """Exclude the comments inside an item, which other people wrote, and a cut-off item."""
    comments = sum((e.family, e.name) == ("wp", "comment") for e in entry.elements)
    for number in range(1, comments + 1):
        yield Exclusion(f"{entry.place}, comment {number}", "not a post", "comment")
    if entry.item is None:
        yield Exclusion(entry.place, "damaged", "the file breaks off in it")


def _categories(entry: Entry) -> tuple[blogger.Category, ...]:
    tags = [tag for tag in entry.get("tags", ()) if isinstance(tag, Mapping)]
    return tuple((str(tag.get("scheme") or ""), str(tag.get("term") or "")) for tag in tags)


def _item(entry: Entry, place: str, home: str | None) -> Item:
    base = _text(entry, "base") or home
    reply = entry.get("thr_in-reply-to")
    parent = _text(reply, "ref") or _text(reply, "href") if isinstance(reply, Mapping) else None
    return Item(
        place=place,
        id=_text(entry, "id"),
        url=_absolute(base, _text(entry, "link")),
        title=_writing(entry, "title"),
        content=_content(entry),
        summary=_writing(entry, "summary"),
        published=_text(entry, "published") or _text(entry, "created"),
        updated=entry.get("updated") if "updated" in entry else None,
        author=_author(entry),
        tags=_tags(entry),
        files=tuple(_files(entry, base)),
        language=_language(_language_of_entry(entry)),
        sensitive=_is_adult(entry),
        reply_to=Reference(parent) if parent else None,
        extra=tuple(_extra(entry)),
    )


def _home(feed: Entry) -> tuple[str | None, str | None]:
    """Return the address of a feed's page, or of the feed if it has none, and of the feed."""
    links = [link for link in feed.get("links", ()) if isinstance(link, Mapping)]
    itself = next((_text(link, "href") for link in links if link.get("rel") == "self"), None)
    return _absolute(itself, _text(feed, "link")) or itself or _text(feed, "id"), itself


def _state_time(feed: Entry) -> str | None:
    """Return when a feed was created or last changed, as it states."""
    times = [iso(_text(feed, key)) for key in ("updated", "published") if key in feed]
    return max(filter(None, times), key=lambda time: instant(time) or 0.0, default=None)


def _text(values: Entry, key: str) -> str | None:
    value = values.get(key)
    return value.strip() or None if isinstance(value, str) else None


def _absolute(base: str | None, url: str | None) -> str | None:
    try:
        return urljoin(base, url) if base and url else url
    except ValueError:
        return url


def _writing(values: Entry, key: str) -> Writing | None:
    detail = values.get(f"{key}_detail")
    if not isinstance(detail, Mapping) or not isinstance(detail.get("value"), str):
        return None
    return Writing(detail["value"], _is_html(detail), _text(detail, "base"))


def _is_html(detail: Entry) -> bool:
    """Return whether a text is HTML; RSS does not say, so a tag or reference must show it."""
    if detail.get("type") == "text/plain":
        return False
    return detail.get("type") == "application/xhtml+xml" or bool(_HTML.search(detail["value"]))


def _content(entry: Entry) -> Writing | None:
    """Return an item's longest content; if it has none, its summary or excerpt."""
    contents = [c for c in entry.get("content", ()) if isinstance(c.get("value"), str)]
    shown = [c for c in contents if not c.get("src") and str(c.get("type")).find("/") > 0]
    texts = [c for c in shown if c["type"].startswith("text/") or "xhtml" in c["type"]]
    best = max(texts, key=lambda c: len(c["value"].strip()), default=None)
    if best and best["value"].strip():
        return Writing(best["value"], _is_html(best), _text(best, "base"))
    summary = _writing(entry, "summary")
    excerpt = _text(entry, "excerpt_encoded")  # of WordPress
    if excerpt and not (summary and summary.value.strip()):
        return Writing(excerpt, bool(_HTML.search(excerpt)))
    return summary


def _language_of_entry(entry: Entry) -> str | None:
    details = [*entry.get("content", ()), entry.get("summary_detail"), entry.get("title_detail")]
    languages = (_text(detail, "language") for detail in details if isinstance(detail, Mapping))
    return next((language for language in languages if language), None)


def _plain(writing: Writing | None) -> str:
    if writing is None:
        return ""
    return read_html(writing.value).text if writing.is_html else writing.value


def _author(values: Entry) -> Author | None:
    """Return the author; an e-mail address is not used as a name."""
    details = [d for d in values.get("authors", ()) if isinstance(d, Mapping) and d]
    detail = next(iter(details), values.get("author_detail") or {})
    whole = _text(values, "author") or ""
    text = whole if "@" in whole else _text(detail, "name") or whole
    name = _ADDRESS.sub("", text).strip(" ()<>,;") or None
    url = _text(detail, "href")
    return Author(id=url, name=name) if name or url else None


def _tags(entry: Entry) -> tuple[str, ...]:
    tags = [tag for tag in entry.get("tags", ()) if isinstance(tag, Mapping)]
    terms = (
        tag.get("label") or tag.get("term")
        for tag, category in zip(tags, _categories(entry), strict=True)
        if not blogger.is_kind(category)
    )
    names = (term.strip().lstrip("#") for term in terms if isinstance(term, str))
    return tuple(dict.fromkeys(name for name in names if name))


def _files(entry: Entry, base: str | None) -> Iterator[Enclosure]:
    for link in entry.get("links", ()):
        url = _absolute(base, _text(link, "href"))
        if link.get("rel") == "enclosure" and url:
            yield Enclosure(url, kind_of(url, _text(link, "type")))
    for medium in entry.get("media_content", ()):
        if url := _absolute(base, _text(medium, "url")):
            kind = kind_of(url, _text(medium, "medium"), _text(medium, "type"))
            yield Enclosure(url, kind, _text(medium, "description"))


def _is_adult(entry: Entry) -> bool:
    ratings = [entry.get("media_rating"), *entry.get("media_content", ())]
    values = [r.get("content") or r.get("rating") for r in ratings if isinstance(r, Mapping)]
    return "adult" in values


def _language(tag: str | None) -> str | None:
    return tag if tag and _LANGUAGE.fullmatch(tag) else None


def _extra(entry: Entry) -> Iterator[tuple[str, str]]:
    for key in _EXTRA_FIELDS:
        if value := _text(entry, key):
            yield key, json.dumps(value, ensure_ascii=False)
