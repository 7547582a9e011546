"""How frequent words are in a language in general, from the small lists of wordfreq.

wordfreq is an extra. Its lists are read as they are: its own tokenizers for Chinese, Japanese and
Korean need dictionaries of many megabytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from itertools import islice

from sitegen.query.folding import fold_whole

CURE = "pip install 'sitegen-archive[topics]' (70 MB)."
SIZE = "small"  # words that are more frequent than one in a million
UNKNOWN = 10**-6.6  # the frequency assumed of a word that is on no list
# Tags whose words are on the list of another.
_LISTS = {"no": "nb", "nn": "nb", "iw": "he", "in": "id", "hr": "sh", "sr": "sh", "bs": "sh",
          "tl": "fil", "yue": "zh", "cmn": "zh"}  # fmt: skip
_PHRASE_DISCOUNT = 0.1  # for each place between two words; wordfreq assumes the same


def is_installed() -> bool:
    """Tell whether wordfreq is installed."""
    return find_spec("wordfreq") is not None


@cache
def languages() -> frozenset[str]:
    """Return the languages that have a list."""
    import wordfreq

    return frozenset(wordfreq.available_languages(SIZE))


def list_name(tag: str) -> str:
    """Return the list for a language tag such as "pt-BR"; "" without one."""
    primary = tag.replace("_", "-").partition("-")[0].lower()
    name = _LISTS.get(primary, primary)
    return name if name in languages() else ""


@cache
def frequencies(language: str) -> Mapping[str, float]:
    """Return the folded words of a language, and how frequent each is, as a share of all words."""
    import wordfreq

    folded: dict[str, float] = {}
    for word, share in wordfreq.get_frequency_dict(language, SIZE).items():
        key = word if word.isascii() else fold_whole(word)
        folded[key] = folded.get(key, 0.0) + share
    return folded


@cache
def most_frequent(language: str, count: int) -> frozenset[str]:
    """Return the most frequent words of a language, folded."""
    import wordfreq

    return frozenset(map(fold_whole, islice(wordfreq.get_frequency_dict(language, SIZE), count)))


def phrase_frequency(shares: list[float]) -> float:
    """Estimate how frequent a phrase is in general from its words: rarer than the rarest."""
    together = 1 / sum([1 / share for share in shares])
    return together * _PHRASE_DISCOUNT ** (len(shares) - 1)
