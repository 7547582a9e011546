"""File locks, which the system releases when the process ends, however it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sitegen import files, folders
from sitegen.errors import BusyError, OutputError


class Lock(Protocol):
    """A kind of lock that a system has for open files."""

    def try_lock(self, descriptor: int) -> bool:
        """Lock a file; return whether it was free."""

    def unlock(self, descriptor: int) -> None:
        """Release the lock of a file that is about to be closed."""


class WholeFileLock:
    """The lock of POSIX systems; it ends when the file is closed, or with the process."""

    def try_lock(self, descriptor: int) -> bool:
        """Lock a file; return whether it was free."""
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return False
        return True

    def unlock(self, descriptor: int) -> None:
        """Do nothing: closing the file is enough."""


class ByteLocking(Protocol):
    """What is used of the module `msvcrt`."""

    @property
    def LK_NBLCK(self) -> int:  # noqa: N802 - the module's name for it
        """The mode that locks, or fails at once."""

    @property
    def LK_UNLCK(self) -> int:  # noqa: N802
        """The mode that unlocks."""

    def locking(self, fd: int, mode: int, nbytes: int, /) -> None:
        """Lock or unlock bytes from the file's position on. Raises OSError."""


class FirstByteLock:
    """The lock of Windows: it locks bytes, which need not exist.

    Windows also releases it with the process, but "at some time", so it is released here.
    """

    def __init__(self, msvcrt: ByteLocking) -> None:
        self._msvcrt = msvcrt

    def try_lock(self, descriptor: int) -> bool:
        """Lock a file; return whether it was free."""
        os.lseek(descriptor, 0, os.SEEK_SET)
        try:
            self._msvcrt.locking(descriptor, self._msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def unlock(self, descriptor: int) -> None:
        """Release the lock of a file that is about to be closed."""
        os.lseek(descriptor, 0, os.SEEK_SET)
        self._msvcrt.locking(descriptor, self._msvcrt.LK_UNLCK, 1)


def system_lock() -> Lock:
    """Return the kind of lock that this system has."""
    if sys.platform == "win32":
        import msvcrt

        return FirstByteLock(msvcrt)
    else:  # noqa: RET505 - a type checker knows the systems apart by it
        return WholeFileLock()


@contextmanager
def hold(
    path: Path, holder: str, root: Path | None = None, lock: Lock | None = None
) -> Iterator[None]:
    """Hold a lock file in the cache folder.

    `holder` names the process that may have it, for the message: "another build". `root` is the
    folder below which no folder may be a link (default: the lock's own), `lock` the kind of lock
    (default: the system's).

    Raises BusyError if it is locked, OutputError if it cannot be written.
    """
    lock = lock or system_lock()
    try:
        folders.create(path.parent, root or path.parent)
        _ignore_in_git(path.parent)
        file = os.fdopen(open_lock(path), "a")
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror}", path=path, hint="check its permissions."
        ) from error
    with file:
        if not lock.try_lock(file.fileno()):
            raise BusyError(
                f"{holder} is running on this site", path=path, hint="wait for it to end."
            )
        try:
            yield
        finally:
            lock.unlock(file.fileno())


def open_lock(path: Path) -> int:
    """Open a lock file; if its path is a link, the link is replaced and its target left alone."""
    if path.is_symlink():
        path.unlink()
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | files.O_NOFOLLOW, 0o666)


def _ignore_in_git(folder: Path) -> None:
    """Add a .gitignore so that the cache is not committed."""
    path = folder / ".gitignore"
    if not os.path.lexists(path):
        files.create(str(path), b"*\n")
