"""Locate the samples of a track in the file (ISO/IEC 14496-12, 8.7)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from itertools import accumulate

from msgspec import Struct

from sitegen.media.metadata.edits import MAX_EDITS
from sitegen.media.metadata.forward_stream import UnremovableError


class Samples(Struct, frozen=True):
    """The sample tables of a track: chunk offsets, runs of (first chunk, samples each), sizes."""

    chunks: tuple[int, ...]
    runs: tuple[tuple[int, int], ...]
    size: int
    sizes: tuple[int, ...]

    @staticmethod
    def parse(tables: Mapping[bytes, bytes]) -> Samples:
        """Parse the tables. Raises UnremovableError if they do not locate the samples."""
        try:
            wide = b"co64" in tables
            chunks = _parse_table(tables[b"co64" if wide else b"stco"][4:], "Q" if wide else "I")
            runs = _parse_table(tables[b"stsc"][4:], "III")
            size = int.from_bytes(tables[b"stsz"][4:8])
            sizes = () if size else _parse_table(tables[b"stsz"][8:], "I")
        except (KeyError, struct.error) as error:
            raise UnremovableError("does not locate its metadata") from error
        if len(chunks) > MAX_EDITS:
            raise UnremovableError("has too many samples of metadata")
        return Samples(chunks, tuple(zip(runs[::3], runs[1::3], strict=True)), size, sizes)


def sample_extents(samples: Samples) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the file that the chunks occupy, as (start, end)."""
    sums = (0, *accumulate(samples.sizes))
    run, first = 0, 0
    for number, start in enumerate(samples.chunks, 1):
        while run + 1 < len(samples.runs) and samples.runs[run + 1][0] <= number:
            run += 1
        count = samples.runs[run][1] if samples.runs else 0
        following = first + count
        if samples.size:
            yield start, start + count * samples.size
        else:
            last = len(sums) - 1
            yield start, start + sums[min(following, last)] - sums[min(first, last)]
        first = following


def _parse_table(table: bytes, row: str) -> tuple[int, ...]:
    """Parse a table: the number of rows, then their big-endian numbers."""
    (count,) = struct.unpack_from(">I", table)
    if count > len(table):
        raise struct.error("more rows than bytes")
    return struct.unpack_from(f">{row * count}", table, 4)
