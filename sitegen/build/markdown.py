"""Markdown to HTML that is safe to put on a page: three ways in, one kind of HTML out.

`post_html` writes a post from its text and facets, without a parser. What a person wrote with
more Markdown than the importers' subset goes through Python-Markdown and the allow-list
(`handwritten_html`, and `document_html` for pages of one's own). For the subset the two ways
give the same bytes; a property test holds them to it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sitegen.build.hostile import is_hostile
from sitegen.build.sanitise import REL, clean, is_address, without_controls
from sitegen.model import Facet
from sitegen.richtext import from_markdown, safe_url

if TYPE_CHECKING:
    from markdown import Markdown

_CLASSES = {"mention": "mention", "tag": "hashtag"}
# Addresses that need no second look: a plain host name, then printable ASCII.
_PLAIN_ADDRESS = re.compile(
    r"https?://(?:(?!xn--)[a-z0-9-]+\.)+(?!xn--)[a-z][a-z0-9-]*(?:[/?#][!-~]*)?", re.IGNORECASE
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_BREAKS = re.compile(r"\n+")
_BLOCKS = ("fenced_code", "tables", "sane_lists")


def post_html(text: str, facets: Sequence[Facet], address: Callable[[Facet], str | None]) -> str:
    """Return a post as paragraphs of HTML: exactly its characters, its facets linked.

    `address` gives the href of a mention or tag, None to leave it text. The result is what
    `handwritten_html` makes of the post's Markdown, byte for byte, and well-formed as XML
    text; control characters are shown as U+FFFD.
    """
    if not text:
        return ""
    parts = ["<p>"]
    cursor = 0
    for facet in sorted(facets) if len(facets) > 1 else facets:
        if not cursor <= facet.start < facet.end <= len(text):
            continue
        opening = _opening(facet, address)
        if opening is not None:
            closing = "</a>" if opening else ""
            parts.append(_lines(text, cursor, facet.start))
            parts += (opening, _escaped(text[facet.start : facet.end]), closing)
            cursor = facet.end
    parts += (_lines(text, cursor, len(text)), "</p>")
    return without_controls("".join(parts))


def handwritten_html(body: str) -> str:
    """Return the HTML of a post's body that a person wrote in any Markdown."""
    return _rendered(body, ("nl2br", *_BLOCKS))


def document_html(body: str) -> str:
    """Return the HTML of a page of one's own; its line ends are spaces, as in any Markdown."""
    return _rendered(body, _BLOCKS)


def _opening(facet: Facet, address: Callable[[Facet], str | None]) -> str | None:
    """Return the start tag of a facet's link, "" for a dead one; None when it is only text."""
    if facet.kind == "link":
        return _link_opening(facet.value)
    href = address(facet)
    if href is None or href.startswith("//"):
        return None
    rel = ""
    if _SCHEME.match(href):
        if not safe_url(href):
            return None
        rel = f' rel="{REL}"'
    return f'<a class="{_CLASSES[facet.kind]}" href="{_escaped_value(href)}"{rel}>'


def _link_opening(url: str) -> str | None:
    if _PLAIN_ADDRESS.fullmatch(url) is None:
        if not safe_url(url):
            return None
        if not is_address(url):
            return ""
    return f'<a href="{_escaped_value(url)}" rel="{REL}">'


def _lines(text: str, start: int, end: int) -> str:
    """Return the text between two facets: line ends as breaks, blank lines as paragraphs."""
    piece = _escaped(text[start:end])
    if "\n" not in piece:
        return piece

    def written(match: re.Match[str]) -> str:
        count = match.end() - match.start()
        if (not start and not match.start()) or (end == len(text) and match.end() == len(piece)):
            return match[0]
        return "<br>\n" if count == 1 else "</p>\n<p>" + "\n" * (count - 2)

    return _BREAKS.sub(written, piece)


def _escaped(text: str) -> str:
    """Escape text as HTML serialises it (HTML, "escaping a string")."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\xa0", "&nbsp;")


def _escaped_value(value: str) -> str:
    return _escaped(value).replace('"', "&quot;")


def _rendered(body: str, extensions: tuple[str, ...]) -> str:
    """Render Markdown and keep what is allowed; what would take minutes is shown as it is."""
    if is_hostile(body):
        return _literal(body)
    try:
        html = _converter(extensions).reset().convert(body)
    except RecursionError:
        _converter.cache_clear()
        return _literal(body)
    return clean(html)


def _literal(body: str) -> str:
    """Show a body's characters, read where it is the importers' subset."""
    parsed = from_markdown(body)
    if parsed:
        return post_html(parsed.text, parsed.facets, lambda facet: None)
    return post_html(body.strip(), (), lambda facet: None)


@functools.cache
def _converter(extensions: tuple[str, ...]) -> Markdown:
    """Return this process's converter; its state after an error is not to be trusted."""
    from markdown import Markdown

    return Markdown(extensions=list(extensions), output_format="html")
