"""Request timeouts: uvicorn's HTTP protocol with a limit for incomplete requests."""

from __future__ import annotations

import asyncio
from typing import cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class TimeoutProtocol(H11Protocol):
    """A connection that is closed when a request takes too long to arrive.

    The time counts from the opening of the connection, or from a later request's first byte, to
    the last byte of the request; receiving a part does not extend it.
    """

    timeout_seconds: float  # seconds
    _timer: asyncio.TimerHandle | None = None
    _is_upgraded = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the timeout."""
        super().connection_made(cast("asyncio.Transport", transport))
        self._start_timer()

    def data_received(self, data: bytes) -> None:
        """Process data; start the timeout if the request is incomplete, or else stop it."""
        super().data_received(data)
        is_complete = self._is_upgraded or self.conn.their_state not in (h11.IDLE, h11.SEND_BODY)
        if not is_complete:
            self._start_timer()
        else:
            self._stop_timer()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Upgrade the connection without a timeout, since a page may stay open indefinitely."""
        self._is_upgraded = True
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timeout."""
        self._stop_timer()
        super().connection_lost(exc)

    def _start_timer(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(self.timeout_seconds, self._abort)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _abort(self) -> None:
        self._timer = None
        self.transport.abort()


def protocol_with_timeout(seconds: float) -> type[TimeoutProtocol]:
    """Return a protocol class with this timeout."""
    return type("Timeout", (TimeoutProtocol,), {"timeout_seconds": seconds})
