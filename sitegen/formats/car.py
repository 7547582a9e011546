"""Read the blocks of a CAR file, even a damaged one; each is checked against its hash.

CAR v1 (https://ipld.io/specs/transport/car/carv1/): a header, then blocks, each preceded by
its length as a varint. A repository's blocks are DAG-CBOR or raw, named by their SHA-256
(https://atproto.com/specs/repository#car-file-serialization).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from typing import Any

from msgspec import Struct

DAG_CBOR = b"\x01\x71\x12\x20"
RAW = b"\x01\x55\x12\x20"
CID_SIZE = 36
# Twice the size limit of a block; a longer one has a damaged length.
MAX_BLOCK_BYTES = 4 * 1024 * 1024
# The limit for hashing, in file sizes, while searching for the next sound block.
MAX_HASH_PASSES = 16
_CID = re.compile(rb"\x01[\x71\x55]\x12\x20")


class Blocks(Struct, frozen=True):
    """The sound blocks of a file: their positions by CID, and the roots from the header.

    `roots` is empty if the header is damaged; `is_whole` means that nothing is damaged.
    """

    data: bytes
    ranges: dict[bytes, tuple[int, int]]
    roots: tuple[bytes, ...]
    is_whole: bool

    def size(self, cid: bytes) -> int:
        """Return the size of a block in bytes; 0 if it is missing."""
        start, end = self.ranges.get(cid, (0, 0))
        return end - start

    def decode(self, cid: bytes) -> Any:
        """Decode a block; return None if it is missing or not DAG-CBOR."""
        byte_range = self.ranges.get(cid)
        if byte_range is None or cid[:4] != DAG_CBOR:
            return None
        return decode(self.data[byte_range[0] : byte_range[1]])


def decode(data: bytes) -> Any:
    """Decode DAG-CBOR; return None for other bytes. Links become the bytes of their CIDs."""
    try:
        return _decoder()(data)
    except (ValueError, RecursionError, OverflowError):
        return None


@cache
def _decoder() -> Callable[[bytes], Any]:
    from libipld import decode_dag_cbor

    decode: Callable[[bytes], Any] = decode_dag_cbor
    return decode


def is_car(head: bytes) -> bool:
    """Return whether a file is a CAR by its first bytes, even if they are damaged."""
    start = head[:256]
    return b"eroots" in start and b"gversion" in start


def find_blocks(data: bytes, oddities: Counter[str]) -> Blocks:
    """Find all blocks whose bytes match their hashes; count all other bytes as oddities."""
    header, position = _read_header(data)
    ranges: dict[bytes, tuple[int, int]] = {}
    lost_bytes = 0
    budget = _HashBudget(len(data) * MAX_HASH_PASSES)
    while True:
        position = _add_sound_blocks(data, position, ranges)
        if position >= len(data):
            break
        next_block = _find_next_sound(data, position + 1, budget)
        oddities["damaged places in the file"] += 1
        lost_bytes += next_block - position
        position = next_block
    if lost_bytes:
        oddities["bytes of the file that are no sound block"] += lost_bytes
    if not header:
        oddities["header of the file that cannot be read"] += 1
    return Blocks(data, ranges, header, bool(header) and not lost_bytes)


def _add_sound_blocks(data: bytes, position: int, ranges: dict[bytes, tuple[int, int]]) -> int:
    """Add blocks from a position up to the end or the first unsound one."""
    size = len(data)
    sha = sha256
    while position < size:
        length = data[position]
        start = position + 1
        if length > 0x7F:
            length, start = _read_varint(data, position)
        body, end = start + CID_SIZE, start + length
        if end > size or body > end:
            return position
        cid = data[start:body]
        if cid[:4] not in (DAG_CBOR, RAW) or sha(data[body:end]).digest() != cid[4:]:
            return position
        ranges[cid] = (body, end)
        position = end
    return position


class _HashBudget:
    """A budget of bytes to hash while searching for sound blocks."""

    def __init__(self, remaining_bytes: int) -> None:
        self.remaining_bytes = remaining_bytes

    def spend(self, count: int) -> bool:
        """Spend bytes; return whether the budget allows it."""
        self.remaining_bytes -= count
        return self.remaining_bytes >= 0


def _find_next_sound(data: bytes, position: int, budget: _HashBudget) -> int:
    """Return the offset of the next sound block, or the end of the data."""
    for match in _CID.finditer(data, position):
        cid_at = match.start()
        for start in range(max(position, cid_at - 4), cid_at):
            length, value_end = _read_varint(data, start)
            end = cid_at + length
            if value_end != cid_at or not CID_SIZE <= length <= MAX_BLOCK_BYTES or end > len(data):
                continue
            if not budget.spend(length):
                return len(data)
            body = cid_at + CID_SIZE
            if sha256(data[body:end]).digest() == data[cid_at + 4 : body]:
                return start
    return len(data)


def _read_varint(data: bytes, position: int) -> tuple[int, int]:
    """Read an unsigned LEB128 of at most five bytes; return it and the offset after it.

    A broken one reads as a length that no file has.
    """
    value = 0
    for index in range(position, min(position + 5, len(data))):
        value |= (data[index] & 0x7F) << 7 * (index - position)
        if data[index] < 0x80:
            return value, index + 1
    return 1 << 62, position


def _read_header(data: bytes) -> tuple[tuple[bytes, ...], int]:
    """Return the roots that the header lists, and its end; neither if it is damaged."""
    length, start = _read_varint(data, 0)
    if length > 1 << 16 or start + length > len(data):
        return (), 0
    header = decode(data[start : start + length])
    if (
        not isinstance(header, dict)
        or set(header) != {"roots", "version"}
        or header["version"] != 1
    ):
        return (), 0
    roots = header["roots"] if isinstance(header["roots"], list) else []
    return tuple(root for root in roots if type(root) is bytes), start + length
