"""The processes of a build, which share nothing but what they were born with.

Each reads its share of the files, keeps their posts, and makes the pages that show them. A
build with little to do does it in its own process, with the same workshop.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sitegen.build.output import OnDisk, Output
from sitegen.build.reading import Reader
from sitegen.build.theme import Theme
from sitegen.build.values import Page, SiteView, Whole
from sitegen.config import Config
from sitegen.errors import ContentError, OutputError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from sitegen.build.render import Renderer

ENOUGH = 300  # files or pages below which a second process costs more than it brings
BATCH = 100
COPY = "copy"

Made = tuple[str, OnDisk | None]


class Workshop:
    """What one process needs to read files and to make pages."""

    def __init__(self, config: Config, output: Output) -> None:
        self.config = config
        self.output = output
        self.reader = Reader(config.content)
        self.renderer: Renderer | None = None

    def read(self, sources: Sequence[str]) -> dict[str, bytes | ContentError]:
        """Read files into pickled items; one that is broken gives its error."""
        return {source: _pickled(self.reader, source) for source in sources}

    def rendering(self, theme: Theme) -> Renderer:
        """Return this process's renderer for the theme."""
        from sitegen.build.render import Renderer

        if self.renderer is None or self.renderer.theme != theme:
            self.renderer = Renderer(theme, self.config, self.reader)
        return self.renderer

    def make(self, site: SiteView, theme: Theme, pages: Sequence[Page]) -> Iterator[list[Made]]:
        """Make pages and tell of them, batch by batch."""
        if not pages:
            return
        renderer = self.rendering(theme)
        for start in range(0, len(pages), BATCH):
            yield [self._made(page, site, renderer) for page in pages[start : start + BATCH]]

    def _made(self, page: Page, site: SiteView, renderer: Renderer) -> Made:
        if page.template == COPY:
            return page.path, self.output.copy(page.path, Path(page.context["source"]))
        return page.path, self.output.write(page.path, renderer.render(page, site))


class Crew:
    """As many processes as the work is worth; none before there is enough of it."""

    def __init__(self, workshop: Workshop, theme: Theme, jobs: int) -> None:
        self.workshop = workshop
        self.theme = theme
        self.count = jobs or os.cpu_count() or 1
        self.lines: list[Connection] = []
        self.processes: list[Any] = []
        self.owners: dict[str, int] = {}

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            process.terminate()
            process.join()

    def read(self, sources: Sequence[str]) -> dict[str, bytes | ContentError]:
        """Read files into pickled items; one that is broken gives its error."""
        if not self._hire(len(sources)):
            return self.workshop.read(sources)
        for at, line in enumerate(self.lines):
            share = sources[at :: self.count]
            self.owners |= dict.fromkeys(share, at)
            line.send(("read", share))
        self.workshop.rendering(self.theme).prepare()  # leaves compiled templates for all to find
        found: dict[str, bytes | ContentError] = {}
        for line in self.lines:
            found |= _answer(line)
        return {source: found[source] for source in sources}

    def make(self, site: SiteView, pages: Sequence[Page]) -> Iterator[list[Made]]:
        """Make pages and tell of them, batch by batch, in no particular order."""
        if not self._hire(len(pages)):
            yield from self.workshop.make(site, self.theme, pages)
            return
        shares: list[list[Page]] = [[] for _ in self.lines]
        for at, page in enumerate(pages):
            shares[self._owner(page, at)].append(page)
        for line, share in zip(self.lines, shares, strict=True):
            line.send(("make", (site, self.theme, share)))
        from multiprocessing.connection import Connection, wait

        working = list(self.lines)
        while working:
            for line in (line for line in wait(working) if isinstance(line, Connection)):
                batch = _answer(line)
                if batch is None:
                    working.remove(line)
                else:
                    yield batch

    def _owner(self, page: Page, at: int) -> int:
        """Return who has the posts of a thread's page; other pages go round."""
        whole = page.context.get("thread")
        owner = self.owners.get(whole.entry.source) if isinstance(whole, Whole) else None
        return at % len(self.lines) if owner is None else owner

    def _hire(self, work: int) -> bool:
        if self.lines or self.count < 2 or work < ENOUGH or not _can_fork():
            return bool(self.lines)
        import multiprocessing

        context = multiprocessing.get_context("fork")
        for _ in range(self.count):
            ours, theirs = context.Pipe()
            others = (*self.lines, ours)
            process = context.Process(
                target=_work, args=(self.workshop, self.theme, theirs, others), daemon=True
            )
            process.start()
            theirs.close()
            self.lines.append(ours)
            self.processes.append(process)
        return True


def _pickled(reader: Reader, source: str) -> bytes | ContentError:
    try:
        return pickle.dumps(reader.item(source), pickle.HIGHEST_PROTOCOL)
    except ContentError as error:
        return error


def _can_fork() -> bool:
    """Tell whether a fork is safe: it is where no other thread can hold a lock."""
    import multiprocessing
    import threading

    return "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1


def _answer(line: Any) -> Any:
    """Return what a process has to say; raise what went wrong in it."""
    try:
        answer = line.recv()
    except (EOFError, ConnectionError) as error:
        raise OutputError(
            "a process of the build was killed",
            hint="is there enough memory? build again, or with fewer jobs.",
        ) from error
    if isinstance(answer, BaseException):
        raise answer
    return answer


def _work(workshop: Workshop, theme: Theme, line: Connection, others: Sequence[Connection]) -> None:
    """Do what is asked until nobody asks any more: the parent's end of the line is gone."""
    for other in others:
        other.close()
    tasks: dict[str, Callable[..., None]] = {
        "read": lambda *sources: _read(workshop, theme, line, sources),
        "make": lambda site, theme, pages: _make(workshop, line, site, theme, pages),
    }
    with suppress(EOFError, ConnectionError, KeyboardInterrupt):
        while True:
            task, arguments = line.recv()
            try:
                tasks[task](*arguments)
            except EOFError:
                return
            except Exception as error:
                line.send(error)


def _read(workshop: Workshop, theme: Theme, line: Connection, sources: Sequence[str]) -> None:
    found: dict[str, bytes | ContentError] = {}
    for start in range(0, len(sources), BATCH):
        _go_on_only_if_somebody_waits()
        found |= workshop.read(sources[start : start + BATCH])
    line.send(found)
    workshop.rendering(theme).prepare()  # while the parent plans


def _make(
    workshop: Workshop, line: Connection, site: SiteView, theme: Theme, pages: Sequence[Page]
) -> None:
    for batch in workshop.make(site, theme, pages):
        _go_on_only_if_somebody_waits()
        line.send(batch)
    line.send(None)


def _go_on_only_if_somebody_waits() -> None:
    """End with the parent: whoever killed it wants no more files written, and the lock back."""
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None and os.getppid() != parent.pid:
        raise EOFError("the build was killed")
