"""Run the work of a build on an executor, whose processes may be on other machines.

Whatever an executor promises is enough: any process may get any batch, in any order.
"""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from sitegen.errors import OutputError, SitegenError
from sitegen.site.cache.build_cache import Progress
from sitegen.site.views.contexts import COPY, Page
from sitegen.site.views.file_reader import Read
from sitegen.site.workers import tasks
from sitegen.site.workers.workers import BATCH as OWN
from sitegen.site.workers.workers import Job, Made, SerialisedRead, Workshop

BATCH = 400  # files, or pages and the threads that they show
AT_ONCE = 256  # batches handed out and not yet back: what bounds the memory of all sides
TRIES = 100

T = TypeVar("T")


class Executed:
    """Reads files and renders pages in batches, in no particular order."""

    def __init__(self, workshop: Workshop, executor: Executor) -> None:
        self.workshop = workshop
        self.executor = executor
        self.token = os.urandom(16).hex()
        self.orders = Path(os.path.abspath(workshop.config.cache)) / "orders"

    def __enter__(self) -> Executed:
        """Write the order, which all workers read."""
        config = self.workshop.config
        whole = config._replace(root=Path(os.path.abspath(config.root)))
        tasks.give(self._order, tasks.Order(whole, self.workshop.theme))
        return self

    def __exit__(self, *_: object) -> None:
        """Delete the orders, also those of builds that were killed."""
        shutil.rmtree(self.orders, ignore_errors=True)

    @property
    def _order(self) -> Path:
        return self.orders / self.token

    def read(self, sources: Sequence[str]) -> Read:
        """Read files."""
        read = Read()
        batches = _batches(sources, lambda source: 1)

        def take(serialised: SerialisedRead) -> None:
            read.take(self.workshop.deserialise(serialised))

        self._hand_out((_packed(tasks.read, batch) for batch in batches), take)
        return read

    def make(self, job: Job, progress: Progress) -> Made:
        """Make pages; return the `stat` of each, None where it had these bytes already.

        Files are copied here, meanwhile: workers need not have the theme's.
        """
        made: Made = {}
        there = self.workshop.output.there

        def take(batch: Made) -> None:
            for path, stat in batch.items():
                made[path] = None if there.get(path) == stat else stat
            progress(len(made), len(pages))

        pages = tuple(job.pages)
        copied = [page for page in pages if page.template == COPY]
        rest = [page for page in pages if page.template != COPY]
        with self._bench():
            batches = (copied[at : at + OWN] for at in range(0, len(copied), OWN))
            here = (self.workshop.make(job.site, batch, job.entries) for batch in batches)
            self._hand_out(self._packed(job, rest), take, here)
        return made

    def _packed(self, job: Job, pages: Sequence[Page]) -> Iterator[bytes]:
        """Pack pages, batch by batch, with the threads that they show."""
        for batch in _batches(pages, lambda page: 1 + len(job.prints[page.path].sources)):
            shown = {source for page in batch for source in job.prints[page.path].sources}
            entries = {source: job.entries[source] for source in shown}
            yield _packed(tasks.make, self.token, job.site, batch, entries)

    @contextmanager
    def _bench(self) -> Iterator[None]:
        """Create the folder that workers need to finish a page; deleting it stops lost workers."""
        bench = tasks.bench(self.workshop.output, self.token)
        bench.mkdir()
        try:
            yield
        finally:
            for _ in range(TRIES):  # a worker may just have begun another file
                shutil.rmtree(bench, ignore_errors=True)
                if not bench.exists():
                    break

    def _hand_out(
        self, batches: Iterator[bytes], take: Callable[[Any], None], here: Iterable[Any] = ()
    ) -> None:
        """Submit batches, work on `here` meanwhile, and collect all results."""
        out: set[Future[Any]] = set()
        own = iter(here)
        try:
            while True:
                out |= {self._submitted(batch) for batch in islice(batches, AT_ONCE - len(out))}
                mine = next(own, None)
                if mine is not None:
                    take(mine)
                elif not out:
                    return
                done, out = wait(out, None if mine is None else 0, FIRST_COMPLETED)
                for future in done:
                    take(_answer(future))
        finally:
            wait([future for future in out if not future.cancel()])

    def _submitted(self, batch: bytes) -> Future[Any]:
        try:
            return self.executor.submit(tasks.work, str(self._order), batch)
        except Exception as error:
            raise _given_up(error) from error


def _answer(future: Future[Any]) -> Any:
    """Return the result of a batch, or raise its error."""
    try:
        return future.result()
    except SitegenError:
        raise
    except Exception as error:
        raise _given_up(error) from error


def _given_up(error: Exception) -> OutputError:
    said = " ".join(str(error).split()) or type(error).__name__
    return OutputError(
        f"the workers gave up ({said})",
        hint="are they still there, with the same sitegen and memory enough? then build again.",
    )


def _packed(task: Callable[..., Any], *arguments: Any) -> bytes:
    return pickle.dumps((task, *arguments), pickle.HIGHEST_PROTOCOL)


def _batches(items: Iterable[T], weight: Callable[[T], int]) -> Iterator[list[T]]:
    batch: list[T] = []
    weighs = 0
    for item in items:
        batch.append(item)
        weighs += weight(item)
        if weighs >= BATCH:
            yield batch
            batch, weighs = [], 0
    if batch:
        yield batch
