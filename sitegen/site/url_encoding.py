"""Encode site paths for use in URLs and IRIs, and normalise the base URL of a site.

A site path is plain text; in an address, some of its characters have to be percent-encoded
(RFC 3986, RFC 3987).
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

from sitegen.site.urls import MEDIA

PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]*")
SAFE_IN_PATHS = "/#~!$&'()*+,;=:@-._"
# ASCII alone: the class of all that is neither safe nor beyond ASCII takes 3 ms to compile.
_UNSAFE = "".join(c for c in map(chr, range(127)) if not (c.isalnum() or c in SAFE_IN_PATHS))
NOT_IN_IRIS = re.compile(f"[{re.escape(_UNSAFE)}]")


def percent_encode(path: str) -> str:
    """Percent-encode a site path for use in a URL."""
    return path if PLAIN_PATH.fullmatch(path) else _percent_encode(path)


@lru_cache(maxsize=50_000)
def _percent_encode(path: str) -> str:
    return _without_fragment(path, quote(path, safe=SAFE_IN_PATHS, errors="replace"))


@lru_cache(maxsize=5_000)  # a page and its neighbours have the same links several times
def iri(path: str) -> str:
    """Encode a site path as an IRI (RFC 3987), which keeps letters of all languages readable."""
    if path.isprintable() and not NOT_IN_IRIS.search(path):
        return _without_fragment(path, path)
    shown = "".join([c if c > "\x7f" and c.isprintable() else percent_encode(c) for c in path])
    return _without_fragment(path, shown)


def _without_fragment(path: str, encoded: str) -> str:
    """Return the encoded path of a file; a "#" in the name of a media file begins no fragment."""
    return encoded.replace("#", "%23") if path.startswith(MEDIA) else encoded


def base(url: str) -> str:
    """Return the site's base URL with a final "/" and a percent-encoded path; "" if unknown."""
    if not url:
        return ""
    parts = urlsplit(url)
    path = quote(parts.path, safe=f"{SAFE_IN_PATHS}%", errors="replace")
    return urlunsplit(parts._replace(path=path if path.endswith("/") else f"{path}/"))


def base_path(url: str) -> str:
    """Return the path of the site's base URL, with a "/" at both ends; "/" if it is unknown."""
    return urlsplit(base(url)).path or "/"
