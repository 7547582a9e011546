"""A profile's page saved as HTML: its h-feed where it has one, else its text as people see it."""

from __future__ import annotations

from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.importers import Imported, Options, Source
from sitegen.importers.feeds.bytes import decoded, whole
from sitegen.importers.feeds.hfeed import HFeed, is_page
from sitegen.importers.page.text import PageText


class SavedPage:
    """Reads the visible text of a page as the text that somebody copied from it."""

    name = "saved page"
    looks_for = "HTML of a profile's page, with h-entries or a statistics line below each post"

    def detect(self, source: Source) -> str | None:
        """Claim whatever begins as HTML does."""
        if source.members is None and is_page(source.head):
            return "a saved HTML page"
        return None

    def read(self, source: Source, options: Options) -> Imported:
        """Read the page's h-feed, else its text. Raises SourceError."""
        if HFeed().detect(source):
            return HFeed().read(source, options)
        from sitegen.importers.feeds.h_pages import tree
        from sitegen.importers.page.saved_text import visible

        html, _ = decoded(whole(source.path))
        text = visible(tree(html, source.path))
        if not text.strip():
            raise SourceError("is a page without text", path=source.path, hint=_hint())
        imported = PageText().read_bytes(text.encode("utf-8", "replace"), source.path, options)
        return replace(imported, found="the text of a saved profile page")


def _hint() -> str:
    return f"sitegen looked for {HFeed.looks_for}, or {PageText.looks_for}."
