"""Chunks of work are processed by forked helpers, none of which outlives the call."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Iterator

import pytest

from sitegen import processes
from sitegen.errors import ContentError

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Record the forked children; the system refuses to fork a third."""
    fork, children = os.fork, list[int]()

    def record() -> int:
        if len(children) == 2:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        process = fork()
        children.extend([process] if process else [])
        return process

    monkeypatch.setattr(os, "fork", record)
    yield children
    for process in filter(is_running, children):
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def waits(chunk: int) -> int:
    """Process a chunk; in a child, this never ends."""
    if chunk:
        signal.pause()
    return chunk


def test_what_was_made_comes_in_order(forked: list[int]) -> None:
    assert processes.map_chunks(range(100), lambda chunk: chunk * 2, 3) == [*range(0, 200, 2)]
    assert len(forked) == 2
    assert not any(map(is_running, forked))


def test_what_a_child_raises_is_raised_here(forked: list[int]) -> None:
    def fails(chunk: int) -> int:
        if chunk:
            raise ContentError("broken", path="a.md", line=chunk, hint="mend it.")
        return chunk

    with pytest.raises(ContentError, match=r"a\.md:2: error: broken\. hint: mend it\."):
        processes.map_chunks((0, 2, 0), fails, 3)
    assert not any(map(is_running, forked))


def test_children_end_when_this_process_is_stopped(forked: list[int]) -> None:
    def stopped(chunk: int) -> int:
        if not chunk:
            assert all(map(is_running, forked))
            raise KeyboardInterrupt
        return waits(chunk)

    with pytest.raises(KeyboardInterrupt):
        processes.map_chunks((0, 1, 2), stopped, 3)
    assert len(forked) == 2
    assert not any(map(is_running, forked))


def test_those_that_are_there_do_all_when_the_system_refuses_another(forked: list[int]) -> None:
    assert processes.map_chunks(range(50), lambda chunk: -chunk, 9) == [*range(0, -50, -1)]
    assert len(forked) == 2
    assert not any(map(is_running, forked))


@pytest.mark.parametrize("processes_wanted", [1, 3])
def test_nothing_to_do_is_done_at_once(forked: list[int], processes_wanted: int) -> None:
    assert processes.map_chunks((), waits, processes_wanted) == []
    assert not any(map(is_running, forked))


def test_queued_requests_and_long_responses_do_not_deadlock(forked: list[int]) -> None:
    """Neither side waits for the other when what both say is more than a pipe holds."""
    helper = processes.Helper({"twice": lambda text: text * 2}, ())
    try:
        for text in ("a" * 5_000_000, "b" * 5_000_000, "c", "d"):
            helper.submit("twice", text)
        found = []
        while helper.open_requests:
            found += [text for _, text in processes.ready_results([helper], wait=True)]
    finally:
        helper.kill()
    assert [(text[0], len(text)) for text in found] == [
        ("a", 10_000_000), ("b", 10_000_000), ("c", 2), ("d", 2),
    ]  # fmt: skip
    assert not any(map(is_running, forked))


def test_all_responses_that_have_arrived_are_read_at_once(forked: list[int]) -> None:
    """A helper that answers faster than it is asked is not left waiting for its next request."""
    reader, writer = os.pipe()
    helper = processes.Helper({"same": lambda x: x, "signal": lambda: os.write(writer, b".")}, ())
    try:
        for number in range(3):
            helper.submit("same", number)
        helper.submit("signal")
        os.read(reader, 1)  # so the responses before are in the pipe
        found = [result for _, result in processes.ready_results([helper], wait=False)]
    finally:
        helper.kill()
        os.close(reader)
        os.close(writer)
    assert found[:3] == [0, 1, 2]
