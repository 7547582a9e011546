"""The preview: build, watch, serve and reload. It handles paths and callbacks, never posts.

    watch.py     file changes -> a burst (bursts.py)       rebuild.py   a burst -> one build
    site.py      the current state and its subscribers     server.py    requests -> responses
    serving.py   sockets, signals, shutdown                reload.js    the client

It does not use a static file server, because three things happen between disk and browser:
requests wait for a build in progress, every page gets the reload script, and the newest
stylesheet must never come from a cache.
"""

from __future__ import annotations

from sitegen.preview.rebuild import BuildSuccess, build_and_watch
from sitegen.preview.serving import serve

__all__ = ["BuildSuccess", "build_and_watch", "serve"]
