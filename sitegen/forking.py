"""Shares of one work in processes of this one's kind: they begin with all that it knows.

A child gets nothing and says nothing but what it made, in a file that the system forgets with
it. Where no process can be forked, one does all.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO, TypeVar

from sitegen.errors import OutputError

Share = TypeVar("Share")
Done = TypeVar("Done")


def can_fork() -> bool:
    """Tell whether a fork is safe: it is where no other thread can hold a lock."""
    return hasattr(os, "fork") and threading.active_count() == 1


def spread(shares: Sequence[Share], do: Callable[[Share], Done]) -> Iterator[Done]:
    """Do each share in a process of its own, the first one here; give what each made, in order.

    What a child raises is raised here. No child outlives this, however it ends.
    """
    children: list[tuple[int, BinaryIO]] = []
    try:
        for share in shares[1:]:
            children.append(_born(share, do))
        yield do(shares[0])
        while children:
            process, told = children[0]
            _, status = os.waitpid(process, 0)
            children.pop(0)
            yield _heard(told, os.waitstatus_to_exitcode(status))
    finally:
        for process, told in children:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            told.close()


def orphaned(parent: int) -> bool:
    """Tell whether the process that waits for this one's work was killed."""
    return os.getpid() != parent and os.getppid() != parent


def _born(share: Share, do: Callable[[Share], Done]) -> tuple[int, BinaryIO]:
    """Fork a child that does a share, tells what it made, and ends."""
    told = _nameless()
    process = os.fork()
    if process:
        return process, told
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it, and ends its children
        answer: Any = (do(share), None)
    except BaseException as error:  # whatever it is, the parent tells it
        answer = (None, error)
    try:
        pickle.dump(answer, told, pickle.HIGHEST_PROTOCOL)
        told.flush()
    finally:
        os._exit(0)


def _heard(told: BinaryIO, code: int) -> Any:
    """Return what a child made; raise what went wrong in it."""
    with told:
        told.seek(0)
        try:
            made, error = pickle.load(told)  # noqa: S301 - our own child's
        except (EOFError, pickle.UnpicklingError) as lost:
            raise OutputError(
                f"a process that shared the work was killed ({code})",
                hint="is there enough memory? try again, and build with fewer jobs.",
            ) from lost
    if error is not None:
        raise error
    return made


def _nameless() -> BinaryIO:
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("sitegen"), "w+b")
    import tempfile

    return tempfile.TemporaryFile()
