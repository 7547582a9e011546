"""The fingerprint of a page: with its own value, it tells all that its bytes follow from.

That is the threads that it shows, its template with all that it extends, includes and imports,
what every page may know of the site, and sitegen's own version. A page that shows threads is
kept as a value; of any other the value is in the fingerprint.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Raw

from sitegen import __version__
from sitegen.config.schema import Config
from sitegen.digests import hash_bytes as digest
from sitegen.site.cache.build_state import Made, encoded
from sitegen.site.render.theme import Theme
from sitegen.site.views import contexts
from sitegen.site.views.contexts import Page
from sitegen.site.views.summary import Entry
from sitegen.site.views.template_values import SiteView


class Print(NamedTuple):
    """What a page is made from, the files of the threads that it shows, and the page encoded.

    A page that has no UTF-8 cannot be encoded: it has nothing there.
    """

    made: Made
    sources: tuple[str, ...]
    encoded: bytes

    @property
    def is_kept(self) -> bool:
        """Whether the names of the threads that it shows, if any, are kept with it."""
        return bool(self.encoded or not self.sources)


class Printer:
    """Takes the fingerprints of a site's pages."""

    def __init__(
        self, site: SiteView, config: Config, theme: Theme, entries: Mapping[str, Entry]
    ) -> None:
        self.entries = entries
        self.theme = theme
        self.base = repr((__version__, site, config.build)).encode("utf-8", "replace")
        self.marks: dict[str, bytes] = {}

    def print_of(self, page: Page) -> Print:
        """Return the fingerprint of a page."""
        mark = self.marks.get(page.template) or self._mark(page.template)
        sources = contexts.sources(page.context)
        recipe = encoded(page)
        if len(sources) == 1 and recipe:  # two digests are one fingerprint
            return Print(Made(mark + self.entries[sources[0]].digest, Raw(recipe)), sources, recipe)
        digests = b"".join([self.entries[source].digest for source in sources])
        if sources and recipe:
            return Print(Made(digest(mark + digests), Raw(recipe)), sources, recipe)
        value = recipe or repr(page).encode("utf-8", "surrogatepass")
        return Print(Made(digest(mark + value + digests)), sources, recipe)

    def _mark(self, template: str) -> bytes:
        """Return a digest of a template and of what every page may know."""
        text = self.base + self.theme.digest(template).encode()
        mark = self.marks[template] = digest(text)
        return mark
