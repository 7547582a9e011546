"""Request timeouts: uvicorn's HTTP protocol with a limit for incomplete requests."""

from __future__ import annotations

import asyncio
from typing import cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class PunctualProtocol(H11Protocol):
    """A connection that is closed when a request takes too long to arrive.

    The time counts from the opening of the connection, or from a later request's first byte, to
    the last byte of the request; receiving a part does not extend it.
    """

    patience: float  # seconds
    _deadline: asyncio.TimerHandle | None = None
    _is_passed_on = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the timeout."""
        super().connection_made(cast("asyncio.Transport", transport))
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Process data; start the timeout if the request is incomplete, or else stop it."""
        super().data_received(data)
        is_whole = self._is_passed_on or self.conn.their_state not in (h11.IDLE, h11.SEND_BODY)
        if not is_whole:
            self._wait()
        else:
            self._rest()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand the connection over without a timeout, since a page may be open for any time."""
        self._is_passed_on = True
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timeout."""
        self._rest()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.patience, self._give_up)

    def _rest(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        self.transport.abort()


def protocol_with_timeout(patience: float) -> type[PunctualProtocol]:
    """Return the protocol class with a timeout, in seconds."""
    return type("Punctual", (PunctualProtocol,), {"patience": patience})
