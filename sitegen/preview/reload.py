"""HTML on its way to the browser: the reload script goes in, and three notices of the preview."""

from __future__ import annotations

from html import escape

RELOAD_PATH = "/.sitegen/reload.js"
# No site has this stamp: a notice gives way to the site as soon as there is one.
NO_SITE = "none"

# The notices' own policy, as strict as the pages'.
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'"


def with_reload(html: bytes, stamp: str) -> bytes:
    """Return the page with the reload script before its last `</body>`, or at its end.

    `stamp` tells the script which state of the site the page shows.
    """
    at = html.lower().rfind(b"</body>")
    return b"".join((html, _script(stamp)) if at < 0 else (html[:at], _script(stamp), html[at:]))


def notice(title: str, text: str, stamp: str) -> bytes:
    """Return a page of the preview's own, which reloads itself like every other."""
    page = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n</head>\n<body>\n"
        f"<h1>{escape(title)}</h1>\n<pre>{escape(text)}</pre>\n</body>\n</html>\n"
    )
    return with_reload(page.encode("utf-8", "replace"), stamp)


def _script(stamp: str) -> bytes:
    tag = f'<script src="{RELOAD_PATH}" defer data-site="{escape(stamp)}"></script>'
    return tag.encode("ascii")
