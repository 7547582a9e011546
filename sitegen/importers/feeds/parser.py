"""feedparser, driven by hand: strictly first, then mended, then loosely.

Its own `parse` fetches what looks like an address, guesses encodings by what happens to be
installed, and takes the description of a picture for that of its item.
"""

from __future__ import annotations

import io
import re
import xml.sax
from collections.abc import Callable, Mapping
from html.entities import html5
from pathlib import Path
from typing import Any

from feedparser.api import (  # type: ignore[import-untyped]
    LooseFeedParser,
    StrictFeedParser,
)
from msgspec import Struct

from sitegen.errors import SourceError

WHOLE = "is_whole"
# By its other name feedparser would take any "Ã©" for an "é" that was read wrongly.
_ENCODING = "utf8"
LARGEST_LOOSE = 3_000_000
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_BARE = re.compile(r"&(?!#[0-9]{1,8};|#[xX][0-9A-Fa-f]{1,6};|(?:amp|lt|gt|quot|apos);)")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31};)")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_XML = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))


class Parsed(Struct, frozen=True):
    """What feedparser found, and the faults of the file, by kind and how often."""

    feed: Mapping[str, Any]
    entries: list[dict[str, Any]]
    version: str
    faults: tuple[tuple[str, int], ...]


def parse(text: str, path: Path) -> Parsed:
    """Parse the text of a feed. Raises SourceError."""
    faults: dict[str, int] = {}
    text = _DECLARATION.sub("", text, count=1)
    text = _without_type(text, faults)
    try:
        parser = _strictly(text)
    except (xml.sax.SAXException, ValueError):
        mended = _mended(text, faults)
        parser = _again(mended) if mended != text else None
        if parser is None:
            faults["XML that is not well-formed, read loosely"] = 1
            parser = _loosely(mended, path)
    version = parser.version or ""
    return Parsed(parser.feeddata, parser.entries, version, tuple(faults.items()))


class _Media:
    """What feedparser's parsers do otherwise here: descriptions belong to their pictures."""

    def _start_media_description(self, attributes: dict[str, Any]) -> None:
        self.push("media_description", 0)  # type: ignore[attr-defined]

    def _end_media_description(self) -> None:
        told = self.pop("media_description")  # type: ignore[attr-defined]
        media = self._get_context().get("media_content")  # type: ignore[attr-defined]
        if told and media:
            media[-1].setdefault("description", told)

    def _start_media_title(self, attributes: dict[str, Any]) -> None:
        self.push("media_title", 0)  # type: ignore[attr-defined]

    def _end_media_title(self) -> None:
        self.pop("media_title")  # type: ignore[attr-defined]

    def _end_item(self) -> None:
        if self.entries:  # type: ignore[attr-defined]
            self.entries[-1][WHOLE] = True  # type: ignore[attr-defined]
        super()._end_item()  # type: ignore[misc]

    _end_entry = _end_item


class _Strict(_Media, StrictFeedParser):  # type: ignore[misc]
    """Well-formed XML."""


class _Loose(_Media, LooseFeedParser):  # type: ignore[misc]
    """Anything with tags."""


def _strictly(text: str) -> Any:
    parser = _Strict("", None, _ENCODING)
    parser.resolve_relative_uris = parser.sanitize_html = False
    reader = xml.sax.make_parser()  # noqa: S317 - no document type gets here
    reader.setFeature(xml.sax.handler.feature_namespaces, True)
    reader.setFeature(xml.sax.handler.feature_external_ges, False)
    reader.setContentHandler(parser)
    reader.setErrorHandler(parser)
    source = xml.sax.xmlreader.InputSource()
    source.setEncoding("utf-8")
    source.setByteStream(io.BytesIO(text.encode()))
    reader.parse(source)
    return parser


def _again(text: str) -> Any:
    try:
        return _strictly(text)
    except (xml.sax.SAXException, ValueError):
        return None


def _loosely(text: str, path: Path) -> Any:
    if len(text) > LARGEST_LOOSE:
        raise SourceError(
            "is not well-formed XML, and too large to be read loosely",
            path=path,
            hint="download it again, and see that it is whole.",
        )
    parser = _Loose("", None, _ENCODING, {})
    parser.resolve_relative_uris = parser.sanitize_html = False
    try:
        parser.feed(text)
        parser.close()
    except Exception as error:  # the parser promises nothing for broken input
        raise SourceError(
            "is not well-formed XML, and cannot be read loosely either",
            path=path,
            hint="download it again, and see that it is whole.",
        ) from error
    return parser


def _without_type(text: str, faults: dict[str, int]) -> str:
    """Leave out the document type, which may declare entities: no feed needs them."""
    start = re.search(r"<[A-Za-z_]", text)
    head = text[: start.start()] if start else text
    at = head.upper().find("<!DOCTYPE")
    if at < 0:
        return text
    end = _end_of_type(text, at)
    if "<!ENTITY" in text[at:end].upper():
        faults["declarations of entities, left out"] = text[at:end].upper().count("<!ENTITY")
    return text[:at] + text[end:]


def _end_of_type(text: str, at: int) -> int:
    """Return where a document type ends: at ">" outside of quotes and brackets."""
    depth, quote = 0, ""
    for sign in re.finditer(r"[\[\]>\"']", text[at:]):
        character = sign[0]
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "[]":
            depth += 1 if character == "[" else -1
        elif depth <= 0:
            return at + sign.end()
    return len(text)


def _mended(text: str, faults: dict[str, int]) -> str:
    """Put right what is plainly wrong: names of HTML's characters, bare "&", control characters."""
    parts = _CDATA.split(text)
    for at in range(0, len(parts), 2):
        parts[at] = _counted(_NAMED, _character, parts[at], "names of HTML characters", faults)
        parts[at] = _counted(_BARE, lambda _: "&amp;", parts[at], 'a bare "&"', faults)
    return _counted(
        _FORBIDDEN, lambda _: "", "".join(parts), "control characters, left out", faults
    )


def _counted(
    pattern: re.Pattern[str],
    mend: Callable[[re.Match[str]], str],
    text: str,
    what: str,
    faults: dict[str, int],
) -> str:
    mended, _ = pattern.subn(mend, text)
    if mended != text:
        changed = sum(mend(found) != found[0] for found in pattern.finditer(text))
        faults[f"XML that is wrong: {what}"] = faults.get(f"XML that is wrong: {what}", 0) + changed
    return mended


def _character(name: re.Match[str]) -> str:
    return name[0] if name[1] in _XML else html5.get(name[1], name[0])
