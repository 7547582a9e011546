"""Make the style sheets of themes smaller for readers."""

from __future__ import annotations

import re
from functools import lru_cache

_COMMENT = rb"/\*(?!!)[^*]*\*+(?:[^/*][^*]*\*+)*/"
_SPACE = rb"[ \t\n\r\f]"
# Strings and addresses come first, since a comment cannot begin in them (CSS Syntax Level 3,
# section 4.3); that somebody writes "url" with an escape is not looked for.
_TOKEN = re.compile(
    rb"""(?P<kept>"(?:[^"\\\n\r\f]|\\.)*["\n\r\f]?|'(?:[^'\\\n\r\f]|\\.)*['\n\r\f]?
        |/\*!.*?(?:\*/|\Z)|\\[\n\r\f]|\\.%(name)s*|(?<!%(name)s)url\(%(space)s*+(?!["'])(?:[^)\\]|\\.)*\)?)
    |(?P<mark>[{};:,])%(gap)s+
    |%(gap)s+(?=[{}]|\Z)
    |(?P<space>(?:%(comment)s)*%(space)s%(gap)s*)
    |(?P<comment>(?:%(comment)s)+)"""
    % {
        b"comment": _COMMENT,
        b"space": _SPACE,
        b"gap": rb"(?:%b|%b)" % (_SPACE, _COMMENT),
        b"name": rb"[-\w\x80-\xff]",
    },
    re.DOTALL | re.VERBOSE | re.IGNORECASE,
)


MAX_CACHED_SHEETS = 20  # of a few themes


# A fifth of the time of a small build, which a preview repeats with the same sheets.
@lru_cache(maxsize=MAX_CACHED_SHEETS)
def compact(style_sheet: bytes) -> bytes:
    """Return a style sheet that means the same, without its comments and most of its spaces.

    Comments that begin with `/*!`, which name an author or a licence, stay.
    """
    return _TOKEN.sub(_compact_token, style_sheet).lstrip()


def _compact_token(token: re.Match[bytes]) -> bytes:
    """Return what takes the place of a token; a comment may keep two words apart."""
    if token["space"]:
        return b" "
    if token["comment"]:
        return b"/**/"
    return token["kept"] or token["mark"] or b""
