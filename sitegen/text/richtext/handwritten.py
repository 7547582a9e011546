"""What the Markdown of a person leads to: the addresses in it, however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape

from sitegen.text.code_samples import blank_out
from sitegen.text.richtext.markdown_reader import Parsed

# Also without a scheme, where that can be nothing but an address: "[x](//moor.example)".
_ADDRESS = re.compile(r"""(?:https?:|(?<=[(<"'=])|(?<=\]:\ ))//[^\s<>"'`\[\]|]+""", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_TAIL = ".,;:!?*_~"  # which sentences and emphasis have after an address


def links_of(body: str, parsed: Parsed | None) -> Sequence[str]:
    """Return the links of a post's Markdown; `parsed` is None for what only a person writes."""
    return addresses(body) if parsed is None else [facet.value for facet in parsed.facets]


def addresses(markdown: str) -> tuple[str, ...]:
    """Return the addresses of the web in a text, each once: of links, of HTML, and bare ones.

    Those in code samples are left out.
    """
    return tuple(dict.fromkeys(_addresses(markdown))) if "//" in markdown else ()


def _addresses(markdown: str) -> Iterator[str]:
    for found in _ADDRESS.finditer(blank_out(markdown)):
        address = _ESCAPED.sub(r"\1", unescape(_without_closing(found[0]))).rstrip(_TAIL)
        yield f"https:{address}" if address.startswith("//") else address


def _without_closing(address: str) -> str:
    """Return an address up to the first ")" that closes what is around it."""
    depth = 0
    for at, character in enumerate(address):
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return address[:at]
    return address
