"""The classes of characters that folding and splitting depend on.

`characters.json` has them as ranges; tests/characters.py made it. It is the same for every version
of Python, and for browsers.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from pathlib import Path

from msgspec import Struct, json

NAME = "characters.json"
Ranges = tuple[int, ...]


class Table(Struct, frozen=True):
    """The classes: each by turns how many code points it skips, and how many it has.

    Folding leaves alone what is not `folded`, such as the characters of later versions of Unicode,
    and drops `marks` after `letters`. Of a folded text, `words` are letters and digits, `unspaced`
    those of scripts without spaces, `symbols` words of their own; `ignored` joins what is around.
    """

    unicode: str
    folded: Ranges
    letters: Ranges
    marks: Ranges
    ignored: Ranges
    words: Ranges
    unspaced: Ranges
    symbols: Ranges


class CharacterClass:
    """A class of characters, which says whether a code point is in it."""

    def __init__(self, ranges: Ranges) -> None:
        at, self._bounds = 0, list[int]()
        for number in ranges:
            at += number
            self._bounds.append(at)

    def __contains__(self, code: int) -> bool:
        return bisect_right(self._bounds, code) % 2 == 1

    @property
    def pattern(self) -> str:
        """The ranges as they are written between the brackets of a regular expression."""
        pairs = zip(self._bounds[::2], self._bounds[1::2], strict=True)
        return "".join([f"\\U{start:08x}-\\U{end - 1:08x}" for start, end in pairs])


@cache
def read_table() -> Table:
    """Read the table."""
    return json.decode(Path(__file__).with_name(NAME).read_bytes(), type=Table)


@cache
def character_class(name: str) -> CharacterClass:
    """Return a class of the table, such as "letters"."""
    return CharacterClass(getattr(read_table(), name))
