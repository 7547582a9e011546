"""The preview: build, watch, serve, reload. It knows paths and callbacks, never posts.

    watch.py     files change -> a burst (changes.py)      building.py  a burst -> one build
    site.py      what is served now, and who is told       server.py    requests -> answers
    serving.py   sockets, signals, the end                 reload.js    the browser's side

It reads files itself rather than through a static file server, because three things happen
between disk and browser: a build in progress holds requests back, every page gets the reload
script, and the newest stylesheet must never come from a cache.
"""

from __future__ import annotations

from sitegen.preview.rebuild import Built, keep_building
from sitegen.preview.serving import serve

__all__ = ["Built", "keep_building", "serve"]
