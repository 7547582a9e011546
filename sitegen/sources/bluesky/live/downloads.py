"""Download over HTTP: whole or in ranges, with size limits, retried and resumed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from sitegen.errors import SourceError
from sitegen.sources.bluesky.live.backoff import Patience
from sitegen.sources.bluesky.live.requests import (
    AgainError,
    Line,
    Params,
    follows,
    length,
    printable,
    site_of,
)

T = TypeVar("T")
Count = Callable[[int, int], None]

MAX_JSON_BYTES = 1 << 20  # bytes; the longest documents have a few thousand
QUIET_SECONDS = 5.0  # seconds of waiting without a message


class Web:
    """Downloads over one connection pool with retries; `say` reports long waits."""

    def __init__(self, line: Line, patience: Patience, say: Callable[[str], None]) -> None:
        self.line = line
        self._patience = patience
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

        def whole() -> bytes:
            data = bytearray()
            with self.line.answer(address, params, {}) as response:
                total = length(response)
                for chunk in self.line.chunks(response, limit):
                    data += chunk
                    count(len(data), total)
            return bytes(data)

        return self._retry(address, whole)

    def save(self, address: str, params: Params, part: Path, limit: int) -> None:
        """Download a body into a file; resume after the bytes that the file already has.

        A server without ranges (RFC 9110, 14) sends all of it again. Raises RefusedError,
        SourceError, OSError; the file then keeps what was received.
        """

        def rest() -> None:
            have = part.stat().st_size if part.exists() else 0
            headers = {"Accept-Encoding": "identity"}
            if have:
                headers["Range"] = f"bytes={have}-"
            with self.line.answer(address, params, headers) as response:
                goes_on = response.status_code == 206 and follows(response, have)
                if response.status_code in (206, 416) and not goes_on:
                    part.unlink(missing_ok=True)
                    raise AgainError("gives another part than asked for")
                with part.open("ab" if goes_on else "wb") as file:
                    for chunk in self.line.chunks(response, limit - (have if goes_on else 0)):
                        file.write(chunk)

        self._retry(address, rest)

    def _retry(self, address: str, work: Callable[[], T]) -> T:
        """Retry an action that may fail for now, with a pause before each retry."""
        for attempt in range(self._patience.attempts):
            try:
                return work()
            except AgainError as error:
                last = error
            if attempt + 1 < self._patience.attempts:
                self._wait(attempt, last, address)
        raise SourceError(f"{last}", path=site_of(address), hint="import again later.") from last

    def _wait(self, attempt: int, why: AgainError, address: str) -> None:
        pause = self._patience.pause(attempt, why.headers)
        if pause > self._patience.limit:
            what = f"asks to wait for {pause / 60:.0f} minutes"
            raise SourceError(what, path=site_of(address), hint="import again then.") from why
        if pause > QUIET_SECONDS:
            self._say(f"{site_of(address)} {why}; waiting for {pause:.0f} s")
        (self._patience.sleep or self.line.cut.wait)(pause)
        self.line.check_open()
