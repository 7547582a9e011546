"""Sanitise HTML with an allow-list of tags, attributes and URL schemes (nh3, ammonia).

All handwritten Markdown passes through `clean`. Posts in the importers' subset need not, since
`markdown.post_html` writes only HTML that would pass unchanged.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from sitegen.site.markup.remote_media import replace_remote_media

if TYPE_CHECKING:
    from nh3 import Cleaner

SCHEMES = frozenset({"http", "https", "mailto"})
TAGS = frozenset(
    [
        "a",
        "abbr",
        "audio",
        "b",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "source",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
        "var",
        "video",
    ]
)
_DROPPED = frozenset(
    ["script", "style", "iframe", "noscript", "template", "textarea", "title", "svg", "math"]
)
_ATTRIBUTES = {
    "*": {"lang"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "audio": {"src", "controls", "loop", "preload", "title"},
    "code": {"class"},
    "img": {"src", "alt", "title"},
    "li": {"id"},
    "ol": {"start"},
    "source": {"src", "type"},
    "sup": {"id"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    **{heading: {"id"} for heading in ("h1", "h2", "h3", "h4", "h5", "h6")},
    "div": {"class"},
    "p": {"class"},
    "video": {
        "src", "poster", "controls", "loop", "muted", "playsinline", "preload", "title", "width",
        "height",
    },
}  # fmt: skip
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
ADMONITIONS = (
    "attention", "caution", "danger", "error", "hint", "important", "note", "tip", "warning",
)  # fmt: skip
_ALIGNMENTS = {tag: {"align": {"left", "center", "right"}} for tag in ("td", "th")}
# Browsers drop tabs and line ends in addresses and read "\" as "/" (WHATWG URL, "special").
_NETWORK_PATH = re.compile(r"[\x00-\x20]*[/\\][\t\n\r]*[/\\]")
# Only footnotes and headings have ids, and none that could take the place of the page's own.
_HEADING_ID = re.compile(r"(?!main$|post-|fn)[\w-]+")
_HEADING = re.compile(r'(<h[1-6](?: lang="[^"]*")?) id="[^"]*"')
_FOOTNOTE_ID = re.compile(r"fn(?:ref[0-9]*)?-[0-9]+")
# The language of a block of code, which `code_blocks` reads and removes.
_LANGUAGE = re.compile(r"language-[\w#.+-]+")
_DEAD_LINK = re.compile(r'<a(?: (?:lang|title)="[^"]*")*>(.*?)</a>', re.DOTALL)
_MEDIA = re.compile(r"<(?:img|video|audio|source)[ >]")
# XML, and so a feed, cannot hold these; no renderer can keep U+0085.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x85\ud800-\udfff\ufffe\uffff]")


def clean(html: str) -> str:
    """Sanitise HTML: keep allowed markup, turn dead links into text and remote media into links.

    A remote image would send a request to a third party. The result is sanitised a second time,
    since removing elements can make the rest nest in a way that parsers change: a paragraph may be
    in a <marquee> in a paragraph, but not directly in a paragraph.
    """
    cleaner = _cleaner()
    cleaned = cleaner.clean(without_controls(cleaner.clean(without_controls(html))))
    cleaned = unlink(cleaned)
    if _MEDIA.search(cleaned):
        cleaned = replace_remote_media(cleaned)
    return without_controls(cleaned)


def unlink(html: str) -> str:
    """Turn links without an address into text."""
    return _DEAD_LINK.sub(r"\1", html) if "<a" in html else html


def without_heading_ids(html: str) -> str:
    """Remove the ids of headings, for a page that shows several texts."""
    return _HEADING.sub(r"\1", html) if " id=" in html else html


def without_controls(html: str) -> str:
    """Replace the characters that XML forbids by U+FFFD."""
    if _CONTROL.search(html) is None:
        return html
    return _CONTROL.sub(lambda m: "\n" if m[0] == "\r" else "\ufffd", html)


@functools.lru_cache(maxsize=4096)
def is_address(url: str) -> bool:
    """Tell whether a safe URL has a host that browsers accept (WHATWG URL, "host parsing")."""
    escaped = url.replace("&", "&amp;").replace('"', "&quot;")
    return "href" in _cleaner().clean(f'<a href="{escaped}">_</a>')


@functools.cache
def _cleaner() -> Cleaner:
    import nh3

    return nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags=set(_DROPPED),
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        tag_attribute_values=_ALIGNMENTS,
        url_schemes=set(SCHEMES),
        link_rel=None,  # no link opens a window of its own, which noopener would be for
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Remove network-path references (`//host`), and ids and classes that are not known."""
    if name in ("href", "src", "poster") and _NETWORK_PATH.match(value):
        return None
    if name == "id":
        known = _HEADING_ID if tag in _HEADINGS else _FOOTNOTE_ID
        return value if known.fullmatch(value) else None
    return _class(tag, value) if name == "class" else value


def _class(tag: str, value: str) -> str | None:
    """Return a class without the words that are not known, or that have a meaning in themes."""
    if tag == "code":
        return value if _LANGUAGE.fullmatch(value) else None
    if tag == "p":
        return value if value == "admonition-title" else None
    first, *others = value.split() or [""]
    if first != "admonition":
        return None
    kind = others[0].removeprefix(f"{first}-") if others else ""
    return f"{first} {first}-{kind}" if kind in ADMONITIONS else first
