"""Read the visible text of a profile's page that was saved as HTML."""

from __future__ import annotations

import re

from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.formats.encodings import decode, read_whole
from sitegen.formats.html import pages
from sitegen.formats.html.page_tree import parse_page
from sitegen.sources import Imported, Options, Source
from sitegen.sources.page_text.importer import PageText
from sitegen.sources.page_text.inner_text import visible_text
from sitegen.sources.page_text.page_lines import has_statistics

_TAG = re.compile(rb"<[^<>]*>")


class SavedPage:
    """Reads the visible text of a page as if somebody had copied it."""

    name = "saved page"
    looks_for = "HTML of a profile's page, with h-entries or a statistics line below each post"

    def detect(self, source: Source) -> str | None:
        """Claim HTML whose text may have posts, but not pages with microformats of other things."""
        if source.members is not None or not pages.is_page(source.head):
            return None
        page = pages.read_page(source.path)
        if pages.has_cards(page) and not has_statistics(_TAG.sub(b"\n", page)):
            return None
        return "a saved HTML page"

    def read(self, source: Source, options: Options) -> Imported:
        """Read the page's text. Raises SourceError."""
        html, _ = decode(read_whole(source.path))
        text = visible_text(parse_page(html, source.path))
        if not text.strip():
            raise SourceError("is a page without text", path=source.path, hint=_hint())
        imported = PageText().read_bytes(text.encode("utf-8", "replace"), source.path, options)
        return replace(imported, found="the text of a saved profile page")


def _hint() -> str:
    return f"sitegen looked for {SavedPage.looks_for}, or {PageText.looks_for}."
