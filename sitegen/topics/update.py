"""Find the topics of an archive anew, and record them with the names that they had."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from sitegen.query.folding import fold, split_words
from sitegen.topics import found_file, own_file
from sitegen.topics import topic as topics
from sitegen.topics.finding import find
from sitegen.topics.finding.samples import Sample
from sitegen.topics.found_file import Recorded
from sitegen.topics.matching import WordMatcher, posts_by_topic
from sitegen.topics.topic import Topic


class Update(NamedTuple):
    """What was found, what was recorded before, and names of people that were held back."""

    before: Recorded
    after: Recorded
    people: tuple[str, ...]

    @property
    def new(self) -> tuple[str, ...]:
        """The names of topics that were not recorded before, under any name."""
        had = {topics.key(each.name) for each in self.before.topics}
        return tuple(
            [
                each.name
                for each in self.after.topics
                if had.isdisjoint(map(topics.key, (each.name, *each.former)))
            ]
        )

    @property
    def gone(self) -> tuple[str, ...]:
        """The names of topics that were recorded before, and are not any more."""
        has = {topics.key(name) for each in self.after.topics for name in (each.name, *each.former)}
        return tuple([t.name for t in self.before.topics if topics.key(t.name) not in has])


def find_update(
    folder: Path, samples: Iterable[Sample], accounts: frozenset[str], min_posts: int
) -> Update:
    """Find topics in the shown posts of a content folder; write nothing. Raises ContentError.

    `accounts` are the folded names of those who have an account in the archive.
    """
    before = found_file.read(folder)
    pinned = frozenset(map(topics.key, own_file.read(folder).names))
    posts = [*samples]
    found = find.find(posts, accounts, min_posts)
    listed, gone = with_former_names(found.topics, before.topics, pinned)
    gone = (*before.former, *gone)
    former = [*gone, *[name for each in listed for name in each.former]]
    known = names_in_posts(former, posts, min_posts)
    known |= {name for name in former if topics.key(name) in pinned}
    listed = tuple([replace(t, former=tuple(filter(known.__contains__, t.former))) for t in listed])
    after = Recorded(
        topics=listed,
        former=_still_gone(filter(known.__contains__, gone), listed),
        too_few=found.too_few,
        people=len(found.names),
    )
    return Update(before, after, found.names)


def with_former_names(
    found: tuple[Topic, ...], before: tuple[Topic, ...], pinned: frozenset[str]
) -> tuple[tuple[Topic, ...], tuple[str, ...]]:
    """Return topics with the names that they had, and names of topics that are gone.

    A topic is the same as one before that shares most words with it. One that is no longer found
    stays if its compared name is `pinned`.
    """
    names: dict[int, list[str]] = {at: [] for at in range(len(found))}
    kept: list[Topic] = []
    gone: list[str] = []
    for old in sorted(before):
        shared = [len({*old.words, *old.tags} & {*new.words, *new.tags}) for new in found]
        own = [old.name, *old.former]
        if any(shared):
            names[shared.index(max(shared))] += own
        elif not pinned.isdisjoint(map(topics.key, own)):
            kept.append(old)
        else:
            gone += own
    present = {topics.slug(each.name) for each in (*found, *kept)}
    listed = [
        replace(new, former=_without(names[at], present)) for at, new in enumerate(found)
    ]  # fmt: skip
    return (*listed, *[each for each in kept if _is_free(each, found)]), tuple(gone)


def names_in_posts(
    names: Iterable[str], samples: Iterable[Sample], min_posts: int
) -> frozenset[str]:
    """Return the names that are words or tags of enough shown posts.

    The address of any other would tell what posts were about that are hidden or gone.
    """
    named = [_topic_of_name(name) for name in dict.fromkeys(names)]
    texts = [(split_words(sample.text), sample.tags) for sample in samples] if named else []
    posts = posts_by_topic(WordMatcher(named), texts)
    return frozenset([named[at].name for at, own in posts.items() if len(own) >= min_posts])


def _topic_of_name(name: str) -> Topic:
    words = split_words(name).strip()
    return Topic(name, (words,) if words else (), (fold(name).replace(" ", ""),))


def _is_free(topic: Topic, others: Iterable[Topic]) -> bool:
    return topic.slug not in {each.slug for each in others}


def _without(names: Iterable[str], present: set[str]) -> tuple[str, ...]:
    """Return names whose addresses no topic has, each once."""
    return tuple(sorted({name for name in names if topics.slug(name) not in present}))


def _still_gone(names: Iterable[str], listed: Iterable[Topic]) -> tuple[str, ...]:
    taken = {topics.slug(name) for each in listed for name in (each.name, *each.former)}
    return _without(names, taken)
