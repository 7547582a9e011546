"""Processes: how long a command takes, and how much memory it has with all its children.

Memory is the highest sum of the processes' PSS (proportional set size: what processes share
counts once, divided among them) that was seen. It is read from /proc/PID/smaps_rollup of the
command and everything below it, every ten milliseconds, so a shorter peak may be missed, and
of what it shares with strangers (Python's own files, with us) only its part counts.
Looking takes time from what is looked at: runs whose memory is taken are never timed.
"""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

LOG = "bench.log"
BETWEEN_LOOKS = 0.01
LAST_LINES = 5

Command = Sequence[str | Path]


class CommandError(Exception):
    """A command that was measured failed; the text names it and ends with its last lines."""


class Figure(NamedTuple):
    """Seconds of a run: on the clock, and of all processors together."""

    wall: float
    cpu: float


def timed(command: Command, folder: Path) -> Figure:
    """Run a command to its end and time it. Raises CommandError."""
    os.sync()  # or it waits for what the one before it has written
    before = _processors()
    started = time.perf_counter()
    _run(command, folder, lambda child: child.wait())
    wall = time.perf_counter() - started
    return Figure(wall, _processors() - before)


def peak(command: Command, folder: Path) -> int | None:
    """Run a command and return the bytes it had at most; None where the system does not tell.

    Raises CommandError.
    """
    if not _tells_memory():
        return None
    seen = [0]

    def watch(child: subprocess.Popen[bytes]) -> None:
        while child.poll() is None:
            seen.append(sum(_memory(pid) for pid in _with_children(child.pid)))
            time.sleep(BETWEEN_LOOKS)

    _run(command, folder, watch)
    return max(seen)


def run(command: Command, folder: Path) -> None:
    """Run a command to its end. Raises CommandError."""
    _run(command, folder, lambda child: child.wait())


def _run(
    command: Command, folder: Path, until_end: Callable[[subprocess.Popen[bytes]], object]
) -> None:
    log = folder / LOG
    with log.open("wb") as file, _child(command, folder, file) as child:
        until_end(child)
    if child.returncode:
        last = log.read_text("utf-8", "replace").splitlines()[-LAST_LINES:]
        said = "\n".join([f"exit code {child.returncode}: {_shown(command)}", *last])
        raise CommandError(said)


@contextmanager
def _child(command: Command, folder: Path, output: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command as users have it, with its modules compiled; let it not outlive us."""
    given = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    child = subprocess.Popen(
        command, cwd=folder, env=given, stdin=subprocess.DEVNULL, stdout=output,
        stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield child
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()


def _processors() -> float:
    """Return the seconds of processors that ended children and theirs have used."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _tells_memory() -> bool:
    return Path("/proc/self/smaps_rollup").exists() and Path(_children(os.getpid())).exists()


def _children(pid: int) -> str:
    return f"/proc/{pid}/task/{pid}/children"


def _with_children(pid: int) -> Iterator[int]:
    """Go through a process and all below it, also those that its other threads have started."""
    yield pid
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _read(str(path)).split():
            yield from _with_children(int(child))


def _memory(pid: int) -> int:
    for line in _read(f"/proc/{pid}/smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _read(path: str) -> str:
    try:
        return Path(path).read_text("ascii")
    except OSError:  # it has ended meanwhile
        return ""


def _shown(command: Command) -> str:
    return " ".join(map(str, command))
