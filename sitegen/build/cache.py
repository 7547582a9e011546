"""What the last build left, so that nothing is done twice: losing it costs time, nothing else.

Here is what a build that changes nothing needs; `state` has the rest.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple
from zlib import crc32

import sitegen
from sitegen import files
from sitegen.build import theme
from sitegen.build.scanning import OnDisk, Signature, listed, picture
from sitegen.config import Config

Progress = Callable[[int, int], None]
FORMAT = 2
STATE = "state"
STILL = "still"
JOURNAL = "journal"


class Report(NamedTuple):
    """What a build did: how much the site has, and which of its files changed."""

    files: int
    threads: int
    posts: int
    warnings: tuple[str, ...]
    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class Cache:
    """The cache folder of one output folder."""

    def __init__(self, config: Config) -> None:
        name = os.path.abspath(config.output).encode("utf-8", "surrogateescape")
        self.folder = config.cache / f"{crc32(name):08x}"
        folders = (*theme.roots(config), config.templates, config.static)
        found = [sorted(listed(folder)) for folder in folders]
        settings = (sitegen.__version__, FORMAT, config, found)
        self.settings = repr(settings).encode("utf-8", "surrogateescape")

    def still(self, seen: Mapping[str, Signature], there: Mapping[str, OnDisk]) -> Report | None:
        """Return the last build's report when neither what it read nor its output changed.

        A file too young to be known by its signature may have changed under the same one.
        """
        if not all(signature.inode for signature in seen.values()):
            return None
        try:
            told, _, rest = (self.folder / STILL).read_bytes().partition(b"\n")
            if rest != self._all(seen, there) or self.journal():
                return None
            made, threads, posts, warnings = json.loads(told)
            return Report(made, threads, posts, tuple(warnings))
        except (OSError, ValueError, TypeError, LookupError):
            return None

    def begin(self, paths: Iterable[str]) -> None:
        """Note which files are about to change: should the build stop, they are not trusted."""
        distrusted = {*self.journal(), *paths}
        (self.folder / STILL).unlink(missing_ok=True)
        files.write(self.folder / JOURNAL, "\n".join(sorted(distrusted)).encode())

    def end(
        self,
        state: bytes,
        seen: Mapping[str, Signature],
        there: Mapping[str, OnDisk],
        report: Report,
    ) -> None:
        """Keep a build's state; from here on its files are trusted."""
        files.write(self.folder / STATE, state)
        (self.folder / JOURNAL).unlink(missing_ok=True)
        told = json.dumps((report.files, report.threads, report.posts, report.warnings)).encode()
        files.write(self.folder / STILL, told + b"\n" + self._all(seen, there))

    def state(self) -> bytes:
        """Return the state that the last build kept; empty when there is none."""
        try:
            return files.read(str(self.folder / STATE))
        except OSError:
            return b""

    def journal(self) -> frozenset[str]:
        """Return the files that a build began to change and did not tell the end of."""
        try:
            return frozenset((self.folder / JOURNAL).read_text("utf-8").split("\n"))
        except FileNotFoundError:
            return frozenset()

    def _all(self, seen: Mapping[str, Signature], there: Mapping[str, OnDisk]) -> bytes:
        return b"\0".join((self.settings, picture(seen), picture(dict(sorted(there.items())))))
