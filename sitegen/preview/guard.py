"""Check the Host and Origin of requests, and accept only names of this machine.

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


def is_any_address(host: str) -> bool:
    """Return whether the host means all addresses of this machine, such as 0.0.0.0."""
    address = _address(host)
    return address is not None and address.is_unspecified


@dataclass(frozen=True)
class HostGuard:
    """The host names that requests may use for this server."""

    names: frozenset[str]
    allows_any_ip: bool

    @classmethod
    def for_host(cls, host: str) -> HostGuard:
        """Allow this machine's own names, and the host that the user chose."""
        name = f"[{host}]" if ":" in host and not host.startswith("[") else host
        return cls(_LOOPBACK | {name.lower()}, is_any_address(host))

    def allows(self, headers: Headers) -> bool:
        """Return whether the only Host header of a request names this server, at any port.

        A server at all addresses accepts any IP address: rebinding needs a name.
        """
        matches = [_HOST.fullmatch(host) for host in headers.getlist("host")]
        if len(matches) != 1 or matches[0] is None:
            return False
        name = matches[0][1].lower()
        return name in self.names or (self.allows_any_ip and _address(name) is not None)

    def allows_socket(self, headers: Headers) -> bool:
        """Return whether a WebSocket comes from a page of this server, or not from a page."""
        host, origins = headers.get("host", "").lower(), headers.getlist("origin")
        own_origins = (f"http://{host}", f"https://{host}")
        return self.allows(headers) and all(origin.lower() in own_origins for origin in origins)


class GuardMiddleware:
    """Refuses requests to unknown hosts: 421 for HTTP, 403 for a WebSocket."""

    def __init__(self, app: ASGIApp, guard: HostGuard) -> None:
        self._app = app
        self._guard = guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward the request, or refuse it."""
        headers = Headers(scope=scope)
        if scope["type"] == "websocket" and not self._guard.allows_socket(headers):
            await WebSocketClose(code=1008, reason="not a page of this preview")(
                scope, receive, send
            )
        elif scope["type"] == "http" and not self._guard.allows(headers):
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
