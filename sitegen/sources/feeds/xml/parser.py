"""Parse feeds by feedparser's handlers on expat; if that fails, repaired; if that fails, loosely.

feedparser's own `parse` fetches anything that looks like an address, guesses encodings by what
is installed, and confuses the description of a picture with that of its item. Expat never
resolves entities here, as the document type is removed before.
"""

from __future__ import annotations

import io
import re
import xml.sax
from collections.abc import Callable, Mapping
from html import unescape
from pathlib import Path
from typing import Any, BinaryIO

from feedparser.api import (  # type: ignore[import-untyped]
    LooseFeedParser,
    StrictFeedParser,
)
from msgspec import Struct
from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.sources.feeds.items.items import DOWNLOAD_AGAIN
from sitegen.sources.feeds.xml.elements import STATED, Capture, Element, family_of
from sitegen.sources.feeds.xml.well_formed import repair_text, without_document_type
from sitegen.sources.stated_visibility import is_field

Entry = Mapping[str, Any]
WHOLE = "is_whole"
ELEMENTS = "captured_elements"
# Under its other name feedparser would "repair" any "Ã©" to "é".
_ENCODING = "utf8"
_END = re.compile(r"</(?:[A-Za-z_][\w.-]*:)?(?:rss|feed|RDF)\s*>", re.IGNORECASE)
_TAIL = 4096  # characters: comments and a backup's statistics may follow the last element
MAX_LOOSE_LETTERS = 3_000_000
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_ENTRIES = frozenset(("item", "entry", "channel", "feed", "rss"))


class Parsed(Struct, frozen=True):
    """The result of feedparser, and the faults of the file with their numbers.

    `elements` are those captured outside of entries; each entry has its own under the key
    ELEMENTS. `families` are the families of elements that the file declares.
    """

    feed: Mapping[str, Any]
    entries: list[dict[str, Any]]
    version: str
    faults: tuple[tuple[str, int], ...]
    elements: tuple[Element, ...] = ()
    families: frozenset[str] = frozenset()
    is_cut_off: bool = False


def parse(text: str, path: Path) -> Parsed:
    """Parse the text of a feed. Raises SourceError."""
    faults: dict[str, int] = {}
    text = without_document_type(_DECLARATION.sub("", text, count=1), faults)
    parser = _parse_strictly(text)
    if parser is None and (repaired := repair_text(text, faults)) != text:
        text, parser = repaired, _parse_strictly(repaired)
    if parser is not None:
        return _result(parser, faults)
    faults["XML that is not well-formed, read loosely"] = 1
    if is_cut_off := not _END.search(text, max(0, len(text) - _TAIL)):
        faults["the file is cut off after its last whole item"] = 1
    return replace(_result(_parse_loosely(text, path), faults), is_cut_off=is_cut_off)


def parse_file(path: Path, take: Callable[[Entry, Entry], None]) -> Parsed:
    """Parse a feed too large for memory: pass each entry on with the feed so far.

    Raises SourceError if it is not well-formed: a repair needs the whole text.
    """
    try:
        with path.open("rb") as file:
            return _result(_run(_StreamingParser(take), file), {})
    except OSError:
        raise
    except Exception as error:
        raise SourceError(
            "is not well-formed XML, and too large to be repaired",
            path=path,
            hint="export it in parts, or see that it is whole.",
        ) from error


def _result(parser: Any, faults: Mapping[str, int]) -> Parsed:
    return Parsed(
        parser.feeddata,
        parser.entries,
        parser.version or "",
        tuple(faults.items()),
        tuple(parser.captured),
        frozenset(parser.families.values()),
    )


class _Capturing:
    """Captures the elements of backups and networks as trees, instead of feedparser."""

    def __init__(self, *arguments: Any) -> None:
        self.capture = Capture()
        self.captured: list[Element] = []
        self.families: dict[str, str] = {}  # by the namespace's address or prefix
        super().__init__(*arguments)

    def handle_data(self, text: str, escape: int = 1) -> None:
        if self.capture:
            self.capture.add(text)
        else:
            super().handle_data(text, escape)  # type: ignore[misc]

    def keep(self, element: Element | None) -> None:
        """Attach a complete tree to its entry or feed."""
        if element is None:
            return
        if not self.inentry:  # type: ignore[attr-defined]
            self.captured.append(element)
        elif not self.is_of_a_person():
            self.entries[-1].setdefault(ELEMENTS, []).append(element)  # type: ignore[attr-defined]

    def family_of_name(self, name: str) -> str:
        """Return the family of an element by its name alone, unless it is part of a text."""
        return STATED if not self.incontent and is_field(name) else ""  # type: ignore[attr-defined]

    def is_of_a_person(self) -> bool:
        """Return whether an element belongs to the entry's author or source."""
        return bool(self.inauthor or self.incontributor or self.insource)  # type: ignore[attr-defined]


class _MediaFixes:
    """Corrects feedparser: descriptions and titles of pictures are not those of the item."""

    def _start_link(self, attributes: dict[str, Any]) -> None:
        if not (self.inentry and self.inauthor):  # type: ignore[attr-defined]
            super()._start_link(attributes)  # type: ignore[misc]

    def _start_media_description(self, attributes: dict[str, Any]) -> None:
        self.push("media_description", 0)  # type: ignore[attr-defined]

    def _end_media_description(self) -> None:
        alt = self.pop("media_description")  # type: ignore[attr-defined]
        media = self._get_context().get("media_content")  # type: ignore[attr-defined]
        if alt and media:
            media[-1].setdefault("description", alt)

    def _start_media_title(self, attributes: dict[str, Any]) -> None:
        self.push("media_title", 0)  # type: ignore[attr-defined]

    def _end_media_title(self) -> None:
        self.pop("media_title")  # type: ignore[attr-defined]

    def _end_item(self) -> None:
        if self.entries:  # type: ignore[attr-defined]
            self.entries[-1][WHOLE] = True  # type: ignore[attr-defined]
        super()._end_item()  # type: ignore[misc]

    _end_entry = _end_item


class _StrictParser(_Capturing, _MediaFixes, StrictFeedParser):  # type: ignore[misc]
    """The parser of well-formed XML."""

    def startPrefixMapping(self, prefix: str | None, uri: str | None) -> None:  # noqa: N802 - SAX
        if uri and (family := family_of(uri, prefix or "")):
            self.families[uri] = family
        super().startPrefixMapping(prefix, uri)

    def startElementNS(self, name: tuple[str | None, str], qname: Any, attributes: Any) -> None:  # noqa: N802 - SAX
        family = self.families.get(name[0] or "", "") or self.family_of_name(name[1])
        if self.capture or family:
            names = {key[1].lower(): value for key, value in attributes.items()}
            self.capture.start(family, name[1], names)
        else:
            super().startElementNS(name, qname, attributes)

    def endElementNS(self, name: tuple[str | None, str], qname: Any) -> None:  # noqa: N802 - SAX
        if self.capture:
            self.keep(self.capture.end())
        else:
            super().endElementNS(name, qname)


class _LooseParser(_Capturing, _MediaFixes, LooseFeedParser):  # type: ignore[misc]
    """The parser of anything with tags; an unclosed element ends where its entry does."""

    def is_of_a_person(self) -> bool:
        return False  # an unclosed author must not hide that its entry is private

    def unknown_starttag(self, tag: str, attributes: list[tuple[str, str]]) -> None:
        self._declare(attributes)
        prefix, _, name = tag.lower().rpartition(":")
        family = self.families.get(prefix, family_of("", prefix)) or self.family_of_name(name)
        if tag.lower() in _ENTRIES:
            self._end_capture()
        if self.capture or family:
            self.capture.start(family, name, dict(attributes))
        else:
            super().unknown_starttag(tag, attributes)

    def unknown_endtag(self, tag: str) -> None:
        if tag.lower() in _ENTRIES:
            self._end_capture()
        if self.capture:
            self.keep(self.capture.end_element(tag.lower().rpartition(":")[2]))
        else:
            super().unknown_endtag(tag)

    def handle_charref(self, name: str) -> None:
        if self.capture:
            self.capture.add(unescape(f"&#{name};"))
        else:
            super().handle_charref(name)

    def handle_entityref(self, name: str) -> None:
        if self.capture:
            self.capture.add(unescape(f"&{name};"))
        else:
            super().handle_entityref(name)

    def _declare(self, attributes: list[tuple[str, str]]) -> None:
        for key, uri in attributes:
            prefix = key.lower().removeprefix("xmlns").removeprefix(":")
            if key.lower().startswith("xmlns") and (family := family_of(uri, prefix)):
                self.families[prefix] = family

    def _end_capture(self) -> None:
        while self.capture:
            self.keep(self.capture.end())


class _StreamingParser(_StrictParser):
    """A parser of well-formed XML that does not collect the entries."""

    def __init__(self, take: Callable[[Entry, Entry], None]) -> None:
        super().__init__("", None, _ENCODING)
        self._take = take

    def _end_item(self) -> None:
        super()._end_item()
        while self.entries:
            self._take(self.entries.pop(), self.feeddata)
        self.property_depth_map.clear()

    _end_entry = _end_item


def _run(parser: Any, stream: BinaryIO, encoding: str | None = None) -> Any:
    """Run expat on a stream, in the given encoding or the declared one."""
    parser.resolve_relative_uris = parser.sanitize_html = False
    reader = xml.sax.make_parser()  # noqa: S317 - no document type gets here
    reader.setFeature(xml.sax.handler.feature_namespaces, True)
    reader.setFeature(xml.sax.handler.feature_external_ges, False)
    reader.setContentHandler(parser)
    reader.setErrorHandler(parser)
    source = xml.sax.xmlreader.InputSource()
    if encoding:
        source.setEncoding(encoding)
    source.setByteStream(stream)
    reader.parse(source)
    return parser


def _parse_strictly(text: str) -> Any:
    """Parse well-formed XML; return None on any error, as feedparser does not document which."""
    try:
        return _run(_StrictParser("", None, _ENCODING), io.BytesIO(text.encode()), "utf-8")
    except Exception:
        return None


def _parse_loosely(text: str, path: Path) -> Any:
    if len(text) > MAX_LOOSE_LETTERS:
        raise SourceError(
            "is not well-formed XML, and too large to be read loosely",
            path=path,
            hint=DOWNLOAD_AGAIN,
        )
    parser = _LooseParser("", None, _ENCODING, {})
    parser.resolve_relative_uris = parser.sanitize_html = False
    try:
        parser.feed(text)
        parser.close()
    except Exception as error:  # the parser may raise anything for broken input
        raise SourceError(
            "is not well-formed XML, and cannot be read loosely either",
            path=path,
            hint=DOWNLOAD_AGAIN,
        ) from error
    return parser
