"""Run the work of a build: in this process, and in helper processes with their own workshop.

The work is to read files, and to make pages. It is done in batches: a helper gets the next when
it is done with one. It keeps the posts that it read, and gets the pages that show them; pages and
entries reach it encoded.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Raw, msgpack

from sitegen.config.schema import Config
from sitegen.errors import ContentError
from sitegen.processes import Helper, can_fork, fork_helpers, is_orphaned, ready_helpers
from sitegen.site.cache.build_cache import Progress
from sitegen.site.cache.build_state import encoded
from sitegen.site.cache.fingerprints import Print
from sitegen.site.output_folder import Output
from sitegen.site.render.theme import Theme
from sitegen.site.scan import OnDisk
from sitegen.site.views.contexts import COPY, Copied, Page, shows_posts
from sitegen.site.views.file_reader import Item, Read, Reader
from sitegen.site.views.summary import Entry
from sitegen.site.views.template_values import SiteView
from sitegen.site.workers.scheduling import FileQueue, Scheduler

if TYPE_CHECKING:
    from sitegen.site.render.renderer import Renderer

ENOUGH = 300  # files or pages below which a second process costs more than it brings
BATCH = 50  # pages that are planned, or copied, before the helpers are asked again
AHEAD = 5  # batches that a helper has been asked for, so that it need not wait

Made = dict[str, OnDisk | None]
SerialisedRead = dict[str, bytes | ContentError]


class Job(NamedTuple):
    """The pages to make, which are gone through once, and what is known when they are.

    `entries` has every thread that they show, and `items` most of them encoded.
    """

    site: SiteView
    pages: Iterable[Page]
    prints: Mapping[str, Print]
    entries: Mapping[str, Entry]
    items: Mapping[str, Raw]


class Workshop:
    """The parser and renderer of one process."""

    def __init__(self, config: Config, output: Output, theme: Theme) -> None:
        self.config = config
        self.output = output
        self.theme = theme
        self.reader = Reader(config.content)
        self.item = msgpack.Decoder(Item).decode
        self._renderer: Renderer | None = None

    @property
    def renderer(self) -> Renderer:
        """The renderer of this process, with all templates of the theme compiled."""
        from sitegen.site.render.renderer import Renderer

        if self._renderer is None:
            self._renderer = Renderer(self.theme, self.config, self.reader)
            self._renderer.templates.prepare()
        return self._renderer

    def read(self, sources: Iterable[str]) -> Read:
        """Read files."""
        read = Read()
        for source in sources:
            try:
                item = read.items[source] = self.reader.item(source)
                if data := encoded(item):
                    read.encoded[source] = Raw(data)
            except ContentError as error:
                read.broken[source] = error
        return read

    def deserialise(self, serialised: SerialisedRead) -> Read:
        """Return what another process read; what has no UTF-8 is not sent, and read here."""
        read = Read()
        for source, item in serialised.items():
            if isinstance(item, ContentError):
                read.broken[source] = item
            elif item:
                read.items[source] = self.item(item)
                read.encoded[source] = Raw(item)
            else:
                read.take(self.read((source,)))
        return read

    def make(self, site: SiteView, pages: Iterable[Page], entries: Mapping[str, Entry]) -> Made:
        """Make pages; return the `stat` of each, None where it had these bytes already."""
        renderer = self.renderer
        renderer.entries = entries
        return {page.path: self._made(page, site, renderer) for page in pages}

    def _made(self, page: Page, site: SiteView, renderer: Renderer) -> OnDisk | None:
        if page.template == COPY and isinstance(page.context, Copied):
            return self.output.copy(page.path, Path(page.context.source))
        return self.output.write(page.path, renderer.render(page, site))


def serialise(read: Read) -> SerialisedRead:
    """Serialise parsed files for another process."""
    encoded = read.encoded
    return {s: bytes(encoded[s]) if s in encoded else b"" for s in read.items} | read.broken


class Crew:
    """A workshop and as many helpers as the work is worth; none before there is enough of it."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self.count = workshop.config.build.jobs or os.cpu_count() or 1
        self.helpers: list[Helper] = []
        self.owners: dict[str, int] = {}
        self._page = msgpack.Decoder(Page).decode

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        self._let_go()

    def read(self, sources: Sequence[str]) -> Read:
        """Read files."""
        self._hire(len(sources))
        queue = FileQueue(sources, 1 + len(self.helpers))
        read = Read()

        def ask(number: int) -> bool:
            batch = queue.take(number)
            self.owners.update(dict.fromkeys(batch, number))
            if batch:
                self.helpers[number - 1].submit("read", batch)
            return bool(batch)

        def here() -> Iterator[None]:
            while batch := queue.take(0):
                self.owners.update(dict.fromkeys(batch, 0))
                read.take(self.workshop.read(batch))
                yield

        self._together(here(), ask, lambda answer: read.take(self.workshop.deserialise(answer)))
        return read

    def make(self, job: Job, progress: Progress) -> Made:
        """Make pages; return the `stat` of each, None where it had these bytes already."""
        if isinstance(job.pages, Sequence):
            self._hire(len(job.pages))
        scheduler = Scheduler(self.owners, 1 + len(self.helpers))
        knows: list[set[str]] = [set() for _ in self.helpers]
        made: Made = {}

        def ask(number: int) -> bool:
            tasks = scheduler.take(number)
            if tasks:
                prints = [job.prints[d if isinstance(d, str) else d.path] for d in tasks]
                new = self._new(job, prints, number, knows[number - 1])
                recipes = [fingerprint.encoded for fingerprint in prints]
                self.helpers[number - 1].submit("make", job.site, recipes, new)
            return bool(tasks)

        def here() -> Iterator[None]:
            for at, page in enumerate(job.pages):
                scheduler.put(page, job.prints[page.path])
                if at % BATCH == 0:
                    yield
            while tasks := scheduler.take(0):
                pages = [
                    self._page(job.prints[d].encoded) if isinstance(d, str) else d for d in tasks
                ]
                take(self.workshop.make(job.site, pages, job.entries))
                yield

        def take(batch: Made) -> None:
            made.update(batch)
            progress(len(made), len(job.prints))

        self._together(here(), ask, take)
        return made

    def _together(
        self, here: Iterator[None], ask: Callable[[int], bool], take: Callable[[Any], None]
    ) -> None:
        """Do the work here step by step; meanwhile ask the helpers, and take what they answer."""
        working = True
        try:
            while working or any(helper.open_requests for helper in self.helpers):
                for number, helper in enumerate(self.helpers, 1):
                    while helper.open_requests < AHEAD and ask(number):
                        pass
                working = working and next(here, self) is not self
                for helper in ready_helpers(self.helpers, wait=not working):
                    take(helper.result())
        except BaseException:
            self._let_go()  # before what they are making is taken away
            raise

    def _new(
        self, job: Job, prints: Iterable[Print], helper: int, knows: set[str]
    ) -> dict[str, bytes | Entry]:
        """Return the threads that a helper needs for pages, and has not got yet."""
        shown = {source for fingerprint in prints for source in fingerprint.sources}
        new = {s for s in shown - knows if self.owners.get(s) != helper}
        knows |= new
        items = job.items
        return {s: bytes(items[s]) if s in items else job.entries[s] for s in new}

    def _hire(self, work: int) -> None:
        if self.helpers or self.count < 2 or work < ENOUGH or not can_fork():
            return
        _ = self.workshop.renderer  # whatever all need is made before they are born
        tasks = _Tasks(self.workshop, os.getpid())
        for helper in fork_helpers({"read": tasks.read, "make": tasks.make}, self.count - 1):
            self.helpers.append(helper)

    def _let_go(self) -> None:
        for helper in self.helpers:
            helper.kill()
        self.helpers = []


class _Tasks:
    """The tasks of a helper, in its own copy of the workshop."""

    def __init__(self, workshop: Workshop, parent: int) -> None:
        self.workshop = workshop
        self.parent = parent
        self.entries: dict[str, Entry] = {}
        self.page = msgpack.Decoder(Page).decode
        self.entry = msgpack.Decoder(Entry).decode

    def read(self, sources: Sequence[str]) -> SerialisedRead:
        """Read files, and return what is in them."""
        read = self.workshop.read(sources)
        for source, item in read.items.items():
            if isinstance(item, Entry):
                self.entries[source] = item
        return serialise(read)

    def make(
        self, site: SiteView, pages: Sequence[bytes], entries: Mapping[str, bytes | Entry]
    ) -> Made:
        """Make pages, unless whoever asked was killed: then no more files are written."""
        if is_orphaned(self.parent):
            raise EOFError
        for source, item in entries.items():
            self.entries[source] = self.entry(item) if isinstance(item, bytes) else item
        decoded = [self.page(page) for page in pages]
        if not any(shows_posts(page.context) for page in decoded):  # these come last
            self.workshop.reader.forget_all()
        return self.workshop.make(site, decoded, self.entries)
