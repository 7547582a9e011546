"""Recognise misspelled words: find the known word that is one edit away."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_MAX_LETTERS = 40
# Letters that look like a Latin one, or are one with a stroke or without its dot.
_LOOKALIKES = {
    "a": "\u0430\u03b1\u0251\u1d00",
    "b": "\u0432\u03b2\u0185\u0299",
    "d": "\u0501\u0111\u0257\u1d05\u0503\u0256\u217e",
    "e": "\u0435\u03b5\u1d07",
    "f": "\u0493\ua730",
    "g": "\u0261",
    "h": "\u04bb\u0127\u029c",
    "i": "\u0456\u03b9\u0131\u026a\u0269",
    "j": "\u0458",
    "k": "\u03ba",
    "l": "\u04cf\u0142",
    "n": "\u03b7",
    "o": "\u043e\u03bf\u00f8",
    "p": "\u0440",
    "q": "\u051b",
    "r": "\u0433\u03c1\u0280",
    "s": "\u0455\ua731",
    "t": "\u0442\u03c4\u0167\u1d1b",
    "v": "\u0475\u03bd\u028b\u1d20",
    "w": "\u051d",
    "x": "\u0445\u03c7",
    "y": "\u0443\u03c5\u03b3\u028f",
}
_LATIN = {ord(other): letter for letter, others in _LOOKALIKES.items() for other in others}


def fold(word: str) -> str:
    """Return the letters and digits of a word in lower case, with lookalikes as Latin letters.

    Accents are dropped, and a letter that looks like a Latin one becomes that letter.
    """
    if word.isascii():
        plain = word.lower()
    else:
        plain = unicodedata.normalize("NFKD", word).casefold().translate(_LATIN)
    return plain if plain.isalnum() else "".join([c for c in plain if c.isalnum()])


@lru_cache(maxsize=4096)  # the files of an archive have the same keys
def find_nearest(word: str, known: tuple[str, ...]) -> str | None:
    """Find the known word that is nearest to a word; return None if none is near.

    A near word is one edit away: a letter added, removed or replaced, or two swapped. In words of
    six letters or more, two edits are near. Differences in case, spaces and dashes do not count.
    """
    folded = fold(word)
    candidates = (
        [(_edit_distance(folded, fold(candidate)), candidate) for candidate in known]
        if len(folded) <= _MAX_LETTERS
        else []
    )
    near_words = [
        (distance, candidate)
        for distance, candidate in candidates
        if distance <= 1 + (len(candidate) >= 6)
    ]
    return min(near_words)[1] if near_words else None


def find_within_one_edit(word: str, known: Iterable[str]) -> str | None:
    """Find the known word that differs from a word by one edit at most; None if there is none.

    Case and punctuation count.
    """
    near = ((_edit_distance(word, candidate), candidate) for candidate in known)
    distance, candidate = min(near, default=(2, ""))
    return candidate if distance <= 1 else None


@lru_cache(maxsize=4096)
def is_known_or_near(word: str, known: tuple[str, ...]) -> bool:
    """Return whether a word is known, or one edit away from a known one of at least 5 letters."""
    folded = fold(word)
    if folded in known:
        return True
    long = (candidate for candidate in known if len(candidate) >= 5)
    return len(folded) <= _MAX_LETTERS and any(
        _edit_distance(folded, candidate) <= 1 for candidate in long
    )


def _edit_distance(first: str, second: str) -> int:
    """Count the edits between two words, including swaps (optimal string alignment)."""
    if abs(len(first) - len(second)) > 2:
        return 3
    previous: list[int] = []
    current: list[int] = [*range(len(second) + 1)]
    for i, a in enumerate(first):
        before_previous, previous, current = previous, current, [i + 1]
        for j, b in enumerate(second):
            cost = min(previous[j] + (a != b), previous[j + 1] + 1, current[j] + 1)
            if i and j and a == second[j - 1] and b == first[i - 1]:
                cost = min(cost, before_previous[j - 1] + 1)
            current.append(cost)
    return current[-1]
