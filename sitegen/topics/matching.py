"""Match posts against topics: one look at the words of a post for all topics together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from sitegen.query.folding import fold, split_words
from sitegen.topics.topic import Topic

_fold_tag = lru_cache(maxsize=10_000)(fold)


class WordMatcher:
    """Finds the topics whose words or tags a post has."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        by_first: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        by_tag: dict[str, set[int]] = defaultdict(set)
        for number, topic in enumerate(topics):
            for phrase in map(split_words, topic.words):
                if not phrase.isspace():
                    by_first[phrase.split()[0]][phrase].add(number)
            for tag in topic.tags:
                by_tag[fold(tag)].add(number)
        self._by_first = {first: tuple(found.items()) for first, found in by_first.items()}
        self._firsts = frozenset(by_first)
        self._by_tag = dict(by_tag)

    @property
    def has_tags(self) -> bool:
        """Whether any topic has tags."""
        return bool(self._by_tag)

    def with_words(self, words: str) -> set[int]:
        """Return the positions of the topics of a post with these folded words."""
        found: set[int] = set()
        for first in self._firsts.intersection(words.split()):
            for phrase, numbers in self._by_first[first]:
                if phrase in words:
                    found |= numbers
        return found

    def with_tags(self, tags: Iterable[str]) -> set[int]:
        """Return the positions of the topics of a post with these tags."""
        found: set[int] = set()
        for tag in tags:
            found |= self._by_tag.get(_fold_tag(tag.lstrip("#")), frozenset())
        return found


def posts_by_topic(
    matcher: WordMatcher, posts: Iterable[tuple[str, Collection[str]]]
) -> dict[int, set[int]]:
    """Return the positions of the posts of each topic; a post is its folded words and its tags."""
    found: dict[int, set[int]] = defaultdict(set)
    for at, (words, tags) in enumerate(posts):
        for number in matcher.with_words(words) | matcher.with_tags(tags):
            found[number].add(at)
    return found
