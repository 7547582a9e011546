"""The characters that files, pages and feeds can contain."""

from __future__ import annotations

import re

# A string: few texts need the regex.
UNPRINTABLE = "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"


def printable(text: str) -> str:
    """Replace characters that files, pages or feeds cannot contain: lone surrogates, controls."""
    return text if text.isprintable() else re.sub(UNPRINTABLE, _printable, text)


def _printable(match: re.Match[str]) -> str:
    char = match[0]
    if char == "\0" or char >= "\ud800":
        return "\ufffd"
    return " " if char.isspace() else ""
