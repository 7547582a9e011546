"""The Markdown that people write most, rendered at once: byte for byte what the reference makes.

Paragraphs, headings, lists, quotes, rules and fenced code, in the shapes in which their reading
is beyond doubt. Anything else is left to Python-Markdown, which stays the measure of all of it:
a property test holds each result against it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from sitegen.site.render.escaping import escaped
from sitegen.site.render.inline import UnusualError, inline_html

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FENCED = re.compile(
    r"^(?P<fence>~{3,}|`{3,})[ ]*[\w#.+-]*[ ]*\n(?P<code>.*?)(?<=\n)(?P=fence)[ ]*$",
    re.MULTILINE | re.DOTALL,
)
# A line of these alone may be a rule, or make a heading or a table of the line before it.
_ODD = r"[-=_*+|:][-=_*+|:\ ]*(?:\n|\Z)"
_MARKER = r"(?:[-+*]|\d+\.)[ ]"
_MORE = rf"[^\n]*+(?:\n(?![\n\#]|[ ]*{_ODD})[^\n]++)*+(?=\n\n|\n\#|\Z)"
_BLOCK = re.compile(
    rf"""\n*+(?:
    (?P<text>(?![\s\#>]|{_MARKER}|{_ODD})[^\n]++(?:\n(?![\s\#>]|{_ODD})[^\n]++)*+)
        (?=\n\n|\n[\#>]|\Z)
    |(?P<rule>-{{3,}}|\*{{3,}}|_{{3,}}|\*(?:[ ]\*){{2,}}|-(?:[ ]-){{2,}})[ ]*(?=\n\n|\Z)
    |(?P<list>(?:[-+*]|[0-9]{{1,9}}\.)[ ]{_MORE})
    |(?P<quote>>{_MORE})
    |(?P<heading>\#{{1,6}}(?!\#)(?:[^\\\n]|\\[^\#\n])*+)(?=\n|\Z)
    |(?P<title>[^\s\#|][^\n|]*+)\n(?P<underline>=+|-+)[ ]*(?=\n|\Z)
    |[^\n]
    )""",
    re.VERBOSE,
)
_ITEMS = {
    "ul": re.compile(r" {0,3}[-+*] +(.*)"),
    "ol": re.compile(r" {0,3}\d+\. +(.*)"),
}
_NESTED = re.compile(r" {4,7}(?:[-+*]|\d+\.) +.*")
_NOT_IN_ITEM = re.compile(rf"(?:\A|\n *)[#>]|\A(?:\s*(?:\n|\Z)|{_MARKER}|{_ODD})")
_QUOTED = re.compile(r" {0,3}> ?(.*)")
_INDENT = "    "
_BLANK = re.compile(r"(?<=\n) +\n")


def usual_html(body: str, line_end: str) -> str | None:
    """Return the HTML of Markdown that is of the usual kind, None of any other.

    `line_end` is what a line's end within a paragraph becomes. Linear in time.
    """
    source = _normalised(body)
    if _CONTROL.search(source) or "]:" in source:
        return None
    blocks = _Blocks(line_end)
    try:
        if "```" in source or "~~~" in source:
            blocks.read_with_code(source)
        else:
            blocks.read(source)
        return blocks.html()
    except UnusualError:
        return None


def _normalised(source: str) -> str:
    """Treat line ends, tabs and blank lines as Python-Markdown does before anything else."""
    if "\r" in source:
        source = source.replace("\r\n", "\n").replace("\r", "\n")
    if "\t" in source:
        source = source.expandtabs(4)
    if "\n " in source:
        source = _BLANK.sub("\n", source + "\n")
    return source.rstrip("\n")


@dataclass(slots=True)
class _Item:
    """An item of a list; what follows a blank line makes it a paragraph."""

    html: str
    is_loose: bool
    nested: str = ""

    def __str__(self) -> str:
        html = f"\n<p>{self.html}</p>\n" if self.is_loose else self.html
        return f"<li>{html}{self.nested}</li>\n"


class _Blocks:
    """What is in the page, or in a quote; the last list or quote may still go on."""

    def __init__(self, line_end: str) -> None:
        self.line_end = line_end
        self.parts: list[str] = []
        self.items: list[_Item] = []
        self.tags = ("", "")
        self.quote: _Blocks | None = None

    def html(self) -> str:
        """Return the HTML of all of it. Raises UnusualError."""
        self.end()
        return "\n".join(self.parts)

    def read_with_code(self, source: str) -> None:
        """Read blocks and fenced code between them. Raises UnusualError."""
        position = 0
        for fenced in _FENCED.finditer(source):
            self.read_unfenced(source[position : fenced.start()])
            self.add(f"<pre><code>{escaped(fenced['code'])}</code></pre>")
            position = fenced.end()
        self.read_unfenced(source[position:])

    def read_unfenced(self, source: str) -> None:
        """Read blocks that are beside code. Raises UnusualError."""
        if "```" in source or "~~~" in source:
            raise UnusualError
        self.read(source.rstrip("\n"))

    def read(self, source: str) -> None:
        """Read blocks; no line end may be last. Raises UnusualError."""
        for block in _BLOCK.finditer(source):
            if block.lastgroup is None:
                raise UnusualError
            _READERS[block.lastgroup](self, block)

    def add(self, html: str) -> None:
        """Add a block, which ends the list or quote before it."""
        if self.items or self.quote:
            self.end()
        self.parts.append(html)

    def end(self) -> None:
        """End the list or quote that is open. Raises UnusualError."""
        if self.items:
            self.parts.append(self.tags[0] + "".join(map(str, self.items)) + self.tags[1])
            self.items = []
        if self.quote:
            inside = self.quote.html()
            if not inside:
                raise UnusualError
            self.parts.append(f"<blockquote>\n{inside}\n</blockquote>")
            self.quote = None

    def read_text(self, block: re.Match[str]) -> None:
        """Read a paragraph."""
        self.add(f"<p>{inline_html(block['text'], self.line_end)}</p>")

    def read_heading(self, block: re.Match[str]) -> None:
        """Read a heading of a line of its own."""
        words = block["heading"].lstrip("#")
        level = len(block["heading"]) - len(words)
        html = inline_html(words.rstrip("#").strip(), self.line_end)
        self.add(f"<h{level}>{html}</h{level}>")

    def read_underlined(self, block: re.Match[str]) -> None:
        """Read a heading with a line of signs below."""
        level = 1 if block["underline"][0] == "=" else 2
        html = inline_html(block["title"].strip(), self.line_end)
        self.add(f"<h{level}>{html}</h{level}>")

    def read_rule(self, block: re.Match[str]) -> None:
        """Read a rule."""
        self.add("<hr>")

    def read_quote(self, block: re.Match[str]) -> None:
        """Read a quote, or more of the one before it."""
        quote = self.quote
        if quote is None:
            self.end()
            quote = self.quote = _Blocks(self.line_end)
        text = "\n".join(map(_unquoted, block["quote"].split("\n")))
        if text.endswith("\n"):
            raise UnusualError
        quote.read(text)

    def read_list(self, block: re.Match[str]) -> None:
        """Read a list, or more of the one before it."""
        text = block["list"]
        opening, closing, items = _list(text, self.line_end)
        if self.items and self.tags[1] == closing:
            self.items[-1].is_loose = items[0].is_loose = True
        else:
            self.end()
            self.tags = opening, closing
        self.items += items


def _unquoted(line: str) -> str:
    """Return a line of a quote without its sign; a lazy one has none."""
    if line.strip() == ">":
        return ""
    quoted = _QUOTED.match(line)
    return quoted[1] if quoted else line


def _list(text: str, line_end: str) -> tuple[str, str, list[_Item]]:
    """Read a list's items, as far as no blank line is between them. Raises UnusualError."""
    tag = "ol" if text.lstrip(" ")[0].isdecimal() else "ul"
    opening = f"<{tag}>\n"
    if tag == "ol":
        start = text.lstrip(" ").partition(".")[0]
        if not start.isascii():
            raise UnusualError
        if start != "1":
            opening = f'<ol start="{start}">\n'
    items: list[_Item] = []
    for item in _split(text, _ITEMS[tag]):
        if item.startswith(_INDENT):
            items[-1].nested = _nested(item, line_end)
        elif _NOT_IN_ITEM.search(item):
            raise UnusualError
        else:
            items.append(_Item(inline_html(item.lstrip(), line_end), False))
    return opening, f"</{tag}>", items


def _nested(item: str, line_end: str) -> str:
    """Return the HTML of a list within an item."""
    text = "\n".join(line.removeprefix(_INDENT) for line in item.split("\n"))
    opening, closing, items = _list(text, line_end)
    return opening + "".join(map(str, items)) + closing + "\n"


def _split(text: str, pattern: re.Pattern[str]) -> list[str]:
    """Split a list into items and, indented, what is nested in the item before."""
    items: list[str] = []
    for line in text.split("\n"):
        item = pattern.match(line)
        if item:
            items.append(item[1])
        elif _NESTED.match(line) and not items[-1].startswith(_INDENT):
            items.append(line)
        else:
            items[-1] += "\n" + line
    return items


_READERS: dict[str, Callable[[_Blocks, re.Match[str]], None]] = {
    "heading": _Blocks.read_heading,
    "underline": _Blocks.read_underlined,
    "rule": _Blocks.read_rule,
    "text": _Blocks.read_text,
    "list": _Blocks.read_list,
    "quote": _Blocks.read_quote,
}
