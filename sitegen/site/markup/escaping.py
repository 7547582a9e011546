"""Escape text and URLs as the HTML standard's serialisation does."""

from __future__ import annotations

import re

from sitegen.site.markup.sanitise import REL, is_address
from sitegen.text.facets import is_safe_url

# URLs that are certainly safe: a plain host name, then printable ASCII.
_PLAIN_ADDRESS = re.compile(
    r"https?://(?:(?!xn--)[a-z0-9-]+\.)+(?!xn--)[a-z][a-z0-9-]*(?:[/?#][!-~]*)?", re.IGNORECASE
)


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


def link_start_tag(url: str) -> str | None:
    """Return the start tag of a link, "" for an invalid host, None for an unsafe URL."""
    if _PLAIN_ADDRESS.fullmatch(url) is None:
        if not is_safe_url(url):
            return None
        if not is_address(url):
            return ""
    return f'<a href="{escape_attribute(url)}" rel="{REL}">'
