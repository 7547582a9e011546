"""Shares of one work are done by children, none of which outlives it."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Iterator

import pytest

from sitegen import processes
from sitegen.errors import ContentError

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")


def lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def born(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Note the children that are born; the system refuses the third."""
    fork, children = os.fork, list[int]()

    def record() -> int:
        if len(children) == 2:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        process = fork()
        children.extend([process] if process else [])
        return process

    monkeypatch.setattr(os, "fork", record)
    yield children
    for process in filter(lives, children):
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def waits(share: int) -> int:
    """Do a share that in a child takes for ever."""
    if share:
        signal.pause()
    return share


def test_what_was_made_comes_in_order(born: list[int]) -> None:
    assert processes.map_chunks(range(100), lambda share: share * 2, 3) == [*range(0, 200, 2)]
    assert len(born) == 2
    assert not any(map(lives, born))


def test_what_a_child_raises_is_raised_here(born: list[int]) -> None:
    def fails(share: int) -> int:
        if share:
            raise ContentError("broken", path="a.md", line=share, hint="mend it.")
        return share

    with pytest.raises(ContentError, match=r"a\.md:2: error: broken\. hint: mend it\."):
        processes.map_chunks((0, 2, 0), fails, 3)
    assert not any(map(lives, born))


def test_children_end_when_this_process_is_stopped(born: list[int]) -> None:
    def stopped(share: int) -> int:
        if not share:
            assert all(map(lives, born))
            raise KeyboardInterrupt
        return waits(share)

    with pytest.raises(KeyboardInterrupt):
        processes.map_chunks((0, 1, 2), stopped, 3)
    assert len(born) == 2
    assert not any(map(lives, born))


def test_those_that_are_there_do_all_when_the_system_refuses_another(born: list[int]) -> None:
    assert processes.map_chunks(range(50), lambda share: -share, 9) == [*range(0, -50, -1)]
    assert len(born) == 2
    assert not any(map(lives, born))


@pytest.mark.parametrize("hands", [1, 3])
def test_nothing_to_do_is_done_at_once(born: list[int], hands: int) -> None:
    assert processes.map_chunks((), waits, hands) == []
    assert not any(map(lives, born))


def test_who_is_asked_ahead_and_answers_at_length_is_heard(born: list[int]) -> None:
    """Neither side waits for the other when what both say is more than a pipe holds."""
    helper = processes.Helper({"twice": lambda text: text * 2}, ())
    try:
        for text in ("a" * 5_000_000, "b" * 5_000_000, "c", "d"):
            helper.ask("twice", text)
        found = []
        while helper.unanswered:
            found += [ready.answer() for ready in processes.ready_helpers([helper], wait=True)]
    finally:
        helper.end()
    assert [(text[0], len(text)) for text in found] == [
        ("a", 10_000_000), ("b", 10_000_000), ("c", 2), ("d", 2),
    ]  # fmt: skip
    assert not any(map(lives, born))
