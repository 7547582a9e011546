"""Deal sorted words or keys to files of about the same size.

Which file has what depends only on all words and their lists, so an edit that changes few of them
can be made in the files themselves, with the same result as from the start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import json

from sitegen.site.search.numbers import SEPARATOR

MAX_CHARACTERS = 6_000  # of a file, unless one list alone is longer
_BEYOND_SURROGATES = re.compile("[\ue000-\uffff]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class Shard(NamedTuple):
    """The words of a file, and the lists of each of them.

    `first` is not greater than any of the words, and greater than those of the file before.
    """

    first: str
    words: tuple[str, ...]
    lists: tuple[str, ...]

    @property
    def data(self) -> bytes:
        """The data of the file of these words, as JSON."""
        return json.encode((self.words, SEPARATOR.join(self.lists)))


def deal(lists: Mapping[str, str]) -> Iterator[Shard]:
    """Yield the files for words with their lists."""
    words = sort(lists)
    start, size, before = 0, 0, ""
    for at, word in enumerate(words):
        added = len(word) + len(lists[word]) + 4
        if size + added > MAX_CHARACTERS and at > start:
            yield _shard(words[start:at], lists, before)
            start, size, before = at, 0, words[at - 1]
        size += added
    if words:
        yield _shard(words[start:], lists, before)


def read(data: bytes) -> dict[str, str]:
    """Return the words of a file and their lists, from its JSON."""
    words, lists = json.decode(data, type=tuple[list[str], str])
    return dict(zip(words, lists.split(SEPARATOR), strict=True))


def sort(words: Mapping[str, str]) -> list[str]:
    """Return words in the order of UTF-16, in which browsers compare them."""
    joined = "".join(words)
    if _BEYOND_SURROGATES.search(joined) and _ASTRAL.search(joined):
        return sorted(words, key=lambda word: word.encode("utf-16-be"))
    return sorted(words)


def _shard(words: Sequence[str], lists: Mapping[str, str], before: str) -> Shard:
    return Shard(_first(words[0], before), tuple(words), tuple([lists[word] for word in words]))


def _first(word: str, before: str) -> str:
    """Return the shortest beginning of a word that is greater than the word before."""
    same = next((at for at, (a, b) in enumerate(zip(word, before, strict=False)) if a != b), None)
    return word[: 1 + (len(before) if same is None else same)]
