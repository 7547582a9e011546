"""Decide whether a text is damaged at all, and by which charset.

Nothing is repaired on suspicion. If every byte can be undone, the result must also be a simpler
text than the given one; if bytes were lost, it must have words that nothing else explains.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from sitegen.text.charset_repair.candidates import Reading, get_decoder, is_emoji
from sitegen.text.charset_repair.charsets import Charset, charset_names, get_charset
from sitegen.text.charset_repair.context import choose

_MIN_WEIGHT = 4
_SAMPLE_LENGTH = 20_000
_ODD_COST = 8.0
_SCRIPTS = (
    *("LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC", "DEVANAGARI", "BENGALI", "TAMIL", "THAI"),
    *("HANGUL", "HIRAGANA", "KATAKANA", "CJK", "ARMENIAN", "GEORGIAN", "KATAKANA-HIRAGANA"),
    *("TELUGU", "KANNADA", "MALAYALAM", "GUJARATI", "GURMUKHI", "AMHARIC", "ETHIOPIC", "KHMER"),
)
_EAST_ASIAN = frozenset({"HIRAGANA", "KATAKANA", "CJK", "KATAKANA-HIRAGANA", "HANGUL"})
_COST_ALONE = {"": 0.0, "LATIN": 0.0, "CJK": 1.0, "GREEK": 0.25, "CYRILLIC": 0.0}
_MAX_LAYERS = 2
_RUN = re.compile("[A-Za-z]?[^\x00-\x7f]+[A-Za-z]?")
_TYPOGRAPHIC = frozenset("’‘“”—–…•€™\u00a0")
# The most frequent letters and signs of western languages.
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
    return _cheapest_explanation(frozenset(_RUN.findall(text)), _MAX_LAYERS)[1]


def _cheapest_explanation(runs: frozenset[str], layers: int) -> tuple[float, Charset | None]:
    """Return the lowest cost of an explanation of these stretches of text, and its charset.

    One damage may cover another, so that only undoing both leaves a simple text.
    """
    characters = frozenset("".join(runs))
    best: tuple[float, Charset | None] = (cost(runs), None)
    for candidate in (get_charset(name) for name in charset_names()):
        if not (layers and candidate.is_lossless and candidate.can_hold(characters)):
            continue
        undone = _undo_runs(runs, candidate)
        if undone is not None:
            penalty = sum(c in characters for c in candidate.undefined_controls) / 4
            price = _cheapest_explanation(undone, layers - 1)[0] + penalty
            best = min(best, (price, candidate), key=lambda candidate: candidate[0])
    return best


def _undo_runs(runs: frozenset[str], charset: Charset) -> frozenset[str] | None:
    """Undo the damage of the runs by a charset; return None where one is not damaged text."""
    undone = set()
    for run in runs:
        original = charset.undo(run)
        if original is None:
            return None
        undone.add(original)
    return frozenset(undone)


def lossy_charset(text: str) -> Charset | None:
    """Return the charset that damaged a text and lost bytes, if its traces prove it."""
    lines = [line for line in text.split("\n") if not line.isascii()]
    sample = "\n".join(lines)[:_SAMPLE_LENGTH]
    characters = frozenset(text)
    best, best_weight, plain_cost = None, _MIN_WEIGHT - 0.5, cost(_RUN.findall(sample))
    for candidate in (get_charset(name) for name in charset_names()):
        if not candidate.is_lossless and candidate.can_hold(characters):
            weight = _weigh(get_decoder(candidate).read(sample), plain_cost)
            if weight > best_weight:
                best, best_weight = candidate, weight
    return best


def best_explanation(text: str, choices: Iterable[str]) -> Charset:
    """Return the charset, of several names, that explains most of a text."""
    runs = " ".join(sorted(set(re.findall("[^\x00-\x7f]+", text))))
    charsets = [get_charset(name) for name in choices]
    return min(charsets, key=lambda candidate: len(get_decoder(candidate).read(runs).foreign))


def _weigh(reading: Reading, plain_cost: float) -> float:
    """Weigh the evidence for a reading with lost bytes against the holes that it leaves.

    Unless a word proves it, the reading must cost less to explain than the text itself.
    """
    if reading.foreign:
        return float("-inf")
    chosen = choose(reading.text, reading.holes, in_list=False)
    open_holes = [h for h in reading.holes if h.position not in chosen]
    letters = sum(1 for h in open_holes if not h.candidates.pictures)
    certain = sum(1 for h in reading.holes if len(h.damaged) > 1 and h.position in chosen)
    characters = list(reading.text)
    for position, choice in chosen.items():
        characters[position] = choice.character
    text = "".join(characters)
    words = 4 * len(_ENGLISH.findall(text)) + len(_POSSESSIVE.findall(text))
    if not words and cost(_RUN.findall(text)) >= plain_cost:
        return float("-inf")
    return words + 2 * (certain + reading.exact) - 2 * letters


def cost(runs: Iterable[str]) -> float:
    """Return the cost of explaining stretches of text that are not ASCII."""
    return sum(map(_run_cost, runs))


def _run_cost(run: str) -> float:
    total, alone = 0.0, 0.0
    script, case = "", ""
    for character in run:
        price, new_script, new_case = _traits(character)
        if new_case in ("Mn", "Mc", "Me") and character != "\ufe0f":
            total += 0.5 if script else _ODD_COST
            continue
        if new_script and new_script == script:
            follows = price if script == "LATIN" else min(price, 0.25)
            total += price + 1 if (case, new_case) == ("Ll", "Lu") else follows
            alone = 0.0
        else:
            total += alone + price + (4 if script and new_script else 0)
            alone = _COST_ALONE.get(new_script, 4.0)
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
        return _ODD_COST
    return 2.0 if character < "\u0100" else 3.0
