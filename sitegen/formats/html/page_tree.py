"""Parse HTML pages to trees as browsers do; refuse pages whose tree would be too large.

An unclosed element is reopened in every paragraph that follows (HTML Standard,
13.2.4.3), misplaced table contents are moved out one by one (13.2.6.1), and a deep
tree costs its depth for every tag: a small file can take hours and gigabytes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import escape
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.errors import SourceError
from sitegen.formats.html.tokens import End, Start, Text, tokenize

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

MAX_BYTES = 32_000_000
MAX_DEPTH = 300
_MAX_COPIES = 300_000
_MAX_MISPLACED = 2_000
_MAX_PROPERTIES = 24
_MAX_ATTRIBUTES = 64
_VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
))  # fmt: skip
_CELLS = frozenset(("p", "td", "th"))
# The open elements that a start tag closes first, as their end tags may be omitted (13.1.2.4).
_CLOSES = {
    **dict.fromkeys((
        "p", "div", "article", "section", "ul", "ol", "dl", "table", "blockquote", "pre", "hr",
        "h1", "h2", "h3", "h4", "h5", "h6", "header", "footer", "main", "nav", "aside", "figure",
        "form",
    ), frozenset(("p",))),
    "li": frozenset(("p", "li")),
    **dict.fromkeys(("dt", "dd"), frozenset(("p", "dt", "dd"))),
    "option": frozenset(("option",)),
    **dict.fromkeys(("td", "th"), _CELLS),
    "tr": _CELLS | {"tr"},
    **dict.fromkeys(("tbody", "thead", "tfoot"), _CELLS | {"tr", "tbody", "thead", "tfoot"}),
}  # fmt: skip
_FORMATTING = frozenset((
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
))  # fmt: skip
# The parser copies the tree for every reference in a text: these replace "<" and "&" meanwhile.
_SIGNS = {"\ufdd0": "<", "\ufdd1": "&"}
_PLACEHOLDERS = {sign: stand_in for stand_in, sign in _SIGNS.items()}
_SIGN = re.compile("[<&\ufdd0\ufdd1]")
_PLACEHOLDER = re.compile("[\ufdd0\ufdd1]")
_NAME = re.compile(r"[A-Za-z_:][A-Za-z0-9_:.-]*")
_TABLE = frozenset(("table", "tbody", "thead", "tfoot", "tr"))
_IN_TABLE = _TABLE | {"caption", "colgroup", "td", "th", "template", "form"}
_PROPERTY = re.compile(r"(?:^|\s)(?:h|p|u|dt|e)-[a-z]")


def parse_page(html: str, path: Path) -> BeautifulSoup:
    """Parse a page. Raises SourceError for one too large, deep or tangled.

    The parser gets whole tags only, without scripts and comments, and with few attributes: its
    time grows with the square of their number.
    """
    if len(html) > MAX_BYTES:
        raise _too_complex_error("large", path)
    plain = "".join(_serialize(token) for token in _check_complexity(html, path))
    from bs4 import BeautifulSoup

    page = BeautifulSoup(plain, "html5lib")
    for text in page.find_all(string=_PLACEHOLDER):
        text.replace_with(_PLACEHOLDER.sub(lambda sign: _SIGNS[sign[0]], str(text)))
    return page


def _serialize(token: Text | Start | End) -> str:
    if isinstance(token, Text):
        return _SIGN.sub(lambda sign: _PLACEHOLDERS.get(sign[0], "\ufffd"), token.text)
    if isinstance(token, End):
        return f"</{token.name}>"
    values = islice(token.attributes.items(), _MAX_ATTRIBUTES)
    attributes = (f' {name}="{escape(value)}"' for name, value in values if _NAME.fullmatch(name))
    return f"<{token.name}{''.join(attributes)}>"


def _check_complexity(html: str, path: Path) -> Iterator[Text | Start | End]:
    """Check the tags in one pass; refuse pages that would take a parser too long."""
    opened: list[tuple[str, bool]] = []
    counts: Counter[str] = Counter()
    formatting: Counter[str] = Counter()
    copies = properties = misplaced = 0
    for token in tokenize(html):
        if isinstance(token, Start) and token.name not in _VOID:
            name = token.name
            while opened and opened[-1][0] in _CLOSES.get(name, ()):
                properties -= _pop(opened, counts)
            misplaced += bool(opened) and opened[-1][0] in _TABLE and name not in _IN_TABLE
            is_formatting = name in _FORMATTING
            formatting[name] += is_formatting
            copies += 0 if is_formatting else formatting.total()
            is_property = bool(_PROPERTY.search(token.attributes.get("class", "")))
            opened.append((name, is_property))
            counts[name] += 1
            properties += is_property
        elif isinstance(token, End):
            formatting[token.name] -= bool(formatting[token.name])
            properties -= _close(token.name, opened, counts)
        elif isinstance(token, Text):
            misplaced += bool(opened) and opened[-1][0] in _TABLE and not token.text.isspace()
        if len(opened) > MAX_DEPTH or properties > _MAX_PROPERTIES:
            raise _too_complex_error("deeply nested", path)
        if copies > _MAX_COPIES or misplaced > _MAX_MISPLACED:
            raise _too_complex_error("tangled", path)
        yield token


def _close(name: str, opened: list[tuple[str, bool]], counts: Counter[str]) -> int:
    """Close an element and everything open in it; return how many of these were properties."""
    closed = 0
    while counts[name]:
        is_last = opened[-1][0] == name
        closed += _pop(opened, counts)
        if is_last:
            break
    return closed


def _pop(opened: list[tuple[str, bool]], counts: Counter[str]) -> int:
    name, is_property = opened.pop()
    counts[name] -= 1
    return is_property


def _too_complex_error(adjective: str, path: Path) -> SourceError:
    return SourceError(
        f"is too {adjective} for a page that people read",
        path=path,
        hint="save the page again, or copy its text into a file.",
    )
