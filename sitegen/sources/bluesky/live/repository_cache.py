"""Cache of an account's repository: a complete CAR file, updated with new blocks.

https://atproto.com/specs/repository, https://atproto.com/specs/sync
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from sitegen import files
from sitegen.errors import SourceError
from sitegen.formats import car as cars
from sitegen.formats.car import Blocks
from sitegen.sources.bluesky.live.account_status import is_of_account
from sitegen.sources.bluesky.live.downloads import Count, Downloader
from sitegen.sources.bluesky.live.requests import RefusedError
from sitegen.sources.bluesky.records.record_fields import cid_text, link
from sitegen.sources.bluesky.repository import tree as trees

MAX_REPOSITORY_BYTES = 1 << 30  # bytes
SHOWING = (b"app.bsky.feed.post/", b"app.bsky.actor.profile/")
ONE_ROOT, VERSION_1 = b"\xa2eroots\x81\xd8\x2a\x58\x25\x00", b"gversion\x01"  # DAG-CBOR


class Repository(Struct, frozen=True):
    """A complete repository: its newest commit, its blocks, its records.

    `entries` are the keys `collection/key` of all records, with their CIDs.
    """

    blocks: Blocks
    did: str
    commit: str
    rev: str
    nodes: frozenset[bytes]
    entries: tuple[tuple[bytes, bytes], ...]

    @property
    def root(self) -> bytes:
        """The CID of the commit."""
        return self.blocks.roots[0]

    def files(self) -> tuple[str, ...]:
        """Return the CIDs of the files of posts and of the profile, each once, in order.

        The thumbnails of link cards are not included: they are other people's pages.
        """
        cids: dict[str, None] = {}
        for key, cid in self.entries:
            start, end = self.blocks.ranges[cid]
            if key.startswith(SHOWING) and b"mimeType" in self.blocks.data[start:end]:
                cids.update(dict.fromkeys(_files(self.blocks.decode(cid))))
        return tuple(cids)

    def to_car(self) -> bytes:
        """Return a CAR file of the repository."""
        header = ONE_ROOT + self.root + VERSION_1
        return _varint(len(header)) + header + self.sections()

    def sections(self) -> bytes:
        """Return the blocks as sections of a CAR file, without those of the past."""
        live = {self.root, *self.nodes, *(cid for _, cid in self.entries)}
        parts: list[bytes] = []
        for cid, (start, end) in self.blocks.ranges.items():
            if cid in live:
                parts += (_varint(len(cid) + end - start), cid, self.blocks.data[start:end])
        return b"".join(parts)


class _Latest(Struct):
    cid: str
    rev: str


def update(path: Path, did: str, server: str, web: Downloader, count: Count) -> Repository:
    """Return an account's current repository, and store it at `path`.

    If it has not changed, nothing is fetched, else only what is new; the
    file is replaced atomically, and only if no block is wrong or missing. Raises
    SourceError, OSError.
    """
    remote = _Server(did, server, web, count)
    latest = remote.latest()
    cached = read(_bytes(path), did)
    if cached is not None and cached.commit == latest.cid:
        return cached
    new_blocks = remote.since(cached) if cached is not None and cached.rev < latest.rev else None
    found = new_blocks or remote.download_all()
    data = found.blocks.data if new_blocks is None else found.to_car()
    files.write(path, data, path.parent)
    return found


class _Server(Struct, frozen=True):
    """Requests to one server about one account."""

    did: str
    server: str
    web: Downloader
    count: Count

    def latest(self) -> _Latest:
        """Ask for the newest commit."""
        return self.web.json(self._address("getLatestCommit"), {"did": self.did}, _Latest)

    def since(self, cached: Repository) -> Repository | None:
        """Fetch the blocks that are new since a commit; return None if they are not sufficient."""
        try:
            new_blocks = self._get({"did": self.did, "since": cached.rev})
        except RefusedError as error:
            if is_of_account(error):
                raise
            return None
        return read(new_blocks + cached.sections(), self.did)

    def download_all(self) -> Repository:
        """Fetch the whole repository; once more if it changed meanwhile."""
        for _ in range(2):
            found = read(self._get({"did": self.did}), self.did)
            if found is not None:
                return found
        raise SourceError(
            f"gives a repository of {self.did} that is damaged or not whole",
            path=self.server,
            hint="import again later; what was there before is kept.",
        )

    def _get(self, params: Mapping[str, str]) -> bytes:
        return self.web.read(self._address("getRepo"), params, MAX_REPOSITORY_BYTES, self.count)

    def _address(self, method: str) -> str:
        return f"{self.server}/xrpc/com.atproto.sync.{method}"


def read(data: bytes, did: str) -> Repository | None:
    """Read an account's CAR file; return None if a block is wrong or missing, or it is another."""
    odd: Counter[str] = Counter()
    blocks = cars.find_blocks(data, odd)
    found = trees.commit(blocks, odd) if blocks.is_whole else None
    if found is None or found[0] != blocks.roots[0] or found[1].did != did:
        return None
    root, commit = found
    tree = trees.walk(commit.data, blocks, odd)
    if tree.unnamed or not tree.is_whole or any(c not in blocks.ranges for _, c in tree.entries):
        return None
    name = cid_text(root) or ""
    return Repository(blocks, did, name, commit.rev or "", tree.visited, tree.entries)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _files(record: Any) -> Iterator[str]:
    """Yield the files that a record refers to: https://atproto.com/specs/data-model#blob-type.

    Those of 2022 are `{"cid": …, "mimeType": …}`.
    """
    waiting = [record]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value)
        elif isinstance(value, dict) and "mimeType" in value:
            cid = link(value.get("ref")) or value.get("cid")
            if isinstance(cid, str):
                yield cid
        elif isinstance(value, dict):
            waiting += [v for k, v in reversed(value.items()) if k != "thumb"]


def _varint(number: int) -> bytes:
    """Write an unsigned LEB128."""
    parts = bytearray()
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*parts, number))
