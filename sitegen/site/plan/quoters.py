"""Find the posts that quote the posts of each thread, for the pages of the quoted ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sitegen import timestamps
from sitegen.config.schema import Build
from sitegen.site.plan.library import Library
from sitegen.site.views import thread_pages
from sitegen.site.views.links import writer
from sitegen.site.views.page_refs import Quoter
from sitegen.site.views.summary import Entry


def quoters(library: Library, build: Build) -> Mapping[str, tuple[Quoter, ...]]:
    """Return the posts that quote others of the archive, the oldest first.

    The keys are the content files of the quoted posts. Hidden posts neither quote nor are quoted.
    """
    found: dict[str, list[Quoter]] = {}
    for entry in library.entries:
        if entry.quotations:
            for source, quoter in _quoters_in(entry, library, build):
                found.setdefault(source, []).append(quoter)
    return {source: tuple(sorted(listed, key=_age)) for source, listed in found.items()}


def _quoters_in(entry: Entry, library: Library, build: Build) -> Iterator[tuple[str, Quoter]]:
    """Yield the quoting posts of a thread, each with the file of the post that it quotes."""
    for quotation in entry.quotations:
        quoted = library.quoted.get((entry.network, quotation.post))
        if quoted:
            at = quotation.at
            yield (
                quoted.source,
                Quoter(
                    quotation.post,
                    thread_pages.address(entry, at, build),
                    writer(entry.network, quotation.author),
                    quotation.created_at if at else entry.created_at,
                ),
            )


def _age(quoter: Quoter) -> tuple[tuple[bool, float], str]:
    """Return the sort key of a quoting post: its time, unknown times last, then its address."""
    return timestamps.sort_key(quoter.created_at), quoter.path
