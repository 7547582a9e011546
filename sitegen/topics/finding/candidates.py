"""What may be a topic: a word, a phrase or a tag, with the posts that have it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log
from typing import NamedTuple

from sitegen.topics.finding.samples import Sample


class Candidate(NamedTuple):
    """A word or a phrase that may be a topic.

    `forms` are its folded forms as they are looked for, such as "comet" and "comets". `spellings`
    counts how it is written. `posts` are the positions of the posts that have it. `score` says how
    much more often the archive has it than its language; it grows with the number of posts.
    """

    forms: tuple[str, ...]
    spellings: Counter[str]
    posts: frozenset[int]
    score: float
    is_tag: bool = False

    @property
    def name(self) -> str:
        """Its most frequent spelling."""
        return min(self.spellings, key=lambda word: (-self.spellings[word], word))


def log_likelihood(observed: float, expected: float, total: float) -> float:
    """Return Dunning's log-likelihood ratio of posts with a word; 0 if not more than expected.

    Of the usual measures of keyness it alone may be used for rare words, and it weighs how certain
    a difference is, where a ratio would put words of five posts first. It counts posts, not uses: a
    word that is repeated within a post is no more a topic of the archive.
    """
    if observed <= expected or not total:
        return 0.0
    others, expected_others = total - observed, max(total - expected, 1e-9)
    ratio = observed * log(observed / expected)
    return 2 * (ratio + (others * log(others / expected_others) if others > 0 else 0.0))


def bursts(posts: Iterable[int], samples: Sequence[Sample], months: Counter[str]) -> float:
    """Return how far a topic is concentrated in some months, from 0 to 1.

    That is the relative entropy of its months to those of all posts, less what chance alone gives
    so few posts. A topic comes in bursts; a habit of speech is spread evenly.
    """
    own = Counter([samples[at].month for at in posts if samples[at].month])
    count, total = own.total(), months.total()
    if not count:
        return 0.0
    known = sorted(own.items())
    entropy = sum([n / count * log(n / count * total / months[month], 2) for month, n in known])
    by_chance = (min(len(months), count) - 1) / (2 * count * log(2))
    return max(0.0, min(1.0, (entropy - by_chance) / 3))
