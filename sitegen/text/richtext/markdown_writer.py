"""Write characters and links in the Markdown subset of `richtext`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from sitegen.model import Facet
from sitegen.text.facets import is_safe_url
from sitegen.text.richtext.patterns import (
    AUTOLINK,
    BEFORE_ENTITY,
    BLANKS,
    BLOCK_GOES_ON,
    CONTROLS,
    RAW_LESS,
    RAW_STAR,
    RAW_TILDE,
    RAW_UNDERSCORE,
)

_AT_LINE_START = r"(?<![^\n].)"  # with the character before
_NEEDS_ESCAPE = rf"""(?:
    (?<=\n)(?P<lines>\n*)
    |(?<=[\\`\[\]{{{CONTROLS}])
    |(?<=_)(?!{RAW_UNDERSCORE}) | (?<=\*)(?!{RAW_STAR})
    |(?<=~)(?!{RAW_TILDE}) | (?<=<)(?!{RAW_LESS})
    |(?<=&){BEFORE_ENTITY} | (?<=:)(?=//)
    |(?<=(?i:www)\.)(?<![A-Za-z0-9](?i:www)\.)
    |{_AT_LINE_START}(?:{BLOCK_GOES_ON})
    |(?<=[ {BLANKS}])(?:{_AT_LINE_START} | (?![^\n])))"""
# These begin with a set, which lets the engine scan a text quickly. Most characters of
# it are spaces, which matter at the ends of lines only.
_FIRST_CHARACTERS = rf"\n\\`\[\]{{_*~<&:.\#>|+=\-\d{CONTROLS}{BLANKS}"
# These are large: only code that writes text compiles them.
_ESCAPE_PATTERN = cache(lambda: re.compile(rf"[{_FIRST_CHARACTERS}\ ]{_NEEDS_ESCAPE}", re.VERBOSE))
_ESCAPE_PATTERN_WITHOUT_SPACES = cache(
    lambda: re.compile(rf"[{_FIRST_CHARACTERS}]{_NEEDS_ESCAPE}", re.VERBOSE)
)
# A fast check for a line that begins no block and has no inline markup.
_PLAIN = cache(
    lambda: re.compile(rf"(?![\#>|+*=:\d\ -])[^\n\\`\[\]{{_*~<&{CONTROLS}{BLANKS}]*(?<!\ )")
)
_BACKSLASHED = frozenset("\\`*_{}[]()#+-.!>")
_ENTITIES = {"<": "&lt;", "&": "&amp;", "\x85": "&#x110085;"}
_BESIDE_LINK = frozenset("_*~<")
_BEFORE_LINK = _BESIDE_LINK | {"!"}
# Some renderers decode "%41" and "xn--" where they show an address; "&lt;" is never decoded.
_PLAIN_AUTOLINK = cache(
    lambda: re.compile(rf"(?i:(?!.*(?:%|xn--|&{BEFORE_ENTITY}))){AUTOLINK}", re.VERBOSE)
)
_IN_ADDRESS = re.compile(rf"[<>()\[\]\"'`\\{{]|&{BEFORE_ENTITY}", re.VERBOSE)


def to_markdown(text: str, facets: Sequence[Facet]) -> str:
    """Write a post's characters and links so that every renderer shows exactly them.

    Mentions and tags are text, and so are links with an unsafe address. Where renderers have
    no way to show a character (NUL, surrogates, U+0085) they show U+FFFD; `from_markdown`
    restores the character all the same.
    """
    if not facets:
        return text if _is_plain(text) else _escape_pattern(text).sub(_write_whole_match, text)
    parts: list[str] = []
    cursor = 0
    finder = _EscapeFinder(text)
    for link in _select_links(text, facets):
        parts += _write_between_links(finder, cursor, link.start)
        parts += _write_link(text, link)
        cursor = link.end
    parts += _write_between_links(finder, cursor, len(text))
    return "".join(parts)


def _is_plain(text: str) -> bool:
    """Return whether a text needs no escapes; may be False for a few that need none."""
    if "\n" in text or "//" in text or "www." in text.lower():
        return False
    return _PLAIN().fullmatch(text) is not None


def _escape_pattern(text: str) -> re.Pattern[str]:
    """Return the pattern for characters that may need escapes; a fast one if no space does."""
    at_ends = text.startswith(" ") or text.endswith(" ") or " \n" in text or "\n " in text
    return _ESCAPE_PATTERN() if at_ends else _ESCAPE_PATTERN_WITHOUT_SPACES()


class _EscapeFinder:
    """Finds the next character that may need an escape; no part of the text is searched twice."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pattern = _escape_pattern(text)
        self.next_match = self.pattern.search(text)

    def find_from(self, start: int) -> re.Match[str] | None:
        """Return the first position from `start` on; `start` never goes back."""
        if self.next_match is not None and self.next_match.start() < start:
            self.next_match = self.pattern.search(self.text, start)
        return self.next_match


def _select_links(text: str, facets: Sequence[Facet]) -> Iterator[Facet]:
    """Yield the facets that can be written as links, in order, none overlapping."""
    cursor = 0
    for facet in sorted(facets):
        fits = cursor <= facet.start < facet.end <= len(text)
        if fits and facet.kind == "link" and is_safe_url(facet.value):
            yield facet
            cursor = facet.end


def _write_between_links(finder: _EscapeFinder, start: int, end: int) -> Iterator[str]:
    """Write the text between two links; escape what would extend a link."""
    text = finder.text
    if start < end and start and text[start] in _BESIDE_LINK:
        yield _escape(text[start])
        start += 1
    last = end - 1
    is_joined = start < end < len(text) and text[last] in _BEFORE_LINK
    yield from _write_stretch(finder, start, last if is_joined else end)
    if is_joined:
        yield _escape(text[last])


def _write_stretch(finder: _EscapeFinder, start: int, end: int) -> Iterator[str]:
    """Write a stretch of text as its context requires."""
    text, position = finder.text, start
    while match := finder.find_from(position):
        stop = min(match.end(), end)
        if match.start() >= end or (match.end() > end and match.lastgroup is None):
            break
        yield text[start : match.start()]
        yield _write_match(match, stop)
        start, position = stop, match.end()
    yield text[start:end]


def _write_whole_match(match: re.Match[str]) -> str:
    return _write_match(match, match.end())


def _write_match(match: re.Match[str], end: int) -> str:
    """Return the Markdown for a match that counts up to `end`."""
    if match.lastgroup is None:
        special = match[0]
        return special[:-1] + _escape(special[-1])
    count = end - match.start()
    if not match.start() or end == len(match.string):
        return "&#10;" * count
    return "  \n" if count == 1 else "\n\n" + "&#10;" * (count - 2)


def _escape(char: str) -> str:
    """Escape a character so that both dialects show it anywhere."""
    if char in _BACKSLASHED:
        return "\\" + char
    if "\ud800" <= char <= "\udfff":
        return f"&#x{ord(char):X};"
    return _ENTITIES.get(char) or f"&#{ord(char)};"


def _write_link(text: str, link: Facet) -> Iterator[str]:
    """Write a link: the address alone if it is shown whole and needs no escapes."""
    start, end = link.start, link.end
    if text[start:end] == link.value and _PLAIN_AUTOLINK().fullmatch(link.value):
        yield f"<{link.value}>"
        return
    address = _IN_ADDRESS.sub(lambda m: _ENTITIES.get(m[0]) or f"&#{ord(m[0])};", link.value)
    yield "[" + "&#10;".join(map(_write_display, text[start:end].split("\n"))) + f"]({address})"


def _write_display(line: str) -> str:
    """Write a line of a link's display, whose edges are as exposed as those of a line.

    Python-Markdown sees a definition in "]:" even after a backslash, so this becomes an entity.
    """
    return _ESCAPE_PATTERN().sub(_write_whole_match, line).replace("\\]", "&#93;")
