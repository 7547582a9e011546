"""The posts in one language as words: what is counted to find topics.

Everything is counted in two passes, and only what is frequent in the first is looked at in the
second, so that the memory does not grow with the number of rare words and phrases.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sitegen.query.folding import fold
from sitegen.topics.finding.languages.grammar import ELISIONS
from sitegen.topics.finding.languages.stems import stemmer
from sitegen.topics.finding.languages.word_lists import most_frequent
from sitegen.topics.finding.samples import Sample

MAX_WORDS = 4  # of a phrase
FUNCTION_WORDS = 100  # the most frequent words of a language
_TOKEN = re.compile(r"#?[^\W_]+(?:['’`][^\W_]+)*|[^\s#]")
_JOINS = "-‐‑/&+_"  # between the words of a phrase, as in "economic-index"
_SENTENCE_ENDS = ".!?:\n…"
Phrase = tuple[str, ...]


class Token(NamedTuple):
    """A word as it is written; `begins` says that a sentence does so with it."""

    text: str
    begins: bool


class WordUse(NamedTuple):
    """How a word is written and used: each spelling, where sentences begin with it and elsewhere.

    `before` and `after` count the folded words on both sides, "" at the end of a segment; `behind`
    those before it that have a capital letter. `alone` counts its spellings without any beside it.
    """

    spellings: Counter[str]
    at_start: Counter[str]
    before: Counter[str]
    after: Counter[str]
    behind: Counter[str]
    alone: Counter[str]


class Counted(NamedTuple):
    """Frequent words and phrases, by stems: the positions of their posts, and how often they are.

    `uses` are those of single words; `forms` and `spellings` are those of phrases and words.
    """

    posts: Mapping[Phrase, frozenset[int]]
    counts: Mapping[Phrase, int]
    forms: Mapping[Phrase, Counter[str]]
    spellings: Mapping[Phrase, Counter[str]]
    uses: Mapping[str, WordUse]
    tokens: int


def segments_of(text: str, language: str) -> Iterator[list[Token]]:
    """Yield the words of a text between two punctuation marks, over which no phrase goes."""
    elided = ELISIONS.get(language, ())
    for line in text.split("\n"):
        segment: list[Token] = []
        begins = True
        for match in _TOKEN.finditer(line):
            token = match[0]
            if token[0] == "#" and len(token) > 1:  # no part of a phrase
                yield segment
                yield [Token(token[1:], begins)]
                segment = []
            elif token[0].isalnum():
                for word in _split(token, elided):
                    segment.append(Token(word, begins))
                    begins = False
            elif token not in _JOINS or not _is_tight(line, match):
                yield segment
                segment = []
                begins = begins or token in _SENTENCE_ENDS
        yield segment


def _is_tight(line: str, match: re.Match[str]) -> bool:
    """Tell whether there is no space on either side of a sign."""
    start, end = match.span()
    return start > 0 and end < len(line) and not (line[start - 1].isspace() or line[end].isspace())


def _split(token: str, elided: Sequence[str]) -> list[str]:
    """Split a token at its apostrophes where these join two words; drop the English "'s"."""
    if token.isalnum():
        return [token]
    token = token.replace("’", "'").replace("`", "'")
    if token.lower().endswith("'s"):
        token = token[:-2]
    head, apostrophe, rest = token.partition("'")
    if apostrophe and head.lower() in elided:
        return [f"{head}'", *_split(rest, elided)]
    return [token]


def count(
    samples: Sequence[Sample], positions: Sequence[int], language: str, least: int
) -> Counted:
    """Count the words and phrases of the posts at these positions that `least` of them have."""
    stem = stemmer(language)
    known: dict[str, Word] = {}  # most words are in many posts

    def word(token: Token) -> Word:
        if token.text not in known:
            folded = fold(token.text)
            known[token.text] = Word(stem(folded), folded)
        return known[token.text]

    texts: Texts = []
    for at in positions:
        read = segments_of(samples[at].text, language)
        texts.append((at, [[(word(token), token) for token in segment] for segment in read]))
    return _Counter(texts, language, least).counted()


class Word(NamedTuple):
    """A word as it is counted: the stem of all its forms, and this form, folded."""

    stem: str
    form: str


Segment = list[tuple[Word, Token]]
Texts = list[tuple[int, list[Segment]]]


class _Counter:
    """Counts what is in `least` of the texts of a language."""

    def __init__(self, texts: Texts, language: str, least: int) -> None:
        self.texts = texts
        self.least = least
        self.common = most_frequent(language, FUNCTION_WORDS)
        self.counts: Counter[Phrase] = Counter()
        self.forms: dict[Phrase, Counter[str]] = defaultdict(Counter)
        self.spellings: dict[Phrase, Counter[str]] = defaultdict(Counter)
        self.uses: dict[str, WordUse] = {}
        self.posts: dict[Phrase, set[int]] = {}

    def counted(self) -> Counted:
        """Count words, and then ever longer phrases."""
        self.posts = self._frequent(self._words())
        for segment in self._segments():
            self._describe(segment)
        for length in range(2, MAX_WORDS + 1):
            longer = self._frequent(self._phrases(length))
            if not longer:
                break
            self._spell(longer, length)
            self.posts |= longer
        found = {phrase: frozenset(listed) for phrase, listed in self.posts.items()}
        tokens = sum(map(len, self._segments()))
        return Counted(found, self.counts, self.forms, self.spellings, self.uses, tokens)

    def _segments(self) -> Iterator[Segment]:
        for _, segments in self.texts:
            yield from segments

    def _frequent(self, found: Iterable[tuple[Phrase, int]]) -> dict[Phrase, set[int]]:
        """Return the posts of the phrases that enough posts have."""
        posts: dict[Phrase, set[int]] = defaultdict(set)
        for phrase, at in found:
            posts[phrase].add(at)
        return {phrase: listed for phrase, listed in posts.items() if len(listed) >= self.least}

    def _words(self) -> Iterator[tuple[Phrase, int]]:
        for at, segments in self.texts:
            for segment in segments:
                for word, _ in segment:
                    yield (word.stem,), at

    def _describe(self, segment: Segment) -> None:
        """Count how the words of a segment are written, and which words are beside them."""
        last = len(segment) - 1
        for at, (word, token) in enumerate(segment):
            key = (word.stem,)
            if key not in self.posts:
                continue
            self.counts[key] += 1
            self.forms[key][word.form] += 1
            self.spellings[key][token.text] += 1
            use = self.uses.get(word.stem)
            if use is None:
                use = WordUse(*(Counter[str]() for _ in WordUse._fields))
                self.uses[word.stem] = use
            (use.at_start if token.begins else use.spellings)[token.text] += 1
            if word.form in self.common:
                continue  # which is no topic, whatever is beside it
            use.before[segment[at - 1][0].form if at else ""] += 1
            use.after[segment[at + 1][0].form if at < last else ""] += 1
            if not last:
                use.alone[token.text] += 1
            if at and segment[at - 1][1].text[:1].isupper():
                use.behind[segment[at - 1][0].form] += 1

    def _phrases(self, length: int) -> Iterator[tuple[Phrase, int]]:
        """Yield the phrases of this length whose parts are frequent, and their posts."""
        for at, segments in self.texts:
            for segment in segments:
                if len(segment) < length:
                    continue
                stems = tuple([word.stem for word, _ in segment])
                starts = range(len(stems) - length + 2)
                is_frequent = [stems[n : n + length - 1] in self.posts for n in starts]
                for n in range(len(stems) - length + 1):
                    if is_frequent[n] and is_frequent[n + 1]:
                        yield stems[n : n + length], at

    def _spell(self, phrases: Mapping[Phrase, set[int]], length: int) -> None:
        """Count how phrases of this length are written."""
        firsts = {phrase[0] for phrase in phrases}
        for segment in self._segments():
            for n in range(len(segment) - length + 1):
                if segment[n][0].stem in firsts:
                    part = segment[n : n + length]
                    phrase = tuple([word.stem for word, _ in part])
                    if phrase in phrases:
                        self.counts[phrase] += 1
                        self.forms[phrase][" ".join([word.form for word, _ in part])] += 1
                        self.spellings[phrase][" ".join([token.text for _, token in part])] += 1
