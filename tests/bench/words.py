"""Made-up words: syllables of several scripts, and vocabularies in which few words are frequent."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Script:
    """A script: the language that a post in it names, how often, and what syllables are made of."""

    language: str
    weight: int
    onsets: str
    vowels: str
    codas: str
    syllables: tuple[int, ...]


SCRIPTS = (
    Script("la", 72, "b d f g h k l m n p r s t v z br dr gl kr pl st tr", "a e i o u ae io",
           "- - - n r s l m", (1, 2, 2, 3, 3, 4)),
    Script("ru", 8, "б в г д ж з к л м н п р с т х ч ш", "а е и о у я ы", "- - - н р й ль",
           (1, 2, 2, 3)),
    Script("el", 5, "β γ δ ζ θ κ λ μ ν π ρ σ τ φ χ", "α ε η ι ο υ ω ά έ ό", "- - ν ς ρ",
           (1, 2, 3)),
    Script("ar", 8, "ب ت ج ح د ر ز س ش ع ف ق ك ل م ن ه", "ا و ي - -", "- - ن ر ة", (2, 2, 3)),
    Script("ja", 7, "か き く さ し た と な に は ま も や ら り 山 川 星 風 雨 森", "- - い う ん 月", "-",
           (1, 2, 2, 3)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of a script, the n-th of which is drawn with a chance of 1/n (Zipf's law)."""

    language: str
    words: tuple[str, ...]
    chances: tuple[float, ...]

    @classmethod
    def made(cls, words: tuple[str, ...], language: str = "") -> Vocabulary:
        """Return a vocabulary of these words, the most frequent first."""
        return cls(language, words, tuple(accumulate(1 / n for n in range(1, len(words) + 1))))

    def drawn(self, rng: random.Random, count: int) -> list[str]:
        """Draw words, also several times the same."""
        return rng.choices(self.words, cum_weights=self.chances, k=count)

    def one(self, rng: random.Random) -> str:
        """Draw a word."""
        return self.words[bisect_left(self.chances, rng.random() * self.chances[-1])]


def vocabulary(script: Script, rng: random.Random, count: int) -> Vocabulary:
    """Make up a vocabulary of a script, without doubles."""
    found: dict[str, None] = {}
    for word in _words(script, rng):
        found[word] = None
        if len(found) == count:
            break
    return Vocabulary.made(tuple(found), script.language)


def _words(script: Script, rng: random.Random) -> Iterator[str]:
    parts = [
        [part.strip("-") for part in of.split()]
        for of in (script.onsets, script.vowels, script.codas)
    ]
    while True:
        count = rng.choice(script.syllables)
        yield "".join(rng.choice(part) for _ in range(count) for part in parts)
