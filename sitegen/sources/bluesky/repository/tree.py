"""The Merkle search tree of a repository: which records it has, by their keys.

Its nodes (https://atproto.com/specs/repository#mst-structure) are
`{l, e: [{p, k, v, t}]}`: each entry's key is a prefix of the key before it and a suffix. Blocks
that the tree does not reach belong to the past, not to the account's current state.
"""

from __future__ import annotations

from collections import Counter
from typing import Literal

import msgspec
from msgspec import Struct

from sitegen.formats.car import Blocks, decode
from sitegen.sources.at_uris import is_did

MAX_KEY_BYTES = 1024


class Commit(Struct, frozen=True):
    """The signed statement of what a repository holds."""

    did: str
    data: bytes
    version: Literal[2, 3]
    rev: str | None = None
    prev: bytes | None = None


class _Entry(Struct, frozen=True):
    p: int
    k: bytes
    v: bytes
    t: bytes | None = None


class _Node(Struct, frozen=True):
    e: list[_Entry]
    l: bytes | None = None  # noqa: E741 - the specification calls it so


class Tree(Struct, frozen=True):
    """Records by their keys `collection/key`, in the order of the tree, with their CIDs.

    `unnamed` counts entries with unknown keys; `reached` are the tree's own blocks,
    `is_whole` means that no part of it is missing.
    """

    entries: tuple[tuple[bytes, bytes], ...]
    unnamed: int
    visited: frozenset[bytes]
    is_whole: bool


def commit(blocks: Blocks, odd: Counter[str]) -> tuple[bytes, Commit] | None:
    """Return the current commit and its CID; None if there is none.

    If the header or the root is damaged, this is the newest commit in the file.
    """
    for cid in blocks.roots:
        if known_commit := _commit(blocks.decode(cid)):
            return cid, known_commit
    known = [
        (cid, known_commit) for cid in blocks.ranges if (known_commit := _old_commit(blocks, cid))
    ]
    if not known:
        return None
    odd["missing root, and the newest commit in the file taken for it"] += 1
    before = {known_commit.prev for _, known_commit in known}
    return max(known, key=lambda item: (item[1].rev or "", item[0] not in before))


def _old_commit(blocks: Blocks, cid: bytes) -> Commit | None:
    start, end = blocks.ranges[cid]
    body = blocks.data[start:end]
    return _commit(decode(body)) if b"cdid" in body and b"csig" in body else None


def _commit(value: object) -> Commit | None:
    try:
        commit = msgspec.convert(value, Commit)
    except msgspec.ValidationError:
        return None
    return commit if is_did(commit.did) else None


def walk(root: bytes, blocks: Blocks, odd: Counter[str]) -> Tree:
    """Walk a tree from its root, each node once, in the order of the keys."""
    walker = _Walker(blocks, odd)
    walker.walk(root)
    return Tree(
        tuple(walker.entries), walker.unnamed, frozenset(walker.visited), walker.missing == 0
    )


class _Walker:
    """The state of a walk: entries so far, and nodes and entries still to visit."""

    def __init__(self, blocks: Blocks, odd: Counter[str]) -> None:
        self.blocks = blocks
        self.odd = odd
        self.entries: list[tuple[bytes, bytes]] = []
        self.visited: set[bytes] = set()
        self.unnamed = 0
        self.missing = 0

    def walk(self, root: bytes) -> None:
        stack: list[bytes | tuple[bytes, bytes]] = [root]
        while stack:
            item = stack.pop()
            if type(item) is tuple:
                self.entries.append(item)
            elif item in self.visited:
                self.odd["parts of the tree that it has twice, taken once"] += 1
            elif node := self._node(item):  # type: ignore[arg-type]
                items = self._children(node)
                items.reverse()
                stack += items

    def _node(self, cid: bytes) -> _Node | None:
        value = self.blocks.decode(cid)
        if value is not None:
            self.visited.add(cid)
        try:
            return msgspec.convert(value, _Node)
        except msgspec.ValidationError:
            self.missing += 1
            self.odd["parts of the tree that are missing, with records nobody knows of"] += 1
            return None

    def _children(self, node: _Node) -> list[bytes | tuple[bytes, bytes]]:
        """Return the entries of a node and its child nodes, in order."""
        items: list[bytes | tuple[bytes, bytes]] = [node.l] if node.l is not None else []
        key: bytes | None = b""
        for entry in node.e:
            key = self._key(key, entry)
            if key is None:
                self.unnamed += 1
            else:
                items.append((key, entry.v))
            if entry.t is not None:
                items.append(entry.t)
        return items

    def _key(self, before: bytes | None, entry: _Entry) -> bytes | None:
        """Return the key of an entry; None if the key before it is too short."""
        if not 0 <= entry.p <= len(before or b""):
            return None
        key = (before or b"")[: entry.p] + entry.k
        return key if len(key) <= MAX_KEY_BYTES else None
