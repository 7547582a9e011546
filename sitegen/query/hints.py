"""Say how to correct a query: the word that was probably meant, or an example."""

from __future__ import annotations

import re

from sitegen.query import folding
from sitegen.query.values import CHOICES, DATES, SORT, SORTS
from sitegen.text import spelling

_PUNCTUATION = re.compile(r"[\x00-/:-`{-\x7f]")


def cure(key: str, value: str) -> str:
    """Return the hint for a value that a key cannot have."""
    if key in CHOICES:
        return near_hint(folding.fold(value), CHOICES[key])
    return f"write it like {key}:{example(key)}."


def near_hint(value: str, known: tuple[str, ...]) -> str:
    """Return the hint for a value that is not among those that are known."""
    meant = nearest(value, known) if value not in known else None
    return f"did you mean {meant}?" if meant else f"write one of {', '.join(known)}."


def nearest(word: str, known: tuple[str, ...]) -> str | None:
    """Return the known word that is at most one edit away, apart from case and punctuation."""
    names = {_letters(name): name for name in known}
    meant = spelling.find_within_one_edit(_letters(word), names)
    return names[meant] if meant is not None else None


def _letters(word: str) -> str:
    return _PUNCTUATION.sub("", folding.fold(word))


def example(key: str) -> str:
    """Return a value that a key may have."""
    if key in CHOICES:
        return CHOICES[key][0]
    return _EXAMPLES.get(key, "2019-05-31" if key in DATES else "name")


_EXAMPLES = {
    SORT: SORTS[0],
    "from": "ada.example",
    "to": "ada.example",
    "site": "example.org",
    "network": "bluesky",
    "lang": "en",
    "year": "2019",
    "min_likes": "10",
}
