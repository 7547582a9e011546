"""Classify links in the HTML of posts: addresses, mentions or tags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

from sitegen.formats.html.tokens import SPACES
from sitegen.model import Facet

# Schemes that Mastodon allows, and others that pages of posts use.
_SCHEMES = frozenset({
    "http", "https", "mailto", "tel", "xmpp", "matrix", "sip", "gemini", "gopher", "dat",
    "dweb", "ipfs", "ipns", "ssb", "magnet", "ftp", "at",
})  # fmt: skip
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_DROPPED = re.compile(r"[\t\n\r]")


class Anchor:
    """An `a` element: its address, classes and relations."""

    def __init__(self, attributes: Mapping[str, str], base: str | None) -> None:
        self.url = absolute_url(attributes.get("href", ""), base)
        self._classes = attributes.get("class", "").split()
        self._rel = attributes.get("rel", "").split()

    def facet(self, start: int, shown: str) -> Facet | None:
        """Return the facet for the element's text from `start`; None if it is not a link."""
        start += len(shown) - len(shown.lstrip(SPACES))
        shown = shown.strip(SPACES)
        if not shown:
            return None
        if self._is_tag(shown):
            return Facet(start, start + len(shown), "tag", shown[1:])
        if "mention" in self._classes and shown[0] in "@＠" and shown[1:]:
            return Facet(start, start + len(shown), "mention", self._handle(shown[1:]))
        if self.url:
            return Facet(start, start + len(shown), "link", self.url)
        return None

    def _is_tag(self, shown: str) -> bool:
        is_marked = "hashtag" in self._classes or "tag" in self._rel
        return is_marked and shown[0] in "#＃" and len(shown) > 1

    def _handle(self, name: str) -> str:
        """Add the host to a name that is shown without one."""
        if "@" in name or not self.url:
            return name
        parts = urlsplit(self.url)
        last = parts.path.rstrip("/").rpartition("/")[2].removeprefix("@")
        if last.partition("@")[0].casefold() == name.casefold() and "@" in last:
            return last
        return f"{name}@{parts.hostname}" if parts.hostname else name


def absolute_url(href: str, base: str | None = None) -> str | None:
    """Return the absolute address of a link, or None if it is empty or runs code.

    As in browsers, surrounding spaces and line ends are dropped (WHATWG URL, 4.4) and inner spaces
    are encoded. Relative addresses are resolved against `base`; without one they are None.
    """
    href = _DROPPED.sub("", href.strip("".join(map(chr, range(33))))).replace(" ", "%20")
    if not href:
        return None
    if base and not _SCHEME.match(href):
        try:
            href = urljoin(base, href)
        except ValueError:
            return None
    scheme = _SCHEME.match(href)
    if not scheme or scheme[1].lower() not in _SCHEMES or not _can_split(href):
        return None
    return href


def _can_split(url: str) -> bool:
    """Return whether an address can be split into parts: `http://[` cannot."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) or parts.scheme not in ("http", "https")
    except ValueError:
        return False
