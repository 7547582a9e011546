"""Check the Host and Origin of requests: only names of this machine are accepted.

Without this, any web page could read the preview: by a domain of its own that resolves to
127.0.0.1 (DNS rebinding), or over a WebSocket, which has no same-origin rule (RFC 6455, 10.2).
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?", re.ASCII | re.IGNORECASE)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach a server at this host."""
    address = _address(host)
    return address.is_loopback if address else host.lower() == "localhost"


def is_everywhere(host: str) -> bool:
    """Return whether the host means all addresses of this machine, such as 0.0.0.0."""
    address = _address(host)
    return address is not None and address.is_unspecified


@dataclass(frozen=True)
class Guard:
    """The host names that requests may use for this server."""

    names: frozenset[str]
    any_address: bool

    @classmethod
    def of(cls, host: str) -> Guard:
        """Allow this machine's own names, and the host that the user chose."""
        chosen = f"[{host}]" if ":" in host and not host.startswith("[") else host
        return cls(_LOOPBACK | {chosen.lower()}, is_everywhere(host))

    def admits(self, headers: Headers) -> bool:
        """Return whether the only Host header of a request names this server, at any port.

        A server at all addresses accepts any IP address: rebinding needs a name.
        """
        match = [_HOST.fullmatch(host) for host in headers.getlist("host")]
        if len(match) != 1 or match[0] is None:
            return False
        name = match[0][1].lower()
        return name in self.names or (self.any_address and _address(name) is not None)

    def admits_socket(self, headers: Headers) -> bool:
        """Return whether a WebSocket comes from a page of this server, or not from a page."""
        host, origins = headers.get("host", "").lower(), headers.getlist("origin")
        own = (f"http://{host}", f"https://{host}")
        return self.admits(headers) and all(origin.lower() in own for origin in origins)


class GuardMiddleware:
    """An ASGI application behind a guard: an unknown Host gets 421, an unknown socket 403."""

    def __init__(self, app: ASGIApp, guard: Guard) -> None:
        self._app = app
        self._guard = guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward the request, or refuse it."""
        headers = Headers(scope=scope)
        if scope["type"] == "websocket" and not self._guard.admits_socket(headers):
            await WebSocketClose(code=1008, reason="not a page of this preview")(
                scope, receive, send
            )
        elif scope["type"] == "http" and not self._guard.admits(headers):
            await PlainTextResponse(self._refusal(headers), status_code=421)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, headers: Headers) -> str:
        names = ", ".join(sorted(self._guard.names))
        return (
            f"error: this preview does not answer to the host {headers.get('host', '')!r}. "
            f"hint: it answers to {names}; `sitegen serve --host NAME` adds a name.\n"
        )


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None
