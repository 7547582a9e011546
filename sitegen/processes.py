"""Processes of this one's kind: they begin with all that it knows, and do what they are asked.

Nothing is shared. Questions and answers go through two pipes; who asked and is gone is known by
the silence of one.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from sitegen.errors import OutputError

Share = TypeVar("Share")
Done = TypeVar("Done")
Tasks = Mapping[str, Callable[..., Any]]

ROOM = 1 << 20  # bytes that a pipe is asked to hold
AHEAD = 3  # shares that a helper has been asked for, so that it need not wait


class Helper:
    """A child process that does tasks by their names until nobody asks any more.

    `asked` counts its tasks that are not answered yet, `heard` has what came of answers to them.
    """

    def __init__(self, tasks: Tasks, others: Sequence[Helper]) -> None:
        heard, self.asking = _pipe()
        self.hearing, told = _pipe()
        self.asked = 0
        self.heard = bytearray()
        try:
            self.process = os.fork()
        except OSError:
            for pipe in (heard, self.asking, self.hearing, told):
                os.close(pipe)
            raise
        if self.process:
            os.close(heard)
            os.close(told)
            os.set_blocking(self.asking, False)
            return
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it, and ends this
            for helper in (self, *others):  # or they would not hear that the parent is gone
                os.close(helper.asking)
                os.close(helper.hearing)
            _serve(tasks, heard, told)
        finally:
            os._exit(0)

    def ask(self, task: str, *arguments: object) -> None:
        """Begin a task; the arguments are pickled. Raises OutputError when the process is gone."""
        self.asked += 1
        view = memoryview(_message((task, arguments)))
        try:
            while view:
                try:
                    view = view[os.write(self.asking, view) :]
                except BlockingIOError:  # it may be waiting until it is heard
                    if self.hearing in _ready([self.hearing], [self.asking]):
                        self._listen()
        except (OSError, EOFError) as error:
            raise _killed() from error

    def answer(self) -> Any:
        """Wait for what was asked first; raise what went wrong in it."""
        try:
            size = int.from_bytes(self._take(8), "big")
            made, error = _read(self._take(size))
        except EOFError as gone:
            raise _killed() from gone
        self.asked -= 1
        if error is not None:
            raise error
        return made

    def end(self) -> None:
        """End the process, whatever it does."""
        os.close(self.asking)
        os.close(self.hearing)
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)

    def _take(self, size: int) -> bytearray:
        while len(self.heard) < size:
            self._listen()
        found = self.heard[:size]
        del self.heard[:size]
        return found

    def _listen(self) -> None:
        piece = os.read(self.hearing, ROOM)
        if not piece:
            raise EOFError
        self.heard += piece


def can_fork() -> bool:
    """Tell whether a fork is safe: it is where no other thread can hold a lock."""
    return hasattr(os, "fork") and threading.active_count() == 1


def orphaned(parent: int) -> bool:
    """Tell whether the process that waits for this one's work was killed."""
    return os.getpid() != parent and os.getppid() != parent


def answered(helpers: Sequence[Helper], *, wait: bool) -> list[Helper]:
    """Return the helpers that have begun to answer; with `wait`, at least one of them."""
    begun = [helper for helper in helpers if helper.heard]
    asked = {helper.hearing: helper for helper in helpers if helper.asked}
    return begun or ([asked[pipe] for pipe in _ready(asked, (), wait=wait)] if asked else [])


def born(tasks: Tasks, count: int) -> Iterator[Helper]:
    """Go through new helpers; fewer than were asked for where the system has no process left."""
    helpers: list[Helper] = []
    with suppress(OSError):
        while len(helpers) < count:
            helpers.append(Helper(tasks, helpers))
            yield helpers[-1]


def hands(work: int, enough: int) -> int:
    """Return how many processes so much work is worth: one for each time that it is enough."""
    return max(1, min(os.cpu_count() or 1, work // enough)) if can_fork() else 1


def spread(shares: Sequence[Share], do: Callable[[Share], Done], count: int) -> list[Done]:
    """Do shares in so many processes, this one among them; return what each made, in order.

    Whoever is done with one does the next. What a child raises is raised here. No child outlives
    this, however it ends.
    """
    asked: dict[Helper, deque[int]] = {}
    made: dict[int, Done] = {}
    left = deque(range(len(shares)))
    try:
        for helper in born({"share": lambda number: do(shares[number])}, count - 1):
            asked[helper] = deque()
        while left or any(asked.values()):
            own = [left.popleft()] if left else []
            for helper, numbers in [*asked.items()] * AHEAD:  # each one, then each another
                if left and len(numbers) < AHEAD:
                    numbers.append(left.pop())
                    helper.ask("share", numbers[-1])
            made.update({number: do(shares[number]) for number in own})
            for helper in answered([*asked], wait=not left):
                made[asked[helper].popleft()] = helper.answer()
    finally:
        for helper in asked:
            helper.end()
    return [made[number] for number in range(len(shares))]


def _serve(tasks: Tasks, heard: int, told: int) -> None:
    with suppress(EOFError, OSError):
        while True:
            size = int.from_bytes(_all(heard, 8), "big")
            task, arguments = _read(_all(heard, size))
            try:
                answer: tuple[Any, BaseException | None] = (tasks[task](*arguments), None)
            except Exception as error:  # whatever it is, the parent tells it
                answer = (None, error)
            view = memoryview(_message(answer))
            while view:
                view = view[os.write(told, view) :]


def _pipe() -> tuple[int, int]:
    """Return a pipe's two ends; where that can be, one with room for what is asked ahead."""
    ends = os.pipe()
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, ROOM)
    return ends


def _ready(heard: Iterable[int], told: Iterable[int], *, wait: bool = True) -> list[int]:
    """Return the pipes in which something is to hear, or room; with `wait`, at least one."""
    import select

    found = select.poll()
    for pipe in heard:
        found.register(pipe, select.POLLIN)
    for pipe in told:
        found.register(pipe, select.POLLOUT)
    return [pipe for pipe, _ in found.poll(None if wait else 0)]


def _message(value: object) -> bytes:
    import pickle

    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return len(data).to_bytes(8, "big") + data


def _read(data: bytearray) -> Any:
    import pickle

    return pickle.loads(data)  # noqa: S301 - our own


def _all(pipe: int, size: int) -> bytearray:
    data = bytearray()
    while len(data) < size:
        piece = os.read(pipe, min(size - len(data), ROOM))
        if not piece:
            raise EOFError
        data += piece
    return data


def _killed() -> OutputError:
    return OutputError(
        "a process that shared the work was killed",
        hint="is there enough memory? try again, and build with fewer jobs.",
    )
