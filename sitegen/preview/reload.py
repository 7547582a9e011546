"""Insert the reload script into HTML, and make the preview's own pages."""

from __future__ import annotations

from html import escape

RELOAD_PATH = "/.sitegen/reload.js"
# No site has this stamp: a notice reloads as soon as there is a site.
NO_SITE = "none"

# The notices' own policy, as strict as the pages'.
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'"


def with_reload(html: bytes, stamp: str) -> bytes:
    """Return the page with the reload script before its last `</body>`, or at its end.

    `stamp` is the state of the site that the page shows.
    """
    position = html.lower().rfind(b"</body>")
    end = position if position >= 0 else len(html)
    return html[:end] + _script(stamp) + html[end:]


def notice(title: str, text: str, stamp: str) -> bytes:
    """Return a page of the preview itself, which reloads like any other."""
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
