"""The ASGI application: requests -> responses, without sockets, signals or threads."""

from __future__ import annotations

import asyncio
import contextlib
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
from sitegen.preview.reload import NO_SITE, POLICY, RELOAD_PATH, notice, with_reload
from sitegen.preview.site import Site, State
from sitegen.preview.static_files import error_text, is_text, locate, media_type

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
    script = resources.files("sitegen.preview").joinpath("reload.js").read_bytes()

    async def reload_script(_: Request) -> Response:
        return Response(script, media_type="text/javascript", headers=HEADERS)

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
        Route(RELOAD_PATH, reload_script),
        WebSocketRoute(SOCKET_PATH, live),
        Route("/{path:path}", page),
    ]
    return Starlette(routes=routes, middleware=[Middleware(GuardMiddleware, guard=guard)])


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
    if state.output is None:
        text = state.outcome.text if isinstance(state.outcome, BuildFailure) else ""
        return _notice_response(500, "The site could not be built", text, state.stamp())
    try:
        location = locate(state.output, path)
        if location is None:
            return _not_found(state)
        if location.lacks_slash:
            return RedirectResponse(quote(path) + "/", headers=HEADERS)
        if path.casefold().startswith(MEDIA_PREFIX):  # some file systems ignore case
            return _media_response(location.file)
        return _file_response(location.file, 200, state.stamp())
    except OSError as error:
        return PlainTextResponse(f"error: {error_text(error)}.\n", 500, HEADERS)


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
    headers = {**HEADERS, "content-security-policy": POLICY}
    return Response(notice(title, text, stamp), status, headers, "text/html")
