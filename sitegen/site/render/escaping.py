"""Text and addresses as HTML holds them, in the one spelling that its serialisation has."""

from __future__ import annotations

import re

from sitegen.site.render.sanitise import REL, is_address
from sitegen.text.facets import is_safe_url

# Addresses that need no second look: a plain host name, then printable ASCII.
_PLAIN_ADDRESS = re.compile(
    r"https?://(?:(?!xn--)[a-z0-9-]+\.)+(?!xn--)[a-z][a-z0-9-]*(?:[/?#][!-~]*)?", re.IGNORECASE
)


def escaped(text: str) -> str:
    """Escape text as HTML serialises it (HTML, "escaping a string")."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    if "\xa0" in text:
        text = text.replace("\xa0", "&nbsp;")
    return text


def escaped_value(value: str) -> str:
    """Escape an attribute's value as HTML serialises it."""
    return escaped(value).replace('"', "&quot;")


def link_opening(url: str) -> str | None:
    """Return the start tag of a link, "" for one that is dead, None for one that is not safe."""
    if _PLAIN_ADDRESS.fullmatch(url) is None:
        if not is_safe_url(url):
            return None
        if not is_address(url):
            return ""
    return f'<a href="{escaped_value(url)}" rel="{REL}">'
