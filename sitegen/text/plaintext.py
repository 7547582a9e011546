"""Plain text from any Markdown that a person wrote: for titles, excerpts and exports.

It is lenient and takes linear time; in doubt, it preserves the characters.
"""

from __future__ import annotations

import re

_FENCE = re.compile(r"^ {0,3}(?:`{3,}|~{3,})[^\n]*\n?", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*(?:=+|[-:|][-:| ]*|(?:[*_] ?){3,})[ \t]*$\n?", re.MULTILINE)
_BLOCK = re.compile(
    r"^(?:[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t]|#{1,6}(?:[ \t]|$)))+", re.MULTILINE
)
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?\)|\[[^\[\]\n]*\])")
_DEFINITION = re.compile(r"^ {0,3}\[[^\[\]\n]+\]:[ \t]*\S[^\n]*\n?", re.MULTILINE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<[?!][^<>]*>")
_ADDRESS = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]*:[^\s<>]*|[^\s<>@]+@[^\s<>@]+)>")
_EMPHASIS = re.compile(r"(?<!\s)[*`]+|[*`]+(?!\s)|~~+|(?<![^\W_])_+|_+(?![^\W_])")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[0-9A-Za-z]{1,32});")
# Escaped characters move to a private plane, where no pattern sees them.
_HIDDEN_OFFSET = 0xF0000


def strip_markup(body: str) -> str:
    """Return the text of a Markdown body without markup. Never raises; takes linear time."""
    from html import unescape

    text = _ESCAPE.sub(lambda m: chr(_HIDDEN_OFFSET + ord(m[1])), body.replace("\r\n", "\n"))
    text = _strip_comments(text)
    text = _ADDRESS.sub(lambda m: _hide_punctuation(m[1]), text)
    for pattern in (_FENCE, _DEFINITION, _TAG, _RULE, _BLOCK):
        text = pattern.sub("", text)
    for _ in range(2):
        text = _LINK.sub(r"\1", text)
    text = _EMPHASIS.sub("", text)
    text = _ENTITY.sub(lambda m: unescape(m[0]), text)
    text = re.sub("[\U000f0021-\U000f007e]", lambda m: chr(ord(m[0]) - _HIDDEN_OFFSET), text)
    text = re.sub(r"(?<![ \t])[ \t]+\n", "\n", re.sub(r"(?<=\n)[ \t]+", "", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _hide_punctuation(text: str) -> str:
    return re.sub(r"[!-/:-@\[-`{-~]", lambda m: chr(_HIDDEN_OFFSET + ord(m[0])), text)


def _strip_comments(text: str) -> str:
    """Remove HTML comments; an unclosed one is text."""
    parts = []
    start = 0
    while (opening := text.find("<!--", start)) >= 0:
        closing = text.find("-->", opening + 4)
        if closing < 0:
            break
        parts.append(text[start:opening])
        start = closing + 3
    parts.append(text[start:])
    return "".join(parts)
