"""Make the style sheets of themes smaller for readers."""

from __future__ import annotations

import re
from functools import lru_cache

MAX_CACHED_SHEETS = 20  # of a few themes
_MARKS = b"{};:,"
_SPACES = b" \t\n\r\f"
_COMMENT = rb"/\*(?!!)[^*]*\*+(?:[^/*][^*]*\*+)*/"
_GAP = rb"(?:[ \t\n\r\f]|%b)" % _COMMENT
# Strings and addresses are matched as they are, since a comment cannot begin in them (CSS Syntax
# Level 3, section 4.3); that somebody writes "url" with an escape is not looked for. Each
# alternative begins with a character, so that `re` skips quickly to the next of these.
_TOKEN = re.compile(
    b"|".join(
        [
            rb'"(?:[^"\\\n\r\f]|\\.)*["\n\r\f]?',
            rb"'(?:[^'\\\n\r\f]|\\.)*['\n\r\f]?",
            rb"\\(?:[\n\r\f]|.[-\w\x80-\xff]*)",
            *[rb"%c(?<![-\w\x80-\xff]%c)[rR][lL]\([ \t\n\r\f]*(?![ \t\n\r\f"
              rb"\"'])(?:[^)\\]|\\.)*\)?" % (u, u) for u in b"uU"],
            rb"/\*!.*?(?:\*/|\Z)",
            rb"%b%b*" % (_COMMENT, _GAP),
            *[re.escape(bytes([space])) + _GAP + b"*" for space in _SPACES],
            *[re.escape(bytes([mark])) + _GAP + b"+" for mark in _MARKS],
        ]
    ),
    re.DOTALL,
)  # fmt: skip
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
    is_gap = first in _SPACES or (text.startswith(b"/*") and not text.startswith(b"/*!"))
    if not is_gap:
        return text
    following = token.string[token.end() : token.end() + 1]
    if following in (b"{", b"}", b""):
        return b""
    return b" " if first in _SPACES or _COMMENTS.sub(b"", text) else b"/**/"
