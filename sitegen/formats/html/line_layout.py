"""Lay out HTML blocks, lists and quotations as lines of plain text."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from msgspec import Struct

from sitegen.formats.html.tokens import SPACES

# Deeper quotations and lists are not indented further: the text would grow as the
# square of the HTML.
_MAX_PREFIX = 24
_NUMBER = re.compile(r"\s*(-?[0-9]{1,9})")
_CONTAINERS = frozenset(("blockquote", "ul", "ol", "menu", "dir", "li"))


class _Container(Struct):
    """An open quotation, list or item: the prefix of its lines, and the number of its next item."""

    name: str
    prefix: str
    number: int | None = None
    step: int = 1


class Lines:
    """Builds a text line by line.

    Line ends and layout spaces are held back until something follows them.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._gap = 0  # line ends required by the start or end of a block
        self._breaks = 0  # line ends in the text itself
        self._layout = False
        self._marker = ""
        self._prefix = ""
        self._open: list[_Container] = []
        self._counts: dict[str, int] = dict.fromkeys(_CONTAINERS, 0)
        self._marked_position: tuple[int, int] | None = None

    def text(self) -> str:
        """Return the whole text, without trailing spaces and line ends."""
        return "".join(self._parts).rstrip(SPACES)

    def mark(self) -> None:
        """Mark the position of the next characters."""
        self._marked_position = None

    def since_mark(self) -> tuple[int, str]:
        """Return the position of the first characters since the mark, and the text since then."""
        start, part = self._marked_position or (self._length, len(self._parts))
        return start, "".join(self._parts[part:])

    def add(self, text: str, in_paragraph: bool) -> None:
        """Add text whose line ends are layout: one space, or nothing at the ends of lines."""
        for number, piece in enumerate(text.split("\n")):
            self._layout |= number > 0
            if not in_paragraph:
                self._add_outside(piece)
            elif piece:
                self._put(piece if self._parts else piece.lstrip(SPACES))

    def add_verbatim(self, text: str) -> None:
        """Add text with its spaces and line ends."""
        body = text.rstrip("\n")
        if body:
            self._put(body, exact=True)
        self._breaks += len(text) - len(body)

    def end_line(self, line_ends: int) -> None:
        """End the line for a block; two line ends make a blank line."""
        self._gap = max(self._gap, line_ends)

    def break_line(self) -> None:
        """End the line, or leave one empty."""
        if self._gap:
            self._gap += 1
        else:
            self._breaks += 1

    def next_cell(self) -> None:
        """Separate the next table cell from the text on the line."""
        if not self._at_start():
            self.add_verbatim(" | ")

    def in_item(self) -> bool:
        """Return whether a list item is open."""
        return self._counts["li"] > 0

    def open(self, name: str, attributes: Mapping[str, str]) -> None:
        """Begin a quotation, list or item; any other block is none of these."""
        if name == "li":
            self._open_item(attributes)
        elif name in _CONTAINERS:
            number, step = _numbering(attributes) if name == "ol" else (None, 1)
            prefix = self._inner_prefix()
            if name == "blockquote":
                prefix = _extend_prefix(prefix, "> ")
                self._marker = self._marker and _extend_prefix(self._marker, "> ")
            self._push(_Container(name, prefix, number, step))

    def close(self, name: str) -> None:
        """Close the innermost quotation, list or item of this name and everything open in it."""
        if not self._counts.get(name):
            return
        self._marker = ""
        while True:
            closed = self._open.pop()
            self._counts[closed.name] -= 1
            if closed.name == name:
                return

    def _open_item(self, attributes: Mapping[str, str]) -> None:
        if self._open and self._open[-1].name == "li":
            self.close("li")
        bullet = "- "
        if self._open and self._open[-1].number is not None:
            parent = self._open[-1]
            number = _integer(attributes.get("value", ""), parent.number)
            bullet = f"{number}. "
            parent.number = None if number is None else number + parent.step
        self._marker = _extend_prefix(self._marker or self._inner_prefix(), bullet)
        self._push(_Container("li", _extend_prefix(self._inner_prefix(), " " * len(bullet))))

    def _push(self, container: _Container) -> None:
        self._open.append(container)
        self._counts[container.name] += 1

    def _inner_prefix(self) -> str:
        return self._open[-1].prefix if self._open else ""

    def _at_start(self) -> bool:
        return not self._parts or self._gap > 0 or self._breaks > 0

    def _add_outside(self, piece: str) -> None:
        """Add text outside of paragraphs, where spaces around lines are layout, too."""
        if self._at_start():
            piece = piece.lstrip(SPACES)
        body = piece.rstrip(SPACES)
        if body:
            self._put(body)
        self._layout |= len(body) < len(piece)

    def _put(self, text: str, exact: bool = False) -> None:
        """Write characters, after the line ends and spaces that were held."""
        if not text:
            return
        if self._at_start():
            self._begin_line()
        elif self._layout and not text.startswith(" ") and not self._parts[-1].endswith(" "):
            self._write(" ")
        self._layout = False
        if self._marked_position is None:
            self._marked_position = self._length, len(self._parts)
        if exact and self._prefix:
            text = text.replace("\n", "\n" + self._inner_prefix())
        self._write(text)

    def _begin_line(self) -> None:
        prefix = self._marker or self._inner_prefix()
        if self._parts:
            common = os.path.commonprefix((self._prefix, prefix))  # noqa: RUF071 - of characters
            blank = common.rstrip(SPACES)
            self._write("\n" + f"{blank}\n" * (max(self._gap, self._breaks) - 1))
        if prefix or not self._parts:
            self._write(prefix)
        self._marker, self._prefix = "", self._inner_prefix()
        self._gap = self._breaks = 0

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def _numbering(attributes: Mapping[str, str]) -> tuple[int | None, int]:
    """Return an ordered list's first number and step; a reversed list may not state it."""
    step = -1 if "reversed" in attributes else 1
    return _integer(attributes.get("start", ""), 1 if step == 1 else None), step


def _integer(text: str, otherwise: int | None) -> int | None:
    number = _NUMBER.match(text)
    return int(number[1]) if number else otherwise


def _extend_prefix(prefix: str, suffix: str) -> str:
    return prefix + suffix if len(prefix) < _MAX_PREFIX else prefix
