"""The current state of the site, access to it, and the pages that are notified of changes.

Invariant: the output is never read while a build writes it. Builds run in one worker thread,
everything else in the event loop's thread; they share one lock.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from sitegen.preview.rebuild import BuildFailure, BuildSuccess, Outcome

T = TypeVar("T")


def _new_instance() -> str:
    return secrets.token_hex(6)


@dataclass(frozen=True)
class State:
    """The last good site and the last outcome; an immutable value, replaced after every build.

    `generation` counts the builds that changed the site. If `styles` is true, a page that shows
    generation `previous` is updated by reloading its stylesheets.
    """

    instance: str = field(default_factory=_new_instance)
    generation: int = 0
    output: Path | None = None
    base_path: str = "/"
    outcome: Outcome | None = None
    previous: int | None = None
    styles: bool = False

    def stamp(self, generation: int | None = None) -> str:
        """Return the name of a state of the site, unique among all servers."""
        return f"{self.instance}.{self.generation if generation is None else generation}"

    def after(self, outcome: Outcome) -> State:
        """Return the next state, after an outcome."""
        if not isinstance(outcome, BuildSuccess):
            return replace(self, outcome=outcome)
        changed = bool(outcome.changed or outcome.removed) or outcome.output != self.output
        if not changed:
            return replace(self, outcome=outcome, base_path=outcome.base_path)
        return replace(
            self,
            generation=self.generation + 1,
            output=outcome.output,
            base_path=outcome.base_path,
            outcome=outcome,
            previous=self.generation,
            styles=outcome.output == self.output and _changes_only_styles(outcome),
        )

    def message(self) -> str:
        """Return the message to browsers as JSON; without `problems` the last build was good."""
        problems = self.outcome.problems if isinstance(self.outcome, BuildFailure) else ()
        message = {
            "site": self.stamp(),
            "before": None if self.previous is None else self.stamp(self.previous),
            "styles": self.styles,
            "problems": [asdict(problem) for problem in problems],
        }
        return json.dumps(message)


class Site:
    """The state, its lock and its subscribers; create it in the event loop that serves it."""

    def __init__(self) -> None:
        self.state = State()
        self._loop = asyncio.get_running_loop()
        self._output_lock = threading.Lock()
        self._build_ended = asyncio.Event()
        # The state that each subscriber was sent last.
        self._subscribers: dict[asyncio.Queue[str], State] = {}
        self._closed = False

    def rebuild(self, build_once: Callable[[], Outcome]) -> Outcome:
        """Build under the lock, then notify every page. Called in the worker thread."""
        with self._output_lock:
            outcome = build_once()
            self.state = self.state.after(outcome)
        with contextlib.suppress(RuntimeError):  # The loop may have ended meanwhile.
            self._loop.call_soon_threadsafe(self._notify)
        return outcome

    async def read_state(self, read: Callable[[State], T], timeout: float) -> T:
        """Return `read(state)` while no build runs; `read` must not wait.

        It waits for the first build to end. Raises TimeoutError after `timeout` seconds, or when
        the site is closed.
        """
        async with asyncio.timeout(timeout):
            while self.state.outcome is None or not self._output_lock.acquire(blocking=False):
                if self._closed:
                    raise TimeoutError
                # Set after every build, by a callback that cannot run before this coroutine waits.
                self._build_ended.clear()
                await self._build_ended.wait()
        try:
            return read(self.state)
        finally:
            self._output_lock.release()

    @contextlib.contextmanager
    def subscribe(self) -> Iterator[asyncio.Queue[str]]:
        """Provide a queue of messages, the first of which is the current state."""
        queue: asyncio.Queue[str] = asyncio.Queue()
        state = self._subscribers[queue] = self.state
        if state.outcome is not None:
            queue.put_nowait(state.message())
        try:
            yield queue
        finally:
            del self._subscribers[queue]

    def close(self) -> None:
        """End all waiting requests. Called in the event loop's thread."""
        self._closed = True
        self._build_ended.set()

    def _notify(self) -> None:
        self._build_ended.set()
        state = self.state
        message = state.message()
        for queue, sent in self._subscribers.items():
            # Pages that subscribed since the end of the build know it already.
            if sent is not state:
                self._subscribers[queue] = state
                queue.put_nowait(message)


def _changes_only_styles(built: BuildSuccess) -> bool:
    return not built.removed and all(path.endswith(".css") for path in built.changed)
