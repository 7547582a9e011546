"""Find the URLs, @names and #tags in a caption of Threads or Instagram.

Neither export lists them. Instagram's names are ASCII letters, digits, "_" and "." (not last),
at most 30; a tag ends where its letters, digits, marks and "_" end, so `#one#two` are two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from sitegen.model import Facet
from sitegen.sources.plain_links import find_links

MAX_LETTERS = 100_000  # no network allows that much; a longer text is not a caption
_MENTION = re.compile(
    r"(?<![\w@./])@([A-Za-z0-9_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])?)(?![A-Za-z0-9_])"
)
_SIGN = re.compile("[#＃]")
_JOINERS = "_\u200c\u200d"


def facets(text: str) -> tuple[Facet, ...]:
    """Return the facets of a caption in order, without overlaps."""
    if len(text) > MAX_LETTERS:
        return ()
    links = [f for f in find_links(text).facets if f.kind == "link"]
    others = [*_mentions(text), *_tags(text)]
    free = [o for o in others if not any(o.start < k.end and k.start < o.end for k in links)]
    return tuple(sorted([*links, *free]))


def _mentions(text: str) -> Iterator[Facet]:
    for match in _MENTION.finditer(text):
        yield Facet(match.start(), match.end(), "mention", match[1])


def _tags(text: str) -> Iterator[Facet]:
    last = -1
    for sign in _SIGN.finditer(text):
        at = sign.start()
        tag = _word(text, at + 1)
        is_free = at == last or not (at and _is_part_of_word(text[at - 1]))
        if is_free and any(c.isalpha() or ord(c) > 0x2000 for c in tag):
            last = at + 1 + len(tag)
            yield Facet(at, last, "tag", tag)


def _is_part_of_word(before: str) -> bool:
    """Return whether a "#" after this character is part of a word or URL."""
    return before.isalnum() or before in "_&/#＃"


def _word(text: str, start: int) -> str:
    end = start
    while end < len(text) and _is_word(text[end]):
        end += 1
    return text[start:end]


def _is_word(character: str) -> bool:
    """Return whether a character may be in a tag: letters, digits, marks, emoji, "_"."""
    if character in _JOINERS or character.isalnum():
        return True
    category = unicodedata.category(character)
    return category[0] == "M" or (category in ("So", "Sk") and ord(character) > 0x2000)
