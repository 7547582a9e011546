"""Hashtags as topics: their author has said what a post is about."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import sqrt

from sitegen.query.folding import fold
from sitegen.topics.finding.candidates import Candidate, log_likelihood
from sitegen.topics.finding.languages import word_lists
from sitegen.topics.finding.languages.grammar import NETWORK_WORDS
from sitegen.topics.finding.languages.vague_words import vague_words
from sitegen.topics.finding.samples import Sample

_COMMON = 10**-3.6  # frequency of a word that says nothing, also as a tag


def candidates(
    samples: Sequence[Sample], languages: Sequence[str], least: int
) -> Iterator[tuple[str, Candidate]]:
    """Yield the tags of enough posts; tags that differ in case and accents are one."""
    posts: dict[str, set[int]] = defaultdict(set)
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for at, each in enumerate(samples):
        for tag in each.tags:
            posts[fold(tag)].add(at)
            spellings[fold(tag)][tag] += 1
    for key, found in sorted(posts.items()):
        if (
            len(found) < least
            or len(key) < 2
            or key.isdigit()
            or key in NETWORK_WORDS
            or _is_vague(key, languages, found)
        ):
            continue
        share = _share_of(key, [languages[at] for at in sorted(found)])
        if share < _COMMON:
            threads = len({samples[at].thread for at in found})
            effective = sqrt(len(found) * threads)
            score = log_likelihood(effective, share * len(samples), len(samples))
            yield key, Candidate((key,), spellings[key], frozenset(found), score, is_tag=True)


def _is_vague(key: str, languages: Sequence[str], posts: Iterable[int]) -> bool:
    return any(key in vague_words(language) for language in {languages[at] for at in posts})


def _share_of(key: str, languages: Sequence[str]) -> float:
    """Return how frequent the word of a tag is in the language in which it is used most."""
    known = Counter([language for language in languages if language])
    if not known:
        return word_lists.UNKNOWN
    language = min(known, key=lambda name: (-known[name], name))
    return word_lists.frequencies(language).get(key, word_lists.UNKNOWN)


def joined(forms: Mapping[str, object] | Sequence[str]) -> frozenset[str]:
    """Return phrases as tags write them, without spaces."""
    return frozenset([form.replace(" ", "") for form in forms])
