"""Make the style sheets of themes smaller for readers."""

from __future__ import annotations

import re
from functools import lru_cache

MAX_CACHED_SHEETS = 20  # of a few themes
_MARKS = b"{};:,"
_SPACES = b" \t\n\r\f"
_COMMENT = rb"/\*(?!!)[^*]*\*+(?:[^/*][^*]*\*+)*/"
_GAP = b"(?:[%b]|%b)" % (_SPACES, _COMMENT)
_NAME = rb"[-\w\x80-\xff]"
_REST_OF_URL = rb"[rR][lL]\([%b]*(?![%b\"'])(?:[^)\\]|\\.)*\)?" % (_SPACES, _SPACES)
# Strings and addresses are matched as they are, since a comment cannot begin in them (CSS Syntax
# Level 3, section 4.3); that somebody writes "url" with an escape is not looked for. Each
# alternative begins with a character, so that `re` skips quickly to the next of these.
_TOKEN = re.compile(
    b"|".join(
        [
            rb'"(?:[^"\\\n\r\f]|\\.)*["\n\r\f]?',
            rb"'(?:[^'\\\n\r\f]|\\.)*['\n\r\f]?",
            rb"\\(?:[\n\r\f]|.%b*)" % _NAME,
            *[b"%c(?<!%b%c)%b" % (u, _NAME, u, _REST_OF_URL) for u in b"uU"],
            rb"/\*!.*?(?:\*/|\Z)",
            b"%b%b*" % (_COMMENT, _GAP),
            *[b"%c%b*" % (space, _GAP) for space in _SPACES],
            *[re.escape(b"%c" % mark) + _GAP + b"+" for mark in _MARKS],
        ]
    ),
    re.DOTALL,
)
_COMMENTS = re.compile(_COMMENT)


# Every build of a preview publishes the same sheets.
@lru_cache(maxsize=MAX_CACHED_SHEETS)
def compact(style_sheet: bytes) -> bytes:
    """Return a style sheet that means the same, without its comments and most of its spaces.

    Comments that begin with `/*!`, which name an author or a licence, stay.
    """
    return _TOKEN.sub(_compact_token, style_sheet).lstrip()


def _compact_token(token: re.Match[bytes]) -> bytes:
    """Return what takes the place of a token; a comment may keep two words apart."""
    text = token[0]
    first = text[0]
    if first in _MARKS:
        return text[:1]
    if first not in _SPACES and not _COMMENTS.match(text):
        return text
    following = token.string[token.end() : token.end() + 1]
    if following in (b"{", b"}", b""):
        return b""
    return b" " if first in _SPACES or _COMMENTS.sub(b"", text) else b"/**/"
