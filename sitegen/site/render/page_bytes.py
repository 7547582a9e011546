"""Encode a page or a feed, without the characters that HTML or XML forbids."""

from __future__ import annotations

import re
from collections.abc import Sequence

# HTML, 13.2.3.5; XML 1.0, 2.2, which adds the form feed. A string: few builds need the regex.
FORBIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
# Bytes of UTF-8 that are no control character and no "\r"; \xc2 and \xef may begin a forbidden one.
HARMLESS_BYTES = bytes({9, 10, *range(32, 127), *range(128, 256)} - {0xC2, 0xEF})
MIDDLE_DOT = "\xb7".encode()  # of titles, on nearly every page
BEFORE_NONCHARACTER = b"\xef\xbf"  # and before the letters of full width


def encode_markup(pieces: Sequence[str]) -> bytes:
    """Encode HTML or XML as UTF-8; forbidden characters become U+FFFD.

    The pieces are encoded before they are joined: nearly all are ASCII, which takes no time, and
    a whole page seldom is.
    """
    try:
        data = b"".join(map(str.encode, pieces))
        if not _may_have_forbidden(data):
            return data
    except UnicodeEncodeError:  # a lone surrogate
        pass
    text = "".join(pieces).replace("\r", "\n")
    return re.sub(FORBIDDEN, "\ufffd", text).encode()


def _may_have_forbidden(data: bytes) -> bool:
    """Tell whether a page may have forbidden characters; exact but for Latin signs such as "«"."""
    found = data.translate(None, HARMLESS_BYTES)
    dots, marks = found.count(MIDDLE_DOT[:1]), found.count(BEFORE_NONCHARACTER[:1])
    has_control = dots + marks < len(found) or dots != data.count(MIDDLE_DOT)
    return has_control or bool(marks and BEFORE_NONCHARACTER in data)
