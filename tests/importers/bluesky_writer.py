"""Repositories for the tests: DAG-CBOR, the search tree, and the CAR file, written by themselves.

https://ipld.io/specs/codecs/dag-cbor/spec/, https://atproto.com/specs/repository
"""

from __future__ import annotations

import struct
from base64 import b32decode, b32encode, b64decode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import takewhile
from typing import Any

DID = "did:plc:oak3willow5birch7aspen2x"
REV = "3lqk2aaaaaa2a"
LINK = b"\xd8\x2a"
Blocks = dict[bytes, bytes]


class Link(bytes):
    """A CID that stands in a value."""


def cbor(value: Any) -> bytes:
    """Write a value as DAG-CBOR."""
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, Link):
        return LINK + head(2, len(value) + 1) + b"\0" + value
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, Mapping):
        pairs = sorted((cbor(key), cbor(item)) for key, item in value.items())
        return head(5, len(pairs)) + b"".join(key + item for key, item in pairs)
    return head(4, len(value)) + b"".join(map(cbor, value))


def head(major: int, count: int) -> bytes:
    """Write the kind of a value and its size."""
    if count < 24:
        return bytes([major << 5 | count])
    for extra, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if count < 1 << 8 * size:
            return bytes([major << 5 | extra]) + count.to_bytes(size, "big")
    raise OverflowError(count)


def cid(block: bytes) -> Link:
    """Return the CID of a block of DAG-CBOR."""
    return Link(b"\x01\x71\x12\x20" + sha256(block).digest())


def blob_cid(data: bytes) -> str:
    """Return the CID of a file's bytes, as text."""
    return shown(b"\x01\x55\x12\x20" + sha256(data).digest())


def shown(found: bytes) -> str:
    """Write a CID as text."""
    return "b" + b32encode(found).decode().lower().rstrip("=")


def unshown(text: str) -> Link:
    """Read a CID from its text."""
    body = text.removeprefix("b").upper()
    return Link(b32decode(body + "=" * (-len(body) % 8)))


def from_json(value: Any) -> Any:
    """Return a value of JSON as a repository holds it: links as links, bytes as bytes."""
    if isinstance(value, dict) and set(value) == {"$link"}:
        return unshown(value["$link"])
    if isinstance(value, dict) and set(value) == {"$bytes"}:
        return b64decode(value["$bytes"] + "==")
    if isinstance(value, dict):
        return {key: from_json(item) for key, item in value.items()}
    return [from_json(item) for item in value] if isinstance(value, list) else value


def layer(key: str) -> int:
    """Return how high in the tree a key stands: pairs of zero bits that its hash begins with."""
    bits = "".join(f"{byte:08b}" for byte in sha256(key.encode()).digest())
    return len(list(takewhile(lambda bit: bit == "0", bits))) // 2


def tree(entries: Sequence[tuple[str, Link]], blocks: Blocks) -> Link:
    """Write the nodes of a tree over entries in the order of their keys; return its root."""
    top = max((layer(key) for key, _ in entries), default=0)
    return node(entries, top, blocks)


def node(entries: Sequence[tuple[str, Link]], height: int, blocks: Blocks) -> Link:
    """Write a node, with those below it that hold the keys between its own."""
    below: list[list[tuple[str, Link]]] = [[]]
    own: list[tuple[str, Link]] = []
    for key, value in entries:
        if layer(key) == height:
            own.append((key, value))
            below.append([])
        else:
            below[-1].append((key, value))
    under = [node(found, height - 1, blocks) if found else None for found in below]
    written, before = [], b""
    for (key, value), right in zip(own, under[1:], strict=True):
        name = key.encode()
        common = len(
            list(takewhile(lambda pair: pair[0] == pair[1], zip(before, name, strict=False)))
        )
        written.append({"p": common, "k": name[common:], "v": value, "t": right})
        before = name
    return put({"l": under[0], "e": written}, blocks)


def put(value: Any, blocks: Blocks) -> Link:
    """Write a block and return its CID."""
    data = cbor(value)
    found = cid(data)
    blocks[found] = data
    return found


def commit(records: Mapping[str, Any], blocks: Blocks, *, did: str = DID, version: int = 3) -> Link:
    """Write all blocks of a repository; return the CID of its commit."""
    entries = [(key, put(value, blocks)) for key, value in sorted(records.items())]
    stated = {"did": did, "version": version, "data": tree(entries, blocks), "prev": None}
    return put(stated | {"sig": b"\1" * 64} | ({"rev": REV} if version > 2 else {}), blocks)


def car(root: Link, blocks: Blocks) -> bytes:
    """Write a CAR file."""
    header = cbor({"version": 1, "roots": [root]})
    frames = [name + data for name, data in blocks.items()]
    return b"".join(varint(len(frame)) + frame for frame in (header, *frames))


def varint(value: int) -> bytes:
    """Write an unsigned LEB128."""
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def repository(records: Mapping[str, Any], *, did: str = DID, version: int = 3) -> bytes:
    """Return the CAR file of a repository with these records, of which links are as in JSON."""
    blocks: Blocks = {}
    root = commit(from_json(dict(records)), blocks, did=did, version=version)
    return car(root, blocks)


def tid(number: int) -> str:
    """Return the key of the n-th record."""
    alphabet = "234567abcdefghijklmnopqrstuvwxyz"
    digits = ""
    for _ in range(6):
        number, digit = divmod(number, 32)
        digits = alphabet[digit] + digits
    return "3lqk222" + digits


def post(text: str, **more: Any) -> dict[str, Any]:
    """Return a record of a post."""
    made = {"$type": "app.bsky.feed.post", "createdAt": "2025-06-01T10:00:00.000Z"}
    return made | {"text": text} | more
