"""The room between a post's exact characters and safe Markdown.

`to_markdown` writes a small subset of CommonMark in which every renderer, and Python-Markdown
with nl2br, shows exactly the characters of the post; `from_markdown` reads that subset back
and knows when a person wrote more than it.

The subset: a line break is two spaces and a line end, a blank line a new paragraph, a link
`<url>` or `[display](url)`; everything else is text, with backslash escapes for the
characters that both dialects know them for and numeric entities for the rest. What is
escaped depends on where it stands, so that ordinary posts stay readable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from msgspec import Struct

from sitegen.facets import locate, safe_url
from sitegen.model import Facet
from sitegen.plaintext import without_markup

__all__ = ["Parsed", "from_markdown", "locate", "plain", "safe_url", "to_markdown"]


# What begins a block when it stands at the start of a line, and what must follow; the last
# character is escaped.
_BLOCKS = (
    ("[#>|]", ""),
    ("[+*-]", r"(?=[ \t\n]|\Z)"),
    ("[-:|=]", r"(?=[-:|=\ ]*(?:\n|\Z))"),
    (":", r"(?=[ \t]|::)"),
    (r"\d", r"\d*[.)](?=\s|\Z)"),
)
_BLOCK = "|".join(first + rest for first, rest in _BLOCKS)
_BLOCK_GOES_ON = "|".join(f"(?<={first}){rest}" for first, rest in _BLOCKS)
# U+0085 is a space to Python's renderers, and has no entity that HTML reads as itself.
_CONTROLS = "\x00-\x09\x0b-\x1f\x85\ud800-\udfff"
_BLANKS = "\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_ENTITY = r"\#?[0-9A-Za-z]+;"
_BEFORE_ENTITY = r"(?=\#|[0-9A-Za-z]+;)"  # Python-Markdown adds the semicolon to "&#1"
_AUTOLINK = r"https?://[A-Za-z0-9._~:/?\#@!$&()*+,;=%|-]+"
# Where these characters mean nothing to any dialect.
_RAW_UNDERSCORE = r"(?<=[^\W_]_)(?=[^\W_])"
_RAW_STAR = r"(?<=[^\n][ ]\*)(?=[ ][^\n])"
_RAW_TILDE = r"(?<=[^\n][ ]~)(?=[^~\s])"
_RAW_LESS = r"(?=[ ][^\n])"

_LINE_STARTED = r"(?<![^\n].)"  # with the character before
_MARKED = rf"""(?:
    (?<=\n)(?P<lines>\n*)
    |(?<=[\\`\[\]{{{_CONTROLS}])
    |(?<=_)(?!{_RAW_UNDERSCORE}) | (?<=\*)(?!{_RAW_STAR})
    |(?<=~)(?!{_RAW_TILDE}) | (?<=<)(?!{_RAW_LESS})
    |(?<=&){_BEFORE_ENTITY} | (?<=:)(?=//)
    |(?<=(?i:www)\.)(?<![A-Za-z0-9](?i:www)\.)
    |{_LINE_STARTED}(?:{_BLOCK_GOES_ON})
    |(?<=[ {_BLANKS}])(?:{_LINE_STARTED} | (?![^\n])))"""
# These begin with a set, by which the engine looks through a text quickly. Most characters of
# it are spaces, which matter at the ends of lines only.
_SET = rf"\n\\`\[\]{{_*~<&:.\#>|+=\-\d{_CONTROLS}{_BLANKS}"
# Both are large: only those who write a text compile them.
_AWKWARD = cache(lambda: re.compile(rf"[{_SET}\ ]{_MARKED}", re.VERBOSE))
_AWKWARD_BUT_SPACES = cache(lambda: re.compile(rf"[{_SET}]{_MARKED}", re.VERBOSE))
_BACKSLASHED = frozenset("\\`*_{}[]()#+-.!>")
_NAMED = {"<": "&lt;", "&": "&amp;", "\x85": "&#x110085;"}
_BESIDE_LINK = frozenset("_*~<")
_BEFORE_LINK = _BESIDE_LINK | {"!"}
# Some renderers decode "%41" and "xn--" where they show an address; "&lt;" is never decoded.
_SHOWN_AS_IT_IS = re.compile(rf"(?i:(?!.*(?:%|xn--|&{_BEFORE_ENTITY}))){_AUTOLINK}", re.VERBOSE)
_IN_ADDRESS = re.compile(rf"[<>()\[\]\"'`\\{{]|&{_BEFORE_ENTITY}", re.VERBOSE)

_MEANING = rf"\\&<\[\]_*~`{{{_CONTROLS}{_BLANKS}\n"
_LINE_START = re.compile(rf"[ \t]|{_BLOCK}", re.VERBOSE)
_NOT_PLAIN = re.compile(rf"[{_MEANING}](?:(?<!\n)|(?=[ \t]|{_BLOCK}))", re.VERBOSE)
_TOKEN = re.compile(
    rf"""[{_MEANING}](?:
    (?<=\\)(?P<escaped>[\\`*_{{}}\[\]()\#+\-.!>])
    |(?<=&)(?:\#(?P<number>[0-9]{{1,7}}|[xX][0-9A-Fa-f]{{1,6}});|(?P<name>lt|gt|amp|quot|nbsp);)
    |(?<=\n)(?P<lines>(?:[ ]*\n)*)(?![ \t]|{_BLOCK})
    |(?<=<)(?P<url>{_AUTOLINK})>
    |(?<=\[)(?P<display>(?:[^\\\[\]\n]|\\.)+)\]\((?P<address>[^\s()<>\[\]"'`\\{{]+)\)
    |(?P<raw>(?<=&)(?!{_BEFORE_ENTITY}) | (?<=_){_RAW_UNDERSCORE} | (?<=\*){_RAW_STAR}
        | (?<=~){_RAW_TILDE} | (?<=<){_RAW_LESS}
        | (?<=[{_BLANKS}])(?<=[^\n].)(?![ ]*(?:\n|\Z)))
    )?""",
    re.VERBOSE,
)
_WITH_ADDRESSES = re.compile(rf"<({_AUTOLINK})>")
_NEXT_LINE = 0x110085
_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "nbsp": "\xa0"}


class Parsed(Struct, frozen=True):
    """What a body says: the exact text, and its links."""

    text: str
    facets: tuple[Facet, ...]


def to_markdown(text: str, facets: Sequence[Facet]) -> str:
    """Write a post's characters and links so that every renderer shows exactly them.

    Mentions and tags stay text, as do links whose address is not safe. Where renderers have
    no way to show a character (NUL, surrogates, U+0085) they show U+FFFD; `from_markdown`
    gives the character back all the same.
    """
    if not facets:
        return _awkward(text).sub(_written_whole, text)
    parts: list[str] = []
    cursor = 0
    for link in _links(text, facets):
        parts += _outside(text, cursor, link.start)
        parts += _link(text, link)
        cursor = link.end
    parts += _outside(text, cursor, len(text))
    return "".join(parts)


def _awkward(text: str) -> re.Pattern[str]:
    """Return what finds what may have to be escaped, the quick way if no space is among it."""
    at_ends = text.startswith(" ") or text.endswith(" ") or " \n" in text or "\n " in text
    return _AWKWARD() if at_ends else _AWKWARD_BUT_SPACES()


def _links(text: str, facets: Sequence[Facet]) -> Iterator[Facet]:
    """Yield the facets that can be written as links, in order, none overlapping."""
    cursor = 0
    for facet in sorted(facets):
        fits = cursor <= facet.start < facet.end <= len(text)
        if fits and facet.kind == "link" and safe_url(facet.value):
            yield facet
            cursor = facet.end


def _outside(text: str, start: int, end: int) -> Iterator[str]:
    """Write the text between two links, with what would join a link to it escaped."""
    if start < end and start and text[start] in _BESIDE_LINK:
        yield _escape(text[start])
        start += 1
    last = end - 1
    is_joined = start < end < len(text) and text[last] in _BEFORE_LINK
    yield from _pieces(text, start, last if is_joined else end)
    if is_joined:
        yield _escape(text[last])


def _pieces(text: str, start: int, end: int) -> Iterator[str]:
    """Write a stretch of a text as its surroundings demand."""
    for match in _awkward(text).finditer(text, start):
        stop = min(match.end(), end)
        if match.start() >= end or (match.end() > end and match.lastgroup is None):
            break
        yield text[start : match.start()]
        yield _written(match, stop)
        start = stop
    yield text[start:end]


def _written_whole(match: re.Match[str]) -> str:
    return _written(match, match.end())


def _written(match: re.Match[str], end: int) -> str:
    """Return what stands for a match that counts up to `end`."""
    if match.lastgroup is None:
        found = match[0]
        return found[:-1] + _escape(found[-1])
    count = end - match.start()
    if not match.start() or end == len(match.string):
        return "&#10;" * count
    return "  \n" if count == 1 else "\n\n" + "&#10;" * (count - 2)


def _escape(char: str) -> str:
    """Return a character as both dialects show it wherever it stands."""
    if char in _BACKSLASHED:
        return "\\" + char
    if "\ud800" <= char <= "\udfff":
        return f"&#x{ord(char):X};"
    return _NAMED.get(char) or f"&#{ord(char)};"


def _link(text: str, link: Facet) -> Iterator[str]:
    """Write a link: the address alone where it is shown whole and needs no escapes."""
    start, end = link.start, link.end
    if text[start:end] == link.value and _SHOWN_AS_IT_IS.fullmatch(link.value):
        yield f"<{link.value}>"
        return
    address = _IN_ADDRESS.sub(lambda m: _NAMED.get(m[0]) or f"&#{ord(m[0])};", link.value)
    yield "[" + "&#10;".join(map(_display, text[start:end].split("\n"))) + f"]({address})"


def _display(line: str) -> str:
    """Write a line of a link's display, whose edges are as exposed as those of a line.

    Python-Markdown sees a definition in "]:" even after a backslash: an entity it is.
    """
    return _AWKWARD().sub(_written_whole, line).replace("\\]", "&#93;")


def from_markdown(body: str) -> Parsed | None:
    """Read a body that `to_markdown` could have written, None for any other Markdown.

    What a person or an editor may do to it without meaning Markdown is read alike: spaces
    trimmed from the ends of lines, CRLF line ends, text added that needs no escapes.
    """
    if "\r" in body:
        body = body.replace("\r\n", "\n")
    body = body.lstrip("\n").rstrip(" \n")
    if _LINE_START.match(body):
        return None
    text = unmarked(body)
    if text is not None:
        return Parsed(text, ())
    return _autolinked(body) or _parse(body)


def unmarked(body: str) -> str | None:
    """Read a body that is text alone, with no line end or space around it; None for any other."""
    starts = body[:1].isalpha() or _LINE_START.match(body) is None  # no block begins with a letter
    if not starts or _NOT_PLAIN.search(body):
        return None
    if "\n" not in body:
        return body
    text = body.replace("  \n", "\n")
    if " \n" in text:
        text = re.sub(r" +\n", "\n", text)
    if "\n\n\n" in text:
        text = re.sub(r"\n{3,}", "\n\n", text)
    return text


def _autolinked(body: str) -> Parsed | None:
    """Read a line that is text and addresses in angle brackets alone; None for any other."""
    if "<http" not in body:
        return None
    pieces = _WITH_ADDRESSES.split(body)
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
    """Return the text that any Markdown body shows, without markup. Never raises; linear time."""
    parsed = from_markdown(body)
    return parsed.text if parsed else without_markup(body)


def _parse(body: str) -> Parsed | None:
    """Read a body token by token; None at the first that is more than the subset."""
    parts: list[str] = []
    facets: list[Facet] = []
    length = cursor = 0
    for token in _TOKEN.finditer(body):
        kind = token.lastgroup
        before = body[cursor : token.start()]
        if kind == "lines":
            before = before.rstrip(" ")
        read = _READERS[kind](token, before)
        if read is None:
            return None
        length += len(before)
        if kind in ("url", "address"):
            url = token["url"] or _parse_address(token["address"])
            if url is None:
                return None
            facets.append(Facet(length, length + len(read), "link", url))
        length += len(read)
        parts += (before, read)
        cursor = token.end()
    parts.append(body[cursor:])
    return Parsed("".join(parts), tuple(facets))


def _display_of(token: re.Match[str], before: str) -> str | None:
    """Read a link's display; None for an image, a link in a link, and spaces at its edges."""
    display = token["display"]
    if before.endswith("!") or display != display.strip(" "):
        return None
    parsed = _parse(display)
    return None if parsed is None or parsed.facets else parsed.text


def _parse_address(address: str) -> str | None:
    """Read a link's address; None where it is not safe or not the subset's."""
    parts = re.split(rf"(&{_ENTITY})", address, flags=re.VERBOSE)
    for number, part in enumerate(parts):
        if number % 2:
            parsed = _parse(part)
            if parsed is None:
                return None
            parts[number] = parsed.text
    url = "".join(parts)
    return url if safe_url(url) else None


def _numbered(token: re.Match[str], before: str) -> str | None:
    """Read a numeric entity; None for C1, which HTML reads as Windows-1252 instead."""
    digits = token["number"]
    number = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    if number == _NEXT_LINE:
        return "\x85"
    return None if 0x80 <= number <= 0x9F or number > 0x10FFFF else chr(number)


_READERS: dict[str | None, Callable[[re.Match[str], str], str | None]] = {
    None: lambda token, before: None,
    "escaped": lambda token, before: token["escaped"],
    "number": _numbered,
    "name": lambda token, before: _CHARACTERS[token["name"]],
    "lines": lambda token, before: "\n\n" if token["lines"] else "\n",
    "url": lambda token, before: token["url"],
    "address": _display_of,
    "raw": lambda token, before: token[0],
}
