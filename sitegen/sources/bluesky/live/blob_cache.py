"""Cache of an account's blobs: each fetched once, and stored if its bytes match its CID.

A blob's name, its CID, is the SHA-256 of its bytes: https://atproto.com/specs/blob. Which there
are is known from the records; `sync.listBlobs` lists no others.
"""

from __future__ import annotations

import hashlib
import os
import re
from base64 import b32decode
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from sitegen import files, folders
from sitegen.errors import SourceError
from sitegen.files import PARTIAL
from sitegen.sources.bluesky.live.account_status import is_of_account
from sitegen.sources.bluesky.live.downloads import Count, Downloader
from sitegen.sources.bluesky.live.requests import RefusedError, StoppedError

CID = re.compile("b[a-z2-7]{58}")
RAW_SHA_256 = b"\x01\x55\x12\x20"  # version 1, raw bytes, SHA-256, 32 bytes of it
MAX_PARALLEL_REQUESTS = 4
MAX_FAILURES_IN_A_ROW = (
    5  # in a row: then the fault is not the file's but the server's or the network's
)
MAX_BLOB_BYTES = 1 << 30  # bytes
ABSENT = "absent.json"
NO_NAME = "has a name that is no SHA-256 of a file"


class MissingBlobs(Struct, frozen=True):
    """Why the server did not have files, by CID, at a commit of the repository."""

    server: str = ""
    commit: str = ""
    files: dict[str, str] = {}


class Outcome(Struct, frozen=True):
    """The result of fetching one file; without a problem, it is in the cache."""

    cid: str
    problem: SourceError | None = None
    is_permanent: bool = False


class BlobCache:
    """The blobs of one account, in a folder, named by their CIDs."""

    def __init__(self, folder: Path, did: str, server: str, web: Downloader) -> None:
        self._folder = folder
        self._did = did
        self._server = server
        self._web = web

    def update(self, wanted: Sequence[str], commit: str, count: Count) -> MissingBlobs:
        """Fetch missing files, and delete those that no record refers to any more.

        Returns the files that could not be had. Raises SourceError if the account or the network is
        gone, OSError; files fetched until then remain, and are not fetched again.
        """
        folders.create(self._folder, self._folder.parent)
        known = self._known_absent(commit) | {c: NO_NAME for c in wanted if digest_of(c) is None}
        missing = [c for c in wanted if c not in known and not (self._folder / c).exists()]
        permanent, temporary = self._fetch_all(missing, count)
        self._delete_others(wanted)
        absent = MissingBlobs(self._server, commit, {**known, **permanent})
        self._remember(absent)
        return MissingBlobs(self._server, commit, {**absent.files, **temporary})

    def _fetch_all(
        self, missing: Sequence[str], count: Count
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Fetch files in parallel; return those that are unavailable, for good and for now."""
        permanent: dict[str, str] = {}
        temporary: dict[str, str] = {}
        consecutive_failures = 0
        with self._outcomes(missing) as outcomes:
            for done, outcome in enumerate(outcomes, 1):
                count(done, len(missing))
                problem = outcome.problem
                consecutive_failures = (
                    consecutive_failures + 1 if problem and not outcome.is_permanent else 0
                )
                if problem and consecutive_failures == MAX_FAILURES_IN_A_ROW:
                    raise _too_many_failures(problem, done, len(missing)) from problem
                if problem:
                    (permanent if outcome.is_permanent else temporary)[outcome.cid] = (
                        problem.message
                    )
        return permanent, temporary

    @contextmanager
    def _outcomes(self, missing: Sequence[str]) -> Iterator[Iterator[Outcome]]:
        """Yield the outcomes as they come; after an error let running jobs finish."""
        with ThreadPoolExecutor(MAX_PARALLEL_REQUESTS) as pool:
            jobs = [pool.submit(self._fetch, cid) for cid in missing]
            try:
                yield _results(jobs)
            except SourceError:
                pool.shutdown(cancel_futures=True)
                raise
            except BaseException:  # a person or the disk does not wait
                self._web.client.closed.set()
                pool.shutdown(cancel_futures=True)
                raise

    def _fetch(self, cid: str) -> Outcome:
        """Fetch a file; raise only what ends the whole import."""
        try:
            return Outcome(cid, self._download(cid), is_permanent=True)
        except RefusedError as error:
            if is_of_account(error):
                raise
            return Outcome(cid, error, is_permanent=True)
        except StoppedError:
            raise
        except SourceError as error:
            return Outcome(cid, error)

    def _download(self, cid: str) -> SourceError | None:
        """Store a file if its bytes match its CID; otherwise return what is wrong."""
        digest = digest_of(cid)
        part = self._folder / (cid + PARTIAL)
        if part.is_symlink():  # never write through a link
            part.unlink()
        if _is_file(part, digest):
            self._store(part, cid)
            return None
        for _ in range(2):  # the earlier part may be wrong: retry once from the start
            address = f"{self._server}/xrpc/com.atproto.sync.getBlob"
            self._web.save(address, {"did": self._did, "cid": cid}, part, MAX_BLOB_BYTES)
            if _is_file(part, digest):
                self._store(part, cid)
                return None
            part.unlink(missing_ok=True)
        return SourceError("has other bytes than its name says")

    def _store(self, part: Path, cid: str) -> None:
        """Rename a complete file, after its bytes are on the disk."""
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(self._folder / cid)

    def _known_absent(self, commit: str) -> dict[str, str]:
        try:
            absent = msgspec.json.decode((self._folder / ABSENT).read_bytes(), type=MissingBlobs)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return {}
        is_same = (absent.server, absent.commit) == (self._server, commit)
        return absent.files if is_same else {}

    def _remember(self, absent: MissingBlobs) -> None:
        path = self._folder / ABSENT
        if absent.files:
            files.write(path, msgspec.json.encode(absent, order="deterministic"), self._folder)
        else:
            path.unlink(missing_ok=True)

    def _delete_others(self, wanted: Iterable[str]) -> None:
        names = set(wanted)
        for path in self._folder.iterdir():
            if CID.fullmatch(cid := path.name.removesuffix(PARTIAL)) and cid not in names:
                path.unlink()


def digest_of(cid: str) -> bytes | None:
    """Return the SHA-256 of a blob's CID; None for any other text."""
    if not CID.fullmatch(cid):
        return None
    raw = b32decode(cid[1:].upper() + "======")
    return raw[4:] if raw.startswith(RAW_SHA_256) else None


def _results(jobs: Iterable[Future[Outcome]]) -> Iterator[Outcome]:
    for job in as_completed(jobs):
        yield job.result()


def _is_file(path: Path, digest: bytes | None) -> bool:
    """Return whether a file exists and has this SHA-256."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest() == digest
    except FileNotFoundError:
        return False


def _too_many_failures(problem: SourceError, done: int, total: int) -> SourceError:
    return SourceError(
        problem.message,
        path=problem.path,
        hint=f"import again later: {total - done} of {total} files are left to fetch.",
    )
