"""Who reads which file and makes which page: a thread's whoever has read it.

This process reads the files from their end, where the newest threads are, and helpers from their
start; listings are taken from both ends too. So who lists a thread has mostly read it, and its
line is still at hand. Whoever has nothing left makes what another would come to last, and reads
those threads again. Pages that show posts of many threads come before those of the threads, after
which posts that were read for them are forgotten; what needs no posts comes last, so that all are
done at about the same time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence

from sitegen.site.cache.fingerprints import Print
from sitegen.site.views import contexts
from sitegen.site.views.contexts import Page

LEAST, MOST = 16, 200  # what is dealt at once: as much work as so many pages of a thread
FEW = 16  # pages of threads that are taken from another
LAST = ""  # before all names of files: helpers take first what is long, and nobody waits for it
LINES = 12  # a listing's lines that are as much work as a page of a thread
Dealt = Page | str  # a page; of one that a helper is to make, and gets encoded, only the path


def between(least: int, wanted: int, most: int) -> int:
    """Return what is wanted, within these bounds."""
    return max(least, min(wanted, most))


class Unread:
    """Files that wait to be read, in the order of their names: those of threads begin with dates.

    They are dealt many at once at first: to ask costs time too, and at the end nobody may wait.
    """

    def __init__(self, sources: Sequence[str], workers: int) -> None:
        self.sources = sources
        self.start, self.end = 0, len(sources)
        self.share = 4 * workers

    def take(self, who: int) -> Sequence[str]:
        """Take the next batch for a process; none when nothing is left."""
        size = between(LEAST, (self.end - self.start) // self.share, MOST)
        size = min(size, self.end - self.start)
        if who:
            self.start += size
            return self.sources[self.start - size : self.start]
        self.end -= size
        return self.sources[self.end : self.end + size]


class Queue:
    """Pages that wait to be made."""

    def __init__(self) -> None:
        self.pages: deque[tuple[Dealt, int]] = deque()

    def put(self, page: Dealt, lines: int) -> None:
        """Put a page at the end."""
        self.pages.append((page, 1 + lines // LINES))

    def take(self) -> list[Dealt]:
        """Take a batch from the start; none when nothing is left."""
        return self._taken(self.pages.popleft)

    def _taken(self, one: Callable[[], tuple[Dealt, int]]) -> list[Dealt]:
        found: list[Dealt] = []
        work = 0
        enough = between(LEAST, len(self.pages) // 4, MOST)
        while self.pages and work < enough:
            page, weight = one()
            found.append(page)
            work += weight
        return found

    def give(self) -> list[Dealt]:
        """Give away a few pages from the end; none where their owner has soon made all."""
        if len(self.pages) < 4 * FEW:
            return []
        return [self.pages.pop()[0] for _ in range(FEW)]


class Listings(Queue):
    """Listings that wait to be made, the one with the newest thread first."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[tuple[str, Page, int]] = []

    def put_by(self, newest: str, page: Page, lines: int) -> None:
        """Put a page where its newest thread, whose file has its date in its name, belongs."""
        self.waiting.append((newest, page, lines))

    def take(self) -> list[Dealt]:
        """Take a batch of the newest; none when nothing is left."""
        self._sort()
        return super().take()

    def take_oldest(self) -> list[Dealt]:
        """Take a batch of the oldest; none when nothing is left."""
        self._sort()
        return self._taken(self.pages.pop)

    def _sort(self) -> None:
        self.waiting.sort(key=lambda one: one[0], reverse=True)
        for _, page, lines in self.waiting:
            self.put(page, lines)
        self.waiting.clear()


class Dealer:
    """Deals pages to processes by their numbers; this one is number 0."""

    def __init__(self, owners: Mapping[str, int], count: int) -> None:
        self.owners = owners
        self.early = [Queue() for _ in range(count)]
        self.own = [Queue() for _ in range(count)]
        self.unserialisable = Queue()
        self.first = Queue()
        self.last = Listings()

    def put(self, page: Page, fingerprint: Print) -> None:
        """Put a page into a worker's queue; what cannot be serialised is made here."""
        sources = fingerprint.sources
        owner = self.owners.get(sources[0]) if sources else None
        queue: Queue
        if not fingerprint.encoded:
            queue = self.unserialisable
        elif len(sources) == 1 and owner is not None:
            self.own[owner].put(page.path if owner else page, 1)
            return
        elif contexts.shows_posts(page.context):
            queue = self.first if owner is None else self.early[owner]
        else:
            self.last.put_by(sources[0] if sources else LAST, page, len(sources))
            return
        queue.put(page, len(sources))

    def take(self, who: int) -> list[Dealt]:
        """Take the next batch for a process; none when nothing is left for it.

        This process has all entries; they must be sent to others, best when their posts are gone.
        """
        early, own, listings = self.early[who], self.own[who], self.last
        order = (
            (early.take, own.take, self.first.take, listings.take_oldest)
            if who
            else (early.take, self.first.take, self.unserialisable.take, own.take, listings.take)
        )
        found = next((pages for take in order if (pages := take())), [])
        return found or max(self.own, key=lambda queue: len(queue.pages)).give()
