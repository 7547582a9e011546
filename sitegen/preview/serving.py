"""Run the preview server: its socket, threads, signals and shutdown."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.errors import BusyError, UsageError
from sitegen.preview.rebuild import BuildSuccess, build_after_changes, try_build
from sitegen.preview.watch import Watcher

if TYPE_CHECKING:
    import uvicorn

    from sitegen.preview.site import Site

Say = Callable[[str], None]

DEFAULT_PORTS = range(8000, 8100)
REQUEST_SECONDS = 20.0  # how long a request may take to arrive
SHUTDOWN_SECONDS = 1.0  # how long a build or a download may go on after a shutdown


def serve(
    build: Callable[[], BuildSuccess],
    watched: Callable[[], Sequence[Path]],
    ignored: Sequence[Path],
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    open_browser: bool,
    say: Say,
) -> None:
    """Build and serve the site, and rebuild after every change.

    If `build` raises a SitegenError, its text is shown on the page and through `say`; for any
    other exception, the traceback. The last good site is kept. `watched` returns the files and
    folders that a build reads; `ignored` are those that it writes. Both callbacks run in a thread
    of their own.

    Returns after SIGTERM; raises KeyboardInterrupt after Ctrl-C, like every command. Raises
    BusyError if the given port is in use, or all default ports are, and UsageError if there is no
    such host or port.
    """
    with listen(host, port) as listener, Watcher(watched, ignored, say=say) as watcher:

        def on_ready() -> None:
            _announce(listener, host, port, say)
            if open_browser:
                _open_browser(browser_url(listener, host))

        def work(site: Site) -> None:
            build_after_changes(lambda: site.rebuild(lambda: try_build(build)), watcher, say)

        interrupted = asyncio.run(_run(listener, host, watcher, work, on_ready))
    if interrupted:
        raise KeyboardInterrupt


def listen(host: str, port: int | None) -> socket.socket:
    """Return a listening socket at a port; without one, at the first free default port.

    Raises BusyError and UsageError.
    """
    for candidate in DEFAULT_PORTS if port is None else [port]:
        try:
            return _bind(host, candidate)
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", None) == errno.EADDRINUSE:
                continue
            reason = getattr(error, "strerror", None) or error
            raise UsageError(
                f"cannot serve at host {host}, port {candidate}: {reason}",
                hint="choose another with --host or --port.",
            ) from error
    ports = f"{DEFAULT_PORTS[0]} to {DEFAULT_PORTS[-1]} are" if port is None else f"{port} is"
    raise BusyError(
        f"port {ports} in use",
        hint="end the other server, or choose a port with --port (0 takes any free one).",
    )


def browser_url(listener: socket.socket, host: str) -> str:
    """Return the URL of the listener for a browser on this machine."""
    from sitegen.preview.guard import is_any_address

    if is_any_address(host):
        host = "[::1]" if ":" in host else "127.0.0.1"
    shown = f"[{host}]" if ":" in host and not host.startswith("[") else host
    return f"http://{shown}:{listener.getsockname()[1]}/"


def _bind(host: str, port: int) -> socket.socket:
    addresses = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    family, kind, protocol, _, socket_address = addresses[0]
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":  # on Windows it would share a busy port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Not the port in the result: getaddrinfo truncates 70000 to 4464.
        listener.bind((socket_address[0], port, *socket_address[2:]))
        listener.listen(128)
    except BaseException:
        listener.close()
        raise
    return listener


def _announce(listener: socket.socket, host: str, port: int | None, say: Say) -> None:
    from sitegen.preview.guard import is_loopback

    actual = listener.getsockname()[1]
    if port is None and actual != DEFAULT_PORTS[0]:
        say(f"port {DEFAULT_PORTS[0]} is in use: serving at port {actual} instead")
    if not is_loopback(host):
        say(f"warning: host {host} lets everyone on the network read this site")
    say(f"serving {browser_url(listener, host)} (press Ctrl-C to stop)")


def _open_browser(url: str) -> None:
    import webbrowser

    # In a thread, since a browser in the terminal returns only when it is closed.
    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


async def _run(
    listener: socket.socket,
    host: str,
    watcher: Watcher,
    work: Callable[[Site], None],
    on_ready: Callable[[], None],
) -> bool:
    """Serve until a signal arrives; return whether it was an interrupt."""
    from sitegen.preview.guard import HostGuard
    from sitegen.preview.server import create_app
    from sitegen.preview.site import Site

    site = Site()
    server = http_server(create_app(site, HostGuard.for_host(host)))
    signals: list[int] = []

    def shut_down(number: int) -> None:
        signals.append(number)
        server.should_exit = True
        site.close()
        watcher.close()

    with _handle_signals(shut_down):
        on_ready()
        build_thread = _run_in_thread(lambda: work(site))
        # It ends only with the watcher, or by an error of its own.
        build_thread.add_done_callback(lambda _: setattr(server, "should_exit", True))
        await server.serve(sockets=[listener])
    watcher.close()
    with contextlib.suppress(TimeoutError):
        # A build cannot be stopped, only abandoned: it replaces files atomically.
        await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(build_thread)), SHUTDOWN_SECONDS)
    return signal.SIGINT in signals


def _run_in_thread(work: Callable[[], None]) -> Future[None]:
    """Run in a daemon thread."""
    future: Future[None] = Future()

    def run() -> None:
        try:
            work()
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(None)

    threading.Thread(target=run, name="sitegen-build", daemon=True).start()
    return future


def http_server(app: object, timeout: float = REQUEST_SECONDS) -> uvicorn.Server:
    """Return a server that waits at most `timeout` seconds for a request to arrive."""
    import uvicorn

    from sitegen.preview.deadlines import protocol_with_timeout

    class Server(uvicorn.Server):
        """Uvicorn without its signal handling: SIGTERM would end the process before cleanup."""

        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        http=protocol_with_timeout(timeout),
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=int(SHUTDOWN_SECONDS),
    )
    return Server(config)


@contextlib.contextmanager
def _handle_signals(shut_down: Callable[[int], None]) -> Iterator[None]:
    """Call `shut_down` in the event loop on SIGINT and SIGTERM, where the system has them."""
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGINT, signal.SIGTERM)
    # Neither on Windows nor outside the main thread; there the interrupt cancels this task.
    with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
        for number in numbers:
            loop.add_signal_handler(number, shut_down, number)
    try:
        yield
    finally:
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            for number in numbers:
                loop.remove_signal_handler(number)
