"""Generate the table of characters that queries are folded and split by: `python -m tests.characters`.

It is made from Python's unicodedata once, and committed, so that every Python and every browser has
the same one: browsers have it as a script. Each class is a list of ranges: by turns how many code points are skipped, and how
many are in the class.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

PROJECT = Path(__file__).parent.parent
TABLE = PROJECT / "sitegen/query/characters.json"
SCRIPT = PROJECT / "themes/default/static/search/characters.js"
# Scripts whose letters are the same to readers with and without their combining marks.
MARKED_SCRIPTS = ("LATIN ", "GREEK ", "CYRILLIC ", "HEBREW ", "ARABIC ")
# Scripts that put no space between words; Korean has spaces, but joins particles to words.
UNSPACED_SCRIPTS = (
    "CJK ", "HIRAGANA ", "KATAKANA", "COMBINING KATAKANA", "BOPOMOFO ", "HANGUL ", "HALFWIDTH HANGUL",
    "IDEOGRAPHIC ", "VERTICAL IDEOGRAPHIC", "HANGZHOU ", "MASU ", "THAI ", "LAO ", "KHMER ", "MYANMAR ",
)  # fmt: skip
SKIN_TONES = range(0x1F3FB, 0x1F400)
UNASSIGNED = "Cn"
SPECIAL = "ßςı"  # what folding replaces beyond compatibility forms and case
JAMO = range(0x1100, 0x1200)  # the parts of Korean syllables
# Letters of Korean that people write alone, as in "ㅋㅋㅠㅠ": folding would make syllables of them.
LONE_LETTERS = {*range(0x3131, 0x318F), *range(0xFFA1, 0xFFDD)}
EMOJI = "↔◻◼◽◾⤴⤵〰〽"  # those that Unicode has as signs of mathematics or of punctuation


def class_of(char: str) -> str:
    """Return the class of a character in a folded text; "" for one between words."""
    category = unicodedata.category(char)
    if category == "Cf" or unicodedata.name(char, "").startswith("VARIATION SELECTOR"):
        return "ignored"
    if category == "Me":
        return "ignored"  # enclosing marks, such as that of a keycap
    if category[0] in "LMN":
        return "unspaced" if _is_of(char, UNSPACED_SCRIPTS) else "words"
    is_symbol = category == "So" or char in EMOJI or ord(char) in SKIN_TONES
    return "symbols" if is_symbol else ""


def generate() -> dict[str, object]:
    """Return the table."""
    chars = [chr(code) for code in range(sys.maxunicode + 1)]
    classes = [class_of(char) for char in chars]
    unassigned = [unicodedata.category(char) == UNASSIGNED for char in chars]
    is_letter = [char.isalpha() and _is_of(char, MARKED_SCRIPTS) for char in chars]
    is_mark = [unicodedata.category(char)[0] == "M" for char in chars]
    table = {name: [each == name for each in classes] for name in sorted({*classes} - {""})}
    table |= {"letters": is_letter, "marks": is_mark}
    ranges = {name: encode(members, unassigned) for name, members in table.items()}
    is_folded = [letter or mark for letter, mark in zip(is_letter, is_mark, strict=True)]
    for code in changed(chars):
        is_folded[code] = code not in LONE_LETTERS
    may_join = [not free and at not in LONE_LETTERS for at, free in enumerate(unassigned)]
    ranges["folded"] = encode(is_folded, may_join)
    return {"unicode": unicodedata.unidata_version, **ranges}


def changed(chars: Sequence[str]) -> set[int]:
    """Return the ASCII characters, and those that folding may change, alone or beside others."""
    composed = [unicodedata.normalize("NFD", char) for char in chars]
    parts = {
        part for char, whole in zip(chars, composed, strict=True) if char != whole for part in whole
    }
    single = {char for char in chars if unicodedata.normalize("NFKD", char).lower() != char}
    return {*range(128), *JAMO, *map(ord, parts | single | set(SPECIAL))}


def encode(members: Iterable[bool], joining: Iterable[bool]) -> list[int]:
    """Return ranges of code points; those that are joining may be in a range between members."""
    numbers: list[int] = []
    end = last = 0
    for code, (is_member, is_free) in enumerate(zip(members, joining, strict=True)):
        if is_member and last == code and numbers:
            numbers[-1] += code + 1 - end
            end = last = code + 1
        elif is_member:
            numbers += [code - end, 1]
            end = last = code + 1
        elif is_free and last == code:
            last = code + 1
    return numbers


def serialise(table: dict[str, object]) -> str:
    """Return the table as JSON, a class a line."""
    lines = [
        f'"{name}": {json.dumps(value, separators=(",", ":"))}' for name, value in table.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def script(table: str) -> str:
    """Return the script that gives browsers a serialised table."""
    about = "/* The classes of characters that folding and splitting depend on, as ranges. */"
    return f'{about}\n"use strict";\n(globalThis.sitegen ??= {{}}).characters = {table.rstrip()};\n'


def _is_of(char: str, scripts: tuple[str, ...]) -> bool:
    return unicodedata.name(char, "").startswith(scripts)


if __name__ == "__main__":
    serialised = serialise(generate())
    TABLE.write_text(serialised, "utf-8")
    SCRIPT.write_text(script(serialised), "utf-8")
