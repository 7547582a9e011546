"""Read and write the files of the build cache. Deleting them costs time, nothing else.

A build without changes needs this module alone: it compares the signatures in `REPORT`.
`build_state` decodes the rest.
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
from sitegen.languages import BUNDLED
from sitegen.languages.versions import package_versions
from sitegen.site.render import theme
from sitegen.site.scan import FileStat, Signature, encode_signatures, stat_files

Progress = Callable[[int, int], None]
Step = Callable[[str], None]
MAKING_PAGES = "making pages"
FORMAT = 47
CHECKSUM_BYTES = 4  # of the CRC-32 at the end of a state file
CHECKSUM_STRIDE = 127  # checksum every 127th byte: a power cut loses blocks of 512 or more
STATE = "state"
CHANGES = "changes"
REPORT = "still"
JOURNAL = "journal"


class Report(NamedTuple):
    """The result of a build: totals, warnings, and the site paths written and removed.

    `notes` are hints about the environment, such as an extra that is not installed.

    `retained` keeps the build's large values alive until the process exits: freeing them one by
    one would delay a command that is about to end anyway.
    """

    files: int
    threads: int
    posts: int
    warnings: tuple[str, ...]
    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    retained: object = None
    notes: tuple[str, ...] = ()


class CacheStat(NamedTuple):
    """The signatures of the two state files; None for a missing one."""

    folder: str
    state: Signature | None
    changes: Signature | None

    @property
    def size(self) -> int:
        """The size of the full state in bytes."""
        return self.state[1] if self.state else 0


class Cache:
    """The cache folder of one output folder, named by the CRC-32 of the output path."""

    def __init__(self, config: Config, resizer: bytes = b"", links: tuple[str, ...] = ()) -> None:
        name = os.path.abspath(config.output).encode("utf-8", "surrogateescape")
        self.root = config.cache
        self.folder = self.root / f"{crc32(name):08x}"
        own = (config.templates, config.messages, config.static, config.root_files, BUNDLED)
        folders = (*theme.roots(config), *own)
        folder_stats = [sorted(stat_files(folder).items()) for folder in folders]
        versions = package_versions(config.site)
        settings = (__version__, FORMAT, config, folder_stats, resizer, links, versions)
        self.format = f"{__version__} {FORMAT}\n".encode()
        self.settings = repr(settings).encode("utf-8", "surrogateescape")
        self._inputs: tuple[object, bytes] = (None, b"")

    def report_if_unchanged(
        self, inputs: Mapping[str, Signature], existing: Callable[[], Mapping[str, FileStat]]
    ) -> Report | None:
        """Return the last build's report if neither its inputs nor its output changed, else None.

        `existing` returns the files in the output folder; it is called if the inputs are the same.
        A file modified within the clock's resolution may change again without a new signature.
        """
        if not _has_final_signatures(inputs):
            return None
        try:
            counts, _, rest = (self.folder / REPORT).read_bytes().partition(b"\n")
            encoded = self._encode_inputs(inputs)
            if not rest.startswith(encoded) or rest[len(encoded) :] != _encode_output(existing()):
                return None
            if self.journal():
                return None
            files_made, threads, posts, warnings = json.loads(counts)
            return Report(files_made, threads, posts, tuple(warnings))
        except (OSError, ValueError, TypeError, LookupError):
            return None

    def begin(self, paths: Iterable[str]) -> None:
        """Record the site paths about to change, so that an interrupted build distrusts them."""
        untrusted = {*self.journal(), *paths}
        (self.folder / REPORT).unlink(missing_ok=True)
        files.write(self.folder / JOURNAL, "\n".join(sorted(untrusted)).encode(), self.root)

    def delete_state(self) -> None:
        """Delete the saved state before a new site replaces the one that it describes."""
        for name in (REPORT, CHANGES, STATE):
            (self.folder / name).unlink(missing_ok=True)

    def end(
        self, inputs: Mapping[str, Signature], existing: Mapping[str, FileStat], report: Report
    ) -> None:
        """Commit a finished build: delete its journal and save its report and signatures."""
        (self.folder / JOURNAL).unlink(missing_ok=True)
        if not _has_final_signatures(inputs):
            return  # some files may change without a new signature
        counts = json.dumps((report.files, report.threads, report.posts, report.warnings)).encode()
        data = counts + b"\n" + self._encode_inputs(inputs) + _encode_output(existing)
        files.write(self.folder / REPORT, data, self.root)

    def save_state(self, state: Iterable[bytes]) -> None:
        """Save the full state of a build, or none if a name cannot be encoded as UTF-8.

        Without a state, the next build is a full one.
        """
        try:
            files.write_pieces(self.folder / STATE, _with_checksum(state), self.root)
        except UnicodeEncodeError:
            (self.folder / STATE).unlink(missing_ok=True)
        (self.folder / CHANGES).unlink(missing_ok=True)

    def save_changes(self, changes: Iterable[bytes]) -> None:
        """Save the changes since the full state; they begin with its identity."""
        files.write_pieces(self.folder / CHANGES, _with_checksum(changes), self.root)

    def state(self) -> memoryview:
        """Return the saved state without its header; empty if there is none of this format."""
        return self._read_state(STATE, self.format)

    def changes(self) -> memoryview:
        """Return the changes saved since the full state; empty if there are none."""
        return self._read_state(CHANGES, self.state_identity())

    def stat(self) -> CacheStat:
        """Return the signatures of the state files, to notice another process's build."""
        return CacheStat(str(self.folder), _stat(self.folder / STATE), _stat(self.folder / CHANGES))

    def journal(self) -> frozenset[str]:
        """Return the site paths that an interrupted build was changing."""
        try:
            return frozenset((self.folder / JOURNAL).read_text("utf-8", "replace").split("\n"))
        except FileNotFoundError:
            return frozenset()

    def state_identity(self) -> bytes:
        """Return the header that ties changes to the full state they belong to."""
        return self.format + f"{_stat(self.folder / STATE)}\n".encode()

    def _read_state(self, name: str, head: bytes) -> memoryview:
        try:
            with (self.folder / name).open("rb") as file:
                data = _map_file(file)
        except (OSError, ValueError):  # missing or empty
            return memoryview(b"")
        is_intact = data[-CHECKSUM_BYTES:] == crc32(
            bytes(data[:-CHECKSUM_BYTES:CHECKSUM_STRIDE])
        ).to_bytes(CHECKSUM_BYTES, "big")
        is_ours = is_intact and data[: len(head)] == head
        return data[len(head) : -CHECKSUM_BYTES] if is_ours else memoryview(b"")

    def _encode_inputs(self, inputs: Mapping[str, Signature]) -> bytes:
        """Encode the settings and the signatures of all content files."""
        if self._inputs[0] is not inputs:  # a build asks twice, at its start and end
            self._inputs = (
                inputs,
                b"%b\0%b\0" % (self.settings, encode_signatures([*inputs], inputs)),
            )
        return self._inputs[1]


def _encode_output(existing: Mapping[str, FileStat]) -> bytes:
    """Encode the stats of all files in the output folder."""
    return encode_signatures(sorted(existing), existing)


def _with_checksum(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Append a checksum that detects a file truncated by a power cut."""
    size = checksum = 0
    for piece in pieces:
        yield piece
        checksum = crc32(piece[-size % CHECKSUM_STRIDE :: CHECKSUM_STRIDE], checksum)
        size += len(piece)
    yield checksum.to_bytes(CHECKSUM_BYTES, "big")


def _map_file(file: BinaryIO) -> memoryview:
    """Map a file into memory on POSIX, so that only the pages in use are read."""
    if os.name != "posix":  # Windows refuses to replace a mapped file
        return memoryview(file.read())
    import mmap

    return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def _has_final_signatures(inputs: Mapping[str, Signature]) -> bool:
    """Tell whether every file is old enough that a later change must change its signature."""
    return all(inode for _, _, inode in inputs.values())


def _stat(path: Path) -> Signature | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
