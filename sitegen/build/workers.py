"""Who does the work of a build: one workshop, or several processes that each have one.

The work is to read files, and to make pages. A helper keeps the posts that it read, and gets
the pages that show them; pages and entries reach it encoded.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from msgspec import msgpack

from sitegen.build import helpers
from sitegen.build.cache import Progress
from sitegen.build.contexts import COPY, Copied, Page
from sitegen.build.fingerprints import Print
from sitegen.build.output import Output
from sitegen.build.reading import Item, Reader
from sitegen.build.scanning import OnDisk
from sitegen.build.state import encoded
from sitegen.build.theme import Theme
from sitegen.build.values import Entry, SiteView
from sitegen.config import Config
from sitegen.errors import ContentError
from sitegen.forking import can_fork, orphaned

if TYPE_CHECKING:
    from sitegen.build.render import Renderer

ENOUGH = 300  # files or pages below which a second process costs more than it brings
BATCH = 50

Made = dict[str, OnDisk | None]
Told = bytes | ContentError
Work = TypeVar("Work")


class Job(NamedTuple):
    """The pages to make, and what they are made of; `entries` has every thread that they show."""

    site: SiteView
    pages: Sequence[Page]
    prints: Mapping[str, Print]
    entries: Mapping[str, Entry]


class Workshop:
    """What one process needs to read files and to make pages."""

    def __init__(self, config: Config, output: Output, theme: Theme) -> None:
        self.config = config
        self.output = output
        self.theme = theme
        self.reader = Reader(config.content)
        self._renderer: Renderer | None = None

    @property
    def renderer(self) -> Renderer:
        """The renderer of this process, with all templates of the theme compiled."""
        from sitegen.build.render import Renderer

        if self._renderer is None:
            self._renderer = Renderer(self.theme, self.config, self.reader)
            self._renderer.templates.prepare()
        return self._renderer

    def read(self, sources: Sequence[str]) -> dict[str, Item | ContentError]:
        """Read files into items; one that is broken gives its error."""
        found: dict[str, Item | ContentError] = {}
        for source in sources:
            try:
                found[source] = self.reader.item(source)
            except ContentError as error:
                found[source] = error
        return found

    def make(
        self, site: SiteView, pages: Sequence[Page], entries: Mapping[str, Entry]
    ) -> Iterator[Made]:
        """Make pages and tell of them, batch by batch: None of one that already said that."""
        renderer = self.renderer
        renderer.entries = entries
        for start in range(0, len(pages), BATCH):
            batch = pages[start : start + BATCH]
            yield {page.path: self._made(page, site, renderer) for page in batch}

    def _made(self, page: Page, site: SiteView, renderer: Renderer) -> OnDisk | None:
        if page.template == COPY and isinstance(page.context, Copied):
            return self.output.copy(page.path, Path(page.context.source))
        return self.output.write(page.path, renderer.render(page, site))


class Crew:
    """A workshop and as many helpers as the work is worth; none before there is enough of it."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self.count = workshop.config.build.jobs or os.cpu_count() or 1
        self.helpers: list[helpers.Helper] = []
        self.owners: dict[str, int] = {}

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for helper in self.helpers:
            helper.end()

    def read(self, sources: Sequence[str]) -> dict[str, Item | ContentError]:
        """Read files into items; one that is broken gives its error."""
        self._hire(len(sources))
        own, *shares = _dealt(sources, 1 + len(self.helpers))
        self.owners |= dict.fromkeys(own, 0)
        for at, share in enumerate(shares):
            self.owners |= dict.fromkeys(share, at + 1)
            self.helpers[at].ask("read", share)
        found = self.workshop.read(own)
        for helper in self.helpers[: len(shares)]:
            found |= self._decoded(helper.answer())
        return {source: found[source] for source in sources}

    def make(self, job: Job, progress: Progress) -> Made:
        """Make pages; tell how each lies on the disk, None where it already said that."""
        self._hire(len(job.pages))
        own, *shares = self._shares(job)
        for at, share in enumerate(shares):
            self.helpers[at].ask("make", job.site, *self._told(job, share, at + 1))
        made: Made = {}
        for batch in self.workshop.make(job.site, own, job.entries):
            made |= batch
            progress(len(made) * (1 + len(shares)), len(job.pages))
        for helper in self.helpers:
            made |= helper.answer()
        return made

    def _shares(self, job: Job) -> list[list[Page]]:
        """Deal pages out: a thread's to who has read it, others to who has least, odd ones here."""
        shares: list[list[Page]] = [[] for _ in range(1 + len(self.helpers))]
        others: list[Page] = []
        for page in job.pages:
            told = job.prints[page.path]
            if not told.encoded:
                shares[0].append(page)
            elif len(told.sources) == 1 and told.sources[0] in self.owners:
                shares[self.owners[told.sources[0]]].append(page)
            else:
                others.append(page)
        for page in others:
            min(shares, key=len).append(page)
        return shares

    def _told(
        self, job: Job, pages: Sequence[Page], helper: int
    ) -> tuple[list[bytes], dict[str, bytes | Entry]]:
        """Return pages as they are told to a helper, and the entries that it has not read."""
        prints = [job.prints[page.path] for page in pages]
        shown = {source for told in prints for source in told.sources}
        missing = [source for source in shown if self.owners.get(source) != helper]
        return (
            [told.encoded for told in prints],
            {source: encoded(job.entries[source]) or job.entries[source] for source in missing},
        )

    def _decoded(self, told: Mapping[str, Told]) -> dict[str, Item | ContentError]:
        """Return what a helper read; what it could not tell is read here."""
        decode = msgpack.Decoder(Item).decode
        return {
            source: item
            if isinstance(item, ContentError)
            else (decode(item) if item else self.workshop.read((source,))[source])
            for source, item in told.items()
        }

    def _hire(self, work: int) -> None:
        if self.helpers or self.count < 2 or work < ENOUGH or not can_fork():
            return
        _ = self.workshop.renderer  # whatever all need is made before they are born
        tasks = _Tasks(self.workshop, os.getpid())
        for _ in range(self.count - 1):
            try:
                helper = helpers.Helper({"read": tasks.read, "make": tasks.make}, self.helpers)
            except OSError:  # the system has no process left to give: those that are do it
                return
            self.helpers.append(helper)


class _Tasks:
    """What a helper can do, in its own copy of the workshop."""

    def __init__(self, workshop: Workshop, parent: int) -> None:
        self.workshop = workshop
        self.parent = parent
        self.entries: dict[str, Entry] = {}

    def read(self, sources: Sequence[str]) -> dict[str, Told]:
        """Read files; tell what they hold encoded, and nothing of what has no UTF-8."""
        found = self.workshop.read(sources)
        self.entries |= {s: item for s, item in found.items() if isinstance(item, Entry)}
        return {
            source: item if isinstance(item, ContentError) else encoded(item)
            for source, item in found.items()
        }

    def make(
        self, site: SiteView, pages: Sequence[bytes], entries: Mapping[str, bytes | Entry]
    ) -> Made:
        """Make pages, unless whoever asked was killed: then no more files are written."""
        decode, read = msgpack.Decoder(Page).decode, msgpack.Decoder(Entry).decode
        known = self.entries
        for source, item in entries.items():
            known[source] = read(item) if isinstance(item, bytes) else item
        made: Made = {}
        for batch in self.workshop.make(site, [decode(page) for page in pages], known):
            made |= batch
            if orphaned(self.parent):
                raise EOFError
        return made


def _dealt(work: Sequence[Work], count: int) -> list[Sequence[Work]]:
    """Deal work out in equal shares: neighbours to different ones."""
    return [work[at::count] for at in range(count)]
