"""A build and its outcome, and the loop that rebuilds after every burst of changes."""

from __future__ import annotations

import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from sitegen.errors import SitegenError
from sitegen.preview.watch import Watcher


@dataclass(frozen=True)
class Built:
    """A successful build: the output folder, and the site paths that were written or deleted."""

    output: Path
    changed: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class Failure:
    """A failed build: the error in parts for the page, and as one text for the terminal."""

    what: str
    place: str
    hint: str
    text: str


Outcome = Built | Failure


def keep_building(
    build: Callable[[], Built],
    watched: Callable[[], Sequence[Path]],
    ignored: Sequence[Path],
    *,
    say: Callable[[str], None],
) -> None:
    """Build, and build again after every change. Raises KeyboardInterrupt after Ctrl-C.

    The four callbacks are those of `serve`; no exception of `build` ends it.
    """
    with Watcher(watched, ignored, say=say) as watcher, Interrupts(watcher.close) as interrupts:

        def once() -> Outcome:
            with interrupts.allow():
                return attempt(build)

        build_after_changes(once, watcher, say)
        if interrupts.came:
            raise KeyboardInterrupt


class Interrupts:
    """Ctrl-C as a request to stop, which raises an exception only during a build.

    Anywhere else the exception could leave a lock of the watcher held, so that its thread would
    wait forever. This is a context manager; outside the main thread it does nothing.
    """

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self._is_raised = False
        self._before: Any = None
        self.came = False

    def __enter__(self) -> Interrupts:
        """Install the signal handler."""
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._handle)
        return self

    def __exit__(self, *_: object) -> None:
        """Restore the previous signal handler."""
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    @contextmanager
    def allow(self) -> Iterator[None]:
        """Let the signal raise KeyboardInterrupt within this context."""
        self._is_raised = True
        try:
            yield
        finally:
            self._is_raised = False

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self.came = True
        self._stop()
        if self._is_raised:
            raise KeyboardInterrupt


def build_after_changes(
    once: Callable[[], Outcome], watcher: Watcher, say: Callable[[str], None]
) -> None:
    """Call `once` now and after every burst, until the watcher is closed."""
    burst: frozenset[str] | None = frozenset()
    while burst is not None:
        # Before the build, not after: changes from here on are seen, earlier ones are read by the
        # build.
        watcher.refresh()
        started = time.perf_counter()
        outcome = once()
        say(_describe(outcome, burst, time.perf_counter() - started))
        burst = watcher.wait()


def attempt(build: Callable[[], Built]) -> Outcome:
    """Build; any exception becomes a value, so that it does not end the server."""
    try:
        return build()
    except SitegenError as error:
        return Failure(error.message, error.location, error.hint or "", str(error))
    except (Exception, SystemExit) as error:
        what = f"{type(error).__name__}: {error}"
        hint = "this is a fault of sitegen; the terminal shows where."
        return Failure(what, "", hint, "".join(traceback.format_exception(error)).rstrip())


def _describe(outcome: Outcome, burst: frozenset[str], seconds: float) -> str:
    if isinstance(outcome, Failure):
        return outcome.text
    done = f"{_files(outcome.changed)} written, {_files(outcome.removed)} removed"
    return f"{_cause(burst)}{done} in {seconds:.2f} s"


def _files(paths: Sequence[str]) -> str:
    return "1 file" if len(paths) == 1 else f"{len(paths):,} files"


def _cause(burst: frozenset[str]) -> str:
    if not burst:
        return ""
    first = _short_path(min(burst))
    return f"{first} changed: " if len(burst) == 1 else f"{first} and {len(burst) - 1:,} more: "


def _short_path(path: str) -> str:
    """Return a path relative to the current folder, or the whole path if it is outside."""
    here = os.getcwd() + os.sep
    return path.removeprefix(here)
