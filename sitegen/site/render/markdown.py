"""Markdown to HTML that is safe to put on a page: three ways in, one kind of HTML out.

`post_html` writes a post from its text and facets, without a parser. What a person wrote with
more Markdown than the importers' subset (`handwritten_html`, and `document_html` for pages of
one's own) is written by `blocks` where it is of the usual kind; all other goes through
Python-Markdown and the allow-list. All ways give the bytes of the last; property tests hold
them to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

from sitegen.model import Facet
from sitegen.site import urls
from sitegen.site.render.escaping import escaped, escaped_value, link_opening
from sitegen.site.render.sanitise import REL, clean, without_controls
from sitegen.text.richtext import from_markdown, safe_url

_CLASSES = {"mention": "mention", "tag": "hashtag"}
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_MEDIA_LINK = re.compile(r'(?P<way> (?:href|src)="(?:\.\.?/)*)(?P<path>media/[^"?#]+)')
_BREAKS = re.compile(r"\n+")
_BLOCKS = ("fenced_code", "tables", "sane_lists")


def post_html(text: str, facets: Sequence[Facet], address: Callable[[Facet], str | None]) -> str:
    """Return a post as paragraphs of HTML: exactly its characters, its facets linked.

    `address` gives the href of a mention or tag, None to leave it text. The result is what
    `handwritten_html` makes of the post's Markdown, byte for byte, and well-formed as XML
    text; control characters are shown as U+FFFD.
    """
    return without_controls(page_html(text, facets, address))


def page_html(text: str, facets: Sequence[Facet], address: Callable[[Facet], str | None]) -> str:
    """Return a post as `post_html` does, for a page whose control characters go all at once."""
    if not text:
        return ""
    if not facets:
        return f"<p>{_lines(text, 0, len(text))}</p>"
    parts = ["<p>"]
    cursor = 0
    for facet in sorted(facets) if len(facets) > 1 else facets:
        start, end = facet.start, facet.end
        if not cursor <= start < end <= len(text):
            continue
        opening = _opening(facet, address)
        if opening is not None:
            closing = "</a>" if opening else ""
            if cursor < start:
                parts.append(_lines(text, cursor, start))
            parts += (opening, escaped(text[start:end]), closing)
            cursor = end
    if cursor < len(text):
        parts.append(_lines(text, cursor, len(text)))
    parts.append("</p>")
    return "".join(parts)


def handwritten_html(body: str) -> str:
    """Return the HTML of a post's body that a person wrote in any Markdown."""
    return _rendered(body, ("nl2br", *_BLOCKS), "<br>\n")


def document_html(body: str) -> str:
    """Return the HTML of a page of one's own; its line ends are spaces, as in any Markdown."""
    return _rendered(body, _BLOCKS, "\n")


def renamed_media(html: str, names: Mapping[str, str]) -> str:
    """Return HTML whose relative links to media lead to them by the names that they have now."""

    def led_on(link: re.Match[str]) -> str:
        name = names.get(unquote(unescape(link["path"])))
        return f"{link['way']}{escaped_value(urls.quoted(name))}" if name else link[0]

    return _MEDIA_LINK.sub(led_on, html)


def _opening(facet: Facet, address: Callable[[Facet], str | None]) -> str | None:
    """Return the start tag of a facet's link, "" for a dead one; None when it is only text."""
    if facet.kind == "link":
        return link_opening(facet.value)
    href = address(facet)
    return None if href is None else _facet_opening(facet.kind, href)


@lru_cache(maxsize=10_000)
def _facet_opening(kind: str, href: str) -> str | None:
    """Return the start tag of a mention's or tag's link; None where it is not safe."""
    if href.startswith("//"):
        return None
    rel = ""
    if _SCHEME.match(href):
        if not safe_url(href):
            return None
        rel = f' rel="{REL}"'
    return f'<a class="{_CLASSES[kind]}" href="{escaped_value(href)}"{rel}>'


def _lines(text: str, start: int, end: int) -> str:
    """Return the text between two facets: line ends as breaks, blank lines as paragraphs."""
    piece = escaped(text[start:end])
    if "\n" not in piece:
        return piece
    if "\n\n\n" not in piece and piece[0] != "\n" != piece[-1]:
        paragraphs = piece.split("\n\n")
        return "</p>\n<p>".join([lines.replace("\n", "<br>\n") for lines in paragraphs])

    def written(match: re.Match[str]) -> str:
        count = match.end() - match.start()
        if (not start and not match.start()) or (end == len(text) and match.end() == len(piece)):
            return match[0]
        return "<br>\n" if count == 1 else "</p>\n<p>" + "\n" * (count - 2)

    return _BREAKS.sub(written, piece)


def _rendered(body: str, extensions: tuple[str, ...], line_end: str) -> str:
    """Render Markdown and keep what is allowed; what would take minutes is shown as it is."""
    from sitegen.site.render.blocks import usual_html
    from sitegen.site.render.hostile import is_hostile

    if is_hostile(body):
        return _literal(body)
    html = usual_html(body, line_end)
    if html is not None:
        return html
    from sitegen.site.render.python_markdown import raw_html

    try:
        return clean(raw_html(body, extensions))
    except RecursionError:
        return _literal(body)


def _literal(body: str) -> str:
    """Show a body's characters, read where it is the importers' subset."""
    parsed = from_markdown(body)
    if parsed:
        return post_html(parsed.text, parsed.facets, lambda facet: None)
    return post_html(body.strip(), (), lambda facet: None)
