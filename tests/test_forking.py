"""Chunks of work are processed by forked helpers, none of which outlives the call."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen import processes
from sitegen.errors import ContentError
from sitegen.site.output_folder import MANIFEST, Output
from sitegen.site.scan import stat_files

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


def broken() -> int:
    raise ContentError("broken", path="a.md", hint="mend it.")


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


def test_a_task_in_the_background_returns_or_raises_what_it_would_here(forked: list[int]) -> None:
    with processes.background(os.getpid) as result:
        assert result() == forked[0] != os.getpid()
    with processes.background(broken) as result, pytest.raises(ContentError):
        result()
    assert len(forked) == 2
    assert not any(map(is_running, forked))


def test_a_task_in_the_background_ends_where_nobody_waits_for_it(forked: list[int]) -> None:
    with pytest.raises(KeyboardInterrupt), processes.background(signal.pause):
        raise KeyboardInterrupt
    assert len(forked) == 1
    assert not is_running(forked[0])


def test_a_task_in_the_background_runs_here_where_nothing_can_be_forked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(os, "fork")
    with processes.background(os.getpid) as result:
        assert result() == os.getpid()


@pytest.mark.parametrize(("jobs", "helpers"), [(1, 0), (2, 1)])
def test_a_large_folder_is_scanned_by_a_helper(
    tmp_path: Path, forked: list[int], jobs: int, helpers: int
) -> None:
    (tmp_path / "thread").mkdir()
    (tmp_path / "thread" / "one.html").write_text("one", encoding="utf-8")
    (tmp_path / "link.html").symlink_to("thread/one.html")
    listed = "".join([f"thread/{number:050}.html\n" for number in range(2_000)])
    (tmp_path / MANIFEST).write_text(listed, encoding="utf-8")
    output = Output(tmp_path)
    with output.scanned_in_background(jobs):
        assert output.existing == stat_files(tmp_path)
    assert len(forked) == helpers
    assert output.existing.keys() == {MANIFEST, "link.html", "thread/one.html"}
