"""The charsets by which UTF-8 is misread.

A damage reads each byte of the UTF-8 by a table of 256 characters; some tables lose bytes
(the C1 controls that a sanitiser drops, the holes of a Windows code page). The tables come
from Python's codecs, which follow the mapping files of the Unicode consortium.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from functools import cache

LOST = "\ufffe"
REPLACED = "\ufffd"
_LOSSLESS = (
    *("cp1252", "latin-1", "mac-roman", "cp437", "koi8-r", "koi8-u", "cp866", "cp850"),
    *(f"cp{n}" for n in (1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258)),
    *(f"iso-8859-{n}" for n in (5, 7, 2, 9, 15)),
)
_ISO = tuple(f"iso-8859-{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16))
_WINDOWS = tuple(f"cp125{n}" for n in (2, 3, 0, 1, 4, 5, 7, 8))
_LEADS = range(0xC2, 0xF5)
_CONTINUATIONS = range(0x80, 0xC0)


@dataclass(frozen=True, slots=True)
class Charset:
    """A charset that UTF-8 was misread as: its name, and the character that each byte became.

    In the table, LOST marks bytes that were dropped, U+FFFD bytes that were replaced by it.
    """

    name: str
    table: str
    is_lossless: bool
    characters: frozenset[str] = field(repr=False, compare=False)
    _bytes: dict[int, int] = field(repr=False, compare=False)

    def damage(self, text: str) -> str:
        """Decode the UTF-8 of a text with the table."""
        return codecs.charmap_decode(text.encode("utf-8", "surrogatepass"), "ignore", self.table)[0]

    def undo(self, text: str) -> str | None:
        """Return the original text if every byte survived; None if the text cannot be undone."""
        try:
            return codecs.charmap_encode(text, "strict", self._bytes)[0].decode("utf-8")
        except UnicodeError:
            return None

    @property
    def undefined_controls(self) -> str:
        """Return the C1 controls that lenient decoders pass through for undefined bytes."""
        windows = self.name.startswith("cp125")
        return "".join(c for c in self.table if windows and "\x80" <= c <= "\x9f")

    def can_hold(self, characters: frozenset[str]) -> bool:
        """Return whether all characters occur in the table."""
        return characters <= self.characters

    def piece_pattern(self) -> re.Pattern[str]:
        """Return the pattern of one damaged character.

        A lead byte and at most as many continuation bytes as it announces (RFC 3629,
        section 3), a continuation byte that lost its lead, or anything else.
        """
        tail = _class(self.table[byte] for byte in _CONTINUATIONS)
        parts = []
        for needed, first, last in ((1, 0xC2, 0xDF), (2, 0xE0, 0xEF), (3, 0xF0, 0xF4)):
            leads = _class(self.table[byte] for byte in range(first, last + 1))
            if leads:
                parts.append(f"{leads}{tail}{{0,{needed}}}" if tail else leads)
        return re.compile("|".join([*parts, "(?s:.)"]))

    def find_byte(self, character: str) -> int | None:
        """Return the byte of a character."""
        return self._bytes.get(ord(character))


@cache
def get_charset(name: str) -> Charset:
    """Return the charset with a name from `charset_names()`. Raises KeyError."""
    codec, _, loss = name.partition(" without ")
    codec, _, replaced = codec.partition(" with ")
    if name not in charset_names():
        raise KeyError(name)
    table = "".join(_character(codec, byte, loss, bool(replaced)) for byte in range(256))
    known = {ord(c): byte for byte, c in enumerate(table) if c not in (LOST, REPLACED)}
    return Charset(name, table, len(known) == 256, frozenset(table), known)


@cache
def charset_names() -> tuple[str, ...]:
    """Return the names of all damages that can be undone, the most usual first."""
    return (
        *_LOSSLESS,
        *(f"{iso} without C1 and NBSP" for iso in _ISO),
        *(f"{iso} without C1" for iso in _ISO),
        *(f"{windows} without undefined" for windows in _WINDOWS),
        *(f"iso-8859-{n} without undefined" for n in (7, 3, 6, 8, 11)),
        *(f"{windows} with U+FFFD" for windows in _WINDOWS if windows != "cp1255"),
    )


def _character(codec: str, byte: int, loss: str, replaced: bool) -> str:
    try:
        character = bytes([byte]).decode(codec)
    except UnicodeDecodeError:
        if replaced:
            return REPLACED
        if loss or chr(byte) in _decodable(codec):
            return LOST
        # Browsers and other lenient decoders pass an undefined byte through.
        return chr(byte)
    if "C1" in loss and 0x80 <= ord(character) <= 0x9F:
        return LOST
    return LOST if "NBSP" in loss and character == "\u00a0" else character


@cache
def _decodable(codec: str) -> str:
    return bytes(range(256)).decode(codec, "ignore")


def _class(characters: object) -> str:
    known = sorted({c for c in characters if c != LOST})  # type: ignore[attr-defined]
    return f"[{re.escape(''.join(known))}]" if known else ""
