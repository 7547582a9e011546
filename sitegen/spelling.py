"""Words that people meant: what is one slip of the hand away from a word that is known."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_LONGEST = 40


def folded(word: str) -> str:
    """Return the letters and digits of a word, in lower case and in their usual form."""
    plain = unicodedata.normalize("NFKC", word).casefold()
    return plain if plain.isalnum() else "".join([c for c in plain if c.isalnum()])


@lru_cache(maxsize=4096)  # the files of an archive have the same keys
def nearest(word: str, known: tuple[str, ...]) -> str | None:
    """Return the known word that another may have been meant for; None when it is far from all.

    One edit is near: a letter more, less, other, or two swapped; in words of six letters or more
    two are. What differs only in capitals, spaces and dashes is nearest.
    """
    shown = folded(word)
    found = [(_distance(shown, folded(one)), one) for one in known] if len(word) <= _LONGEST else []
    near = [(distance, one) for distance, one in found if distance <= 1 + (len(one) >= 6)]
    return min(near)[1] if near else None


def _distance(one: str, other: str) -> int:
    """Count the edits between two words, swaps of neighbours included (optimal alignment)."""
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    row: list[int] = [*range(len(other) + 1)]
    for i, a in enumerate(one):
        last, before, row = before, row, [i + 1]
        for j, b in enumerate(other):
            cost = min(before[j] + (a != b), before[j + 1] + 1, row[j] + 1)
            if i and j and a == other[j - 1] and b == one[i - 1]:
                cost = min(cost, last[j - 1] + 1)
            row.append(cost)
    return row[-1]
