"""Sanitise HTML with an allow-list of tags, attributes and URL schemes (nh3, ammonia).

All handwritten Markdown passes through `clean`. Posts in the importers' subset need not, since
`markdown.post_html` writes only HTML that would pass unchanged.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nh3 import Cleaner

# For old browsers, which would give the linked page access to `window.opener`.
REL = "noopener"
SCHEMES = frozenset({"http", "https", "mailto"})
TAGS = frozenset(
    [
        "a",
        "abbr",
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
    ]
)
_DROPPED = frozenset(
    ["script", "style", "iframe", "noscript", "template", "textarea", "title", "svg", "math"]
)
_ATTRIBUTES = {
    "*": {"lang"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "code": {"class"},
    "img": {"src", "alt", "title"},
    "li": {"id"},
    "ol": {"start"},
    "sup": {"id"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_ALIGNMENTS = {tag: {"align": {"left", "center", "right"}} for tag in ("td", "th")}
# Browsers drop tabs and line ends in addresses and read "\" as "/" (WHATWG URL, "special").
_NETWORK_PATH = re.compile(r"[\x00-\x20]*[/\\][\t\n\r]*[/\\]")
# Only footnotes have ids; any other could take the place of one of the page's own.
_FOOTNOTE_ID = re.compile(r"fn(?:ref[0-9]*)?-[0-9]+")
# The language of a block of code, which `code_blocks` reads and removes.
_LANGUAGE = re.compile(r"language-[\w#.+-]+")
_QUOTED = r'(?:[^>"]|"[^"]*")*'
_DEAD_LINK = re.compile(r'<a(?: (?:lang|title|rel)="[^"]*")*>(.*?)</a>', re.DOTALL)
_LINK_OR_IMAGE = re.compile(rf"<a {_QUOTED}>|</a>|<img{_QUOTED}>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_REMOTE = re.compile(r"[\x00-\x20]*[a-z][a-z0-9+.-]*:", re.IGNORECASE)
# XML, and so a feed, cannot hold these; no renderer can keep U+0085.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x85\ud800-\udfff\ufffe\uffff]")


def clean(html: str) -> str:
    """Sanitise HTML: keep allowed markup, turn dead links into text and remote images into links.

    A remote image would send a request to a third party. The result is sanitised a second time,
    since removing elements can make the rest nest in a way that parsers change: a paragraph may be
    in a <marquee> in a paragraph, but not directly in a paragraph.
    """
    cleaner = _cleaner()
    cleaned = cleaner.clean(without_controls(cleaner.clean(without_controls(html))))
    if "<a" in cleaned:
        cleaned = _DEAD_LINK.sub(r"\1", cleaned)
    if "<img" in cleaned:
        cleaned = _replace_remote_images(cleaned)
    return without_controls(cleaned)


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
        link_rel=REL,
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Remove network-path references (`//host`), and ids and classes that are not known."""
    if name in ("href", "src") and _NETWORK_PATH.match(value):
        return None
    if name == "id" and not _FOOTNOTE_ID.fullmatch(value):
        return None
    if name == "class" and not _LANGUAGE.fullmatch(value):
        return None
    return value


def _replace_remote_images(html: str) -> str:
    """Replace images of other hosts by links to them, or by their alt text inside a link."""
    depth = 0

    def replace_image(match: re.Match[str]) -> str:
        nonlocal depth
        if not match[0].startswith("<img"):
            depth += -1 if match[0] == "</a>" else 1
            return match[0]
        attributes: dict[str, str] = dict(_ATTRIBUTE.findall(match[0]))
        source, alt = attributes.get("src", ""), attributes.get("alt", "")
        if source and not _REMOTE.match(source):
            return match[0]
        if depth or not source:
            return alt
        return f'<a href="{source}" rel="{REL}">{alt or source}</a>'

    return _LINK_OR_IMAGE.sub(replace_image, html)
