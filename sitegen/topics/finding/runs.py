"""Find words of scripts without spaces, such as Chinese and Japanese, and of Korean.

A run of characters is a word if its characters stay together and what is beside it varies: by
pointwise mutual information and branching entropy. The general list serves as a dictionary, read
directly. Korean has spaces, but writes particles together with nouns: a word begins after a space.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from math import exp, inf, log2, sqrt

from sitegen.query.folding import fold
from sitegen.topics.finding.candidates import Candidate, log_likelihood
from sitegen.topics.finding.languages import word_lists
from sitegen.topics.finding.languages.vague_words import vague_words
from sitegen.topics.finding.samples import Sample

LANGUAGES = ("ja", "ko", "zh")
MAX_CHARACTERS = 8
MIN_RATIO = 6.0  # how many times more frequent than in general
MAX_COMMON = 10**-3.8  # frequency in general of a run that may be a topic
MIN_SCORE = 15.1  # of the log-likelihood
MIN_COHESION = 4.0  # bits
MIN_ENTROPY = 0.9  # bits, on each side
MAX_EDGE = 10**-3  # frequency of a character that is a word of grammar
MAX_INFLECTED = 0.5  # share of uses before a Japanese inflection, for a noun
_KANA = "\u30a1-\u30fa\u30fc"
_HAN = "\u3400-\u9fff々〆"
_RUNS = {
    "ja": re.compile(f"[{_KANA}]+|[{_HAN}]+"),
    "zh": re.compile(f"[{_HAN}]+"),
    "ko": re.compile("[\uac00-\ud7a3]+"),
}
_INFLECTIONS = frozenset("るりっられろえうくきけぐぎげつちたむみめまぶびべばいさせ")
# Chinese words of grammar, which nouns hardly ever begin or end with.
_CHINESE_STARTS = frozenset(
    "的了着得也还又很太更最这那哪每某几不没别吗呢吧啊呀我你他她它们是就都被把让给跟"
)
_CHINESE_ENDS = frozenset(
    "的了着得也还又很太更最这那哪每某几不没吗呢吧啊呀我你他她它是就都被把让给跟在去来说"
)
_KATAKANA = re.compile(f"[{_KANA}]+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[ .+-][A-Za-z0-9]+)*")


class Runs:
    """The candidates of one such language; the posts are those at `positions` of the samples."""

    def __init__(
        self, samples: Sequence[Sample], positions: Sequence[int], language: str, least: int
    ) -> None:
        self.samples = samples
        self.language = language
        self.least = least
        self.total = len(positions)
        self.general = word_lists.frequencies(language)
        self.texts = [(at, [*self._runs_of(samples[at].text)]) for at in positions]
        self.characters = sum([len(run) for _, runs in self.texts for run in runs])
        self.posts, self.counts = self._count()
        self.length = self.characters / max(1, self.total) / 1.7  # words; most have 1 or 2

    def _runs_of(self, text: str) -> Iterator[str]:
        yield from _RUNS[self.language].findall(text)

    def candidates(self) -> Iterator[tuple[str, Candidate]]:
        """Yield runs that are keys of the archive."""
        vague = vague_words(self.language)
        counts, entropies = self.counts, self._entropies(self.posts)
        for run, found in sorted(self.posts.items()):
            if len(run) < 2 or not self._may_be_word(run, counts, entropies[run]):
                continue
            share = self._share_of(run)
            if share > MAX_COMMON or run in vague or self._is_inflected(run):
                continue
            expected = self.total * (1 - exp(-share * self.length))
            effective = sqrt(len(found) * len({self.samples[at].thread for at in found}))
            if effective < expected * MIN_RATIO:
                continue
            score = log_likelihood(effective, expected, self.total)
            if score >= MIN_SCORE:
                yield (
                    run,
                    Candidate((fold(run),), Counter({run: counts[run]}), frozenset(found), score),
                )

    def _count(self) -> tuple[dict[str, frozenset[int]], Counter[str]]:
        """Count the runs that enough posts have, with the posts of each."""
        counts: Counter[str] = Counter()
        frequent = self._katakana(counts)
        for size in range(1, MAX_CHARACTERS + 1):
            posts: dict[str, set[int]] = defaultdict(set)
            for at, runs in self.texts:
                for run in runs:
                    for part in self._parts(run, size):
                        if size == 1 or self._has_frequent_parts(part, frequent):
                            posts[part].add(at)
                            counts[part] += 1
            longer = {part: found for part, found in posts.items() if len(found) >= self.least}
            if not longer:  # the parts of a frequent run are frequent
                break
            frequent |= longer
        return {part: frozenset(found) for part, found in frequent.items()}, counts

    def _katakana(self, counts: Counter[str]) -> dict[str, set[int]]:
        """Count whole runs of katakana, which are words; others may begin with them."""
        posts: dict[str, set[int]] = defaultdict(set)
        for at, runs in self.texts:
            for run in filter(_KATAKANA.match, runs):
                posts[run].add(at)
                counts[run] += 1
        frequent = {run: found for run, found in posts.items() if len(found) >= self.least}
        for run, found in frequent.items():
            found.update(*[others for other, others in frequent.items() if run in other])
        return frequent

    def _parts(self, run: str, size: int) -> Iterator[str]:
        if _KATAKANA.match(run):
            return
        if self.language != "ko":
            yield from [run[start : start + size] for start in range(len(run) - size + 1)]
        elif len(run) >= size:
            yield run[:size]

    def _has_frequent_parts(self, part: str, frequent: Mapping[str, set[int]]) -> bool:
        return part[:-1] in frequent and (self.language == "ko" or part[1:] in frequent)

    def _entropies(self, posts: Mapping[str, frozenset[int]]) -> dict[str, tuple[float, float]]:
        """Return how much the characters before and after each run vary, in bits."""
        before: dict[str, Counter[str]] = defaultdict(Counter)
        after: dict[str, Counter[str]] = defaultdict(Counter)
        edges = 0
        for _, runs in self.texts:
            for run in runs:
                for size in range(2, min(len(run), MAX_CHARACTERS) + 1):
                    for start in range(len(run) - size + 1 if self.language != "ko" else 1):
                        part = run[start : start + size]
                        if part in posts:
                            edges += 1  # what is beyond the edge of a run is always another
                            end = start + size
                            before[part][run[start - 1] if start else f"\n{edges}"] += 1
                            after[part][run[end] if end < len(run) else f"\n{edges}"] += 1
        return {part: (_entropy(before[part]), _entropy(after[part])) for part in posts}

    def _may_be_word(
        self, run: str, counts: Mapping[str, int], entropies: tuple[float, float]
    ) -> bool:
        if _KATAKANA.match(run):
            return len(run) >= 3
        left, right = entropies
        if min(left if self.language != "ko" else inf, right) < MIN_ENTROPY:
            return False
        if self.language == "zh" and (run[0] in _CHINESE_STARTS or run[-1] in _CHINESE_ENDS):
            return False
        if run in self.general:
            return True
        if any(self.general.get(edge, 0.0) > MAX_EDGE for edge in (run[0], run[-1])):
            return False
        if self.language == "ko":
            return True
        splits = [(run[:at], run[at:]) for at in range(1, len(run))]
        return (
            min(
                log2(counts[run] * self.characters / (counts[left] * counts[right]))
                for left, right in splits
            )
            >= MIN_COHESION
        )

    def _is_inflected(self, run: str) -> bool:
        """Tell whether a run is the stem of a Japanese verb or adjective."""
        if self.language != "ja":
            return False
        after = self._after[run]
        inflected = sum([n for char, n in after.items() if char in _INFLECTIONS])
        return inflected > MAX_INFLECTED * after.total()

    @cached_property
    def _after(self) -> Mapping[str, Counter[str]]:
        """The characters after the whole runs of the texts."""
        after: dict[str, Counter[str]] = defaultdict(Counter)
        for at, _ in self.texts:
            text = self.samples[at].text
            for match in _RUNS[self.language].finditer(text):
                after[match[0]][text[match.end() : match.end() + 1]] += 1
        return after

    def _share_of(self, run: str) -> float:
        """Return how frequent a run is in general; one that is no known word is a phrase."""
        if run in self.general:
            return self.general[run]
        words, at = [], 0
        while at < len(run):
            sizes = range(len(run) - at, 0, -1)
            size = next((n for n in sizes if run[at : at + n] in self.general), 1)
            words.append(self.general.get(run[at : at + size], word_lists.UNKNOWN))
            at += size
        return word_lists.phrase_frequency(words)


def latin_words(text: str) -> str:
    """Return the Latin words of a text in another script, each in a line of its own."""
    return "\n".join(_LATIN.findall(text))


def _entropy(counts: Counter[str]) -> float:
    total = counts.total()
    return sum([n / total * log2(total / n) for _, n in sorted(counts.items())]) if total else 0.0
