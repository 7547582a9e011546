"""Split HTML into tags and texts, in one pass of linear time.

The tokens follow the HTML Standard (13.2.5), but less is dropped if the input is cut off or
broken: an unclosed construct is text. The standard library's `html.parser` takes half a minute
for 64 KB of `<a `.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import entities, unescape

from msgspec import Struct

SPACES = " \t\n\r\f"
_NAME = re.compile(r"[A-Za-z][^ \t\n\r\f/>]*")
_ATTRIBUTE = re.compile(
    r"""[ \t\n\r\f/]*([^ \t\n\r\f/>][^ \t\n\r\f/>=]*)
        (?:[ \t\n\r\f]*=[ \t\n\r\f]*
           (?:"([^"]*)"|'([^']*)'|(?!["'])([^ \t\n\r\f>]*)))?""",
    re.VERBOSE,
)
_OPEN_QUOTE = re.compile(r"""[ \t\n\r\f]*=[ \t\n\r\f]*["']""")
_COMMENT_END = re.compile("--!?>")
_TAG_END = re.compile(r"[ \t\n\r\f/]*>")
_RAW_TEXT_ENDS = {
    name: re.compile(rf"</{name}(?=[ \t\n\r\f/>])", re.IGNORECASE)
    for name in ("script", "style", "iframe", "noembed", "noframes")
}
_REFERENCE = re.compile(r"&(?:#[xX]?[0-9a-fA-F]+;?|([A-Za-z][A-Za-z0-9]*)(;?)(=?))")
_LONG_NUMBER = re.compile(r"&#([0-9]{8,});?")


class Text(Struct, frozen=True):
    """Characters between tags, with references decoded once."""

    text: str


class Start(Struct, frozen=True):
    """A start tag: its name in lower case and its attributes; of duplicates the first counts."""

    name: str
    attributes: Mapping[str, str]


class End(Struct, frozen=True):
    """An end tag: its name in lower case."""

    name: str


Token = Text | Start | End


def tokenize(html: str) -> Iterator[Token]:
    """Yield the tokens of HTML, without comments, declarations, scripts and styles."""
    return _Tokenizer(html).all()


class _Tokenizer:
    """Splits HTML into tokens; remembers what the rest lacks, so that no text is searched twice."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._position = 0
        self._missing: set[str] = set()
        self._quotes_are_closed = True

    def all(self) -> Iterator[Token]:
        """Yield all tokens."""
        html = self._html
        while (start := html.find("<", self._position)) >= 0:
            if start > self._position:
                yield Text(_unescape(html[self._position : start]))
            self._position = start + 1
            yield from self._read_construct()
        if self._position < len(html):
            yield Text(_unescape(html[self._position :]))

    def _read_construct(self) -> Iterator[Token]:
        """Read the construct after a "<"; the position is behind it."""
        html, position = self._html, self._position
        if self._find(">", position) < 0:
            yield Text("<")
        elif name := _NAME.match(html, position):
            yield from self._read_start_tag(name)
        elif html.startswith("/", position) and (name := _NAME.match(html, position + 1)):
            self._read_attributes(name.end())
            yield End(name[0].lower())
        elif html.startswith(("!", "?", "/"), position):
            yield from self._skip_declaration()
        else:
            yield Text("<")

    def _read_start_tag(self, name: re.Match[str]) -> Iterator[Token]:
        tag = name[0].lower()
        yield Start(tag, self._read_attributes(name.end()))
        if raw := _RAW_TEXT_ENDS.get(tag):
            end = raw.search(self._html, self._position)
            self._position = end.start() if end else len(self._html)

    def _skip_declaration(self) -> Iterator[Token]:
        """Skip a comment or declaration; return a CDATA section as text."""
        html, position = self._html, self._position
        if html.startswith("![CDATA[", position) and (end := self._find("]]>", position + 8)) >= 0:
            self._position = end + 3
            yield Text(html[position + 8 : end])
            return
        if html.startswith("!--", position) and (comment_end := self._comment_end(position + 3)):
            self._position = comment_end
        else:
            self._position = html.index(">", position) + 1

    def _comment_end(self, position: int) -> int:
        """Return the end of a comment, or 0 if it is never closed."""
        if "--" in self._missing or self._html.startswith((">", "->"), position):
            return 0
        if end := _COMMENT_END.search(self._html, position):
            return end.end()
        self._missing.add("--")
        return 0

    def _read_attributes(self, position: int) -> dict[str, str]:
        """Read attributes and move behind the tag."""
        attributes: dict[str, str] = {}
        end = self._html.index(">", position)
        while attribute := _ATTRIBUTE.match(self._html, position, self._limit(end)):
            position = attribute.end()
            if attribute.lastindex == 1 and _OPEN_QUOTE.match(self._html, position):
                self._quotes_are_closed = False  # unclosed quote: from here on tags end at any ">"
                position = end
                break
            attributes.setdefault(attribute[1].lower(), _attribute_value(attribute))
        closing = _TAG_END.match(self._html, position)
        self._position = closing.end() if closing else max(position, end) + 1
        return attributes

    def _limit(self, end: int) -> int:
        return len(self._html) if self._quotes_are_closed else end

    def _find(self, text: str, position: int) -> int:
        """Return the next position of something, or -1; remember when it is nowhere."""
        if text in self._missing:
            return -1
        index = self._html.find(text, position)
        if index < 0:
            self._missing.add(text)
        return index


def _attribute_value(attribute: re.Match[str]) -> str:
    value = attribute[2] or attribute[3] or attribute[4] or ""
    return _REFERENCE.sub(_decode_in_attribute, value) if "&" in value else value


def _decode_in_attribute(reference: re.Match[str]) -> str:
    """Decode a reference in a value; `&copy=` in an address is not one (13.2.5.73)."""
    name, semicolon, equals = reference.groups()
    if name is None:
        return _unescape(reference[0])
    if semicolon:
        return entities.html5.get(f"{name};", reference[0]) + equals
    if equals:
        return reference[0]
    return entities.html5.get(name, reference[0])


def _unescape(text: str) -> str:
    if "&" not in text:
        return text
    if "&#" in text:  # Python refuses integers of thousands of digits
        text = _LONG_NUMBER.sub(_shorten_number, text)
    return unescape(text)


def _shorten_number(reference: re.Match[str]) -> str:
    digits = reference[1].lstrip("0")
    return f"&#{digits or 0};" if len(digits) < 8 else "\ufffd"
