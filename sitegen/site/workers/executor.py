"""Run the work of a build on an executor, whose processes may be on other machines.

Any process may get any batch, in any order, and may run a batch twice.
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
from sitegen.site.parsing.items import ParsedFiles
from sitegen.site.search.segment import IndexAnswer, IndexParts, IndexTask
from sitegen.site.views.contexts import COPIES, Page
from sitegen.site.workers import tasks
from sitegen.site.workers.process_pool import BATCH_PAGES, Job
from sitegen.site.workers.worker import PageStats, SerialisedFiles, Worker

BATCH_ITEMS = 400  # files to parse, or pages plus the threads that they show
MAX_OPEN_BATCHES = 256  # submitted and unfinished: bounds the memory of scheduler and workers
MAX_DELETE_ATTEMPTS = 100

T = TypeVar("T")


class ExecutorPool:
    """Parses files and renders pages on an executor; a context manager for one build."""

    def __init__(self, worker: Worker, executor: Executor) -> None:
        self.worker = worker
        self.executor = executor
        self.token = os.urandom(16).hex()
        self.spec_folder = Path(os.path.abspath(worker.config.cache)) / "orders"
        self.index_tasks: tuple[IndexTask, ...] = ()
        self.index_parts: IndexParts = {}

    def __enter__(self) -> ExecutorPool:
        """Write the build's spec to the cache, where all workers read it."""
        config = self.worker.config
        absolute = config._replace(root=Path(os.path.abspath(config.root)))
        worker = self.worker
        spec = tasks.BuildSpec(absolute, worker.theme, worker.language, worker.names, worker.topics)
        tasks.write_spec(self._spec_file, spec)
        return self

    def __exit__(self, *_: object) -> None:
        """Delete all specs, including those of builds that were killed."""
        shutil.rmtree(self.spec_folder, ignore_errors=True)

    @property
    def _spec_file(self) -> Path:
        return self.spec_folder / self.token

    def parse(self, sources: Sequence[str]) -> ParsedFiles:
        """Parse content files, named by their paths in content/."""
        parsed = ParsedFiles()
        batches = _batches(sources, lambda source: 1)

        def collect(serialised: SerialisedFiles) -> None:
            parsed.update(self.worker.deserialise(serialised))

        self._run_batches((_pickle(tasks.parse_files, batch) for batch in batches), collect)
        return parsed

    def begin_index(self, tasks: Sequence[IndexTask]) -> None:
        """Take the parts of the search index that `index` makes."""
        self.index_tasks = tuple(tasks)

    def index(self) -> IndexParts:
        """Return all parts of the search index that was begun, by segment and part."""

        def collect(answer: IndexAnswer) -> None:
            number, part, files = answer
            self.index_parts[number, part] = files

        begun, self.index_tasks = self.index_tasks, ()
        self._run_batches(
            (_pickle(tasks.index_segment, task.gather(), task.part) for task in begun), collect
        )
        return self.index_parts

    def render(self, job: Job, progress: Progress) -> PageStats:
        """Render pages; return the `stat` of each, None if the file had these bytes already.

        This process copies static files meanwhile, since workers may not have the theme.
        """
        stats: PageStats = {}
        existing = self.worker.output.existing

        def collect(batch: PageStats) -> None:
            for path, stat in batch.items():
                stats[path] = None if existing.get(path) == stat else stat
            progress(len(stats), len(pages))

        pages = tuple(job.pages)
        copied = [page for page in pages if page.template in COPIES]
        rendered = [page for page in pages if page.template not in COPIES]
        with self._staging_folder():
            batches = (copied[at : at + BATCH_PAGES] for at in range(0, len(copied), BATCH_PAGES))
            local_results = (self.worker.render(job.site, batch, job.entries) for batch in batches)
            self._run_batches(self._page_batches(job, rendered), collect, local_results)
        return stats

    def _page_batches(self, job: Job, pages: Sequence[Page]) -> Iterator[bytes]:
        """Yield pickled batches of pages, each with the entries of the threads that it shows."""
        for batch in _batches(pages, lambda page: 1 + len(job.fingerprints[page.path].sources)):
            sources = {source for page in batch for source in job.fingerprints[page.path].sources}
            entries = {source: job.entries[source] for source in sources}
            yield _pickle(tasks.render_pages, self.token, job.site, batch, entries)

    @contextmanager
    def _staging_folder(self) -> Iterator[None]:
        """Create the workers' staging folder; its deletion stops workers that were lost."""
        folder = tasks.staging_folder(self.worker.output, self.token)
        folder.mkdir()
        try:
            yield
        finally:
            for _ in range(MAX_DELETE_ATTEMPTS):  # a lost worker may be writing into it
                shutil.rmtree(folder, ignore_errors=True)
                if not folder.exists():
                    break

    def _run_batches(
        self,
        batches: Iterator[bytes],
        take: Callable[[Any], None],
        local_results: Iterable[Any] = (),
    ) -> None:
        """Submit batches, compute local results meanwhile, and collect all results."""
        pending: set[Future[Any]] = set()
        local = iter(local_results)
        try:
            while True:
                pending |= {
                    self._submit(batch)
                    for batch in islice(batches, MAX_OPEN_BATCHES - len(pending))
                }
                local_result = next(local, None)
                if local_result is not None:
                    take(local_result)
                elif not pending:
                    return
                done, pending = wait(pending, None if local_result is None else 0, FIRST_COMPLETED)
                for future in done:
                    take(_result(future))
        finally:
            wait([future for future in pending if not future.cancel()])

    def _submit(self, batch: bytes) -> Future[Any]:
        try:
            return self.executor.submit(tasks.run_batch, str(self._spec_file), batch)
        except Exception as error:
            raise _worker_error(error) from error


def _result(future: Future[Any]) -> Any:
    """Return the result of a batch. Raises SitegenError."""
    try:
        return future.result()
    except SitegenError:
        raise
    except Exception as error:
        raise _worker_error(error) from error


def _worker_error(error: Exception) -> OutputError:
    reason = " ".join(str(error).split()) or type(error).__name__
    return OutputError(
        f"the workers gave up ({reason})",
        hint="are they still there, with the same sitegen and memory enough? then build again.",
    )


def _pickle(task: Callable[..., Any], *arguments: Any) -> bytes:
    return pickle.dumps((task, *arguments), pickle.HIGHEST_PROTOCOL)


def _batches(items: Iterable[T], weight: Callable[[T], int]) -> Iterator[list[T]]:
    batch: list[T] = []
    total_weight = 0
    for item in items:
        batch.append(item)
        total_weight += weight(item)
        if total_weight >= BATCH_ITEMS:
            yield batch
            batch, total_weight = [], 0
    if batch:
        yield batch
