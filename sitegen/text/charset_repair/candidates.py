"""Candidates for the characters behind damaged text.

A damaged text splits into pieces, one for each original character. Where every byte
survived, the character is known; otherwise the piece is a hole, with the characters that
would have produced it as candidates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product

from sitegen.text.charset_repair.charsets import LOST, REPLACED, Charset

HOLE = "\ufffd"
# Everyday scripts: Latin, Greek, Cyrillic, Hebrew, Arabic, punctuation, arrows, signs, emoji.
_EVERYDAY_RANGES = (
    *((0xA0, 0x17F), (0x192, 0x192), (0x218, 0x21B), (0x37E, 0x3CE), (0x400, 0x45F)),
    *((0x490, 0x491), (0x5D0, 0x5EA), (0x60C, 0x60C), (0x61B, 0x64A), (0x660, 0x669)),
    *((0x67E, 0x6CC), (0x1EA0, 0x1EF9), (0x200B, 0x200F), (0x2010, 0x2022), (0x2026, 0x2026)),
    *((0x202F, 0x2030), (0x2032, 0x2033), (0x2039, 0x203A), (0x203C, 0x203C), (0x2044, 0x2044)),
    *((0x2070, 0x2089), (0x20A0, 0x20BF), (0x20E3, 0x20E3), (0x2116, 0x2116), (0x2122, 0x2122)),
    *((0x2190, 0x21FF), (0x2200, 0x22FF), (0x2300, 0x23FF), (0x2500, 0x25FF), (0x2600, 0x27BF)),
    *((0x2B00, 0x2BFF), (0x3000, 0x3002), (0xFE0F, 0xFE0F), (0xE0020, 0xE007F)),
)


@dataclass(frozen=True, slots=True)
class Candidates:
    """The everyday characters that a piece may have been, and the number of all candidates.

    The other fields are for the rules of `context`: the emoji among them, the small letters of
    Latin-1, the signs that occur anywhere, and whether there is a quotation mark or a dash,
    or a picture from the plane of the emoji.
    """

    characters: str
    number: int
    emoji: str = ""
    small: str = ""
    signs: str = ""
    punctuation: bool = False
    pictures: bool = False

    @classmethod
    def classify(cls, characters: str, number: int) -> Candidates:
        """Classify candidates by kind."""
        return cls(
            characters,
            number,
            emoji="".join(filter(is_emoji, characters)),
            small="".join(c for c in characters if c.islower() and c <= "\u00ff"),
            signs="".join(c for c in characters if c in "…™•€\u00a0"),
            punctuation=any(c in "‘’“”„—" for c in characters),
            pictures=any(0x1F000 <= ord(c) < 0x20000 for c in characters),
        )


@dataclass(frozen=True, slots=True)
class Hole:
    """A character that did not survive whole, and its candidates."""

    position: int
    damaged: str
    candidates: Candidates

    def can_be(self, character: str) -> bool:
        """Return whether a character is a candidate."""
        return character in self.candidates.characters


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with one character for each piece: HOLE where it is unknown.

    `foreign` are the positions of characters that the damage cannot have produced; they are
    unchanged. `exact` counts the pieces that were whole.
    """

    text: str
    holes: tuple[Hole, ...]
    foreign: tuple[int, ...]
    exact: int


class Decoder:
    """Decodes text damaged by one charset, with a cache of pieces."""

    def __init__(self, charset: Charset) -> None:
        """Start with an empty cache."""
        self.charset = charset
        self._pieces = charset.piece_pattern()
        self._cache: dict[str, str | Candidates | None] = {}

    def read(self, text: str) -> Reading:
        """Split a damaged text into its pieces."""
        characters: list[str] = []
        holes: list[Hole] = []
        foreign: list[int] = []
        length = exact = end = 0
        for run in re.finditer("[^\x00-\x7f]+", text):
            characters.append(text[end : run.start()])
            length += run.start() - end
            end = run.end()
            for piece in self._pieces.findall(run[0]):
                meaning = self._decode_piece(piece)
                if isinstance(meaning, str):
                    decoded, exact = meaning, exact + 1
                elif meaning is None:
                    decoded = piece
                    foreign.extend(range(length, length + len(piece)))
                else:
                    decoded = HOLE
                    holes.append(Hole(length, piece, meaning))
                characters.append(decoded)
                length += len(decoded)
        return Reading("".join([*characters, text[end:]]), tuple(holes), tuple(foreign), exact)

    def _decode_piece(self, piece: str) -> str | Candidates | None:
        """Return a character, its candidates, or None for a foreign piece."""
        if piece not in self._cache:
            character = self.charset.undo(piece)
            self._cache[piece] = (
                character if character is not None else self._find_candidates(piece)
            )
        return self._cache[piece]

    def _find_candidates(self, piece: str) -> Candidates | None:
        if self.charset.is_lossless:
            return None
        everyday = _everyday_forms(self.charset).get(piece, "")
        number = len(everyday) or sum(1 for _ in _all_candidates(piece, self.charset))
        return Candidates.classify(everyday, number) if number else None


@cache
def get_decoder(charset: Charset) -> Decoder:
    """Return the decoder of a charset, with its cache."""
    return Decoder(charset)


@cache
def _everyday_characters() -> tuple[str, ...]:
    points = (point for first, last in _EVERYDAY_RANGES for point in range(first, last + 1))
    assigned = (c for c in map(chr, points) if unicodedata.category(c) != "Cn")
    return tuple(sorted([*assigned, *filter(is_emoji, map(chr, range(0x1F000, 0x1FB00)))]))


@cache
def _everyday_forms(charset: Charset) -> dict[str, str]:
    forms: dict[str, list[str]] = {}
    for character in _everyday_characters():
        forms.setdefault(charset.damage(character), []).append(character)
    return {form: "".join(characters) for form, characters in forms.items()}


def _all_candidates(piece: str, charset: Charset) -> Iterator[str]:
    """Yield every assigned character that the damage turns into this piece."""
    lost = [b for b in range(0x80, 0x100) if charset.table[b] in (LOST, REPLACED)]
    for length in (2, 3, 4):
        for tail in _byte_sequences(piece, charset, lost, length):
            try:
                character = bytes(tail).decode("utf-8")
            except UnicodeDecodeError:
                continue
            if len(character) == 1 and charset.damage(character) == piece:
                assigned = unicodedata.category(character) not in ("Cn", "Co", "Cs")
                yield from (character,) if assigned else ()


def _byte_sequences(
    piece: str, charset: Charset, lost: list[int], length: int
) -> Iterator[tuple[int, ...]]:
    """Yield the byte sequences of a length whose surviving bytes are the piece's, in order."""
    known = [byte for byte in map(charset.find_byte, piece) if byte is not None]
    lead_bytes = [byte for byte in lost if _sequence_length(byte) == length]
    missing = length - len(known)
    for gaps in combinations(range(length), missing) if missing >= 0 else ():
        survivors = iter(known)
        choices = [
            (lost if index else lead_bytes) if index in gaps else [next(survivors)]
            for index in range(length)
        ]
        if _sequence_length(choices[0][0] if choices[0] else 0) == length:
            yield from product(*choices)


def _sequence_length(lead: int) -> int:
    """Return the length of the sequence that a lead byte begins (RFC 3629, section 3), or 0.

    Above F0, only the tags of flags are assigned, and these are everyday characters.
    """
    return 2 if 0xC2 <= lead < 0xE0 else 3 if 0xE0 <= lead < 0xF0 else 4 if lead == 0xF0 else 0


@cache
def is_emoji(character: str) -> bool:
    """Return whether a character has an emoji form (Unicode Technical Standard 51)."""
    import regex

    return regex.fullmatch(r"\p{Emoji}", character) is not None and ord(character) > 0x7F
