"""File locks, which the system releases when the process ends, however it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sitegen import files, folders
from sitegen.errors import BusyError, OutputError


@contextmanager
def hold(path: Path, holder: str, root: Path | None = None) -> Iterator[None]:
    """Hold a lock file in the cache folder.

    `holder` names the process that may have it, for the message: "another build". `root` is the
    folder below which no folder may be a link (default: the lock's own).

    Raises BusyError if it is locked, OutputError if it cannot be written.
    """
    try:
        folders.create(path.parent, root or path.parent)
        _ignore_in_git(path.parent)
        file = os.fdopen(open_lock(path), "a")
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror}", path=path, hint="check its permissions."
        ) from error
    with file:
        if not _try_lock(file.fileno()):
            raise BusyError(
                f"{holder} is running on this site", path=path, hint="wait for it to end."
            )
        yield


def open_lock(path: Path) -> int:
    """Open a lock file; if its path is a link, the link is replaced and its target left alone."""
    if path.is_symlink():
        path.unlink()
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | files.O_NOFOLLOW, 0o666)


def _try_lock(descriptor: int) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows has no such locks
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _ignore_in_git(folder: Path) -> None:
    """Add a .gitignore so that the cache is not committed."""
    path = folder / ".gitignore"
    if not os.path.lexists(path):
        files.create(str(path), b"*\n")
