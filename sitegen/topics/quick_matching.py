"""Match texts that are not ASCII without folding them, where that is certain to give the same.

Folding such a text takes several times as long as looking up its words. Most of these are in other
texts as well, so whether one begins a phrase is remembered. Scripts without spaces are searched as
they are written, if they are written in the usual way. Anything else is left to folding; a test
compares both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from sitegen.query.characters import character_class
from sitegen.query.folding import split_words

MAX_TOKENS = 200_000  # that are remembered
# Half-width and other compatible forms, and parts of syllables, of scripts without spaces.
_COMPATIBLE = "\u1100-\u11ff\u2e80-\u2fdf\u3099\u309a\u3200-\u33ff\ua960-\ua97f\ud7b0-\ud7ff\uf900-\ufaff\uff65-\uffdc\U0002f800-\U0002fa1f"  # fmt: skip # noqa: E501 - ranges


@cache
def _unspaced() -> re.Pattern[str]:
    """Return what matches characters of scripts without spaces."""
    return re.compile(f"[{character_class('unspaced').pattern}]+")


@cache
def _irregular() -> re.Pattern[str]:
    """Return what matches characters that folding may change or drop within such a script."""
    classes = [character_class(name).pattern for name in ("ignored", "marks")]
    return re.compile(f"[{''.join(classes)}{_COMPATIBLE}]")


class QuickMatcher:
    """Finds which of some phrases, folded and split, are in a text; each has numbers."""

    def __init__(self, phrases: Mapping[str, Iterable[int]]) -> None:
        self._firsts = frozenset([phrase.split()[0] for phrase in phrases])
        literals: dict[str, frozenset[int]] = {}
        mixed: set[str] = set()
        for phrase, numbers in phrases.items():
            run = _first_run(phrase)
            if run and run == phrase.replace(" ", ""):
                literals[run] = frozenset(numbers)
            elif run:
                mixed.add(run)
        self._literals = tuple(sorted(literals.items()))
        self._mixed = tuple(sorted(mixed))
        self._seen: set[str] = set()
        self._beginnings: set[str] = set()

    def matches(self, text: str) -> set[int] | None:
        """Return the numbers of the phrases in a text; None if it must be folded to know."""
        if text.isascii():
            return None  # and is folded quickly
        found: set[int] = set()
        if _unspaced().search(text):
            if _irregular().search(text) or any(run in text for run in self._mixed):
                return None
            for literal, numbers in self._literals:
                if literal in text:
                    found |= numbers
            text = _unspaced().sub(" ", text)
        tokens = text.split()
        if not self._seen.issuperset(tokens):
            self._look_up(tokens)
        return found if self._beginnings.isdisjoint(tokens) else None

    def _look_up(self, tokens: Iterable[str]) -> None:
        """Remember which tokens have a word that begins a phrase."""
        if len(self._seen) > MAX_TOKENS:
            self._seen.clear()
            self._beginnings.clear()
        new = {*tokens} - self._seen
        self._seen |= new
        if self._begins(" ".join(new)):
            self._beginnings.update(filter(self._begins, new))

    def _begins(self, text: str) -> bool:
        return not self._firsts.isdisjoint(split_words(text).split())


def _first_run(phrase: str) -> str:
    """Return the characters with which a phrase begins, if they are of a script without spaces."""
    run = ""
    for word in phrase.split():
        if not _unspaced().fullmatch(word):
            break
        run += word
    return run
