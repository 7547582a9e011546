"""A lock is held by one at a time, with the locks of either kind of system."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from sitegen import locks
from sitegen.errors import BusyError


class Windows:
    """Byte locks as `msvcrt.locking` gives them: by open file, from its position on.

    What is released when a process ends is not shown here, and none of it has run on Windows.
    """

    LK_NBLCK = 2
    LK_UNLCK = 0

    def __init__(self) -> None:
        self.held: dict[tuple[int, int], int] = {}

    def locking(self, fd: int, mode: int, nbytes: int, /) -> None:
        """Lock or unlock one byte."""
        assert nbytes == 1
        byte = os.fstat(fd).st_ino, os.lseek(fd, 0, os.SEEK_CUR)
        if mode == self.LK_UNLCK:
            if self.held.pop(byte, None) != fd:
                raise OSError(errno.EACCES, "not locked by this file")
        elif byte in self.held:
            raise OSError(errno.EACCES, "locked by another")
        else:
            self.held[byte] = fd


KINDS = [locks.system_lock(), locks.FirstByteLock(Windows())]


@pytest.mark.parametrize("lock", KINDS, ids=lambda lock: type(lock).__name__)
def test_a_lock_has_one_holder_and_is_free_afterwards(tmp_path: Path, lock: locks.Lock) -> None:
    path = tmp_path / "cache/lock"
    for _ in range(2):
        with locks.hold(path, "another build", lock=lock):
            path.write_text("longer than before")  # the position of what is locked stays
            with pytest.raises(BusyError) as busy, locks.hold(path, "another build", lock=lock):
                pass
            assert (busy.value.path, busy.value.message) == (
                str(path),
                "another build is running on this site",
            )
            with locks.hold(path.with_name("other"), "another build", lock=lock):
                pass


@pytest.mark.parametrize("lock", KINDS, ids=lambda lock: type(lock).__name__)
def test_a_lock_is_free_after_an_error(tmp_path: Path, lock: locks.Lock) -> None:
    with pytest.raises(KeyError), locks.hold(tmp_path / "lock", "another", lock=lock):
        raise KeyError
    with locks.hold(tmp_path / "lock", "another", lock=lock):
        pass


def test_windows_locks_are_released_by_hand(tmp_path: Path) -> None:
    windows = Windows()
    with locks.hold(tmp_path / "lock", "another", lock=locks.FirstByteLock(windows)):
        assert [place for _, place in windows.held] == [0]
    assert not windows.held
