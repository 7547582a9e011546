"""Forked helper processes that inherit this process's memory and run tasks by name.

Nothing is shared after the fork. Requests and responses go through two pipes; a closed pipe
means that the process at its other end has ended.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from sitegen.errors import OutputError

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")
Tasks = Mapping[str, Callable[..., Any]]

PIPE_BYTES = 1 << 20  # the buffer size requested for a pipe
MAX_QUEUED_TASKS = 3  # sent to a helper in advance: it need not wait, and the others not for it


class Helper:
    """A child process that runs tasks by name until its parent kills it.

    `open_requests` counts its open requests, `received` buffers the bytes of its responses.
    """

    def __init__(self, tasks: Tasks, others: Sequence[Helper]) -> None:
        read_pipe, self.request_pipe = _pipe()
        self.response_pipe, write_pipe = _pipe()
        self.open_requests = 0
        self.received = bytearray()
        try:
            self.process = os.fork()
        except OSError:
            for pipe in (read_pipe, self.request_pipe, self.response_pipe, write_pipe):
                os.close(pipe)
            raise
        if self.process:
            os.close(read_pipe)
            os.close(write_pipe)
            os.set_blocking(self.request_pipe, False)
            return
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles it
            for helper in (self, *others):  # open copies would hide that the parent has ended
                os.close(helper.request_pipe)
                os.close(helper.response_pipe)
            _serve(tasks, read_pipe, write_pipe)
        finally:
            os._exit(0)

    def submit(self, task: str, *arguments: object) -> None:
        """Start a task; the arguments are pickled. Raises OutputError if the process has ended."""
        self.open_requests += 1
        view = memoryview(_message((task, arguments)))
        try:
            while view:
                try:
                    view = view[os.write(self.request_pipe, view) :]
                except BlockingIOError:  # the helper may be waiting to send a response
                    if self.response_pipe in _ready([self.response_pipe], [self.request_pipe]):
                        self._receive()
        except (OSError, EOFError) as error:
            raise _killed_error() from error

    def result(self) -> Any:
        """Return the response to the oldest open request, or raise the exception that it raised."""
        try:
            size = int.from_bytes(self._read(8), "big")
            result, error = _unpickle(self._read(size))
        except EOFError as gone:
            raise _killed_error() from gone
        self.open_requests -= 1
        if error is not None:
            raise error
        return result

    def kill(self) -> None:
        """Kill the process, even while it runs a task."""
        os.close(self.request_pipe)
        os.close(self.response_pipe)
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)

    def _read(self, size: int) -> bytearray:
        while len(self.received) < size:
            self._receive()
        data = self.received[:size]
        del self.received[:size]
        return data

    def _receive(self) -> None:
        piece = os.read(self.response_pipe, PIPE_BYTES)
        if not piece:
            raise EOFError
        self.received += piece


def count_wanted(jobs: int) -> int:
    """Return how many processes `[build] jobs` wants: as many as processors for 0."""
    return jobs or os.cpu_count() or 1


def can_fork() -> bool:
    """Return whether forking is safe: no other thread can hold a lock."""
    return hasattr(os, "fork") and threading.active_count() == 1


def is_orphaned(parent: int) -> bool:
    """Return whether the parent that waits for this process was killed."""
    return os.getpid() != parent and os.getppid() != parent


def ready_results(helpers: Sequence[Helper], *, wait: bool) -> Iterator[tuple[Helper, Any]]:
    """Yield each response that has arrived, with its helper; with `wait`, wait for the first."""
    while ready := _ready_helpers(helpers, wait=wait):
        for helper in ready:
            yield helper, helper.result()
        wait = False


def _ready_helpers(helpers: Sequence[Helper], *, wait: bool) -> list[Helper]:
    """Return the helpers that have a response to read; with `wait`, at least one of them."""
    buffered = [helper for helper in helpers if helper.received]
    by_pipe = {helper.response_pipe: helper for helper in helpers if helper.open_requests}
    return buffered or (
        [by_pipe[pipe] for pipe in _ready(by_pipe, (), wait=wait)] if by_pipe else []
    )


def fork_helpers(tasks: Tasks, count: int) -> Iterator[Helper]:
    """Yield new helpers; fewer than `count` if the system refuses to start more."""
    helpers: list[Helper] = []
    with suppress(OSError):
        while len(helpers) < count:
            helpers.append(Helper(tasks, helpers))
            yield helpers[-1]


@contextmanager
def background(task: Callable[[], Result]) -> Iterator[Callable[[], Result]]:
    """Run a task in a helper process; yield a function that waits for its result.

    The function raises what the task raises. It runs the task itself where nothing can be forked.
    """
    helpers = [*fork_helpers({"task": task}, 1)] if can_fork() else []
    try:
        for helper in helpers:
            helper.submit("task")
        yield helpers[0].result if helpers else task
    finally:
        for helper in helpers:
            helper.kill()


def worker_count(amount: int, amount_per_process: int) -> int:
    """Return how many processes to use: one for each `amount_per_process` of work."""
    return max(1, min(os.cpu_count() or 1, amount // amount_per_process)) if can_fork() else 1


def map_chunks(
    chunks: Sequence[Chunk], process: Callable[[Chunk], Result], count: int
) -> list[Result]:
    """Process chunks in `count` processes, including this one; return the results in order.

    A process that has finished takes the next chunk. An exception in a child is raised here. No
    child outlives this call, however it ends.
    """
    queued: dict[Helper, deque[int]] = {}
    results: dict[int, Result] = {}
    waiting = deque(range(len(chunks)))
    try:
        for helper in fork_helpers({"chunk": lambda number: process(chunks[number])}, count - 1):
            queued[helper] = deque()
        while waiting or any(queued.values()):
            own_chunk = [waiting.popleft()] if waiting else []
            for helper, numbers in [*queued.items()] * MAX_QUEUED_TASKS:  # one each per round
                if waiting and len(numbers) < MAX_QUEUED_TASKS:
                    numbers.append(waiting.pop())
                    helper.submit("chunk", numbers[-1])
            results.update({number: process(chunks[number]) for number in own_chunk})
            for helper, result in ready_results([*queued], wait=not waiting):
                results[queued[helper].popleft()] = result
    finally:
        for helper in queued:
            helper.kill()
    return [results[number] for number in range(len(chunks))]


def _serve(tasks: Tasks, read_pipe: int, write_pipe: int) -> None:
    with suppress(EOFError, OSError):
        while True:
            size = int.from_bytes(_read_exactly(read_pipe, 8), "big")
            task, arguments = _unpickle(_read_exactly(read_pipe, size))
            try:
                response: tuple[Any, BaseException | None] = (tasks[task](*arguments), None)
            except Exception as error:  # of any kind: the parent raises it
                response = (None, error)
            view = memoryview(_message(response))
            while view:
                view = view[os.write(write_pipe, view) :]


def _pipe() -> tuple[int, int]:
    """Return a pipe's two ends; where possible, with a buffer large enough for queued requests."""
    ends = os.pipe()
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return ends


def _ready(readable: Iterable[int], writable: Iterable[int], *, wait: bool = True) -> list[int]:
    """Return the pipes that can be read or written; with `wait`, at least one."""
    import select

    poller = select.poll()
    for pipe in readable:
        poller.register(pipe, select.POLLIN)
    for pipe in writable:
        poller.register(pipe, select.POLLOUT)
    return [pipe for pipe, _ in poller.poll(None if wait else 0)]


def _message(value: object) -> bytes:
    import pickle

    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return len(data).to_bytes(8, "big") + data


def _unpickle(data: bytearray) -> Any:
    import pickle

    return pickle.loads(data)  # noqa: S301 - from our own process


def _read_exactly(pipe: int, size: int) -> bytearray:
    data = bytearray()
    while len(data) < size:
        piece = os.read(pipe, min(size - len(data), PIPE_BYTES))
        if not piece:
            raise EOFError
        data += piece
    return data


def _killed_error() -> OutputError:
    return OutputError(
        "a worker process was killed",
        hint="is there enough memory? try again, and build with fewer jobs.",
    )
