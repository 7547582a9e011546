"""Real notices of changes in a time of its own: what is one burst does not hang on a busy machine.

Time passes only while somebody waits for a burst, or by `Observed.pause`, and never before all
that was done to the files has been noticed.
"""

from __future__ import annotations

import itertools
import math
import os
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from watchdog.events import FileSystemEvent
from watchdog.observers.api import ObservedWatch

from sitegen.preview.bursts import Changes, ClockCondition
from sitegen.preview.inotify import ReportingObserver
from sitegen.preview.watch import ErrorCallback, Watcher

PATIENCE = 60.0
A_WHILE = 5.0  # longer than any burst may last
MARK = ".sitegen-partial"  # what nobody builds for

Burst = set[str]


class NothingMore(Exception):  # noqa: N818 - it is no error
    """The time that was to pass has passed."""


class OwnTime(ClockCondition):
    """A time that passes when it is waited for, as far as `until`; `later` happens in it."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0.0
        self.until = math.inf
        self.later: list[tuple[float, Callable[[], None]]] = []
        self._is_notified = False

    def now(self) -> float:
        """Return the time."""
        return self.at

    def notify_all(self) -> None:
        """Wake the one who waits."""
        self._is_notified = True
        super().notify_all()

    def wait(self, timeout: float | None = None) -> bool:
        """Let the time pass, until something wakes; wait for real if there is no end to it."""
        end = math.inf if timeout is None else self.at + timeout
        self._is_notified = False
        while self.later and self.later[0][0] <= min(end, self.until):
            self.at, happen = self.later.pop(0)
            happen()
            if self._is_notified:
                return True
        if end > self.until:
            self.at = self.until
            raise NothingMore
        if end == math.inf:
            return super().wait(PATIENCE)
        self.at = end
        return False


def bursts_within(changes: Changes, time: OwnTime, seconds: float) -> Iterator[frozenset[str]]:
    """Let the time pass; go through the bursts that are over within it."""
    time.until = time.at + seconds
    try:
        while burst := changes.wait():
            yield burst
    except NothingMore:
        return
    finally:
        time.until = math.inf


class Folder:
    """A folder that is watched, wherever it was moved meanwhile, and the marks noticed in it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.marks: queue.Queue[str] = queue.Queue()
        self.gone = threading.Event()
        self._itself = os.stat(path)  # not an open file, for which the system would keep it

    def notice(self, event: FileSystemEvent) -> None:
        """Remember that a mark was noticed, or that the folder went."""
        path = os.fsdecode(event.src_path)
        if path.endswith(MARK) and event.event_type == "closed":
            self.marks.put(os.path.basename(path))
        elif path == self.path and event.event_type == "deleted":
            self.gone.set()

    def settle(self, name: str) -> None:
        """Make a mark, and wait until it is noticed, and with it all that was before."""
        place = self._place()
        if place is None:
            assert self.gone.wait(PATIENCE)
            return
        mark = place / name
        mark.touch()
        mark.unlink()
        while self.marks.get(timeout=PATIENCE) != name:
            pass

    def _place(self) -> Path | None:
        beside = Path(self.path).parent
        for path in (Path(self.path), *beside.iterdir()):
            if path.is_dir() and os.path.samestat(path.stat(), self._itself):
                return path
        return None


class Following(ReportingObserver):
    """Linux's observer, which can be asked whether it has noticed all there was."""

    def __init__(self, trouble: ErrorCallback) -> None:
        super().__init__(trouble)
        self._names = (f"{number}{MARK}" for number in itertools.count())
        self._folders: dict[ObservedWatch, Folder] = {}

    def schedule(self, event_handler: Any, path: str | Path, **options: Any) -> ObservedWatch:
        """Watch a folder."""
        see, folder = event_handler.dispatch, Folder(str(path))

        def dispatch(event: FileSystemEvent) -> None:
            see(event)
            folder.notice(event)

        event_handler.dispatch = dispatch
        watch = super().schedule(event_handler, path, **options)
        self._folders[watch] = folder
        return watch

    def unschedule(self, watch: ObservedWatch) -> None:
        """Watch a folder no more."""
        del self._folders[watch]
        super().unschedule(watch)

    def settle(self) -> None:
        """Wait until all that was done to the files has been noticed."""
        for folder in [*self._folders.values()]:
            folder.settle(next(self._names))


class Observed:
    """A watcher in a time of its own, and its bursts as paths below a folder."""

    def __init__(self, watcher: Watcher, time: OwnTime, folder: Path) -> None:
        self.watcher, self.time, self.folder = watcher, time, folder
        self.observers: list[Following] = []
        self._found: list[Burst] = []

    def pause(self, seconds: float) -> None:
        """Let the time pass while the files are as they are."""
        for observer in self.observers:
            observer.settle()
        for burst in bursts_within(self.watcher.changes, self.time, seconds):
            self.watcher.refresh()
            self._found.append({os.path.relpath(path, self.folder) for path in burst})

    def seen(self) -> list[Burst]:
        """Return the bursts since last asked."""
        found, self._found = self._found, []
        return found

    def all(self) -> list[Burst]:
        """Return the bursts since last asked, after a while in which nothing more comes."""
        self.pause(A_WHILE)
        return self.seen()

    def only(self) -> Burst:
        """Return the one burst there was."""
        found = self.all()
        assert len(found) == 1, found
        return found[0]


@contextmanager
def observing(
    folder: Path, watched: Callable[[], Sequence[Path]], ignored: Sequence[Path]
) -> Iterator[Observed]:
    """Watch a folder in a time of its own."""
    time = OwnTime()
    said: list[str] = []

    def observer(trouble: ErrorCallback) -> Following:
        observed.observers.append(Following(trouble))
        return observed.observers[-1]

    watcher = Watcher(watched, ignored, say=said.append, observer=observer, changes=Changes(time))
    observed = Observed(watcher, time, folder)
    with watcher:
        yield observed
    assert not said
