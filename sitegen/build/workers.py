"""Who does the work of a build: one workshop, or several processes that each have one.

The work is to read files, and to make pages; both are asked for whole and done in batches.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from msgspec import msgpack

from sitegen import forking
from sitegen.build.cache import Progress
from sitegen.build.contexts import COPY, Copied, Page
from sitegen.build.output import Output
from sitegen.build.reading import Item, Reader, Reading
from sitegen.build.scanning import OnDisk
from sitegen.build.theme import Theme
from sitegen.build.values import Entry, SiteView
from sitegen.config import Config
from sitegen.errors import ContentError

if TYPE_CHECKING:
    from sitegen.build.render import Renderer

ENOUGH = 300  # files or pages below which a second process costs more than it brings
BATCH = 50

Work = TypeVar("Work")
Told = Item | ContentError | bytes | None
Made = list[tuple[str, OnDisk | None]]


class Job(NamedTuple):
    """What pages are made of besides themselves; `entries` has the threads that they show."""

    site: SiteView
    theme: Theme
    entries: Mapping[str, Entry]


class Workshop:
    """What one process needs to read files and to make pages."""

    def __init__(self, config: Config, output: Output) -> None:
        self.config = config
        self.output = output
        self.reader = Reader(config.content)
        self.renderer: Renderer | None = None

    def read(self, sources: Sequence[str]) -> dict[str, Item | ContentError]:
        """Read files into items; one that is broken gives its error."""
        found: dict[str, Item | ContentError] = {}
        for source in sources:
            try:
                found[source] = self.reader.item(source)
            except ContentError as error:
                found[source] = error
        return found

    def prepared(self, theme: Theme, entries: Mapping[str, Entry]) -> Renderer:
        """Return this process's renderer, with all templates of the theme compiled."""
        from sitegen.build.render import Renderer

        if self.renderer is None or self.renderer.theme != theme:
            self.renderer = Renderer(theme, self.config, self.reader, entries)
            self.renderer.prepare()
        self.renderer.entries = entries
        return self.renderer

    def make(self, job: Job, pages: Sequence[Page]) -> Iterator[Made]:
        """Make pages and tell of them, batch by batch."""
        renderer = self.prepared(job.theme, job.entries)
        for start in range(0, len(pages), BATCH):
            yield [
                (page.path, self._made(page, job.site, renderer))
                for page in pages[start : start + BATCH]
            ]

    def _made(self, page: Page, site: SiteView, renderer: Renderer) -> OnDisk | None:
        if page.template == COPY and isinstance(page.context, Copied):
            return self.output.copy(page.path, Path(page.context.source))
        return self.output.write(page.path, renderer.render(page, site))


class Crew:
    """As many processes as the work is worth, which are born for it and end with it."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self.count = workshop.config.build.jobs or os.cpu_count() or 1

    def read(self, sources: Sequence[str]) -> dict[str, Item | ContentError]:
        """Read files into items; one that is broken gives its error."""
        shares = self._shares(sources)
        if len(shares) == 1:
            return self.workshop.read(sources)
        own = os.getpid()
        found: dict[str, Item | ContentError] = {}
        decode = msgpack.Decoder(Reading).decode
        for told in forking.spread(shares, lambda share: self._read(share, own)):
            for source, reading in told.items():
                if isinstance(reading, bytes):
                    found[source] = self.workshop.reader.take(source, decode(reading))
                else:
                    found[source] = reading or self.workshop.read((source,))[source]
        return {source: found[source] for source in sources}

    def make(self, job: Job, pages: Sequence[Page], progress: Progress) -> Made:
        """Make pages; tell how each lies on the disk, None where it already said that."""
        shares = self._shares(pages)
        if len(shares) > 1:
            self.workshop.prepared(job.theme, job.entries)  # once for all
        own, total = os.getpid(), len(pages)

        def make(share: Sequence[Page]) -> Made:
            made: Made = []
            for batch in self.workshop.make(job, share):
                made += batch
                if os.getpid() == own:
                    progress(min(len(made) * len(shares), total), total)
                elif forking.orphaned(own):
                    break
            return made

        return [one for made in forking.spread(shares, make) for one in made]

    def _read(self, share: Sequence[str], own: int) -> Mapping[str, Told]:
        """Read a share; what another process read is told encoded, or not if that cannot be."""
        if os.getpid() == own:
            return self.workshop.read(share)
        encode = msgpack.Encoder().encode
        told: dict[str, Told] = dict.fromkeys(share)
        for source in share:
            try:
                with suppress(UnicodeEncodeError):
                    told[source] = encode(self.workshop.reader.reading(source))
            except ContentError as error:
                told[source] = error
        return told

    def _shares(self, work: Sequence[Work]) -> list[Sequence[Work]]:
        """Deal work out, to as many as it is worth: neighbours to different ones."""
        count = self.count if len(work) >= ENOUGH and forking.can_fork() else 1
        return [work[at::count] for at in range(count)]
