"""An account that is made up: its repository, its files, and a small server that has all of it."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass, field

from sitegen.sources.bluesky.live.fetch import Endpoints

from .small_server import Asked, Loopback, Reply, as_json, ranged

DID = "did:plc:" + "k" * 24
HANDLE = "keeper.example"
DAG_CBOR, RAW = 0x71, 0x55
Override = Callable[[Asked], Reply | None]


class Link(bytes):
    """A CID within a record."""


def cid(data: bytes, codec: int = DAG_CBOR) -> Link:
    """Name bytes by their SHA-256 (CID version 1)."""
    return Link(bytes((1, codec, 0x12, 0x20)) + hashlib.sha256(data).digest())


def text_of(link: bytes) -> str:
    """Write a CID in base 32."""
    return "b" + b32encode(link).decode().lower().rstrip("=")


def cbor(value: object) -> bytes:
    """Write DAG-CBOR: https://ipld.io/specs/codecs/dag-cbor/spec/."""
    match value:
        case None:
            return b"\xf6"
        case int():
            return _head(0, value)
        case Link():
            return b"\xd8\x2a" + cbor(b"\0" + bytes(value))
        case bytes():
            return _head(2, len(value)) + value
        case str():
            return _head(3, len(value.encode())) + value.encode()
        case list():
            return _head(4, len(value)) + b"".join(map(cbor, value))
        case dict():
            keys = sorted(value, key=lambda k: (len(k.encode()), k.encode()))
            return _head(5, len(keys)) + b"".join(cbor(k) + cbor(value[k]) for k in keys)
    raise TypeError(value)


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes((kind << 5 | number,))
    size = next(n for n in (0, 1, 2) if number < 256 ** (1 << n))
    return bytes((kind << 5 | 24 + size,)) + number.to_bytes(1 << size, "big")


def varint(number: int) -> bytes:
    """Write an unsigned LEB128."""
    return (
        (bytes((number & 0x7F | 0x80,)) + varint(number >> 7))
        if number > 0x7F
        else bytes((number,))
    )


def car(root: bytes, blocks: list[bytes]) -> bytes:
    """Write a CAR file of blocks."""
    header = cbor({"roots": [Link(root)], "version": 1})
    parts = [varint(len(header)), header]
    for data in blocks:
        parts += [varint(36 + len(data)), cid(data), data]
    return b"".join(parts)


@dataclass
class Keeper:
    """An account on a small server, which serves as its directory too.

    `override` may answer in the server's place; `posts` and `files` may change at any time.
    """

    loopback: Loopback
    posts: list[dict[str, object]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    rev: int = 1
    document: dict[str, object] = field(default_factory=dict)
    override: Override = lambda asked: None

    def __post_init__(self) -> None:
        self.document = {
            "id": DID,
            "alsoKnownAs": [f"at://{HANDLE}"],
            "service": [self.service(self.loopback.address)],
        }
        self.loopback.script = self.answer

    @staticmethod
    def service(address: object) -> dict[str, object]:
        """Name a server as a DID document does."""
        return {
            "id": "#atproto_pds",
            "type": "AtprotoPersonalDataServer",
            "serviceEndpoint": address,
        }

    @property
    def endpoints(self) -> Endpoints:
        """What an import is told."""
        return Endpoints(self.loopback.address, self.loopback.address)

    def write(self, text: str) -> None:
        """Write a post."""
        self.posts.append(
            {"$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-01-01T08:00:00Z"}
        )
        self.rev += 1

    def show(self, data: bytes) -> str:
        """Write a post with a picture; return what the file is called."""
        link = cid(data, RAW)
        image = {"$type": "blob", "ref": link, "mimeType": "image/png", "size": len(data)}
        self.write(f"Sheet {len(self.posts)}")
        self.posts[-1]["embed"] = {
            "$type": "app.bsky.embed.images",
            "images": [{"alt": "", "image": image}],
        }
        self.files[text_of(link)] = data
        return text_of(link)

    def blocks(self) -> tuple[Link, list[bytes]]:
        """Return the commit and all blocks."""
        records = [cbor(post) for post in self.posts]
        keys = [
            f"app.bsky.feed.post/3l{n:0>11}".replace("0", "2").encode() for n in range(len(records))
        ]
        entries = [
            {"p": 0, "k": key, "v": cid(data), "t": None}
            for key, data in zip(keys, records, strict=True)
        ]
        node = cbor({"l": None, "e": entries})
        stated = {
            "did": DID,
            "rev": f"3l{self.rev:0>11}",
            "data": cid(node),
            "version": 3,
            "prev": None,
            "sig": b"",
        }
        commit = cbor(stated)
        return cid(commit), [commit, node, *records]

    def car(self) -> bytes:
        """Return the whole repository."""
        return car(*self.blocks())

    def answer(self, asked: Asked) -> Reply:
        """Answer as the real server would."""
        if (instead := self.override(asked)) is not None:
            return instead
        match asked.method.rsplit(".", 1)[-1]:
            case "resolveHandle":
                known = asked.params["handle"] == HANDLE
                return as_json({"did": DID}) if known else as_json({"error": "InvalidRequest"}, 400)
            case "getLatestCommit":
                return as_json({"cid": text_of(self.blocks()[0]), "rev": f"3l{self.rev:0>11}"})
            case "getRepo":
                return Reply(200, self.car())
            case "getBlob":
                found = self.files.get(asked.params["cid"])
                missing = as_json({"error": "InvalidRequest", "message": "Blob not found"}, 400)
                return missing if found is None else ranged(asked, found)
            case _:
                return as_json(self.document) if asked.path == f"/{DID}" else Reply(404)
