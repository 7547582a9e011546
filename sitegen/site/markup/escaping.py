"""Escape text and URLs as the HTML standard's serialisation does."""

from __future__ import annotations

import re
from html import unescape

from sitegen.site.markup.sanitise import is_address
from sitegen.text.facets import is_safe_url

# URLs that are certainly safe: a plain host name, then printable ASCII.
_PLAIN_ADDRESS = re.compile(
    r"https?://(?:(?!xn--)[a-z0-9-]+\.)+(?!xn--)[a-z][a-z0-9-]*(?:[/?#][!-~]*)?", re.IGNORECASE
)
ADDRESS_CLASS = ' class="address"'
_NEEDLESS = re.compile(r"(?:https?://)?(?:www\.)?", re.IGNORECASE)
_LINK = re.compile(
    r'<a(?: (?:lang|title)="[^"]*")* href="(?P<url>https?://[^"]*)"[^>]*>(?P<words>.*?)</a>',
    re.DOTALL,
)
_TAG = re.compile(r"<[^>]*>")


def escape(text: str) -> str:
    """Escape text (HTML, "escaping a string": https://html.spec.whatwg.org/#escapingString)."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    if "\xa0" in text:
        text = text.replace("\xa0", "&nbsp;")
    return text


def escape_attribute(value: str) -> str:
    """Escape an attribute's value."""
    return escape(value).replace('"', "&quot;")


def link_start_tag(url: str, words: str) -> str | None:
    """Return the start tag of a link, "" for an invalid host, None for an unsafe URL.

    A link whose words are its address has a class, so that paper does not have it twice.
    """
    if _PLAIN_ADDRESS.fullmatch(url) is None:
        if not is_safe_url(url):
            return None
        if not is_address(url):
            return ""
    kind = ADDRESS_CLASS if is_same_address(url, words) else ""
    return f'<a{kind} href="{escape_attribute(url)}">'


def is_same_address(url: str, words: str) -> bool:
    """Tell whether words are an address of the web, perhaps without scheme, "www." and last "/"."""
    return url.startswith(("https://", "http://")) and _bare(words) == _bare(url)


def _bare(address: str) -> str:
    return _NEEDLESS.sub("", address.strip(), count=1).removesuffix("/")


def mark_addresses(html: str) -> str:
    """Give that class to the links to other sites in sanitised HTML whose words are the address."""
    return _LINK.sub(_marked, html) if "<a" in html else html


def _marked(link: re.Match[str]) -> str:
    url, words = unescape(link["url"]), unescape(_TAG.sub("", link["words"]))
    return f"<a{ADDRESS_CLASS}{link[0][2:]}" if is_same_address(url, words) else link[0]
