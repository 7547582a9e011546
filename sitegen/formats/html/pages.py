"""Detect HTML pages and the microformats that their classes name."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

from sitegen.formats.encodings import MAX_BYTES, decode_head

_TAG = re.compile(
    r"(?:\s|<!--.*?-->|<\?[^>]*>)*<(?:!doctype\s+html|[a-z][a-z0-9-]*[\s/>])", re.I | re.S
)
_POSTS = re.compile(rb"\b(?:h-feed|h-entry|hfeed|hentry)\b", re.I)
_CARDS = re.compile(rb"\b(?:h-card|h-event|h-cite|h-review|h-recipe|h-adr|vcard)\b", re.I)
_CLASS_BEFORE = re.compile(rb"""class\s*=\s*["']?[^"'<>]*\Z""", re.I)
_MAX_CLASS_BYTES = 300  # bytes
_MAX_MATCHES = 10_000  # matches that are checked


def is_page(head: bytes) -> bool:
    """Return whether a file begins as HTML does."""
    text = decode_head(head)
    if not text.startswith("<?xml"):
        return _TAG.match(text) is not None
    return "<html" in text[:4096].lower()


def has_posts(page: bytes) -> bool:
    """Return whether a page has an h-feed or h-entries (https://microformats.org/wiki/h-entry)."""
    return _has_class(_POSTS, page)


def has_cards(page: bytes) -> bool:
    """Return whether a page has microformats of other things than posts."""
    return _has_class(_CARDS, page)


def read_page(path: Path) -> bytes:
    """Return the bytes of a page, at most MAX_BYTES; none if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES)
    except OSError:
        return b""


def _has_class(names: re.Pattern[bytes], data: bytes) -> bool:
    """Return whether one of these names is in a class attribute, rather than in a text."""
    for match in islice(names.finditer(data), _MAX_MATCHES):
        if _CLASS_BEFORE.search(data[max(0, match.start() - _MAX_CLASS_BYTES) : match.start()]):
            return True
    return False
