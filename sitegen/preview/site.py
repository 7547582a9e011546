"""What is served now, who may look at it, and who is told when it changes.

Invariant: nobody reads the output while a build writes it. Builds run in one worker thread,
everything else in the event loop's thread; they meet at one lock.
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

from sitegen.preview.rebuild import Built, Outcome

T = TypeVar("T")


def _new_instance() -> str:
    return secrets.token_hex(6)


@dataclass(frozen=True)
class State:
    """The last good site and the last outcome; a value, replaced after every build.

    `generation` counts the builds that changed the site. A page that shows generation `before`
    becomes the present one by loading its stylesheets again when `styles` is true.
    """

    instance: str = field(default_factory=_new_instance)
    generation: int = 0
    output: Path | None = None
    outcome: Outcome | None = None
    before: int | None = None
    styles: bool = False

    def stamp(self, generation: int | None = None) -> str:
        """Return the name of one state of the site, unlike that of any other server's."""
        return f"{self.instance}.{self.generation if generation is None else generation}"

    def after(self, outcome: Outcome) -> State:
        """Return the state that follows from an outcome."""
        if not isinstance(outcome, Built):
            return replace(self, outcome=outcome)
        changed = bool(outcome.changed or outcome.removed) or outcome.output != self.output
        if not changed:
            return replace(self, outcome=outcome)
        return replace(
            self,
            generation=self.generation + 1,
            output=outcome.output,
            outcome=outcome,
            before=self.generation,
            styles=outcome.output == self.output and _only_styles(outcome),
        )

    def message(self) -> str:
        """Return what a browser is told: `{site, before, styles, failure}` as JSON."""
        failed = self.outcome is not None and not isinstance(self.outcome, Built)
        message = {
            "site": self.stamp(),
            "before": None if self.before is None else self.stamp(self.before),
            "styles": self.styles,
            "failure": asdict(self.outcome) if failed and self.outcome else None,
        }
        return json.dumps(message)


class Site:
    """The state, its gate and its audience. Made in the event loop that serves it."""

    def __init__(self) -> None:
        self.state = State()
        self._loop = asyncio.get_running_loop()
        self._writing = threading.Lock()
        self._opened = asyncio.Event()
        self._subscribers: dict[
            asyncio.Queue[str], State
        ] = {}  # and the state that each was sent last
        self._closed = False

    def rebuild(self, once: Callable[[], Outcome]) -> Outcome:
        """Build behind the closed gate, then tell every page. For the worker thread."""
        with self._writing:
            outcome = once()
            self.state = self.state.after(outcome)
        with contextlib.suppress(RuntimeError):  # The loop may have ended meanwhile.
            self._loop.call_soon_threadsafe(self._notify)
        return outcome

    async def read_state(self, read: Callable[[State], T], patience: float) -> T:
        """Return `read(state)` at a moment when no build runs; `read` must not wait.

        Before the first build has ended there is nothing to look at. Raises TimeoutError when
        that moment does not come within `patience` seconds, or the site is closed.
        """
        async with asyncio.timeout(patience):
            while self.state.outcome is None or not self._writing.acquire(blocking=False):
                if self._closed:
                    raise TimeoutError
                # Set after every build, by a callback that cannot run before this one waits.
                self._opened.clear()
                await self._opened.wait()
        try:
            return read(self.state)
        finally:
            self._writing.release()

    @contextlib.contextmanager
    def subscribe(self) -> Iterator[asyncio.Queue[str]]:
        """Give a queue of messages, of which the first tells the present state."""
        queue: asyncio.Queue[str] = asyncio.Queue()
        state = self._subscribers[queue] = self.state
        if state.outcome is not None:
            queue.put_nowait(state.message())
        try:
            yield queue
        finally:
            del self._subscribers[queue]

    def close(self) -> None:
        """Send away whoever waits at the gate. For the event loop's thread."""
        self._closed = True
        self._opened.set()

    def _notify(self) -> None:
        self._opened.set()
        state = self.state
        message = state.message()
        for queue, sent in self._subscribers.items():
            # Who came between the end of the build and this call knows already.
            if sent is not state:
                self._subscribers[queue] = state
                queue.put_nowait(message)


def _only_styles(built: Built) -> bool:
    return not built.removed and all(path.endswith(".css") for path in built.changed)
