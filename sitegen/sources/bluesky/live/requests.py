"""Send HTTP requests: only to allowed addresses, redirects included, and counted."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from sitegen import __version__
from sitegen.errors import SourceError
from sitegen.sources.bluesky.live import endpoints
from sitegen.sources.bluesky.live.backoff import RETRYABLE_STATUSES

if TYPE_CHECKING:
    import httpx2

Params = Mapping[str, str]

MAX_ERROR_BYTES = 1 << 16  # bytes
MAX_MESSAGE_LETTERS = 200  # characters of a server's message that are shown
MAX_REDIRECTS = 5
CONNECT_TIMEOUT, READ_TIMEOUT = 15.0, 30.0  # seconds


class RefusedError(SourceError):
    """A server understood and refused: its status, and the name and message of its error."""

    def __init__(self, address: str, status: int, code: str, message: str) -> None:
        words = f"{status} {code}".strip() + (f" ({message})" if message else "")
        super().__init__(f"answers {words}", path=address, hint="check the name of the account.")
        self.status = status
        self.code = code


class StoppedError(SourceError):
    """The work was cancelled while a thread still had some of it."""


class RetryableError(Exception):
    """A failure worth a retry: the reason, and the headers of the response if there was one."""

    def __init__(self, why: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(why)
        self.headers = headers or {}


class XrpcError(msgspec.Struct):
    """The body of an error: https://atproto.com/specs/xrpc#error-responses."""

    error: str = ""
    message: str = ""


class HttpClient:
    """The HTTP client of one import; `requests` and `bytes` count its traffic.

    Several threads may use it at once. `loopback` allows addresses on this machine.
    """

    def __init__(self, loopback: bool) -> None:
        import httpx2

        self._loopback = loopback
        self._lock = threading.Lock()
        self.closed = threading.Event()
        self.requests = 0
        self.bytes = 0
        self._client = httpx2.Client(
            timeout=httpx2.Timeout(READ_TIMEOUT, connect=CONNECT_TIMEOUT),
            headers={"User-Agent": f"sitegen/{__version__}"},
        )

    def close(self) -> None:
        """Cancel what all threads wait for or receive, so that they end soon."""
        self.closed.set()
        self._client.close()

    @contextmanager
    def open_response(
        self, address: str, params: Params, headers: Mapping[str, str]
    ) -> Iterator[httpx2.Response]:
        """Return a good response, whose body is still to come. Raises RefusedError, AgainError."""
        import httpx2

        try:
            with self._follow_redirects(address, params, headers) as response:
                if response.status_code in RETRYABLE_STATUSES:
                    raise RetryableError(f"answers {response.status_code}", response.headers)
                if not response.is_success and response.status_code != 416:
                    raise self._refusal(response)
                yield response
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            if (final := _permanent_failure(error)) is not None:
                hint = "check the address, and the network."
                raise SourceError(final, path=server_of(address), hint=hint) from error
            raise RetryableError(_describe_failure(error)) from error
        except httpx2.InvalidURL as error:
            raise endpoints.refused_error(printable(address), "is no web address") from error

    @contextmanager
    def _follow_redirects(
        self, address: str, params: Params, headers: Mapping[str, str]
    ) -> Iterator[httpx2.Response]:
        """Follow redirects, each of which is checked; return the last response."""
        request = self._client.build_request("GET", address, params=params, headers=dict(headers))
        for _ in range(MAX_REDIRECTS + 1):
            response = self._send(request)
            try:
                if response.next_request is None:
                    yield response
                    return
                request = response.next_request
            finally:
                with self._lock:
                    self.bytes += response.num_bytes_downloaded
                response.close()
        raise SourceError(
            f"leads on more than {MAX_REDIRECTS} times",
            path=address,
            hint="is it the right server?",
        )

    def _send(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request to an allowed address. Raises SourceError."""
        self.check_open()
        address = str(request.url)
        if (problem := endpoints.address_problem(address, self._loopback)) is not None:
            raise endpoints.refused_error(printable(address), problem)
        if not _is_proxied(request.url.scheme, request.url.host):
            request.extensions = {**request.extensions, "trace": self._check_peer}
        with self._lock:
            self.requests += 1
        return self._client.send(request, stream=True, follow_redirects=False)

    def _check_peer(self, event: str, info: Mapping[str, Any]) -> None:
        """Refuse a connection to a forbidden IP address before any byte is sent.

        A name is only resolved here, where its address cannot change any more.
        """
        if event != "connection.connect_tcp.complete":
            return
        stream = info["return_value"]
        number = str(stream.get_extra_info("server_addr")[0])
        if (problem := endpoints.ip_problem(number, self._loopback)) is not None:
            stream.close()
            raise endpoints.refused_error(number, problem)

    def chunks(self, response: httpx2.Response, limit: int) -> Iterator[bytes]:
        """Yield a body in chunks. Raises SourceError if it is too long."""
        left = limit
        for chunk in response.iter_bytes():
            self.check_open()
            left -= len(chunk)
            if left < 0:
                what = f"answers with more than {limit:,} bytes"
                raise SourceError(
                    what, path=server_of(str(response.url)), hint="is it the right server?"
                )
            yield chunk

    def _refusal(self, response: httpx2.Response) -> RefusedError:
        address = str(response.url)
        try:
            body = b"".join(self.chunks(response, MAX_ERROR_BYTES))
            found = msgspec.json.decode(body, type=XrpcError)
        except (SourceError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            found = XrpcError()
        return RefusedError(
            address, response.status_code, printable(found.error), printable(found.message)
        )

    def check_open(self) -> None:
        """Raise StoppedError if the client was closed."""
        if self.closed.is_set():
            raise StoppedError("was stopped")


def printable(text: str) -> str:
    """Make untrusted text safe to print: one line of printable characters, 200 at most."""
    shown = "".join(c if c.isprintable() else " " for c in text[: MAX_MESSAGE_LETTERS + 1])
    return shown if len(shown) <= MAX_MESSAGE_LETTERS else shown[:MAX_MESSAGE_LETTERS] + "…"


def body_length(response: httpx2.Response) -> int:
    """Return the length of a body, 0 if it is not known."""
    text = response.headers.get("content-length", "")
    coded = response.headers.get("content-encoding", "identity") != "identity"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 and not coded else 0


def continues_at(response: httpx2.Response, received_bytes: int) -> bool:
    """Return whether a partial response begins where our file ends."""
    coded = response.headers.get("content-encoding", "identity") != "identity"
    return not coded and response.headers.get("content-range", "").startswith(
        f"bytes {received_bytes}-"
    )


def _is_proxied(scheme: str, name: str) -> bool:
    """Return whether a proxy of the environment resolves names: it has its own rules."""
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    return ("all" in proxies or scheme in proxies) and not proxy_bypass(name)


def server_of(address: str) -> str:
    """Return the server of an address, for messages."""
    return endpoints.host(address) or printable(address)


def _permanent_failure(error: Exception) -> str | None:
    """Return what is wrong if a retry would not help, or None."""
    import socket
    import ssl

    for cause in _exception_chain(error):
        if isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_NONAME:
            return "is no name that the network knows"
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"has no certificate to be trusted: {cause.verify_message}"
    return None


def _describe_failure(error: Exception) -> str:
    """Describe a failed connection in a few words."""
    import httpx2

    if isinstance(error, httpx2.TimeoutException):
        return "does not answer in time"
    if isinstance(error, httpx2.ConnectError):
        return f"cannot be reached: {printable(str(error))}"
    return f"breaks off: {printable(str(error))}"


def _exception_chain(error: BaseException) -> Iterator[BaseException]:
    at: BaseException | None = error
    while at is not None:
        yield at
        at = at.__cause__ or at.__context__
