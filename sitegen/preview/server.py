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

from sitegen.preview.guard import Guard, GuardMiddleware
from sitegen.preview.rebuild import Failure
from sitegen.preview.reload import NO_SITE, POLICY, RELOAD_PATH, notice, with_reload
from sitegen.preview.site import Site, State
from sitegen.preview.static_files import is_text, locate, media_type, readable

SOCKET_PATH = "/.sitegen/live"

MEDIA = "/media/"
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


def application(site: Site, guard: Guard, *, patience: float = 10.0) -> ASGIApp:
    """Return the preview as an ASGI application.

    A request waits at most `patience` seconds for the end of a build.
    """
    script = resources.files("sitegen.preview").joinpath("reload.js").read_bytes()

    async def reload_script(_: Request) -> Response:
        return Response(script, media_type="text/javascript", headers=HEADERS)

    async def page(request: Request) -> Response:
        path: str = request.scope["path"]
        try:
            return await site.read_state(lambda state: respond(state, path), patience)
        except TimeoutError:
            return _notice(503, "Building the site", "This takes longer than usual.", NO_SITE)

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
        text = state.outcome.text if isinstance(state.outcome, Failure) else ""
        return _notice(500, "The site could not be built", text, state.stamp())
    try:
        found = locate(state.output, path)
        if found is None:
            return _missing(state)
        if found.lacks_slash:
            return RedirectResponse(quote(path) + "/", headers=HEADERS)
        if path.casefold().startswith(MEDIA):  # some file systems ignore case
            return _medium(found.file)
        return _content(found.file, 200, state.stamp())
    except OSError as error:
        return PlainTextResponse(f"error: {readable(error)}.\n", 500, HEADERS)


def _content(file: Path, status: int, stamp: str) -> Response:
    kind = media_type(file)
    if not is_text(kind):
        # Streamed, with range requests, so that videos can be skipped through.
        return FileResponse(file, status, HEADERS, kind, stat_result=file.stat())
    content = file.read_bytes()
    if kind == "text/html":
        content = with_reload(content, stamp)
    return Response(content, status, {**HEADERS, "content-type": f"{kind}; charset=utf-8"})


def _medium(file: Path) -> Response:
    """Respond with a media file; other types than images, video and audio are downloads."""
    kind = media_type(file)
    is_shown = kind.startswith(("image/", "video/", "audio/"))
    name = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
    headers = MEDIA_HEADERS if is_shown else {**MEDIA_HEADERS, "content-disposition": name}
    return FileResponse(file, 200, headers, kind, stat_result=file.stat())


def _missing(state: State) -> Response:
    found = locate(state.output, "/404.html") if state.output else None
    if found:
        return _content(found.file, 404, state.stamp())
    return _notice(404, "No such page", "The site has no page at this address.", state.stamp())


def _notice(status: int, title: str, text: str, stamp: str) -> Response:
    headers = {**HEADERS, "content-security-policy": POLICY}
    return Response(notice(title, text, stamp), status, headers, "text/html")
