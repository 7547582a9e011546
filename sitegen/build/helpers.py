"""Processes of this one's kind: they begin with all that it knows, and do what they are asked.

Nothing is shared. Questions and answers go through two pipes; who asked and is gone is known by
the silence of one.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sitegen.errors import OutputError

Tasks = Mapping[str, Callable[..., Any]]


class Helper:
    """A child process that does tasks by their names until nobody asks any more."""

    def __init__(self, tasks: Tasks, others: Sequence[Helper]) -> None:
        heard, self.asking = os.pipe()
        self.hearing, told = os.pipe()
        self.process = os.fork()
        if self.process:
            os.close(heard)
            os.close(told)
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
        try:
            _send(self.asking, (task, arguments))
        except OSError as error:
            raise _killed() from error

    def answer(self) -> Any:
        """Wait for what was asked; raise what went wrong in it."""
        try:
            made, error = _receive(self.hearing)
        except EOFError as gone:
            raise _killed() from gone
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


def _serve(tasks: Tasks, heard: int, told: int) -> None:
    with suppress(EOFError, OSError):
        while True:
            task, arguments = _receive(heard)
            try:
                answer: tuple[Any, BaseException | None] = (tasks[task](*arguments), None)
            except Exception as error:  # whatever it is, the parent tells it
                answer = (None, error)
            _send(told, answer)


def _send(pipe: int, value: object) -> None:
    import pickle

    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    for piece in (len(data).to_bytes(8, "big"), data):
        view = memoryview(piece)
        while view:
            view = view[os.write(pipe, view) :]


def _receive(pipe: int) -> Any:
    import pickle

    return pickle.loads(_read(pipe, int.from_bytes(_read(pipe, 8), "big")))  # noqa: S301 - our own


def _read(pipe: int, size: int) -> bytearray:
    data = bytearray()
    while len(data) < size:
        piece = os.read(pipe, min(size - len(data), 1 << 20))
        if not piece:
            raise EOFError
        data += piece
    return data


def _killed() -> OutputError:
    return OutputError(
        "a process of the build was killed",
        hint="is there enough memory? build again, or with fewer jobs.",
    )
