"""Write characters and links in the Markdown subset of `richtext`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from sitegen.model import Facet
from sitegen.text.facets import safe_url
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

_LINE_STARTED = r"(?<![^\n].)"  # with the character before
_MARKED = rf"""(?:
    (?<=\n)(?P<lines>\n*)
    |(?<=[\\`\[\]{{{CONTROLS}])
    |(?<=_)(?!{RAW_UNDERSCORE}) | (?<=\*)(?!{RAW_STAR})
    |(?<=~)(?!{RAW_TILDE}) | (?<=<)(?!{RAW_LESS})
    |(?<=&){BEFORE_ENTITY} | (?<=:)(?=//)
    |(?<=(?i:www)\.)(?<![A-Za-z0-9](?i:www)\.)
    |{_LINE_STARTED}(?:{BLOCK_GOES_ON})
    |(?<=[ {BLANKS}])(?:{_LINE_STARTED} | (?![^\n])))"""
# These begin with a set, which lets the engine scan a text quickly. Most characters of
# it are spaces, which matter at the ends of lines only.
_SET = rf"\n\\`\[\]{{_*~<&:.\#>|+=\-\d{CONTROLS}{BLANKS}"
# Both are large: only code that writes text compiles them.
_AWKWARD = cache(lambda: re.compile(rf"[{_SET}\ ]{_MARKED}", re.VERBOSE))
_AWKWARD_BUT_SPACES = cache(lambda: re.compile(rf"[{_SET}]{_MARKED}", re.VERBOSE))
# A fast check for a line that begins no block and has nothing with a meaning inside a line.
_PLAIN = cache(
    lambda: re.compile(rf"(?![\#>|+*=:\d\ -])[^\n\\`\[\]{{_*~<&{CONTROLS}{BLANKS}]*(?<!\ )")
)
_BACKSLASHED = frozenset("\\`*_{}[]()#+-.!>")
_NAMED = {"<": "&lt;", "&": "&amp;", "\x85": "&#x110085;"}
_BESIDE_LINK = frozenset("_*~<")
_BEFORE_LINK = _BESIDE_LINK | {"!"}
# Some renderers decode "%41" and "xn--" where they show an address; "&lt;" is never decoded.
_SHOWN_AS_IT_IS = re.compile(rf"(?i:(?!.*(?:%|xn--|&{BEFORE_ENTITY}))){AUTOLINK}", re.VERBOSE)
_IN_ADDRESS = re.compile(rf"[<>()\[\]\"'`\\{{]|&{BEFORE_ENTITY}", re.VERBOSE)


def to_markdown(text: str, facets: Sequence[Facet]) -> str:
    """Write a post's characters and links so that every renderer shows exactly these.

    Mentions and tags are text, and so are links with an unsafe address. Where renderers have
    no way to show a character (NUL, surrogates, U+0085) they show U+FFFD; `from_markdown`
    restores the character all the same.
    """
    if not facets:
        return text if _is_plain(text) else _awkward(text).sub(_written_whole, text)
    parts: list[str] = []
    cursor = 0
    awkward = _Awkward(text)
    for link in _links(text, facets):
        parts += _outside(awkward, cursor, link.start)
        parts += _link(text, link)
        cursor = link.end
    parts += _outside(awkward, cursor, len(text))
    return "".join(parts)


def _is_plain(text: str) -> bool:
    """Return whether a text needs no escapes; may be False for a few that need none."""
    if "\n" in text or "//" in text or "www." in text.lower():
        return False
    return _PLAIN().fullmatch(text) is not None


def _awkward(text: str) -> re.Pattern[str]:
    """Return a finder of characters that may need escapes; a fast one if none is a space."""
    at_ends = text.startswith(" ") or text.endswith(" ") or " \n" in text or "\n " in text
    return _AWKWARD() if at_ends else _AWKWARD_BUT_SPACES()


class _Awkward:
    """The next position that may need an escape; no part of the text is searched twice."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pattern = _awkward(text)
        self.next = self.pattern.search(text)

    def after(self, start: int) -> re.Match[str] | None:
        """Return the first position from `start` on; `start` never goes back."""
        if self.next is not None and self.next.start() < start:
            self.next = self.pattern.search(self.text, start)
        return self.next


def _links(text: str, facets: Sequence[Facet]) -> Iterator[Facet]:
    """Yield the facets that can be written as links, in order, none overlapping."""
    cursor = 0
    for facet in sorted(facets):
        fits = cursor <= facet.start < facet.end <= len(text)
        if fits and facet.kind == "link" and safe_url(facet.value):
            yield facet
            cursor = facet.end


def _outside(awkward: _Awkward, start: int, end: int) -> Iterator[str]:
    """Write the text between two links; escape what would extend a link."""
    text = awkward.text
    if start < end and start and text[start] in _BESIDE_LINK:
        yield _escape(text[start])
        start += 1
    last = end - 1
    is_joined = start < end < len(text) and text[last] in _BEFORE_LINK
    yield from _pieces(awkward, start, last if is_joined else end)
    if is_joined:
        yield _escape(text[last])


def _pieces(awkward: _Awkward, start: int, end: int) -> Iterator[str]:
    """Write a stretch of text as its context requires."""
    text, at = awkward.text, start
    while match := awkward.after(at):
        stop = min(match.end(), end)
        if match.start() >= end or (match.end() > end and match.lastgroup is None):
            break
        yield text[start : match.start()]
        yield _written(match, stop)
        start, at = stop, match.end()
    yield text[start:end]


def _written_whole(match: re.Match[str]) -> str:
    return _written(match, match.end())


def _written(match: re.Match[str], end: int) -> str:
    """Return the Markdown for a match that counts up to `end`."""
    if match.lastgroup is None:
        found = match[0]
        return found[:-1] + _escape(found[-1])
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
    return _NAMED.get(char) or f"&#{ord(char)};"


def _link(text: str, link: Facet) -> Iterator[str]:
    """Write a link: the address alone if it is shown whole and needs no escapes."""
    start, end = link.start, link.end
    if text[start:end] == link.value and _SHOWN_AS_IT_IS.fullmatch(link.value):
        yield f"<{link.value}>"
        return
    address = _IN_ADDRESS.sub(lambda m: _NAMED.get(m[0]) or f"&#{ord(m[0])};", link.value)
    yield "[" + "&#10;".join(map(_display, text[start:end].split("\n"))) + f"]({address})"


def _display(line: str) -> str:
    """Write a line of a link's display, whose edges are as exposed as those of a line.

    Python-Markdown sees a definition in "]:" even after a backslash, so this becomes an entity.
    """
    return _AWKWARD().sub(_written_whole, line).replace("\\]", "&#93;")
