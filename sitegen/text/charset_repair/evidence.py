"""Decide whether a text is damaged at all, and by which charset.

Nothing is repaired on suspicion. A reading that undoes every byte must also be a simpler text
than the given one; a reading that lost bytes must show words that exist in no other way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from sitegen.text.charset_repair.candidates import Reading, decoder, is_emoji
from sitegen.text.charset_repair.charsets import Charset, charset, names
from sitegen.text.charset_repair.context import choose

_MIN_WEIGHT = 4
_SAMPLE = 20_000
_ODD = 8.0
_SCRIPTS = (
    *("LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC", "DEVANAGARI", "BENGALI", "TAMIL", "THAI"),
    *("HANGUL", "HIRAGANA", "KATAKANA", "CJK", "ARMENIAN", "GEORGIAN", "KATAKANA-HIRAGANA"),
    *("TELUGU", "KANNADA", "MALAYALAM", "GUJARATI", "GURMUKHI", "AMHARIC", "ETHIOPIC", "KHMER"),
)
_EAST_ASIAN = frozenset({"HIRAGANA", "KATAKANA", "CJK", "KATAKANA-HIRAGANA", "HANGUL"})
_ALONE = {"": 0.0, "LATIN": 0.0, "CJK": 1.0, "GREEK": 0.25, "CYRILLIC": 0.0}
_LAYERS = 2
_RUN = re.compile("[A-Za-z]?[^\x00-\x7f]+[A-Za-z]?")
_TYPOGRAPHIC = frozenset("’‘“”—–…•€™\u00a0")
# The most frequent signs of western languages, as opposed to what these bytes mean further east.
_FREQUENT = frozenset("áéíóúñäöüßàèçêâôãõ¡¿«»")
_ENGLISH = re.compile(
    r"(?<!\w)(?:(?:do|does|did|is|are|was|were|ca|wo|have|has|had|should|would|could|need)n’t"
    r"|(?:i|you|we|they|he|she|it|who|that|there|what)’(?:re|ve|ll|d|m|s)"
    r"|let’s)(?!\w)",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"[a-z]{3}’s(?!\w)")


def lossless_charset(text: str) -> Charset | None:
    """Return the charset that damaged a text without loss, if one explains it."""
    return _explanation(frozenset(_RUN.findall(text)), _LAYERS)[1]


def _explanation(runs: frozenset[str], layers: int) -> tuple[float, Charset | None]:
    """Return the lowest cost of an explanation of these stretches of text, and its charset.

    One damage may cover another, so that only undoing both leaves a simple text.
    """
    characters = frozenset("".join(runs))
    best: tuple[float, Charset | None] = (cost(runs), None)
    for found in (charset(name) for name in names()):
        if not (layers and found.lossless and found.can_hold(characters)):
            continue
        meant = _undone(runs, found)
        if meant is not None:
            lent = sum(c in characters for c in found.lent) / 4
            price = _explanation(meant, layers - 1)[0] + lent
            best = min(best, (price, found), key=lambda found: found[0])
    return best


def _undone(runs: frozenset[str], found: Charset) -> frozenset[str] | None:
    """Undo the damage of the runs by a charset; return None where one is not damaged text."""
    meant = set()
    for run in runs:
        whole = found.undo(run)
        if whole is None:
            return None
        meant.add(whole)
    return frozenset(meant)


def lossy_charset(text: str) -> Charset | None:
    """Return the charset that damaged a text and lost bytes, if its traces prove it."""
    lines = [line for line in text.split("\n") if not line.isascii()]
    sample = "\n".join(lines)[:_SAMPLE]
    characters = frozenset(text)
    best, likeliest, least = None, _MIN_WEIGHT - 0.5, cost(_RUN.findall(sample))
    for found in (charset(name) for name in names()):
        if not found.lossless and found.can_hold(characters):
            weight = _weight(decoder(found).read(sample), least)
            if weight > likeliest:
                best, likeliest = found, weight
    return best


def fitting(text: str, choices: Iterable[str]) -> Charset:
    """Return the charset that explains most of a text, of those that produce the known signs."""
    runs = " ".join(sorted(set(re.findall("[^\x00-\x7f]+", text))))
    charsets = [charset(name) for name in choices]
    return min(charsets, key=lambda found: len(decoder(found).read(runs).foreign))


def _weight(reading: Reading, least: float) -> float:
    """Weigh the evidence for a reading that lost bytes against what it leaves open.

    Where no word proves it, the reading must cost less to explain than the text as it is.
    """
    if reading.foreign:
        return float("-inf")
    chosen = choose(reading.text, reading.holes, in_list=False)
    open_holes = [h for h in reading.holes if h.position not in chosen]
    letters = sum(1 for h in open_holes if not h.candidates.pictures)
    clear = sum(1 for h in reading.holes if len(h.damaged) > 1 and h.position in chosen)
    characters = list(reading.text)
    for position, choice in chosen.items():
        characters[position] = choice.character
    text = "".join(characters)
    words = 4 * len(_ENGLISH.findall(text)) + len(_POSSESSIVE.findall(text))
    if not words and cost(_RUN.findall(text)) >= least:
        return float("-inf")
    return words + 2 * (clear + reading.exact) - 2 * letters


def cost(runs: Iterable[str]) -> float:
    """Return the cost of explaining stretches of text that are not ASCII."""
    return sum(map(_run_cost, runs))


def _run_cost(run: str) -> float:
    total, alone = 0.0, 0.0
    script, case = "", ""
    for character in run:
        price, new_script, new_case = _traits(character)
        if new_case in ("Mn", "Mc", "Me") and character != "\ufe0f":
            total += 0.5 if script else _ODD
            continue
        if new_script and new_script == script:
            follows = price if script == "LATIN" else min(price, 0.25)
            total += price + 1 if (case, new_case) == ("Ll", "Lu") else follows
            alone = 0.0
        else:
            total += alone + price + (4 if script and new_script else 0)
            alone = _ALONE.get(new_script, 4.0)
        script, case = new_script, new_case
    return total + alone


@cache
def _traits(character: str) -> tuple[float, str, str]:
    """Return a character's own cost, its script if it is a letter, and its category."""
    category = unicodedata.category(character)
    if character in _FREQUENT:
        return 0.75, "LATIN" if category == "Ll" else "", category
    if character.isascii():
        return 0.0, "LATIN" if character.isalpha() else "", category
    if category[0] == "L":
        script = unicodedata.name(character, "").partition(" ")[0]
        price = _letter_cost(character, script)
        return price, "CJK" if script in _EAST_ASIAN else script, category
    return _sign_cost(character, category), "", category


def _letter_cost(character: str, script: str) -> float:
    if script == "LATIN":
        return 1.0 if character < "\u0180" or "\u1ea0" <= character <= "\u1ef9" else 4.0
    if script in ("GREEK", "CYRILLIC"):
        return 1.5
    return 2.0 if script in _SCRIPTS else 6.0


def _sign_cost(character: str, category: str) -> float:
    if character in _TYPOGRAPHIC:
        return 1.0
    if category == "Nd" or is_emoji(character) or character in "\u200d\ufe0f":
        return 2.0
    if category in ("Cc", "Co", "Cn", "Cs"):
        return _ODD
    return 2.0 if character < "\u0100" else 3.0
