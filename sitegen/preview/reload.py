"""Insert the reload script into HTML, and make the preview's own pages."""

from __future__ import annotations

from html import escape

from sitegen.preview.rebuild import BuildFailure

RELOAD_PATH = "/.sitegen/reload.js"
STYLE_PATH = "/.sitegen/notice.css"
# No site has this stamp: a notice reloads as soon as there is a site.
NO_SITE = "none"

# The notices' own policy, as strict as the pages'.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'"
)


def with_reload(html: bytes, stamp: str) -> bytes:
    """Return the page with the reload script before its last `</body>`, or at its end.

    `stamp` is the state of the site that the page shows.
    """
    position = html.lower().rfind(b"</body>")
    end = position if position >= 0 else len(html)
    return html[:end] + _script(stamp) + html[end:]


def notice(title: str, text: str, stamp: str) -> bytes:
    """Return a page of the preview itself, which reloads like any other."""
    return _page(title, f"<p>{escape(text)}</p>", stamp)


def failure_notice(failure: BuildFailure, stamp: str) -> bytes:
    """Return the page of a site that was never built; its script shows the newest errors."""
    text = (
        "There is no earlier page to show. This page gives way to the site as soon as it is built."
    )
    shown = f"<p>{text}</p>\n<noscript><pre>{escape(failure.text)}</pre></noscript>"
    return _page("The site could not be built", shown, stamp)


def _page(title: str, body: str, stamp: str) -> bytes:
    page = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{escape(title)}</title>\n<link rel="stylesheet" href="{STYLE_PATH}">\n</head>\n'
        f"<body>\n<main>\n<h1>{escape(title)}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )
    return with_reload(page.encode("utf-8", "replace"), stamp)


def _script(stamp: str) -> bytes:
    tag = f'<script src="{RELOAD_PATH}" defer data-site="{escape(stamp)}"></script>'
    return tag.encode("ascii")
