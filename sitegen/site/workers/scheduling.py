"""Schedule work: a thread is rendered by the process that parsed it.

The main process is worker 0. It parses files from the end, where the newest threads are; helpers
parse from the start. Each worker has a queue of the pages that show posts which it parsed, and
all share a queue of the other pages. A worker with nothing left takes pages from the end of the
longest queue and parses their threads again. There are the pages that show a single thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING

from sitegen.site.cache.fingerprints import PageFingerprint
from sitegen.site.views import contexts
from sitegen.site.views.contexts import Page

if TYPE_CHECKING:
    from sitegen.processes import Helper
    from sitegen.site.search.segment import IndexAnswer, IndexParts, IndexTask, Part
    from sitegen.site.workers.worker import Worker

MIN_BATCH, MAX_BATCH = 16, 200  # in units of rendering one thread page
STOLEN_PART = 16  # of another worker's queue, one in so many units is taken at once
LINES_PER_PAGE = 12  # lines of a listing that cost as much as one thread page
Task = Page | str  # only the path for a helper, which receives the page serialised


def clamp(value: int, low: int, high: int) -> int:
    """Limit a value to the range from `low` to `high`."""
    return max(low, min(value, high))


class FileQueue:
    """Files to parse, sorted by name: the names of threads begin with dates.

    Batches get smaller towards the end, so that no worker waits long for another.
    """

    def __init__(self, sources: Sequence[str], workers: int) -> None:
        self.sources = sources
        self.start, self.end = 0, len(sources)
        self.share = 4 * workers

    def take(self, worker: int) -> Sequence[str]:
        """Take the next batch for a worker; an empty one when nothing is left."""
        size = clamp((self.end - self.start) // self.share, MIN_BATCH, MAX_BATCH)
        size = min(size, self.end - self.start)
        if worker:
            self.start += size
            return self.sources[self.start - size : self.start]
        self.end -= size
        return self.sources[self.end : self.end + size]


class PageQueue:
    """Pages to render, in order, each with its work in units of rendering one thread page.

    `work` is the sum, without that of pinned pages, which no other worker may steal.
    """

    def __init__(self) -> None:
        self.pages: deque[tuple[Task, int]] = deque()
        self.pinned: deque[Task] = deque()
        self.work = 0

    def put(self, page: Task, work: int) -> None:
        """Add a page to the end."""
        self.pages.append((page, work))
        self.work += work

    def put_first(self, page: Task, work: int) -> None:
        """Add a page to the start."""
        self.pages.appendleft((page, work))
        self.work += work

    def take(self, size: int) -> list[Task]:
        """Take work of `size` from the start; an empty batch when nothing is left."""
        if self.pinned:
            return [self.pinned.popleft() for _ in range(min(size, len(self.pinned)))]
        return self._pop(size, self.pages.popleft)

    def steal(self) -> list[Task]:
        """Take a few pages from the end; none where the owner will soon be done."""
        if self.work < 4 * MIN_BATCH:
            return []
        return self._pop(clamp(self.work // STOLEN_PART, MIN_BATCH, MAX_BATCH), self.pages.pop)

    def _pop(self, size: int, pop: Callable[[], tuple[Task, int]]) -> list[Task]:
        """Take pages with work of `size`, or all that are left."""
        batch: list[Task] = []
        left_after = self.work - size
        while self.pages and self.work > left_after:
            page, work = pop()
            batch.append(page)
            self.work -= work
        return batch


class ListingQueue(PageQueue):
    """Listings to render, those of the oldest threads first.

    So listings of the same time follow one another, and share the lines of their threads.
    """

    def __init__(self) -> None:
        super().__init__()
        self.unsorted: list[tuple[str, Task, int]] = []

    def put_listing(self, page: Task, sources: Sequence[str]) -> None:
        """Add a listing of threads, by the names of their files."""
        self.unsorted.append((sources[0] if sources else "", page, len(sources)))

    def take(self, size: int) -> list[Task]:
        """Take a batch of those that were added until now; an empty one when nothing is left."""
        self.unsorted.sort(key=itemgetter(0))
        for _, page, lines in self.unsorted:
            self.put(page, 1 + lines // LINES_PER_PAGE)
        self.unsorted.clear()
        return super().take(size)


class Scheduler:
    """Assigns pages to workers; `owners` says which worker parsed a file."""

    def __init__(self, owners: Mapping[str, int], workers: int) -> None:
        self.owners = owners
        self.own = [PageQueue() for _ in range(workers)]
        self.shared = ListingQueue()

    def put(self, page: Page, fingerprint: PageFingerprint) -> None:
        """Queue a page; what cannot be serialised is rendered by the main process."""
        sources = fingerprint.sources
        owner = self.owners.get(sources[0]) if sources else None
        if not fingerprint.encoded:
            self.own[0].pinned.append(page)
        elif owner is not None and contexts.shows_posts(page.context):
            queue = self.own[owner]
            put = queue.put if len(sources) == 1 else queue.put_first
            put(page.path if owner else page, len(sources))
        else:
            self.shared.put_listing(page, sources)

    def take(self, worker: int) -> list[Task]:
        """Take the next batch for a worker; an empty one when nothing is left for it.

        The main process has the entries of all threads, and begins with the pages that need them.
        Batches get smaller towards the end of all work, not that of a queue.
        """
        work = self.shared.work + sum([queue.work for queue in self.own])
        size = clamp(work // (4 * len(self.own)), MIN_BATCH, MAX_BATCH)
        longest = max(self.own, key=lambda queue: queue.work)
        first, second = self.own[worker], self.shared
        if worker == 0 and not first.pinned:
            first, second = second, first
        return first.take(size) or second.take(size) or longest.steal()


class IndexQueue:
    """Tasks that make parts of the search index, of which a helper has one at a time."""

    def __init__(self, tasks: Iterable[IndexTask]) -> None:
        self.waiting = deque(tasks)
        self.helpers: dict[tuple[int, Part], Helper] = {}
        self.made: IndexParts = {}

    @property
    def is_long(self) -> bool:
        """Whether there is more than this process can do at once."""
        return len(self.waiting) > 1

    def submit(self, helper: Helper) -> bool:
        """Give a task to a helper that has none; return whether one was left for it."""
        if not self.waiting or helper in self.helpers.values():
            return False
        task = self.waiting.popleft()
        self.helpers[task.number, task.part] = helper
        helper.submit("index", task.gather(), task.part)
        return True

    def own_work(self, worker: Worker) -> Iterator[None]:
        """Do what no helper has begun, a task at a time."""
        while self.waiting:
            task = self.waiting.pop()
            self.made[task.number, task.part] = worker.index(task.gather(), task.part)
            yield

    def collect(self, answer: IndexAnswer) -> None:
        """Take what a helper has made."""
        number, part, files = answer
        del self.helpers[number, part]
        self.made[number, part] = files
