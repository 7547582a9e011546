"""One at a time: a lock that the system lets go of when its process ends, however it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sitegen.errors import BusyError, OutputError


@contextmanager
def held(path: Path, who: str) -> Iterator[None]:
    """Hold a lock file in the cache folder. Raises BusyError when somebody else does.

    `who` names that somebody in the message: "another build".
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _ignore_in_git(path.parent)
        file = path.open("a")
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror}", path=path, hint="check its permissions."
        ) from error
    with file:
        if not _locked(file.fileno()):
            raise BusyError(f"{who} is at work on this site", path=path, hint="wait for it to end.")
        yield


def _locked(descriptor: int) -> bool:
    try:
        import fcntl
    except ImportError:  # no such locks on Windows
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _ignore_in_git(folder: Path) -> None:
    """Keep the cache out of people's repositories."""
    path = folder / ".gitignore"
    if not path.exists():
        path.write_text("*\n", "utf-8")
