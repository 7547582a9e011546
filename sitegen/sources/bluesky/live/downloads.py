"""Download over HTTP: whole or in ranges, with size limits, retried and resumed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from sitegen.errors import SourceError
from sitegen.sources.bluesky.live.backoff import RetryPolicy
from sitegen.sources.bluesky.live.requests import (
    HttpClient,
    Params,
    RetryableError,
    body_length,
    continues_at,
    printable,
    server_of,
)

T = TypeVar("T")
Count = Callable[[int, int], None]

MAX_JSON_BYTES = 1 << 20  # bytes; the longest documents have a few thousand
SILENT_WAIT_SECONDS = 5.0  # seconds of waiting without a message


class Downloader:
    """Downloads over one connection pool with retries; `say` reports long waits."""

    def __init__(
        self, client: HttpClient, retry_policy: RetryPolicy, say: Callable[[str], None]
    ) -> None:
        self.client = client
        self._retry_policy = retry_policy
        self._say = say

    def json(self, address: str, params: Params, kind: type[T]) -> T:
        """Return a JSON response of a type. Raises RefusedError, SourceError."""
        body = self.read(address, params)
        try:
            return msgspec.json.decode(body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            what = f"answers with something else than expected: {printable(str(error))}"
            raise SourceError(what, path=address, hint="is it the right server?") from error

    def read(
        self,
        address: str,
        params: Params,
        limit: int = MAX_JSON_BYTES,
        count: Count = lambda done, total: None,
    ) -> bytes:
        """Return a response's body, decompressed, of at most so many bytes.

        `count` receives how many bytes came and how many there will be, 0 if the server does
        not say. Raises RefusedError, SourceError.
        """

        def download_all() -> bytes:
            data = bytearray()
            with self.client.open_response(address, params, {}) as response:
                total = body_length(response)
                for chunk in self.client.chunks(response, limit):
                    data += chunk
                    count(len(data), total)
            return bytes(data)

        return self._retry(address, download_all)

    def save(self, address: str, params: Params, part: Path, limit: int) -> None:
        """Download a body into a file; resume after the bytes that the file already has.

        A server without ranges (RFC 9110, 14) sends all of it again. Raises RefusedError,
        SourceError, OSError; the file then keeps what was received.
        """

        def resume() -> None:
            received_bytes = part.stat().st_size if part.exists() else 0
            headers = {"Accept-Encoding": "identity"}
            if received_bytes:
                headers["Range"] = f"bytes={received_bytes}-"
            with self.client.open_response(address, params, headers) as response:
                resumes = response.status_code == 206 and continues_at(response, received_bytes)
                if response.status_code in (206, 416) and not resumes:
                    part.unlink(missing_ok=True)
                    raise RetryableError("gives another part than asked for")
                with part.open("ab" if resumes else "wb") as file:
                    for chunk in self.client.chunks(
                        response, limit - (received_bytes if resumes else 0)
                    ):
                        file.write(chunk)

        self._retry(address, resume)

    def _retry(self, address: str, work: Callable[[], T]) -> T:
        """Retry an action that may fail for now, with a pause before each retry."""
        for attempt in range(self._retry_policy.attempts):
            try:
                return work()
            except RetryableError as error:
                last = error
            if attempt + 1 < self._retry_policy.attempts:
                self._wait(attempt, last, address)
        raise SourceError(f"{last}", path=server_of(address), hint="import again later.") from last

    def _wait(self, attempt: int, why: RetryableError, address: str) -> None:
        pause = self._retry_policy.pause(attempt, why.headers)
        if pause > self._retry_policy.limit:
            what = f"asks to wait for {pause / 60:.0f} minutes"
            raise SourceError(what, path=server_of(address), hint="import again then.") from why
        if pause > SILENT_WAIT_SECONDS:
            self._say(f"{server_of(address)} {why}; waiting for {pause:.0f} s")
        (self._retry_policy.sleep or self.client.closed.wait)(pause)
        self.client.check_open()
