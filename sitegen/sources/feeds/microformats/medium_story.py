"""Read what a page of Medium's export states outside of its h-entry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from sitegen.sources.feeds.items.items import Access, Item, narrowest
from sitegen.sources.feeds.items.times import iso

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

_FOOTER = re.compile(r"Exported from\s+Medium\b")


class Story(Struct, frozen=True):
    """The addresses of a story and its author, which a page states outside of its h-entry."""

    url: str | None = None
    author: str | None = None


def story(page: BeautifulSoup) -> Story | None:
    """Return what a page of Medium's export states about its story; None for any other page.

    The page is identified by its footer, or by the class names of its parts.
    """
    has_footer = _FOOTER.search(" ".join(page.get_text(" ").split()))
    has_parts = page.select_one("[data-field=body]") and page.select_one(".graf")
    if not has_footer and not has_parts:
        return None
    return Story(_link(page, "a.p-canonical"), _link(page, "a.p-author"))


def _link(page: BeautifulSoup, selector: str) -> str | None:
    link = page.select_one(selector)
    url = str(link.get("href") or "") if link else ""
    return url if url.startswith(("http://", "https://")) else None


def complete(item: Item, story: Story) -> Item:
    """Add the address to a story; a story without a time is a draft."""
    draft = Access("draft")
    access = item.access if iso(item.published) else narrowest(draft, item.access)
    return replace(item, url=story.url or item.url, access=access)
