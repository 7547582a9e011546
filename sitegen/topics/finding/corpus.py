"""The posts in one language as words: what is counted to find topics.

Everything is counted in two passes, and only what is frequent in the first is looked at in the
second, so that the memory does not grow with the number of rare words and phrases.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sitegen.query.folding import fold
from sitegen.topics.finding.languages.grammar import ELISIONS
from sitegen.topics.finding.languages.stems import stemmer
from sitegen.topics.finding.samples import Sample

MAX_WORDS = 4  # of a phrase
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
    texts: Texts = []
    for at in positions:
        read = segments_of(samples[at].text, language)
        texts.append((at, [[(stem(fold(token.text)), token) for token in s] for s in read]))
    posts: dict[Phrase, set[int]] = defaultdict(set)
    tokens = 0
    for at, segments in texts:
        for segment in segments:
            tokens += len(segment)
            for key, _ in segment:
                posts[(key,)].add(at)
    frequent = {phrase: found for phrase, found in posts.items() if len(found) >= least}
    counts, forms, spellings, uses = _describe_words(texts, frequent)
    for length in range(2, MAX_WORDS + 1):
        longer = _count_longer(texts, frequent, length, least, counts, forms, spellings)
        if not longer:
            break
        frequent |= longer
    found = {phrase: frozenset(listed) for phrase, listed in frequent.items()}
    return Counted(found, counts, forms, spellings, uses, tokens)


Texts = list[tuple[int, list[list[tuple[str, Token]]]]]


def _describe_words(
    texts: Texts, frequent: Mapping[Phrase, set[int]]
) -> tuple[
    dict[Phrase, int], dict[Phrase, Counter[str]], dict[Phrase, Counter[str]], dict[str, WordUse]
]:
    """Count how frequent words are written, and which words are before them."""
    counts: Counter[Phrase] = Counter()
    forms: dict[Phrase, Counter[str]] = defaultdict(Counter)
    spellings: dict[Phrase, Counter[str]] = defaultdict(Counter)
    uses: dict[str, WordUse] = {}
    for _, segments in texts:
        for segment in segments:
            folded = ["", *[fold(token.text) for _, token in segment], ""]
            for number, (key, token) in enumerate(segment, 1):
                if (key,) in frequent:
                    if key not in uses:
                        uses[key] = WordUse(*(Counter[str]() for _ in WordUse._fields))
                    counts[(key,)] += 1
                    use = uses[key]
                    forms[(key,)][folded[number]] += 1
                    spellings[(key,)][token.text] += 1
                    (use.at_start if token.begins else use.spellings)[token.text] += 1
                    use.before[folded[number - 1]] += 1
                    use.after[folded[number + 1]] += 1
                    if len(segment) == 1:
                        use.alone[token.text] += 1
                    if number > 1 and segment[number - 2][1].text[:1].isupper():
                        use.behind[folded[number - 1]] += 1
    return counts, forms, spellings, uses


def _count_longer(
    texts: Texts,
    frequent: Mapping[Phrase, set[int]],
    length: int,
    least: int,
    counts: dict[Phrase, int],
    forms: dict[Phrase, Counter[str]],
    spellings: dict[Phrase, Counter[str]],
) -> dict[Phrase, set[int]]:
    """Return the frequent phrases of this length; their parts are frequent, too."""
    posts: dict[Phrase, set[int]] = defaultdict(set)
    for at, segments in texts:
        for segment in segments:
            keys = [key for key, _ in segment]
            for start in range(len(keys) - length + 1):
                phrase = tuple(keys[start : start + length])
                if phrase[1:] in frequent and phrase[:-1] in frequent:
                    posts[phrase].add(at)
    longer = {phrase: found for phrase, found in posts.items() if len(found) >= least}
    for _, segments in texts if longer else ():
        for segment in segments:
            keys = [key for key, _ in segment]
            for start in range(len(keys) - length + 1):
                phrase = tuple(keys[start : start + length])
                if phrase in longer:
                    words = [token.text for _, token in segment[start : start + length]]
                    counts[phrase] = counts.get(phrase, 0) + 1
                    forms[phrase][" ".join(map(fold, words))] += 1
                    spellings[phrase][" ".join(words)] += 1
    return longer
