"""Convert the HTML of posts to exact plain text, with links, mentions and tags by code points.

Lines are what a reader of the page sees as lines: a paragraph begins after a blank line, `br`
is a line end, list items begin with "- " or "1. ", quoted lines with "> ". A link shows the
all of its text, even the parts that Mastodon hides with `invisible`, so that no address is
cut. Spaces are preserved as in Mastodon (`white-space: pre-wrap`), except around
line ends in the HTML, which are layout. The quoted post's address that Mastodon puts into
`quote-inline` for servers without quotes is left out; `quotes` has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from msgspec import Struct

from sitegen.formats.html.line_layout import Lines
from sitegen.formats.html.link_kinds import Anchor, address
from sitegen.formats.html.tokens import End, Start, Text, tokens
from sitegen.model import Facet, Media, MediaKind

_PARAGRAPHS = frozenset({
    "address", "article", "aside", "blockquote", "dl", "fieldset", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "main", "menu", "nav", "ol",
    "p", "pre", "section", "table", "ul",
})  # fmt: skip
_LINES = frozenset({
    "caption", "center", "dd", "details", "dialog", "dir", "div", "dt", "figcaption", "legend",
    "li", "option", "optgroup", "summary", "tbody", "tfoot", "thead", "tr",
})  # fmt: skip
_LEFT_OUT = frozenset(("template", "head", "svg", "object", "annotation", "rp"))
_MEDIA: dict[str, MediaKind] = {"img": "image", "video": "video", "audio": "audio"}
_SHORTCODE = re.compile(r":[\w+-]+:")
_EMOJI_CLASSES = frozenset(("emoji", "custom-emoji", "emojione", "wp-smiley"))
_LAYOUT = re.compile(r"[ \t\n\r\f]+")


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
    for token in tokens(html):
        reader.take(token)
    return reader.result()


class _Reader:
    """The state of the reader: the elements that are open."""

    def __init__(self, base: str | None) -> None:
        self._base = base
        self._lines = Lines()
        self._anchor: Anchor | None = None
        self._left_out: tuple[str, int] | None = None
        self._in_quote = False
        self._in_paragraph = False
        self._preformatted = 0
        self._after_pre = False
        self._media: list[Media] = []
        self._facets: list[Facet] = []
        self._bare: list[str] = []
        self._quotes: list[str] = []

    def take(self, token: Text | Start | End) -> None:
        """Process one token."""
        if self._left_out:
            self._leave_out(token, *self._left_out)
        elif isinstance(token, Text):
            self._text(token.text)
        elif isinstance(token, Start):
            self._start(token)
        else:
            self._end(token.name)

    def result(self) -> HtmlText:
        """Return the text and everything found in it."""
        self._close_anchor()
        text = self._lines.text()
        facets = tuple(f for f in map(_within(text), self._facets) if f.start < f.end)
        return HtmlText(
            text=text,
            facets=facets,
            links=_once([*_values(facets, "link"), *self._bare]),
            mentions=_once(_values(facets, "mention")),
            tags=_once(_values(facets, "tag")),
            images=tuple(self._media),
            quotes=_once(self._quotes),
        )

    def _leave_out(self, token: Text | Start | End, name: str, depth: int) -> None:
        """Skip the contents and the end of an element that shows nothing."""
        if isinstance(token, Start):
            if self._in_quote and token.name == "a" and (url := self._address(token, "href")):
                self._quotes.append(url)
            if name == "p" and token.name in _PARAGRAPHS | _LINES:
                self._left_out, self._in_quote = None, False
                self._start(token)
                return
        if isinstance(token, Text) or token.name != name:
            return
        depth += 1 if isinstance(token, Start) else -1
        self._left_out = (name, depth) if depth else None
        self._in_quote = self._in_quote and depth > 0

    def _text(self, text: str) -> None:
        if self._preformatted:
            text = text.replace("\r\n", "\n")
            if self._after_pre and text.startswith("\n"):
                text = text[1:]
            self._lines.add_verbatim(text)
        else:
            layout = "\n" in text or "\r" in text
            text = _LAYOUT.sub(_space_or_layout, text) if layout else text
            self._lines.add(text, in_paragraph=self._in_paragraph)
        self._after_pre = False

    def _start(self, tag: Start) -> None:
        name = tag.name
        if name in _LEFT_OUT:
            self._left_out = (name, 1)
        elif name in ("p", "span") and "quote-inline" in tag.attributes.get("class", "").split():
            self._lines.end_line(2 if name == "p" else 0)
            self._left_out, self._in_quote = (name, 1), True
        elif name == "a":
            self._close_anchor()
            self._anchor = Anchor(tag.attributes, self._base)
            self._lines.mark()
        elif name in _MEDIA or name == "source":
            self._picture(tag)
        elif name in _PARAGRAPHS or name in _LINES:
            self._block(tag)
        elif written := _STARTS.get(name):
            written(self._lines)

    def _end(self, name: str) -> None:
        if name == "a":
            self._close_anchor()
        elif name in _PARAGRAPHS or name in _LINES:
            self._in_paragraph = False
            if name == "pre":
                self._preformatted = max(0, self._preformatted - 1)
            self._lines.close(name)
            self._lines.end_line(2 if name in _PARAGRAPHS else 1)
        elif written := _ENDS.get(name):
            written(self._lines)

    def _block(self, tag: Start) -> None:
        """Start a block on its own line."""
        name = tag.name
        self._in_paragraph = name == "p"
        nested = name in ("ul", "ol", "menu") and self._lines.in_item()
        self._lines.end_line(2 if name in _PARAGRAPHS and not nested else 1)
        if name == "pre":
            self._preformatted += 1
            self._after_pre = True
        elif name == "hr":
            self._lines.add_verbatim("---")
            self._lines.end_line(2)
        else:
            self._lines.open(name, tag.attributes)

    def _picture(self, tag: Start) -> None:
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
        return address(tag.attributes.get(name, ""), self._base)

    def _close_anchor(self) -> None:
        if self._anchor:
            if facet := self._anchor.facet(*self._lines.since_mark()):
                self._facets.append(facet)
            elif url := self._anchor.url:
                self._bare.append(url)
        self._anchor = None


def _space_or_layout(spaces: re.Match[str]) -> str:
    """Reduce a run of spaces with a line end to one layout mark."""
    return "\n" if "\n" in spaces[0] or "\r" in spaces[0] else spaces[0]


_STARTS: dict[str, Callable[[Lines], None]] = {
    "br": lambda lines: lines.break_line(),
    "td": lambda lines: lines.next_cell(),
    "th": lambda lines: lines.next_cell(),
    "rt": lambda lines: lines.add_verbatim("("),
    "q": lambda lines: lines.add_verbatim("“"),
}
_ENDS: dict[str, Callable[[Lines], None]] = {
    "br": lambda lines: lines.break_line(),
    "rt": lambda lines: lines.add_verbatim(")"),
    "q": lambda lines: lines.add_verbatim("”"),
}


def _within(text: str) -> Callable[[Facet], Facet]:
    """Return a facet cut off at the end of the text."""
    return lambda f: Facet(f.start, min(f.end, len(text)), f.kind, f.value)


def _values(facets: Iterable[Facet], kind: str) -> list[str]:
    return [f.value for f in facets if f.kind == kind]


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
