"""The blocks of a CAR file, each checked against its own hash, even in a damaged file.

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
# Twice the size limit of a block; a damaged length above it is not followed.
MAX_BLOCK_BYTES = 4 * 1024 * 1024
# The limit for hashing, in file sizes, while searching for the next sound block.
MAX_PASSES = 16
_CID = re.compile(rb"\x01[\x71\x55]\x12\x20")


class Blocks(Struct, frozen=True):
    """The sound blocks of a file: their positions by CID, and the roots from the header.

    `roots` is empty if the header is damaged; `is_whole` means that nothing is damaged.
    """

    data: bytes
    places: dict[bytes, tuple[int, int]]
    roots: tuple[bytes, ...]
    is_whole: bool

    def size(self, cid: bytes) -> int:
        """Return the size of a block in bytes; 0 if it is missing."""
        start, end = self.places.get(cid, (0, 0))
        return end - start

    def decoded(self, cid: bytes) -> Any:
        """Decode a block; return None if it is missing or not DAG-CBOR."""
        place = self.places.get(cid)
        if place is None or cid[:4] != DAG_CBOR:
            return None
        return decoded(self.data[place[0] : place[1]])


def decoded(data: bytes) -> Any:
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


def blocks(data: bytes, odd: Counter[str]) -> Blocks:
    """Find all blocks whose bytes match their hashes; count everything else."""
    header, at = _header(data)
    places: dict[bytes, tuple[int, int]] = {}
    lost = 0
    patience = _HashBudget(len(data) * MAX_PASSES)
    while True:
        at = _add_sound(data, at, places)
        if at >= len(data):
            break
        found = _find_sound(data, at + 1, patience)
        odd["damaged places in the file"] += 1
        lost += found - at
        at = found
    if lost:
        odd["bytes of the file that are no sound block"] += lost
    if not header:
        odd["header of the file that cannot be read"] += 1
    return Blocks(data, places, header, bool(header) and not lost)


def _add_sound(data: bytes, at: int, places: dict[bytes, tuple[int, int]]) -> int:
    """Add blocks from a position up to the end or the first unsound one."""
    size = len(data)
    sha = sha256
    while at < size:
        length = data[at]
        start = at + 1
        if length > 0x7F:
            length, start = _varint(data, at)
        body, end = start + CID_SIZE, start + length
        if end > size or body > end:
            return at
        cid = data[start:body]
        if cid[:4] not in (DAG_CBOR, RAW) or sha(data[body:end]).digest() != cid[4:]:
            return at
        places[cid] = (body, end)
        at = end
    return at


class _HashBudget:
    """A budget of bytes to hash while searching for sound blocks."""

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, count: int) -> bool:
        """Spend bytes; return whether the budget allows it."""
        self.left -= count
        return self.left >= 0


def _find_sound(data: bytes, at: int, patience: _HashBudget) -> int:
    """Return the offset and length of the next sound block; the end if there is none."""
    for mark in _CID.finditer(data, at):
        cid_at = mark.start()
        for start in range(max(at, cid_at - 4), cid_at):
            length, after = _varint(data, start)
            end = cid_at + length
            if after != cid_at or not CID_SIZE <= length <= MAX_BLOCK_BYTES or end > len(data):
                continue
            if not patience.spend(length):
                return len(data)
            body = cid_at + CID_SIZE
            if sha256(data[body:end]).digest() == data[cid_at + 4 : body]:
                return start
    return len(data)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Read an unsigned LEB128 of at most five bytes; return it and the offset after it.

    A broken one reads as a length that no file has.
    """
    value = 0
    for index in range(at, min(at + 5, len(data))):
        value |= (data[index] & 0x7F) << 7 * (index - at)
        if data[index] < 0x80:
            return value, index + 1
    return 1 << 62, at


def _header(data: bytes) -> tuple[tuple[bytes, ...], int]:
    """Return the roots that the header names and where it ends; neither if it is damaged."""
    length, start = _varint(data, 0)
    if length > 1 << 16 or start + length > len(data):
        return (), 0
    found = decoded(data[start : start + length])
    if not isinstance(found, dict) or set(found) != {"roots", "version"} or found["version"] != 1:
        return (), 0
    roots = found["roots"] if isinstance(found["roots"], list) else []
    return tuple(root for root in roots if type(root) is bytes), start + length
