"""Split HTML into tags and texts, in one pass of linear time.

The tokens follow the HTML Standard (13.2.5), but less is dropped where the input is cut
or broken: an unclosed construct is text. The standard library's `html.parser` takes half a minute
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
_RAW = {
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


def tokens(html: str) -> Iterator[Token]:
    """Yield the tokens of HTML, without comments, declarations, scripts and styles."""
    return _Tokens(html).all()


class _Tokens:
    """A position in HTML, and facts about the rest of it, so that nothing is searched for twice."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._at = 0
        self._missing: set[str] = set()
        self._quotes_hold = True

    def all(self) -> Iterator[Token]:
        """Yield all tokens."""
        html = self._html
        while (start := html.find("<", self._at)) >= 0:
            if start > self._at:
                yield Text(_unescaped(html[self._at : start]))
            self._at = start + 1
            yield from self._after_sign()
        if self._at < len(html):
            yield Text(_unescaped(html[self._at :]))

    def _after_sign(self) -> Iterator[Token]:
        """Read the construct after a "<"; the position is behind it."""
        html, at = self._html, self._at
        if self._find(">", at) < 0:
            yield Text("<")
        elif name := _NAME.match(html, at):
            yield from self._start(name)
        elif html.startswith("/", at) and (name := _NAME.match(html, at + 1)):
            self._attributes(name.end())
            yield End(name[0].lower())
        elif html.startswith(("!", "?", "/"), at):
            yield from self._declaration()
        else:
            yield Text("<")

    def _start(self, name: re.Match[str]) -> Iterator[Token]:
        tag = name[0].lower()
        yield Start(tag, self._attributes(name.end()))
        if raw := _RAW.get(tag):
            end = raw.search(self._html, self._at)
            self._at = end.start() if end else len(self._html)

    def _declaration(self) -> Iterator[Token]:
        """Skip a comment or declaration; return a CDATA section as text."""
        html, at = self._html, self._at
        if html.startswith("![CDATA[", at) and (end := self._find("]]>", at + 8)) >= 0:
            self._at = end + 3
            yield Text(html[at + 8 : end])
            return
        if html.startswith("!--", at) and (comment_end := self._comment_end(at + 3)):
            self._at = comment_end
        else:
            self._at = html.index(">", at) + 1

    def _comment_end(self, at: int) -> int:
        """Return the end of a comment, or 0 if it is never closed."""
        if "--" in self._missing or self._html.startswith((">", "->"), at):
            return 0
        if end := _COMMENT_END.search(self._html, at):
            return end.end()
        self._missing.add("--")
        return 0

    def _attributes(self, at: int) -> dict[str, str]:
        """Read attributes and move behind the tag."""
        found: dict[str, str] = {}
        end = self._html.index(">", at)
        while attribute := _ATTRIBUTE.match(self._html, at, self._limit(end)):
            at = attribute.end()
            if attribute.lastindex == 1 and _OPEN_QUOTE.match(self._html, at):
                self._quotes_hold = False  # unclosed quote: from here on tags end at any ">"
                at = end
                break
            found.setdefault(attribute[1].lower(), _value(attribute))
        closing = _TAG_END.match(self._html, at)
        self._at = closing.end() if closing else max(at, end) + 1
        return found

    def _limit(self, end: int) -> int:
        return len(self._html) if self._quotes_hold else end

    def _find(self, what: str, at: int) -> int:
        """Return the next position of something, or -1; remember when it is nowhere."""
        if what in self._missing:
            return -1
        found = self._html.find(what, at)
        if found < 0:
            self._missing.add(what)
        return found


def _value(attribute: re.Match[str]) -> str:
    value = attribute[2] or attribute[3] or attribute[4] or ""
    return _REFERENCE.sub(_in_attribute, value) if "&" in value else value


def _in_attribute(reference: re.Match[str]) -> str:
    """Decode a reference in a value; `&copy=` in an address is not one (13.2.5.73)."""
    name, semicolon, equals = reference.groups()
    if name is None:
        return _unescaped(reference[0])
    if semicolon:
        return entities.html5.get(f"{name};", reference[0]) + equals
    if equals:
        return reference[0]
    return entities.html5.get(name, reference[0])


def _unescaped(text: str) -> str:
    if "&" not in text:
        return text
    if "&#" in text:  # Python refuses integers of thousands of digits
        text = _LONG_NUMBER.sub(_shorten_number, text)
    return unescape(text)


def _shorten_number(reference: re.Match[str]) -> str:
    digits = reference[1].lstrip("0")
    return f"&#{digits or 0};" if len(digits) < 8 else "\ufffd"
