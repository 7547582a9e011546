"""What the last build knew: losing it costs time and nothing else.

No dependency graph: a page is a value, and a page whose fingerprint and file are as they
were is not made again.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import sitegen
from sitegen import files
from sitegen.build import output, theme
from sitegen.build.library import Known, Signature, unpickled
from sitegen.build.output import OnDisk
from sitegen.config import Config

FORMAT = 1
PROTOCOL = pickle.HIGHEST_PROTOCOL
STATE = "state"
STILL = "still"
JOURNAL = "journal"
UNUSABLE = (OSError, ValueError, EOFError, AttributeError, ImportError, IndexError, TypeError,
            KeyError, pickle.UnpicklingError)  # fmt: skip


class Report(NamedTuple):
    """What a build did: how much the site has, and which of its files changed."""

    files: int
    threads: int
    posts: int
    warnings: tuple[str, ...]
    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class Made(NamedTuple):
    """A file of the site: what it was made from, and how it lay on the disk afterwards."""

    fingerprint: bytes
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class State:
    """What one build leaves for the next: the files it read, and the files it made."""

    known: Mapping[str, Known] = field(default_factory=dict)
    made: Mapping[str, Made] = field(default_factory=dict)

    def is_stale(self, path: str, fingerprint: bytes, there: Mapping[str, OnDisk]) -> bool:
        """Tell whether a file must be made again: it is gone, or other than we left it."""
        made = self.made.get(path)
        return made is None or made[0] != fingerprint or made[1:] != there.get(path)

    def remade(
        self,
        fingerprints: Mapping[str, bytes],
        changed: Mapping[str, OnDisk | None],
        there: Mapping[str, OnDisk],
    ) -> dict[str, Made]:
        """Return the files as they are now: those that changed, and those that did not."""
        return {
            path: Made(fingerprint, *(changed.get(path) or there[path]))
            for path, fingerprint in fingerprints.items()
        }


class Cache:
    """The cache folder of one output folder."""

    def __init__(self, config: Config) -> None:
        self.config = config
        name = os.path.abspath(config.output)
        mark = hashlib.blake2b(name.encode("utf-8", "surrogateescape"), digest_size=4).hexdigest()
        self.folder = config.cache / mark
        self.key = f"{sitegen.__version__}/{FORMAT}"

    def inputs(self, sources: Mapping[str, Signature]) -> bytes:
        """Return a digest of the signatures of all that a build reads."""
        config = self.config
        folders = (*theme.roots(config), config.templates, config.static)
        found = [sorted(output.listed(folder)) for folder in folders]
        text = repr((self.key, config, tuple(sources.items()), found))
        return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).digest()

    def still(self, inputs: bytes, there: Mapping[str, OnDisk]) -> Report | None:
        """Return the last build's report when neither its inputs nor its output changed."""
        try:
            digest, report = pickle.loads((self.folder / STILL).read_bytes())  # noqa: S301 - our own file
        except UNUSABLE:
            return None
        same = digest == inputs + _picture(there) and not self._interrupted()
        return report if same and isinstance(report, Report) else None

    def load(self) -> State:
        """Return what the last build left; an empty state when that cannot be used."""
        try:
            key, known, made = pickle.loads((self.folder / STATE).read_bytes())  # noqa: S301 - ours
            distrusted = self._journal()
            if key != self.key:
                return State()
            return State(
                {path: unpickled(Signature(*seen), item) for path, (seen, item) in known.items()},
                {path: Made(*of) for path, of in made.items() if path not in distrusted},
            )
        except UNUSABLE:
            return State()

    def begin(self, paths: Iterable[str]) -> None:
        """Note which files are about to change: should the build stop, they are not trusted."""
        distrusted = {*self._journal(), *paths}
        (self.folder / STILL).unlink(missing_ok=True)
        files.write(self.folder / JOURNAL, "\n".join(sorted(distrusted)).encode())

    def save(self, state: State, inputs: bytes, folder: Path, report: Report) -> None:
        """Keep a build's state; from here on its files are trusted."""
        known = {path: (tuple(seen), item) for path, (seen, _, item) in state.known.items()}
        made = {path: tuple(of) for path, of in state.made.items()}
        files.write(self.folder / STATE, pickle.dumps((self.key, known, made), PROTOCOL))
        (self.folder / JOURNAL).unlink(missing_ok=True)
        unchanged = report._replace(written=(), removed=())
        still = pickle.dumps((inputs + _picture(dict(output.listed(folder))), unchanged))
        files.write(self.folder / STILL, still)

    def _interrupted(self) -> bool:
        return (self.folder / JOURNAL).exists()

    def _journal(self) -> frozenset[str]:
        if not self._interrupted():
            return frozenset()
        return frozenset((self.folder / JOURNAL).read_text("utf-8").split("\n"))


def _picture(files: Mapping[str, OnDisk]) -> bytes:
    """Return a digest of how files lie on the disk."""
    text = repr(sorted(files.items()))
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).digest()
