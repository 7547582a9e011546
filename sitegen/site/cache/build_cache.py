"""The build cache: what the last build left. Deleting it costs time, nothing else.

Here is what a build that changes nothing needs; `state` has the rest.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple
from zlib import crc32

from sitegen import __version__, files
from sitegen.config.schema import Config
from sitegen.site.render import theme
from sitegen.site.scan import OnDisk, Signature, listed, picture

Progress = Callable[[int, int], None]
Step = Callable[[str], None]
MAKING_PAGES = "making pages"
FORMAT = 17
SEAL = 4  # bytes of the checksum at the end of a state
STEP = 127  # of so many bytes the checksum is of one: disks lose blocks, of 512 at least
STATE = "state"
CHANGES = "changes"
STILL = "still"
JOURNAL = "journal"


class Report(NamedTuple):
    """What a build did: how much the site has, and which of its files changed.

    `notes` say what would make another site of the same content, such as an extra that is not
    installed; they are no warnings.

    `left` is what it made for itself alone. A process that ends with the build keeps that until
    then: to take it apart, value by value, would only take time.
    """

    files: int
    threads: int
    posts: int
    warnings: tuple[str, ...]
    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    left: object = None
    notes: tuple[str, ...] = ()


class CacheStat(NamedTuple):
    """The `stat` of both files of a state; None for one that is missing."""

    folder: str
    state: Signature | None
    changes: Signature | None

    @property
    def size(self) -> int:
        """The bytes of the whole state."""
        return self.state[1] if self.state else 0


class Cache:
    """The cache folder of one output folder."""

    def __init__(self, config: Config, maker: bytes = b"", links: tuple[str, ...] = ()) -> None:
        name = os.path.abspath(config.output).encode("utf-8", "surrogateescape")
        self.root = config.cache
        self.folder = self.root / f"{crc32(name):08x}"
        folders = (*theme.roots(config), config.templates, config.static)
        listings = [sorted(listed(folder).items()) for folder in folders]
        settings = (__version__, FORMAT, config, listings, maker, links)
        self.format = f"{__version__} {FORMAT}\n".encode()
        self.settings = repr(settings).encode("utf-8", "surrogateescape")
        self._seen: tuple[object, bytes] = (None, b"")

    def still(self, seen: Mapping[str, Signature], there: Mapping[str, OnDisk]) -> Report | None:
        """Return the last build's report when neither what it read nor its output changed.

        A file too young to be known by its signature may have changed under the same one.
        """
        if not _settled(seen):
            return None
        try:
            counts, _, rest = (self.folder / STILL).read_bytes().partition(b"\n")
            before = self._before(seen)
            if not rest.startswith(before) or rest[len(before) :] != _after(there):
                return None
            if self.journal():
                return None
            made, threads, posts, warnings = json.loads(counts)
            return Report(made, threads, posts, tuple(warnings))
        except (OSError, ValueError, TypeError, LookupError):
            return None

    def begin(self, paths: Iterable[str]) -> None:
        """Journal the files about to change: if the build is stopped, they are not trusted."""
        distrusted = {*self.journal(), *paths}
        (self.folder / STILL).unlink(missing_ok=True)
        files.write(self.folder / JOURNAL, "\n".join(sorted(distrusted)).encode(), self.root)

    def forget(self) -> None:
        """Delete the state of earlier builds, before a completely new site takes its place."""
        for name in (STILL, CHANGES, STATE):
            (self.folder / name).unlink(missing_ok=True)

    def end(
        self, seen: Mapping[str, Signature], there: Mapping[str, OnDisk], report: Report
    ) -> None:
        """Record that a build has ended and its state is saved: its files are trusted from here."""
        (self.folder / JOURNAL).unlink(missing_ok=True)
        if not _settled(seen):
            return  # no later build could believe it
        counts = json.dumps((report.files, report.threads, report.posts, report.warnings)).encode()
        kept = counts + b"\n" + self._before(seen) + _after(there)
        files.write(self.folder / STILL, kept, self.root)

    def keep(self, state: Iterable[bytes]) -> None:
        """Save the whole state of a build; one that cannot be encoded as UTF-8 is not saved.

        The next build then starts from nothing.
        """
        try:
            files.write_pieces(self.folder / STATE, _sealed(state), self.root)
        except UnicodeEncodeError:
            (self.folder / STATE).unlink(missing_ok=True)
        (self.folder / CHANGES).unlink(missing_ok=True)

    def keep_changes(self, changes: Iterable[bytes]) -> None:
        """Save what changed since the whole state was saved, after the identity of that state."""
        files.write_pieces(self.folder / CHANGES, _sealed(changes), self.root)

    def state(self) -> memoryview:
        """Return the saved state; empty when there is none of this format."""
        return self._kept(STATE, self.format)

    def changes(self) -> memoryview:
        """Return what changed since that state was kept; empty when that is nothing."""
        return self._kept(CHANGES, self.of_the_state())

    def stat(self) -> CacheStat:
        """Return the `stat` of the cache: the same as before when nobody wrote it since."""
        return CacheStat(str(self.folder), _stat(self.folder / STATE), _stat(self.folder / CHANGES))

    def journal(self) -> frozenset[str]:
        """Return the files of an interrupted build's journal."""
        try:
            return frozenset((self.folder / JOURNAL).read_text("utf-8", "replace").split("\n"))
        except FileNotFoundError:
            return frozenset()

    def of_the_state(self) -> bytes:
        """Return the identity of the saved state, to match changes with it."""
        return self.format + f"{_stat(self.folder / STATE)}\n".encode()

    def _kept(self, name: str, head: bytes) -> memoryview:
        try:
            with (self.folder / name).open("rb") as file:
                data = _mapped(file)
        except (OSError, ValueError):  # none, or an empty one
            return memoryview(b"")
        sealed = data[-SEAL:] == crc32(bytes(data[:-SEAL:STEP])).to_bytes(SEAL, "big")
        is_ours = sealed and data[: len(head)] == head
        return data[len(head) : -SEAL] if is_ours else memoryview(b"")

    def _before(self, seen: Mapping[str, Signature]) -> bytes:
        """Return the settings and signatures that the site depends on, encoded."""
        if self._seen[0] is not seen:  # both ends of a build ask for the same
            self._seen = seen, b"%b\0%b\0" % (self.settings, picture([*seen], seen))
        return self._seen[1]


def _after(there: Mapping[str, OnDisk]) -> bytes:
    """Return the `stat` of a file."""
    return picture(sorted(there), there)


def _sealed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Append a checksum, which exposes a file that a power cut left incomplete."""
    length = seal = 0
    for piece in pieces:
        yield piece
        seal = crc32(piece[-length % STEP :: STEP], seal)
        length += len(piece)
    yield seal.to_bytes(SEAL, "big")


def _mapped(file: BinaryIO) -> memoryview:
    """Map a file into memory where possible, so that only the pages in use are read."""
    if os.name != "posix":  # elsewhere nobody could replace it meanwhile
        return memoryview(file.read())
    import mmap

    return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def _settled(seen: Mapping[str, Signature]) -> bool:
    """Tell whether every file is old enough to be identified by its signature."""
    return all(inode for _, _, inode in seen.values())


def _stat(path: Path) -> Signature | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
