"""The ASGI application: requests -> responses, without sockets, signals or threads."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from importlib import resources
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket, WebSocketDisconnect

from sitegen.preview.guard import GuardMiddleware, HostGuard
from sitegen.preview.rebuild import BuildFailure
from sitegen.preview.reload import (
    NO_SITE,
    POLICY,
    RELOAD_PATH,
    STYLE_PATH,
    failure_notice,
    notice,
    with_reload,
)
from sitegen.preview.site import Site, State
from sitegen.preview.static_files import Location, error_text, is_text, locate, media_type

SOCKET_PATH = "/.sitegen/live"

MEDIA_PREFIX = "/media/"
HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    # Other sites must not embed an archive before it is published.
    "cross-origin-resource-policy": "same-origin",
}


# Media are only shown and never run, whatever they are and however they are opened.
_MEDIA_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
)
MEDIA_HEADERS = {**HEADERS, "content-security-policy": _MEDIA_POLICY}


def create_app(site: Site, guard: HostGuard, *, timeout: float = 10.0) -> ASGIApp:
    """Return the preview as an ASGI application.

    A request waits at most `timeout` seconds for the end of a build.
    """

    async def page(request: Request) -> Response:
        path: str = request.scope["path"]
        try:
            return await site.read_state(lambda state: respond(state, path), timeout)
        except TimeoutError:
            return _notice_response(
                503, "Building the site", "This is taking longer than usual.", NO_SITE
            )

    async def live(socket: WebSocket) -> None:
        await socket.accept()
        with site.subscribe() as messages:
            await _send_messages(socket, messages)

    routes = [
        Route(RELOAD_PATH, _own_file("reload.js", "text/javascript")),
        Route(STYLE_PATH, _own_file("notice.css", "text/css")),
        WebSocketRoute(SOCKET_PATH, live),
        Route("/{path:path}", page),
    ]
    return Starlette(routes=routes, middleware=[Middleware(GuardMiddleware, guard=guard)])


def _own_file(name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that responds with a file of this package."""
    content = resources.files("sitegen.preview").joinpath(name).read_bytes()

    async def respond_with_file(_: Request) -> Response:
        return Response(content, media_type=kind, headers=HEADERS)

    return respond_with_file


async def _send_messages(socket: WebSocket, messages: asyncio.Queue[str]) -> None:
    """Send every message until the browser disconnects; its own messages are ignored."""

    async def send() -> None:
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                await socket.send_text(await messages.get())

    sending = asyncio.create_task(send())
    try:
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass
    finally:
        sending.cancel()


def respond(state: State, path: str) -> Response:
    """Respond to a URL path from the last good site; blocks while a file is read."""
    if isinstance(state.outcome, BuildFailure) and state.output is None:
        return _page_response(500, failure_notice(state.outcome, state.stamp()))
    if f"{path}/" == state.base_path:
        return RedirectResponse(quote(state.base_path), headers=HEADERS)
    try:
        for site_path in _site_paths(state, path):
            if state.output and (location := locate(state.output, site_path)):
                return _located_response(state, path, site_path, location)
        return _not_found(state)
    except OSError as error:
        return PlainTextResponse(f"error: {error_text(error)}.\n", 500, HEADERS)


def _site_paths(state: State, path: str) -> Iterator[str]:
    """Go through the paths in the site that a URL path may mean.

    The site is at the top, and also at its `base_path`, which the links of the 404 page name.
    """
    yield path
    if state.base_path != "/" and path.startswith(state.base_path):
        yield f"/{path.removeprefix(state.base_path)}"


def _located_response(state: State, path: str, site_path: str, location: Location) -> Response:
    if location.lacks_slash:
        return RedirectResponse(quote(path) + "/", headers=HEADERS)
    if site_path.casefold().startswith(MEDIA_PREFIX):  # some file systems ignore case
        return _media_response(location.file)
    return _file_response(location.file, 200, state.stamp())


def _file_response(file: Path, status: int, stamp: str) -> Response:
    kind = media_type(file)
    if not is_text(kind):
        # Streamed, with range requests, so that a viewer can seek in a video.
        return FileResponse(file, status, HEADERS, kind, stat_result=file.stat())
    content = file.read_bytes()
    if kind == "text/html":
        content = with_reload(content, stamp)
    return Response(content, status, {**HEADERS, "content-type": f"{kind}; charset=utf-8"})


def _media_response(file: Path) -> Response:
    """Respond with a media file; anything but an image, video or audio is a download."""
    kind = media_type(file)
    is_shown = kind.startswith(("image/", "video/", "audio/"))
    name = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
    headers = MEDIA_HEADERS if is_shown else {**MEDIA_HEADERS, "content-disposition": name}
    return FileResponse(file, 200, headers, kind, stat_result=file.stat())


def _not_found(state: State) -> Response:
    page = locate(state.output, "/404.html") if state.output else None
    if page:
        return _file_response(page.file, 404, state.stamp())
    return _notice_response(
        404, "No such page", "The site has no page at this address.", state.stamp()
    )


def _notice_response(status: int, title: str, text: str, stamp: str) -> Response:
    return _page_response(status, notice(title, text, stamp))


def _page_response(status: int, page: bytes) -> Response:
    """Respond with a page of the preview itself."""
    headers = {**HEADERS, "content-security-policy": POLICY}
    return Response(page, status, headers, "text/html")
