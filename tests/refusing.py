"""A disk that refuses one thing of all that are asked of it, or ends who asks: for tests."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


def is_full(path: str) -> None:
    """Refuse what is asked of a file. Raises OSError."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)


def kills(path: str) -> None:
    """End the process that asks."""
    os.kill(os.getpid(), signal.SIGKILL)


class Disk:
    """A disk that refuses the n-th thing that is asked of it below a folder.

    Python tells its audit hooks of every file that is opened to be written, renamed, deleted, and
    of every folder made; of the bytes themselves it does not, so these calls are replaced.
    """

    CHANGES = frozenset({"os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.truncate"})  # fmt: skip

    def __init__(self) -> None:
        self.folder: str | None = None
        self.refused = 0
        self.asked: list[tuple[str, str]] = []
        self.instead: Callable[[str], None] = is_full
        sys.addaudithook(self._hear)

    @contextmanager
    def refusing(
        self, number: int, folder: Path, instead: Callable[[str], None] = is_full
    ) -> Iterator[list[tuple[str, str]]]:
        """Do something else instead of one thing; give what was asked so far, and of which file."""
        self.folder, self.refused, self.asked = str(folder), number, []
        self.instead = instead
        with pytest.MonkeyPatch.context() as patch:
            for name in ("write", "sendfile", "copy_file_range"):
                if call := getattr(os, name, None):
                    patch.setattr(os, name, self._refusing(name, call))
            try:
                yield self.asked
            finally:
                self.folder = None

    def _refusing(self, name: str, call: Callable[..., int]) -> Callable[..., int]:
        def instead(*arguments: Any, **named: Any) -> int:
            self._ask(name, "")
            return call(*arguments, **named)

        return instead

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.folder is None or not (event == "open" or event in self.CHANGES):
            return
        if event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            return
        path = "" if isinstance(arguments[0], int) else os.fsdecode(arguments[0])
        if not path or path.startswith(self.folder):
            self._ask(event, path)

    def _ask(self, what: str, path: str) -> None:
        self.asked.append((what, path))
        if len(self.asked) == self.refused:
            self.instead(path)
