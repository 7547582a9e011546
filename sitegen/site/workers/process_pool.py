"""Parse files and render pages in this process and in forked helper processes.

Work is sent to helpers in batches. A helper keeps the posts that it parsed and gets the pages
that show them. Pages and entries are serialised for it as msgpack.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Raw

from sitegen.processes import (
    MAX_QUEUED_TASKS,
    Helper,
    Tasks,
    can_fork,
    count_wanted,
    fork_helpers,
    is_orphaned,
    ready_results,
)
from sitegen.site.cache.build_cache import Progress
from sitegen.site.cache.build_state import decoder
from sitegen.site.cache.fingerprints import PageFingerprint
from sitegen.site.parsing.items import ParsedFiles
from sitegen.site.views.contexts import Page, shows_posts
from sitegen.site.views.summary import Entry
from sitegen.site.views.template_values import SiteView
from sitegen.site.workers.scheduling import FileQueue, IndexQueue, Scheduler
from sitegen.site.workers.worker import PageStats, SerialisedFiles, Worker, serialise

if TYPE_CHECKING:
    from sitegen.site.search.segment import (
        IndexAnswer,
        IndexParts,
        IndexTask,
        Part,
        SegmentPosts,
    )

MIN_PARALLEL_ITEMS = 300  # with fewer files or pages, forking costs more than it saves
BATCH_PAGES = 50  # planned or copied here before the helpers are served again
POSTS_PER_ITEM = 10  # to index so many takes as long as to parse a file


class Job(NamedTuple):
    """The pages to render, and everything needed to render them.

    `pages` is iterated once. `entries` has every thread that they show, `items` most of them
    encoded.
    """

    site: SiteView
    pages: Iterable[Page]
    fingerprints: Mapping[str, PageFingerprint]
    entries: Mapping[str, Entry]
    items: Mapping[str, Raw]


class ProcessPool:
    """The worker of this process, and helper processes that are forked if there is enough work."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.count = count_wanted(worker.config.build.jobs)
        self.helpers: list[Helper] = []
        self.owners: dict[str, int] = {}
        self.index_queue = IndexQueue(())

    def __enter__(self) -> ProcessPool:
        return self

    def __exit__(self, *_: object) -> None:
        self._kill_helpers()

    def parse(self, sources: Sequence[str]) -> ParsedFiles:
        """Parse content files, named by their paths in content/.

        If there are many, pages are made next: this process loads the templates while helpers
        begin to parse, and they do while this process plans the site.
        """
        self._start_helpers(len(sources))
        queue = FileQueue(sources, 1 + len(self.helpers))
        parsed = ParsedFiles()

        def submit_batch(number: int) -> bool:
            batch = queue.take(number)
            self.owners.update(dict.fromkeys(batch, number))
            if batch:
                self.helpers[number - 1].submit("parse", batch)
            return bool(batch)

        def own_work() -> Iterator[None]:
            if self.helpers:
                self.worker.load_templates()
                yield
            while batch := queue.take(0):
                self.owners.update(dict.fromkeys(batch, 0))
                parsed.update(self.worker.parse(batch))
                yield

        self._run(
            own_work(), submit_batch, lambda answer: parsed.update(self.worker.deserialise(answer))
        )
        for helper in self.helpers:
            helper.submit("load templates")
        return parsed

    def begin_index(self, tasks: Sequence[IndexTask]) -> None:
        """Let helpers begin with parts of the search index, while this process plans pages.

        They have nothing else to do then. `index` and `render` make the others.
        """
        self._start_helpers(sum([task.size for task in tasks]) // POSTS_PER_ITEM)
        self.index_queue = IndexQueue(tasks)
        for helper in self.helpers:
            self.index_queue.submit(helper)

    def index(self) -> IndexParts:
        """Return all parts of the search index that was begun, by segment and part."""
        queue = self.index_queue

        def submit_task(number: int) -> bool:
            return queue.is_long and queue.submit(self.helpers[number - 1])

        self._run(queue.own_work(self.worker), submit_task, queue.collect)
        return queue.made

    def render(self, job: Job, progress: Progress) -> PageStats:
        """Render pages; return the `stat` of each, None if the file had these bytes already.

        What is left of the search index is made meanwhile: its tasks are few and long. Helpers
        begin with them, and this process with the pages that nobody has read the threads of, so
        that no process waits for another.
        """
        if isinstance(job.pages, Sequence):
            self._start_helpers(len(job.pages))
        queue = self.index_queue
        scheduler = Scheduler(self.owners, 1 + len(self.helpers))
        known_sources: list[set[str]] = [set() for _ in self.helpers]
        stats: PageStats = {}

        def submit_batch(number: int) -> bool:
            if queue.submit(self.helpers[number - 1]):
                return True
            tasks = scheduler.take(number)
            if tasks:
                fingerprints = [
                    job.fingerprints[d if isinstance(d, str) else d.path] for d in tasks
                ]
                new = self._missing_entries(job, fingerprints, number, known_sources[number - 1])
                serialised = [fingerprint.encoded for fingerprint in fingerprints]
                self.helpers[number - 1].submit("render", job.site, serialised, new)
            return bool(tasks)

        def own_work() -> Iterator[None]:
            for at, page in enumerate(job.pages):
                scheduler.put(page, job.fingerprints[page.path])
                if at % BATCH_PAGES == 0:
                    yield
            while tasks := scheduler.take(0):
                pages = [
                    decoder(Page).decode(job.fingerprints[d].encoded) if isinstance(d, str) else d
                    for d in tasks
                ]
                collect(self.worker.render(job.site, pages, job.entries))
                yield
            yield from queue.own_work(self.worker)

        def collect(answer: PageStats | IndexAnswer) -> None:
            if isinstance(answer, tuple):
                queue.collect(answer)
                return
            stats.update(answer)
            progress(len(stats), len(job.fingerprints))

        self._run(own_work(), submit_batch, collect)
        return stats

    def _run(
        self,
        own_work: Iterator[None],
        submit_batch: Callable[[int], bool],
        collect: Callable[[Any], None],
    ) -> None:
        """Alternate between work in this process and serving the helpers, until all is done.

        Helpers are asked once more after the last own work, which may have queued some for them.
        Tasks that only prepare a helper have no result to collect.
        """
        working = True
        try:
            while True:
                for number, helper in enumerate(self.helpers, 1):
                    while helper.open_requests < MAX_QUEUED_TASKS and submit_batch(number):
                        pass
                if not working and not any(helper.open_requests for helper in self.helpers):
                    return
                working = working and next(own_work, self) is not self
                for _, result in ready_results(self.helpers, wait=not working):
                    if result is not None:
                        collect(result)
        except BaseException:
            self._kill_helpers()  # before their output folder is deleted
            raise

    def _missing_entries(
        self,
        job: Job,
        fingerprints: Iterable[PageFingerprint],
        helper: int,
        known_sources: set[str],
    ) -> dict[str, bytes | Entry]:
        """Return the entries that a helper needs for pages and does not have yet."""
        shown = {source for fingerprint in fingerprints for source in fingerprint.sources}
        new = {s for s in shown - known_sources if self.owners.get(s) != helper}
        known_sources |= new
        items = job.items
        return {s: bytes(items[s]) if s in items else job.entries[s] for s in new}

    def _start_helpers(self, work: int) -> None:
        if self.helpers or self.count < 2 or work < MIN_PARALLEL_ITEMS or not can_fork():
            return
        tasks = _HelperTasks(self.worker, os.getpid())
        named: Tasks = {
            "parse": tasks.parse,
            "load templates": self.worker.load_templates,
            "index": tasks.index,
            "render": tasks.render,
        }
        for helper in fork_helpers(named, self.count - 1):
            self.helpers.append(helper)

    def _kill_helpers(self) -> None:
        for helper in self.helpers:
            helper.kill()
        self.helpers = []


class _HelperTasks:
    """The tasks of a helper process, which has its own copy of the worker."""

    def __init__(self, worker: Worker, parent: int) -> None:
        self.worker = worker
        self.parent = parent
        self.entries: dict[str, Entry] = {}

    def parse(self, sources: Sequence[str]) -> SerialisedFiles:
        """Parse content files and return them serialised."""
        parsed = self.worker.parse(sources)
        for source, item in parsed.items.items():
            if isinstance(item, Entry):
                self.entries[source] = item
        return serialise(parsed)

    def index(self, posts: SegmentPosts, part: Part) -> IndexAnswer:
        """Make a part of a segment of the search index."""
        return posts.number, part, self.worker.index(posts, part)

    def render(
        self, site: SiteView, pages: Sequence[bytes], entries: Mapping[str, bytes | Entry]
    ) -> PageStats:
        """Render pages. Raises EOFError if the parent was killed, so that writing stops."""
        if is_orphaned(self.parent):
            raise EOFError
        for source, item in entries.items():
            self.entries[source] = decoder(Entry).decode(item) if isinstance(item, bytes) else item
        decoded = [decoder(Page).decode(page) for page in pages]
        if not any(
            shows_posts(page.context) for page in decoded
        ):  # listings come last and need no posts
            self.worker.reader.forget_all()
        return self.worker.render(site, decoded, self.entries)
