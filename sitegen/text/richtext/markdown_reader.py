"""Read the Markdown subset of `richtext` back into characters and links."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from msgspec import Struct

from sitegen.model import Facet
from sitegen.text.facets import is_safe_url
from sitegen.text.richtext.patterns import (
    AUTOLINK,
    BEFORE_ENTITY,
    BLANKS,
    BLOCK,
    CONTROLS,
    ENTITY,
    RAW_LESS,
    RAW_STAR,
    RAW_TILDE,
    RAW_UNDERSCORE,
)

_SPECIAL = rf"\\&<\[\]_*~`{{{CONTROLS}{BLANKS}\n"
_LINE_START = re.compile(rf"[ \t]|{BLOCK}", re.VERBOSE)
_NOT_PLAIN = re.compile(rf"[{_SPECIAL}](?:(?<!\n)|(?=[ \t]|{BLOCK}))", re.VERBOSE)
_TOKEN = rf"""[{_SPECIAL}](?:
    (?<=\\)(?P<escaped>[\\`*_{{}}\[\]()\#+\-.!>])
    |(?<=&)(?:\#(?P<number>[0-9]{{1,7}}|[xX][0-9A-Fa-f]{{1,6}});|(?P<name>lt|gt|amp|quot|nbsp);)
    |(?<=\n)(?P<lines>(?:[ ]*\n)*)(?![ \t]|{BLOCK})
    |(?<=<)(?P<url>{AUTOLINK})>
    |(?<=\[)(?P<display>(?:[^\\\[\]\n]|\\.)+)\]\((?P<address>[^\s()<>\[\]"'`\\{{]+)\)
    |(?P<raw>(?<=&)(?!{BEFORE_ENTITY}) | (?<=_){RAW_UNDERSCORE} | (?<=\*){RAW_STAR}
        | (?<=~){RAW_TILDE} | (?<=<){RAW_LESS}
        | (?<=[{BLANKS}])(?<=[^\n].)(?![ ]*(?:\n|\Z)))
    )?"""
_AUTOLINK = re.compile(rf"<({AUTOLINK})>")
_NEXT_LINE = 0x110085
_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "nbsp": "\xa0"}


@cache  # most builds after an edit read no body that needs it
def _token_pattern() -> re.Pattern[str]:
    return re.compile(_TOKEN, re.VERBOSE)


class Parsed(Struct, frozen=True):
    """The exact text of a body, and its links."""

    text: str
    facets: tuple[Facet, ...]


def from_markdown(body: str) -> Parsed | None:
    """Read a body that `to_markdown` could have written; return None for any other Markdown.

    Edits that add no other Markdown are accepted: spaces trimmed from the ends of lines, CRLF line
    ends, and text that needs no escapes.
    """
    if "\r" in body:
        body = body.replace("\r\n", "\n")
    body = body.lstrip("\n").rstrip(" \n")
    if _LINE_START.match(body):
        return None
    text = _read_unmarked(body)
    if text is not None:
        return Parsed(text, ())
    return _read_autolinks(body) or _parse(body)


def _read_unmarked(body: str) -> str | None:
    """Read a body of text alone that begins no block; return None for any other."""
    if _NOT_PLAIN.search(body):
        return None
    if "\n" not in body:
        return body
    text = body.replace("  \n", "\n")
    if " \n" in text:
        text = re.sub(r" +\n", "\n", text)
    if "\n\n\n" in text:
        text = re.sub(r"\n{3,}", "\n\n", text)
    return text


def _read_autolinks(body: str) -> Parsed | None:
    """Read a line of text and addresses in angle brackets; return None for any other."""
    if "<http" not in body:
        return None
    pieces = _AUTOLINK.split(body)
    facets: list[Facet] = []
    length = 0
    for number, piece in enumerate(pieces):
        if number % 2:
            facets.append(Facet(length, length + len(piece), "link", piece))
        elif "\n" in piece or _NOT_PLAIN.search(piece):
            return None
        length += len(piece)
    return Parsed("".join(pieces), tuple(facets))


def plain(body: str) -> str:
    """Convert any Markdown body to plain text. Never raises; takes linear time."""
    parsed = from_markdown(body)
    if parsed:
        return parsed.text
    from sitegen.text.plaintext import strip_markup  # most bodies have no other markup

    return strip_markup(body)


def _parse(body: str) -> Parsed | None:
    """Parse a body token by token; return None at the first token outside the subset."""
    parts: list[str] = []
    facets: list[Facet] = []
    length = cursor = 0
    for token in _token_pattern().finditer(body):
        kind = token.lastgroup
        before = body[cursor : token.start()]
        if kind == "lines":
            before = before.rstrip(" ")
        decoded = _READERS[kind](token, before)
        if decoded is None:
            return None
        length += len(before)
        if kind in ("url", "address"):
            url = token["url"] or _read_address(token["address"])
            if url is None:
                return None
            facets.append(Facet(length, length + len(decoded), "link", url))
        length += len(decoded)
        parts += (before, decoded)
        cursor = token.end()
    parts.append(body[cursor:])
    return Parsed("".join(parts), tuple(facets))


def _read_display(token: re.Match[str], before: str) -> str | None:
    """Read a link's display; None for an image, a link in a link, and spaces at its edges."""
    display = token["display"]
    if before.endswith("!") or display != display.strip(" "):
        return None
    parsed = _parse(display)
    return None if parsed is None or parsed.facets else parsed.text


def _read_address(address: str) -> str | None:
    """Read a link's address; None if it is not safe or not in the subset."""
    parts = re.split(rf"(&{ENTITY})", address, flags=re.VERBOSE)
    for number, part in enumerate(parts):
        if number % 2:
            parsed = _parse(part)
            if parsed is None:
                return None
            parts[number] = parsed.text
    url = "".join(parts)
    return url if is_safe_url(url) else None


def _read_numeric_entity(token: re.Match[str], before: str) -> str | None:
    """Read a numeric entity; None for C1, which HTML reads as Windows-1252 instead."""
    digits = token["number"]
    number = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    if number == _NEXT_LINE:
        return "\x85"
    return None if 0x80 <= number <= 0x9F or number > 0x10FFFF else chr(number)


_READERS: dict[str | None, Callable[[re.Match[str], str], str | None]] = {
    None: lambda token, before: None,
    "escaped": lambda token, before: token["escaped"],
    "number": _read_numeric_entity,
    "name": lambda token, before: _CHARACTERS[token["name"]],
    "lines": lambda token, before: "\n\n" if token["lines"] else "\n",
    "url": lambda token, before: token["url"],
    "address": _read_display,
    "raw": lambda token, before: token[0],
}
