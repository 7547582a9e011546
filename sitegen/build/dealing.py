"""Who makes which page: a thread's whoever has read it, all others whoever is free first.

Whoever has nothing left makes what another would come to last, and reads those threads again.
Pages that show posts of many threads come before those of the threads, after which posts are
forgotten; what needs no posts comes last, so that all are done at about the same time. Of these,
pages that list threads of one time come together, so that a thread's line is still at hand.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from sitegen.build.contexts import Newest, OneFeed, Page
from sitegen.build.fingerprints import Print

LEAST, MOST = 16, 200  # what is dealt at once: as much work as so many pages of a thread
FEW = 16  # pages of threads that are taken from another
FIRST = "~"  # before all files' names: a sitemap takes longest, and must not come last
LINES = 12  # a listing's lines that are as much work as a page of a thread


def between(least: int, wanted: int, most: int) -> int:
    """Return what is wanted, within these bounds."""
    return max(least, min(wanted, most))


class Pile:
    """Pages that wait to be made."""

    def __init__(self) -> None:
        self.pages: deque[tuple[Page, int]] = deque()

    def put(self, page: Page, lines: int) -> None:
        """Put a page at the end."""
        self.pages.append((page, 1 + lines // LINES))

    def take(self) -> list[Page]:
        """Take a batch from the start; none when nothing is left."""
        found: list[Page] = []
        work = 0
        enough = between(LEAST, len(self.pages) // 4, MOST)
        while self.pages and work < enough:
            page, weight = self.pages.popleft()
            found.append(page)
            work += weight
        return found

    def give(self) -> list[Page]:
        """Give away a few pages from the end; none where their owner has soon made all."""
        if len(self.pages) < 4 * FEW:
            return []
        return [self.pages.pop()[0] for _ in range(FEW)]


class Listings(Pile):
    """Listings that wait to be made, the one with the newest thread first."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[tuple[str, Page, int]] = []

    def put_by(self, newest: str, page: Page, lines: int) -> None:
        """Put a page where its newest thread, whose file has its date in its name, belongs."""
        self.waiting.append((newest, page, lines))

    def take(self) -> list[Page]:
        """Take a batch from the start; none when nothing is left."""
        if self.waiting:
            self.waiting.sort(key=lambda one: one[0], reverse=True)
            for _, page, lines in self.waiting:
                self.put(page, lines)
            self.waiting.clear()
        return super().take()


class Dealer:
    """Deals pages to processes by their numbers; this one is number 0."""

    def __init__(self, owners: Mapping[str, int], count: int) -> None:
        self.owners = owners
        self.own = [Pile() for _ in range(count)]
        self.untold = Pile()
        self.first = Pile()
        self.last = Listings()

    def put(self, page: Page, told: Print) -> None:
        """Put a page on the pile of who is to make it; one that cannot be told is ours."""
        sources = told.sources
        pile: Pile
        if not told.encoded:
            pile = self.untold
        elif len(sources) == 1 and sources[0] in self.owners:
            pile = self.own[self.owners[sources[0]]]
        elif isinstance(page.context, Newest | OneFeed):
            pile = self.first
        else:
            self.last.put_by(sources[0] if sources else FIRST, page, len(sources))
            return
        pile.put(page, len(sources))

    def take(self, who: int) -> list[Page]:
        """Take the next batch for a process; none when nothing is left for it.

        This process has all entries; others must be told them, best when their posts are gone.
        """
        own = self.own[who]
        order = (own, self.first, self.last) if who else (self.first, self.untold, own, self.last)
        found = next((pages for pile in order if (pages := pile.take())), [])
        return found or max(self.own, key=lambda pile: len(pile.pages)).give()
