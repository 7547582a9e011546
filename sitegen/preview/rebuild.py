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

from sitegen.errors import SeveralErrors, SitegenError
from sitegen.preview.watch import Watcher


@dataclass(frozen=True)
class BuildSuccess:
    """A successful build: the output folder, and the site paths that were written or deleted.

    `base_path` is the path that the site has where it is published, with a "/" at both ends.
    """

    output: Path
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    base_path: str = "/"


@dataclass(frozen=True)
class Problem:
    """One error for the page: what is wrong, where, and the cure, as far as it is known."""

    message: str
    location: str = ""
    hint: str = ""


@dataclass(frozen=True)
class BuildFailure:
    """A failed build: its errors for the page, and its text for the terminal."""

    problems: tuple[Problem, ...]
    text: str


Outcome = BuildSuccess | BuildFailure


def build_and_watch(
    build: Callable[[], BuildSuccess],
    watched: Callable[[], Sequence[Path]],
    ignored: Sequence[Path],
    *,
    say: Callable[[str], None],
) -> None:
    """Build, and rebuild after every change. Raises KeyboardInterrupt after Ctrl-C.

    The callbacks are those of `serve`; an exception in `build` is reported and does not end this.
    """
    with Watcher(watched, ignored, say=say) as watcher, Interrupts(watcher.close) as interrupts:

        def build_once() -> Outcome:
            with interrupts.raising():
                return try_build(build)

        build_after_changes(build_once, watcher, say)
        if interrupts.was_interrupted:
            raise KeyboardInterrupt


class Interrupts:
    """Handles Ctrl-C as a request to stop, which raises an exception only during a build.

    Elsewhere the exception could leave a lock of the watcher held, so that its thread would wait
    forever. This is a context manager; outside the main thread it does nothing.
    """

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self._raises = False
        self._previous_handler: Any = None
        self.was_interrupted = False

    def __enter__(self) -> Interrupts:
        """Install the signal handler."""
        if threading.current_thread() is threading.main_thread():
            self._previous_handler = signal.signal(signal.SIGINT, self._handle)
        return self

    def __exit__(self, *_: object) -> None:
        """Restore the previous signal handler."""
        if self._previous_handler is not None:
            signal.signal(signal.SIGINT, self._previous_handler)

    @contextmanager
    def raising(self) -> Iterator[None]:
        """Let the signal raise KeyboardInterrupt within this context."""
        self._raises = True
        try:
            yield
        finally:
            self._raises = False

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self.was_interrupted = True
        self._stop()
        if self._raises:
            raise KeyboardInterrupt


def build_after_changes(
    build_once: Callable[[], Outcome], watcher: Watcher, say: Callable[[str], None]
) -> None:
    """Build now and after every burst, until the watcher is closed."""
    burst: frozenset[str] | None = frozenset()
    while burst is not None:
        # Before the build: later changes are noticed, earlier ones are read by the build.
        watcher.refresh()
        started = time.perf_counter()
        outcome = build_once()
        say(_describe(outcome, burst, time.perf_counter() - started))
        burst = watcher.wait()


def try_build(build: Callable[[], BuildSuccess]) -> Outcome:
    """Build; return any exception as a value, so that it does not end the server."""
    try:
        return build()
    except SitegenError as error:
        errors = error.errors if isinstance(error, SeveralErrors) else (error,)
        problems = tuple(Problem(each.message, each.location, each.hint or "") for each in errors)
        return BuildFailure(problems, str(error))
    except (Exception, SystemExit) as error:
        hint = "this is a bug in sitegen; the terminal shows the traceback."
        problem = Problem(f"{type(error).__name__}: {error}", hint=hint)
        return BuildFailure((problem,), "".join(traceback.format_exception(error)).rstrip())


def _describe(outcome: Outcome, burst: frozenset[str], seconds: float) -> str:
    if isinstance(outcome, BuildFailure):
        return outcome.text
    counts = f"{_count_files(outcome.changed)} written, {_count_files(outcome.removed)} removed"
    return f"{_describe_burst(burst)}{counts} in {seconds:.2f} s"


def _count_files(paths: Sequence[str]) -> str:
    return "1 file" if len(paths) == 1 else f"{len(paths):,} files"


def _describe_burst(burst: frozenset[str]) -> str:
    if not burst:
        return ""
    first = _short_path(min(burst))
    return f"{first} changed: " if len(burst) == 1 else f"{first} and {len(burst) - 1:,} more: "


def _short_path(path: str) -> str:
    """Return a path relative to the current folder, or the whole path if it is outside."""
    prefix = os.getcwd() + os.sep
    return path.removeprefix(prefix)
