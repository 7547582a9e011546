"""Encode a page, without the characters that HTML forbids."""

from __future__ import annotations

import re

# HTML, 13.2.3.5, and the form feed, which XML forbids. A string: few builds need the regex.
FORBIDDEN_IN_HTML = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
# Bytes of UTF-8 that are no control character and no "\r"; \xc2 and \xef may begin a forbidden one.
HARMLESS_BYTES = bytes({9, 10, *range(32, 127), *range(128, 256)} - {0xC2, 0xEF})
MIDDLE_DOT = "\xb7".encode()  # of titles, on nearly every page


def encode_html(html: str) -> bytes:
    """Encode a page as UTF-8; characters that HTML forbids become U+FFFD."""
    try:
        data = html.encode()
        if data.translate(None, HARMLESS_BYTES) == MIDDLE_DOT[:1] * data.count(MIDDLE_DOT):
            return data
    except UnicodeEncodeError:  # a lone surrogate
        pass
    return re.sub(FORBIDDEN_IN_HTML, "\ufffd", html.replace("\r", "\n")).encode()
