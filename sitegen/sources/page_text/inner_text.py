"""Extract a page's text as a browser copies it (`innerText`, HTML Standard 3.2.7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_HIDDEN = frozenset((
    "script", "style", "template", "noscript", "head", "title", "meta", "link", "svg", "math",
    "object", "audio", "video", "canvas", "iframe", "select", "datalist", "dialog",
))  # fmt: skip
_PARAGRAPHS = frozenset((
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "blockquote", "pre",
))  # fmt: skip
_BLOCKS = frozenset((
    "address", "article", "aside", "body", "button", "caption", "center", "dd", "details", "dir",
    "div", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr",
    "html", "legend", "li", "main", "menu", "nav", "search", "section", "summary", "table",
    "tbody", "tfoot", "thead", "tr",
))  # fmt: skip
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_AS_WRITTEN = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n\r\f]+")
_LETTER = re.compile(r"\w")


def visible_text(page: BeautifulSoup) -> str:
    """Return the visible text of a page; external styles are ignored.

    The picture of an emoji becomes the emoji: pages draw them for devices without the font.
    """
    lines = _Lines()
    for kind, value in _events(page):
        if kind == "break":
            lines.end(int(value))
        elif kind == "cell":
            lines.cell()
        else:
            lines.add(value, is_exact=kind == "exact")
    return lines.text()


def _events(page: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """Walk the tree without recursion: texts, and breaks around blocks."""
    from bs4.element import NavigableString, PreformattedString, Tag

    stack: list[tuple[object, bool] | str] = [(page, False)]
    while stack:
        top = stack.pop()
        if isinstance(top, str):
            yield "break", top
            continue
        node, is_exact = top
        if isinstance(node, NavigableString):
            if not isinstance(node, PreformattedString):
                yield ("exact" if is_exact else "text"), str(node)
        elif isinstance(node, Tag) and _is_shown(node):
            if node.name in ("br", "img", "td", "th"):
                yield from _events_of_void_element(node)
            gap = "2" if node.name in _PARAGRAPHS else "1" if node.name in _BLOCKS else ""
            if gap:
                yield "break", gap
                stack.append(gap)
            style = str(node.get("style") or "")
            exact = node.name in ("pre", "textarea") or bool(_AS_WRITTEN.search(style))
            stack.extend((child, exact or is_exact) for child in reversed(node.contents))


def _is_shown(tag: Tag) -> bool:
    is_hidden = tag.name in _HIDDEN or tag.get("hidden") is not None
    return not is_hidden and not _NOT_SHOWN.search(str(tag.get("style") or ""))


def _events_of_void_element(tag: Tag) -> Iterator[tuple[str, str]]:
    alt = str(tag.get("alt") or "")
    if tag.name == "br":
        yield "exact", "\n"
    elif tag.name != "img":
        yield "cell", ""
    elif alt and not alt.isascii() and not _LETTER.search(alt):
        yield "text", alt


class _Lines:
    """A growing text, in which spaces and line ends are written only if a text follows."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._gap = 0
        self._space = ""

    def text(self) -> str:
        return "".join(self._parts).strip("\n")

    def end(self, gap: int) -> None:
        """End the line; with a gap of 2, leave a blank line."""
        self._gap = max(self._gap, gap)
        self._space = ""

    def cell(self) -> None:
        self._space = "\t" if self._parts and not self._gap else ""

    def add(self, text: str, *, is_exact: bool) -> None:
        """Write a text; unless it is exact, runs of spaces become one."""
        if is_exact and text:
            self._write(text)
        for at, word in enumerate([] if is_exact else _SPACES.split(text)):
            if at and self._space != "\t":
                self._space = " "
            if word:
                self._write(word)

    def _write(self, text: str) -> None:
        if self._gap:
            self._parts.append("\n" * self._gap if self._parts else "")
        elif self._space and self._parts and not self._parts[-1].endswith("\n") and text != "\n":
            self._parts.append(self._space)
        self._gap, self._space = 0, ""
        self._parts.append(text)
