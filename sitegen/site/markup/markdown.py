"""Render posts and handwritten Markdown to safe HTML.

`post_html` writes a post from its text and facets, without a parser. Handwritten Markdown beyond
the importers' subset (`handwritten_html` in posts, `document_html` for pages) is rendered by
Python-Markdown and sanitised. A post within the subset gives the same bytes either way, as a
property test shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from sitegen.model import Facet
from sitegen.site.markup import headings
from sitegen.site.markup.escaping import escape, escape_attribute, link_start_tag, mark_addresses
from sitegen.site.markup.sanitise import clean, without_controls, without_heading_ids
from sitegen.site.markup.words import DEFAULT, MarkdownWords
from sitegen.text.richtext import from_markdown, is_safe_url

_CLASSES = {"mention": "mention", "tag": "hashtag"}
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
CONTENTS = "toc"  # of a page: a thread's page has several posts, whose headings have no ids
_BREAKS = re.compile(r"\n+")
_FOOTNOTE_ID = re.compile(r'<(?:a|li|sup)(?: \w+="[^"]*")*? (?:id="|href="#)fn(?:ref\d*)?-(?=\d+")')


def post_html(text: str, facets: Sequence[Facet], address: Callable[[Facet], str | None]) -> str:
    """Render a post as HTML paragraphs with exactly its characters, and its facets as links.

    `address` returns the href of a mention or tag, None to leave it as text. The result equals
    that of `handwritten_html` for the post's Markdown and is well-formed XML text; control
    characters become U+FFFD.
    """
    return without_controls(page_html(text, facets, address))


def page_html(text: str, facets: Sequence[Facet], address: Callable[[Facet], str | None]) -> str:
    """Render a post like `post_html`, but leave control characters to the page's encoder."""
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
        start_tag = _start_tag(facet, text[start:end], address)
        if start_tag is not None:
            end_tag = "</a>" if start_tag else ""
            if cursor < start:
                parts.append(_lines(text, cursor, start))
            parts += (start_tag, escape(text[start:end]), end_tag)
            cursor = end
    if cursor < len(text):
        parts.append(_lines(text, cursor, len(text)))
    parts.append("</p>")
    return "".join(parts)


def handwritten_html(
    body: str,
    owner: str,
    extensions: tuple[str, ...] = (),
    words: MarkdownWords = DEFAULT,
    highest: int = headings.IN_POSTS,
) -> str:
    """Render the handwritten Markdown of a post or bio; a line end becomes `<br>`.

    `owner` prefixes the ids of footnotes, since a page may show several posts. `highest` is the
    level of the highest heading.
    """
    names = [name for name in extensions if name not in (CONTENTS, "nl2br")]
    html = _render(body, (*names, "nl2br"), words)
    html = headings.lower(without_heading_ids(html), highest)
    return _prefix_footnotes(html, owner)


def document_html(
    body: str, extensions: tuple[str, ...] = (), words: MarkdownWords = DEFAULT
) -> str:
    """Render a handwritten page; a line end is a space, as usual in Markdown."""
    return _render(body, extensions, words)


def below_title(html: str, title: str) -> str:
    """Return a handwritten page with its headings below the `title` that is shown above it.

    A first heading that is the title is left out.
    """
    return headings.lower(headings.without_title(html, title), headings.IN_PAGES)


def _start_tag(facet: Facet, words: str, address: Callable[[Facet], str | None]) -> str | None:
    """Return the start tag of a facet's link, "" for a dead link, None for plain text."""
    if facet.kind == "link":
        return link_start_tag(facet.value, words)
    href = address(facet)
    return None if href is None else _facet_start_tag(facet.kind, href)


@lru_cache(maxsize=10_000)
def _facet_start_tag(kind: str, href: str) -> str | None:
    """Return the start tag of a mention's or tag's link; None if the address is unsafe."""
    if href.startswith("//"):
        return None
    if _SCHEME.match(href) and not is_safe_url(href):
        return None
    return f'<a class="{_CLASSES[kind]}" href="{escape_attribute(href)}">'


def _lines(text: str, start: int, end: int) -> str:
    """Render the text between two facets: line ends as `<br>`, blank lines as paragraphs."""
    piece = escape(text[start:end])
    if "\n" not in piece:
        return piece
    if "\n\n\n" not in piece and piece[0] != "\n" != piece[-1]:
        paragraphs = piece.split("\n\n")
        return "</p>\n<p>".join([lines.replace("\n", "<br>\n") for lines in paragraphs])

    def break_or_paragraph(match: re.Match[str]) -> str:
        count = match.end() - match.start()
        if (not start and not match.start()) or (end == len(text) and match.end() == len(piece)):
            return match[0]
        return "<br>\n" if count == 1 else "</p>\n<p>" + "\n" * (count - 2)

    return _BREAKS.sub(break_or_paragraph, piece)


def _render(body: str, extensions: tuple[str, ...], words: MarkdownWords) -> str:
    """Render and sanitise Markdown; show it as plain text if it is too complex."""
    from sitegen.site.markup import code_blocks, complexity, python_markdown

    if complexity.is_too_complex(body):
        return _plain_html(body)
    try:
        html = mark_addresses(clean(python_markdown.raw_html(body, extensions, words)))
    except RuntimeError:  # blocks or footnotes nest too deep
        return _plain_html(body)
    return code_blocks.highlight(html)


def _prefix_footnotes(html: str, owner: str) -> str:
    """Prefix the ids of footnotes with their owner, since those of two posts would collide."""
    return _FOOTNOTE_ID.sub(lambda found: f"{found[0]}{owner}-", html) if "fn" in html else html


def _plain_html(body: str) -> str:
    """Render a body without Python-Markdown: as the importers' subset, else as plain text."""
    parsed = from_markdown(body)
    if parsed:
        return post_html(parsed.text, parsed.facets, lambda facet: None)
    return post_html(body.strip(), (), lambda facet: None)
