"""Convert the HTML of posts to exact plain text, with links, mentions and tags by code points.

Lines are what a reader of the page sees as lines: a paragraph begins after a blank line, `br`
is a line end, list items begin with "- " or "1. ", quoted lines with "> ". A link shows all of
its text, even the parts that Mastodon hides with `invisible`, so that no address is truncated.
Spaces are preserved as in Mastodon (`white-space: pre-wrap`), except around line ends in the
HTML, which are layout. The quoted post's address that Mastodon puts into `quote-inline` for
servers without quotes is left out; `quotes` has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from msgspec import Struct

from sitegen.formats.html.line_layout import Lines
from sitegen.formats.html.link_kinds import Anchor, absolute_url
from sitegen.formats.html.tokens import End, Start, Text, tokenize
from sitegen.model import Facet, Media, MediaKind

_PARAGRAPH_ELEMENTS = frozenset({
    "address", "article", "aside", "blockquote", "dl", "fieldset", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "main", "menu", "nav", "ol",
    "p", "pre", "section", "table", "ul",
})  # fmt: skip
_LINE_ELEMENTS = frozenset({
    "caption", "center", "dd", "details", "dialog", "dir", "div", "dt", "figcaption", "legend",
    "li", "option", "optgroup", "summary", "tbody", "tfoot", "thead", "tr",
})  # fmt: skip
_SKIPPED_ELEMENTS = frozenset(("template", "head", "svg", "object", "annotation", "rp"))
_MEDIA: dict[str, MediaKind] = {"img": "image", "video": "video", "audio": "audio"}
_SHORTCODE = re.compile(r":[\w+-]+:")
_EMOJI_CLASSES = frozenset(("emoji", "custom-emoji", "emojione", "wp-smiley"))
_WHITESPACE = re.compile(r"[ \t\n\r\f]+")


class HtmlText(Struct, frozen=True):
    """The contents of HTML: its text, facets, and addresses, each once and in order.

    `images` are pictures, films and sounds with their address as `origin`; emoji images
    are in the text, by their alt text. `quotes` are addresses of quoted posts.
    """

    text: str
    facets: tuple[Facet, ...] = ()
    links: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    images: tuple[Media, ...] = ()
    quotes: tuple[str, ...] = ()


def read(html: str, base: str | None = None) -> HtmlText:
    """Read any HTML, whole or broken; relative addresses are resolved against `base`.

    Takes linear time, accepts any depth of nesting, and never raises.
    """
    reader = _Reader(base)
    for token in tokenize(html):
        reader.process(token)
    return reader.result()


class _Reader:
    """The state of the reader: the elements that are open."""

    def __init__(self, base: str | None) -> None:
        self._base = base
        self._lines = Lines()
        self._anchor: Anchor | None = None
        self._skipped: tuple[str, int] | None = None
        self._in_quote = False
        self._in_paragraph = False
        self._preformatted = 0
        self._after_pre = False
        self._media: list[Media] = []
        self._facets: list[Facet] = []
        self._bare_links: list[str] = []
        self._quotes: list[str] = []

    def process(self, token: Text | Start | End) -> None:
        """Process one token."""
        if self._skipped:
            self._skip(token, *self._skipped)
        elif isinstance(token, Text):
            self._add_text(token.text)
        elif isinstance(token, Start):
            self._start_tag(token)
        else:
            self._end_tag(token.name)

    def result(self) -> HtmlText:
        """Return the text and everything found in it."""
        self._close_anchor()
        text = self._lines.text()
        facets = tuple(f for f in map(_clip_to(text), self._facets) if f.start < f.end)
        return HtmlText(
            text=text,
            facets=facets,
            links=_unique([*_facet_values(facets, "link"), *self._bare_links]),
            mentions=_unique(_facet_values(facets, "mention")),
            tags=_unique(_facet_values(facets, "tag")),
            images=tuple(self._media),
            quotes=_unique(self._quotes),
        )

    def _skip(self, token: Text | Start | End, name: str, depth: int) -> None:
        """Skip the contents and the end of an element that shows nothing."""
        if isinstance(token, Start):
            if self._in_quote and token.name == "a" and (url := self._address(token, "href")):
                self._quotes.append(url)
            if name == "p" and token.name in _PARAGRAPH_ELEMENTS | _LINE_ELEMENTS:
                self._skipped, self._in_quote = None, False
                self._start_tag(token)
                return
        if isinstance(token, Text) or token.name != name:
            return
        depth += 1 if isinstance(token, Start) else -1
        self._skipped = (name, depth) if depth else None
        self._in_quote = self._in_quote and depth > 0

    def _add_text(self, text: str) -> None:
        if self._preformatted:
            text = text.replace("\r\n", "\n")
            if self._after_pre and text.startswith("\n"):
                text = text[1:]
            self._lines.add_verbatim(text)
        else:
            layout = "\n" in text or "\r" in text
            text = _WHITESPACE.sub(_space_or_layout, text) if layout else text
            self._lines.add(text, in_paragraph=self._in_paragraph)
        self._after_pre = False

    def _start_tag(self, tag: Start) -> None:
        name = tag.name
        if name in _SKIPPED_ELEMENTS:
            self._skipped = (name, 1)
        elif name in ("p", "span") and "quote-inline" in tag.attributes.get("class", "").split():
            self._lines.end_line(2 if name == "p" else 0)
            self._skipped, self._in_quote = (name, 1), True
        elif name == "a":
            self._close_anchor()
            self._anchor = Anchor(tag.attributes, self._base)
            self._lines.mark()
        elif name in _MEDIA or name == "source":
            self._add_picture(tag)
        elif name in _PARAGRAPH_ELEMENTS or name in _LINE_ELEMENTS:
            self._start_block(tag)
        elif action := _START_ACTIONS.get(name):
            action(self._lines)

    def _end_tag(self, name: str) -> None:
        if name == "a":
            self._close_anchor()
        elif name in _PARAGRAPH_ELEMENTS or name in _LINE_ELEMENTS:
            self._in_paragraph = False
            if name == "pre":
                self._preformatted = max(0, self._preformatted - 1)
            self._lines.close(name)
            self._lines.end_line(2 if name in _PARAGRAPH_ELEMENTS else 1)
        elif action := _END_ACTIONS.get(name):
            action(self._lines)

    def _start_block(self, tag: Start) -> None:
        """Start a block on its own line."""
        name = tag.name
        self._in_paragraph = name == "p"
        nested = name in ("ul", "ol", "menu") and self._lines.in_item()
        self._lines.end_line(2 if name in _PARAGRAPH_ELEMENTS and not nested else 1)
        if name == "pre":
            self._preformatted += 1
            self._after_pre = True
        elif name == "hr":
            self._lines.add_verbatim("---")
            self._lines.end_line(2)
        else:
            self._lines.open(name, tag.attributes)

    def _add_picture(self, tag: Start) -> None:
        """Add a picture, or its character if it is an emoji."""
        alt = tag.attributes.get("alt", "")
        classes = _EMOJI_CLASSES.intersection(tag.attributes.get("class", "").split())
        if tag.name == "img" and alt and (classes or _SHORTCODE.fullmatch(alt)):
            self._lines.add(alt, in_paragraph=True)
            return
        origin = self._address(tag, "src")
        if tag.name == "source":
            if self._media and self._media[-1].origin is None and origin:
                self._media[-1] = Media(
                    self._media[-1].kind, alt=self._media[-1].alt, origin=origin
                )
        else:
            self._media.append(Media(_MEDIA[tag.name], alt=alt or None, origin=origin))

    def _address(self, tag: Start, name: str) -> str | None:
        return absolute_url(tag.attributes.get(name, ""), self._base)

    def _close_anchor(self) -> None:
        if self._anchor:
            if facet := self._anchor.facet(*self._lines.since_mark()):
                self._facets.append(facet)
            elif url := self._anchor.url:
                self._bare_links.append(url)
        self._anchor = None


def _space_or_layout(spaces: re.Match[str]) -> str:
    """Reduce a run of spaces with a line end to one layout mark."""
    return "\n" if "\n" in spaces[0] or "\r" in spaces[0] else spaces[0]


_START_ACTIONS: dict[str, Callable[[Lines], None]] = {
    "br": lambda lines: lines.break_line(),
    "td": lambda lines: lines.next_cell(),
    "th": lambda lines: lines.next_cell(),
    "rt": lambda lines: lines.add_verbatim("("),
    "q": lambda lines: lines.add_verbatim("“"),
}
_END_ACTIONS: dict[str, Callable[[Lines], None]] = {
    "br": lambda lines: lines.break_line(),
    "rt": lambda lines: lines.add_verbatim(")"),
    "q": lambda lines: lines.add_verbatim("”"),
}


def _clip_to(text: str) -> Callable[[Facet], Facet]:
    """Return a facet cut off at the end of the text."""
    return lambda f: Facet(f.start, min(f.end, len(text)), f.kind, f.value)


def _facet_values(facets: Iterable[Facet], kind: str) -> list[str]:
    return [f.value for f in facets if f.kind == kind]


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
