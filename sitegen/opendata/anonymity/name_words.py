"""Find names in the words of a text, without case and accents.

A whole name, a handle and an id are found wherever they are, also with "s" behind, or within a
longer word if they are long. A single word of a longer name is found too, unless it is an ordinary
word of the archive, such as "night" for an account "Night Bus": then it is found only with a
capital within a sentence. Scripts without capitals have no ordinary words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

import regex

from sitegen.opendata.anonymity.names import Names
from sitegen.query.characters import character_class
from sitegen.query.folding import fold

# Letters in circles and squares are symbols by their category.
_TOKEN = regex.compile(r"[\p{L}\p{N}\p{M}\p{Cf}\u24b6-\u24e9\U0001f130-\U0001f189]+")
_INVISIBLE = regex.compile(r"\p{Cf}+")
_SENTENCE_START = regex.compile(r"(?:^|[.!?…:;\n。！？•–—-])[\s\"'“”‘’«»()\[\]*_]*\Z")
MIN_CONTAINED = 6  # characters of a name that is found within a longer word
MIN_UNSPACED, MIN_CASELESS = 2, 3  # the same in scripts without spaces, and without capitals
MIN_ID = 7  # characters
MIN_SYMBOLS = 2  # characters of a name without letters, such as two emoji
MAX_GAP = 3  # characters between the words of a name
_PREFIX = 4  # characters by which the index finds what a word may contain


class Match(NamedTuple):
    """A place in a text that has a name, and the folded name."""

    start: int
    end: int
    name: str


class _Token(NamedTuple):
    start: int
    end: int
    folded: str


class NameWords:
    """The names of an archive, by their words; `ordinary` are words that may stay."""

    def __init__(self, names: Names) -> None:
        self._sequences: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        self._whole = {word for each in names.ids for word in _id_words(each)}
        self._parts: set[str] = set()
        for name in (*names.handles, *names.readable_handles, *names.handle_words, *names.hosts):
            self._add(words_of(name))
        for name in names.shown:
            self._add(words_of(name))
            self._parts.update(_parts(words_of(name)))
        symbols = {name.strip() for name in names.shown if not words_of(name)}
        long = sorted([name for name in symbols if len(name) >= MIN_SYMBOLS], key=len, reverse=True)
        self._symbols = regex.compile("|".join(map(regex.escape, long))) if long else None
        for sequences in self._sequences.values():
            sequences.sort(key=len, reverse=True)
        self._whole = {word for word in self._whole if len(word) > 1}
        self._parts -= self._whole
        self._indexes = (_index(self._whole, _min_contained), _index(self._parts, _min_caseless))
        self._found: dict[str, str] = {}
        self.ordinary: frozenset[str] = frozenset()

    def _add(self, words: tuple[str, ...]) -> None:
        if len(words) > 1:
            self._sequences[words[0]].append(words)
            self._whole.add("".join(words))
        else:
            self._whole.update(words)

    def find(self, text: str) -> Iterator[Match]:
        """Yield the names in a text, in order."""
        if self._symbols is None:
            return self._find_words(text)
        found = [Match(m.start(), m.end(), m[0]) for m in self._symbols.finditer(text)]
        return iter(sorted([*found, *self._find_words(text)]))

    def _find_words(self, text: str) -> Iterator[Match]:
        listed, at = [*tokens(text)], 0
        while at < len(listed):
            if length := self._sequence_length(text, listed, at):
                members = listed[at : at + length]
                name = " ".join([each.folded for each in members])
                yield Match(members[0].start, members[-1].end, name)
                at += length
            else:
                yield from self._in_token(text, listed[at])
                at += 1

    def _sequence_length(self, text: str, listed: list[_Token], at: int) -> int:
        """Return how many words from here on are a name of several words, or 0."""
        for words in self._sequences.get(listed[at].folded, ()):
            members = listed[at : at + len(words)]
            gaps = [text[a.end : b.start] for a, b in pairwise(members)]
            is_close = all(len(gap) <= MAX_GAP for gap in gaps)
            if tuple([each.folded for each in members]) == words and is_close:
                return len(words)
        return 0

    def _in_token(self, text: str, token: _Token) -> Iterator[Match]:
        name = self._name_in(token.folded)
        if not name or (name in self.ordinary and not is_capital(text, token.start)):
            return
        if len(token.folded) == token.end - token.start and is_unspaced(name):
            starts = [m.start() for m in regex.finditer(regex.escape(name), token.folded)]
            for start in starts:
                yield Match(token.start + start, token.start + start + len(name), name)
        else:
            yield Match(token.start, token.end, name)

    def _name_in(self, word: str) -> str:
        """Return the name that a folded word is or has, or ""."""
        found = self._found.get(word)
        if found is None:
            found = self._found[word] = self._look_up(word)
        return found

    def _look_up(self, word: str) -> str:
        for form in (word, word.removesuffix("s")):
            if form in self._whole or form in self._parts:
                return form
        names = (name for index in self._indexes for name in _contained(index, word))
        return next(names, "")

    def set_ordinary(self, texts: Iterable[str], min_posts: int) -> None:
        """Learn from the texts of posts which words of names are ordinary.

        At least `min_posts` posts have such a word in lower case, and at most half as many with a
        capital within a sentence.
        """
        lower, capital = Counter[str](), Counter[str]()
        for text in texts:
            small, large = set(), set()
            for start, _, name in self.find(text):
                if name in self._parts and text[start].islower():
                    small.add(name)
                elif name in self._parts and is_capital(text, start):
                    large.add(name)
            lower.update(small)
            capital.update(large)
        self.ordinary = frozenset(
            [n for n, count in lower.items() if count >= max(min_posts, 2 * capital[n])]
        )


def words_of(name: str) -> tuple[str, ...]:
    """Return the folded words of a name."""
    return tuple([token.folded for token in tokens(name)])


def _parts(words: tuple[str, ...]) -> list[str]:
    """Return the words of a longer name that may name somebody alone."""
    return [w for w in words if len(w) > 1 and not w.isdigit()] if len(words) > 1 else []


def _id_words(identity: str) -> Iterator[str]:
    """Yield the words of an id that nothing else would have."""
    for token in tokens(identity):
        if len(token.folded) >= MIN_ID and any(c.isdigit() for c in token.folded):
            yield token.folded


def tokens(text: str) -> Iterator[_Token]:
    """Yield the words of a text."""
    for match in _TOKEN.finditer(text):
        if folded := fold(_INVISIBLE.sub("", match[0])):
            yield _Token(match.start(), match.end(), folded)


def is_capital(text: str, start: int) -> bool:
    """Return whether a word is written with a capital that no sentence begins with."""
    before = text[max(0, start - 8) : start]
    is_start = _SENTENCE_START.search(before if start > 8 else f"\n{before}")
    return text[start].isupper() and not is_start


def is_unspaced(name: str) -> bool:
    """Return whether a name is in a script that has no spaces between words."""
    return any(ord(character) in character_class("unspaced") for character in name)


def _is_caseless(name: str) -> bool:
    return any(c.isalpha() and c.lower() == c.upper() for c in name)


def _min_contained(name: str) -> int:
    return min(MIN_CONTAINED, _min_caseless(name))


def _min_caseless(name: str) -> int:
    """Return how long a name must be to be found in a longer word; very long for most scripts."""
    if is_unspaced(name):
        return MIN_UNSPACED
    return MIN_CASELESS if _is_caseless(name) else 1 << 30


def _index(names: Iterable[str], min_length: Callable[[str], int]) -> dict[str, list[str]]:
    """Return names by their beginnings, those that are long enough."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        if len(name) >= min_length(name):
            found[name[:_PREFIX]].append(name)
    return found


def _contained(index: dict[str, list[str]], word: str) -> Iterator[str]:
    """Yield the names of an index that a word has in it."""
    for at in range(len(word)):
        for length in range(MIN_UNSPACED, _PREFIX + 1):
            names = index.get(word[at : at + length], ())
            yield from (name for name in names if word.startswith(name, at))
