"""Markdown to HTML that is safe to put on a page: two ways in, one kind of HTML out.

`post_html` writes a post from its text and facets, without a parser. What a person wrote with
more Markdown than the importers' subset (`handwritten_html`, and `document_html` for pages of
one's own) is rendered by Python-Markdown and goes through the allow-list. Both ways show a post
of the importers' subset in the same bytes; a property test holds them to it.
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
from sitegen.text.richtext import from_markdown, is_safe_url

_CLASSES = {"mention": "mention", "tag": "hashtag"}
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_MEDIA_LINK = re.compile(r'(?P<way> (?:href|src)="(?:\.\.?/)*)(?P<path>media/[^"?#]+)')
_BREAKS = re.compile(r"\n+")
_FOOTNOTE_ID = re.compile(r'<(?:a|li|sup)(?: \w+="[^"]*")*? (?:id="|href="#)fn(?:ref\d*)?-(?=\d+")')


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


def handwritten_html(body: str, owner: str) -> str:
    """Return the HTML of Markdown that a person wrote in a post or a bio; line ends are breaks.

    `owner` is what the ids of footnotes begin with: several posts may be on one page.
    """
    return _with_owner(_rendered(body, ("nl2br",)), owner)


def document_html(body: str) -> str:
    """Return the HTML of a page of one's own; its line ends are spaces, as in any Markdown."""
    return _rendered(body)


def placed_media(html: str, names: Mapping[str, str], place: Callable[[str], str]) -> str:
    """Return HTML of a post whose relative links to media lead there from the page it is on."""

    def led_there(link: re.Match[str]) -> str:
        path = unquote(unescape(link["path"]))
        attribute = link["way"].partition('"')[0]
        return f'{attribute}"{escaped_value(place(names.get(path, path)))}'

    return _MEDIA_LINK.sub(led_there, html) if "media/" in html else html


def renamed_media(html: str, names: Mapping[str, str]) -> str:
    """Return HTML whose relative links to media lead to them by the names that they have now."""

    def led_on(link: re.Match[str]) -> str:
        name = names.get(unquote(unescape(link["path"])))
        return f"{link['way']}{escaped_value(urls.percent_encode(name))}" if name else link[0]

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
        if not is_safe_url(href):
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


def _rendered(body: str, extensions: tuple[str, ...] = ()) -> str:
    """Render Markdown and keep what is allowed; what is too complex is shown as plain text."""
    from sitegen.site.render import complexity, python_markdown

    if complexity.is_too_complex(body):
        return _literal(body)
    try:
        return clean(python_markdown.raw_html(body, extensions))
    except RuntimeError:  # blocks nest too deep, or footnotes within each other
        return _literal(body)


def _with_owner(html: str, owner: str) -> str:
    """Put the owner into the ids of footnotes, which are else the same for all posts of a page."""
    return _FOOTNOTE_ID.sub(lambda found: f"{found[0]}{owner}-", html) if "fn" in html else html


def _literal(body: str) -> str:
    """Show a body's characters, read where it is the importers' subset."""
    parsed = from_markdown(body)
    if parsed:
        return post_html(parsed.text, parsed.facets, lambda facet: None)
    return post_html(body.strip(), (), lambda facet: None)
