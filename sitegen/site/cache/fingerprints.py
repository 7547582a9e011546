"""Fingerprint pages: a page with an unchanged fingerprint and value is not rendered again.

The fingerprint covers the threads that a page shows, its template with everything it extends,
includes or imports, the `SiteView`, the settings `[build]` and `[markdown]`, the language and
sitegen's version. A page that shows threads is also saved as a value; the value of any other page
goes into the fingerprint.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Raw

from sitegen import __version__
from sitegen.config.schema import Config
from sitegen.digests import hash_bytes as digest
from sitegen.languages.language import Language
from sitegen.site.cache.build_state import OutputRecord, encode
from sitegen.site.render.theme import Theme
from sitegen.site.views.contexts import (
    Context,
    FeedContext,
    IndexContext,
    Page,
    PostContext,
    ThreadContext,
)
from sitegen.site.views.dates.contexts import YearContext
from sitegen.site.views.page_refs import ThreadPart
from sitegen.site.views.summary import Entry
from sitegen.site.views.template_values import SiteView
from sitegen.site.views.topics.contexts import TopicContext


class PageFingerprint(NamedTuple):
    """A page's fingerprint, the content files that it shows, and the page encoded.

    `encoded` is empty if a string of the page has no UTF-8 encoding.
    """

    record: OutputRecord
    sources: tuple[str, ...]
    encoded: bytes

    @property
    def is_serialisable(self) -> bool:
        """Whether the saved state can name the threads that the page shows."""
        return bool(self.encoded or not self.sources)


class Fingerprinter:
    """Computes the fingerprints of a site's pages, and digests each template once."""

    def __init__(
        self,
        site: SiteView,
        config: Config,
        theme: Theme,
        language: Language,
        entries: Mapping[str, Entry],
    ) -> None:
        self.entries = entries
        self.theme = theme
        shared = (__version__, site, config.build, config.markdown, language.fingerprint)
        self.base = repr(shared).encode("utf-8", "replace")
        self.template_digests: dict[str, bytes] = {}

    def fingerprint(self, page: Page) -> PageFingerprint:
        """Return the fingerprint of a page."""
        template_digest = self.template_digests.get(page.template) or self._digest_template(
            page.template
        )
        sources = sources_of(page.context)
        encoded_page = encode(page)
        if len(sources) == 1 and encoded_page:  # most pages: no third digest needed
            return PageFingerprint(
                OutputRecord(template_digest + self.entries[sources[0]].digest, Raw(encoded_page)),
                sources,
                encoded_page,
            )
        digests = b"".join([self.entries[source].digest for source in sources])
        if sources and encoded_page:
            return PageFingerprint(
                OutputRecord(digest(template_digest + digests), Raw(encoded_page)),
                sources,
                encoded_page,
            )
        value = encoded_page or repr(page).encode("utf-8", "surrogatepass")
        return PageFingerprint(
            OutputRecord(digest(template_digest + value + digests)), sources, encoded_page
        )

    def _digest_template(self, template: str) -> bytes:
        """Return the digest of a template and of the inputs that all pages share."""
        text = self.base + self.theme.digest(template).encode()
        template_digest = self.template_digests[template] = digest(text)
        return template_digest


def sources_of(context: Context) -> tuple[str, ...]:
    """Return the content files of the threads that a context shows, with repetitions."""
    if isinstance(context, ThreadContext | PostContext):
        return _part_sources(context.thread)
    if isinstance(context, IndexContext):
        listed = (*context.liked.sources, *context.longest.sources)
        return (*_sources_of_parts(context.threads), *listed)
    if isinstance(context, YearContext | TopicContext):
        return (*context.entries.sources, *context.liked.sources)
    if isinstance(context, FeedContext):
        return _sources_of_parts(context.threads)
    entries = getattr(context, "entries", None) or getattr(context, "pictures", None)
    return entries.sources if entries else ()


def _sources_of_parts(parts: tuple[ThreadPart, ...]) -> tuple[str, ...]:
    return tuple([source for part in parts for source in _part_sources(part)])


def _part_sources(part: ThreadPart) -> tuple[str, ...]:
    return (part.source, *[source for _, source in part.quoted]) if part.quoted else (part.source,)
