"""The characters that files, pages and feeds can contain."""

from __future__ import annotations

import re

# A string: few texts need the regex.
UNPRINTABLE = "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"
SURROGATES = "[\ud800-\udfff]"


def printable(text: str) -> str:
    """Replace characters that files, pages or feeds cannot contain: lone surrogates, controls."""
    return text if text.isprintable() else re.sub(UNPRINTABLE, _printable, text)


def is_label(text: str) -> bool:
    """Tell whether a text can be a name or a title: one line, with something to see.

    Joiners, as in Persian words and in emoji, are allowed; `str.isprintable` refuses them.
    """
    is_line = "\n" not in text and re.search(UNPRINTABLE, text) is None
    return is_line and any(char.isprintable() and not char.isspace() for char in text)


def without_surrogates(text: str) -> str:
    """Return a text that UTF-8 can hold: half of a surrogate pair becomes U+FFFD."""
    return text if text.isascii() else re.sub(SURROGATES, "\ufffd", text)


def _printable(match: re.Match[str]) -> str:
    char = match[0]
    if char == "\0" or char >= "\ud800":
        return "\ufffd"
    return " " if char.isspace() else ""
