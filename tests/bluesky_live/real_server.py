"""The real server: installed once into a cache of its own, started for the tests, and spoken to.

Node runs it. Where it lies: the folder that SITEGEN_TEST_PDS names, else
`$XDG_CACHE_HOME/sitegen-tests/` (`~/.cache/sitegen-tests/`).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import httpx2

from sitegen.sources.bluesky.live.fetch import Endpoints

PACKAGE = "@atproto/dev-env"
VERSION = "0.3.215"  # the last for Node 20
OLDEST_NODE = 20
HERE = Path(__file__).parent


class NotHereError(Exception):
    """The server cannot run here, and why."""


@dataclass(frozen=True)
class Record:
    """A record as others refer to it."""

    uri: str
    cid: str

    @property
    def key(self) -> str:
        """The last part of its address."""
        return self.uri.rsplit("/", 1)[1]


@dataclass
class Member:
    """Somebody with an account, logged in."""

    server: str
    handle: str
    did: str
    token: str
    posts: list[Record] = field(default_factory=list)

    def call(self, method: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Do something as this account."""
        return _call(self.server, method, json_body=body or {}, token=self.token)

    def post(self, text: str, **more: object) -> Record:
        """Write a post, a minute after the last."""
        stamp = f"2026-03-01T10:{len(self.posts) % 60:02}:00.000Z"
        made = self.create("app.bsky.feed.post", {"text": text, "createdAt": stamp, **more})
        self.posts.append(made)
        return made

    def create(self, collection: str, value: Mapping[str, object]) -> Record:
        """Make a record."""
        record = {"$type": collection, **value}
        made = self.call(
            "com.atproto.repo.createRecord",
            {"repo": self.did, "collection": collection, "record": record},
        )
        return Record(made["uri"], made["cid"])

    def write_all(self, records: list[dict[str, object]]) -> None:
        """Make many posts at once."""
        writes = [
            {
                "$type": "com.atproto.repo.applyWrites#create",
                "collection": "app.bsky.feed.post",
                "value": r,
            }
            for r in records
        ]
        self.call("com.atproto.repo.applyWrites", {"repo": self.did, "writes": writes})

    def describe(self, **fields: object) -> None:
        """Write the profile."""
        kind = "app.bsky.actor.profile"
        record = {"$type": kind, **fields}
        body = {"repo": self.did, "collection": kind, "rkey": "self", "record": record}
        self.call("com.atproto.repo.putRecord", body)

    def delete(self, record: Record) -> None:
        """Delete a post."""
        body = {"repo": self.did, "collection": "app.bsky.feed.post", "rkey": record.key}
        self.call("com.atproto.repo.deleteRecord", body)

    def upload(self, data: bytes, kind: str = "image/png") -> dict[str, Any]:
        """Upload a file; what it returns goes into records."""
        made = _call(
            self.server, "com.atproto.repo.uploadBlob", content=data, kind=kind, token=self.token
        )
        return cast("dict[str, Any]", made["blob"])

    def picture(self, text: str, data: bytes, alt: str) -> Record:
        """Write a post with a picture."""
        image = {"alt": alt, "image": self.upload(data)}
        return self.post(text, embed={"$type": "app.bsky.embed.images", "images": [image]})


@dataclass(frozen=True)
class Pds:
    """A running server and its directory."""

    address: str
    directory: str

    @property
    def endpoints(self) -> Endpoints:
        """What an import is told."""
        return Endpoints(resolver=self.address, plc=self.directory)

    def join(self, handle: str) -> Member:
        """Make an account."""
        password = "a long word for tests"
        body = {"handle": handle, "email": f"{handle}@example.test", "password": password}
        made = _call(self.address, "com.atproto.server.createAccount", json_body=body)
        return Member(self.address, handle, made["did"], made["accessJwt"])

    def take_down(self, member: Member) -> None:
        """Take an account down, as those who run the server can."""
        subject = {"$type": "com.atproto.admin.defs#repoRef", "did": member.did}
        body = {"subject": subject, "takedown": {"applied": True, "ref": "test"}}
        answer = httpx2.post(
            f"{self.address}/xrpc/com.atproto.admin.updateSubjectStatus",
            json=body,
            auth=("admin", "admin-pass"),
        )
        assert answer.is_success, answer.text


def _call(
    server: str,
    method: str,
    *,
    json_body: Mapping[str, object] | None = None,
    content: bytes | None = None,
    kind: str = "application/json",
    token: str | None = None,
) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    if content is not None:
        headers["content-type"] = kind
    answer = httpx2.post(
        f"{server}/xrpc/{method}", json=json_body, content=content, headers=headers, timeout=60
    )
    assert answer.is_success, (method, answer.status_code, answer.text)
    return cast("dict[str, Any]", answer.json()) if answer.content else {}


def found() -> Path:
    """Return the folder that has the server, where it was installed before."""
    folder = _folder()
    if not shutil.which("node") or not (folder / "node_modules" / PACKAGE).is_dir():
        raise NotHereError("Bluesky's server is not installed: SITEGEN_NEEDS=live installs it")
    return folder


def installed() -> Path:
    """Return the folder that has the server, installing it there the first time."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise NotHereError("there is no Node with npm")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if int(re.findall(r"\d+", said)[0]) < OLDEST_NODE:
        raise NotHereError(f"Node is {said.strip()}, and must be {OLDEST_NODE} or newer")
    folder = _folder()
    if not (folder / "node_modules" / PACKAGE).is_dir():
        _install(npm, folder)
    return folder


def _folder() -> Path:
    if named := os.environ.get("SITEGEN_TEST_PDS"):
        return Path(named).resolve()
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "sitegen-tests" / f"pds-{VERSION}"


def _install(npm: str, folder: Path) -> None:
    """Install beside the folder, which is there whole or not at all."""
    begun = folder.with_name(f"{folder.name}.{os.getpid()}")
    begun.mkdir(parents=True)
    (begun / "package.json").write_text('{"private": true}\n', "utf-8")
    command = [npm, "install", "--no-audit", "--no-fund", f"{PACKAGE}@{VERSION}"]
    try:
        subprocess.run(command, cwd=begun, capture_output=True, text=True, check=True, timeout=1800)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        shutil.rmtree(begun)
        said = str(error.stderr or error)[-400:].strip()
        raise NotHereError(f"{PACKAGE} cannot be installed: {said}") from error
    try:
        begun.rename(folder)
    except OSError:  # another run was quicker
        shutil.rmtree(begun)


@contextmanager
def running(folder: Path, data: Path) -> Iterator[Pds]:
    """Start the server with its data in a folder, and stop it in the end."""
    process = subprocess.Popen(
        ["node", str(HERE / "server.mjs"), str(folder)],
        env={**os.environ, "TMPDIR": str(data), "LOG_ENABLED": "false"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        line = process.stdout.readline()
        if not line:
            raise NotHereError(f"the server ended with {process.wait()}")
        said = json.loads(line)
        yield Pds(said["pds"], said["plc"])
    finally:
        process.stdin.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
