"""Answer queries from the files of a search index alone, as docs/search-index.md says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

from sitegen.query import folding
from sitegen.query.accounts import normalise
from sitegen.query.characters import character_class
from sitegen.query.values import DATES, Account, Condition, Field, Query, Words
from sitegen.text.link_hosts import site_key

Found = set[int]
KINDS = ("post", "thread", "reply", "repost")
# The values of results that are left out at the end.
USUAL: tuple[Any, ...] = ("", None, 0, "", "", [], None)


def numbers(text: str) -> list[int]:
    """Return the numbers of a list."""
    found, places = [], list[int]()
    for char in text:
        code = ord(char)
        places.append(0 if code == 33 else code - 34 if code < 92 else code - 35)
        if places[-1] < 62:
            found.append(sum(value * 30**place for place, value in enumerate(places)))
            places = []
    assert not places
    return found


def ascending(text: str) -> list[int]:
    """Return the ascending numbers of a list."""
    return [total - 1 for total in accumulate(gap + 1 for gap in numbers(text))]


def utf16(text: str) -> bytes:
    """Return what a text is compared by."""
    return text.encode("utf-16-be", "surrogatepass")


class IndexReader:
    """Reads the index of a site in a folder; `loaded` are the files that it needed so far."""

    def __init__(self, site: Path) -> None:
        self.site = site
        self.loaded: dict[str, Any] = {}
        self.directory = self.load("search/index")
        self.size = self.directory["perSegment"]

    def load(self, name: str) -> Any:
        """Return the data of a file."""
        if name not in self.loaded:
            script = (self.site / f"{name}.js").read_bytes().decode("utf-8")
            head = f"sitegen.receive({json.dumps(name)},"
            assert script.startswith(head)
            assert script.endswith(")\n")
            self.loaded[name] = json.loads(script.removeprefix(head).removesuffix(")\n"))
        return self.loaded[name]

    @cached_property
    def all(self) -> Found:
        """The numbers of all posts."""
        return set(range(self.directory["posts"]))

    def find(self, query: Query) -> Found:
        """Return the numbers of the posts that a query matches."""
        found = self.all
        for term in query.terms:
            holds = self.holding(term.condition)
            found = found & (self.all - holds if term.is_negated else holds)
        return found

    def holding(self, condition: Condition) -> Found:
        """Return the posts for which a condition holds."""
        if isinstance(condition, Words):
            return self.with_words(condition)
        if isinstance(condition, Account):
            return self.of_accounts("<>", [condition.name])
        assert isinstance(condition, Field)
        return set().union(*[self.with_value(condition.key, value) for value in condition.values])

    def with_value(self, key: str, value: str) -> Found:
        """Return the posts with a value of a key."""
        if key in DATES:
            return self.by_day(key, value)
        if key == "is" and value in KINDS:
            return self.by_facet("kinds", lambda kind: KINDS[int(kind)] == value)
        if key in ("is", "has", "visibility"):
            return self.with_key(f"!{value}")
        if key in ("from", "to"):
            return self.of_accounts("<" if key == "from" else ">", [value])
        known: dict[str, Callable[[str], Found]] = {
            "tag": lambda value: self.with_key(f"#{folding.fold(value)}"),
            "site": lambda value: self.with_key(f"/{site_key(value)}"),
            "id": self.with_id,
            "network": lambda value: self.by_facet(
                "networks", lambda network: folding.fold(network) == folding.fold(value)
            ),
            "lang": lambda value: self.by_facet(
                "languages", lambda tags: any(prefix(t).startswith(prefix(value)) for t in tags)
            ),
            "min_likes": self.with_likes,
            "topic": self.of_topics,
        }
        return known[key](value)

    def with_id(self, value: str) -> Found:
        """Return the posts with an id."""
        found = self.with_key(f"={value}") | self.with_key(f"~{value}")
        networks = {facets["networks"] for facets in self.facets}
        for network in networks:
            if value.startswith(f"{network}:"):
                own = self.with_key(f"={value.removeprefix(f'{network}:')}")
                found |= own & self.by_facet("networks", network.__eq__)
        return found

    def of_accounts(self, signs: str, names: Sequence[str]) -> Found:
        """Return the posts with any of the accounts that names mean, after any of the signs."""
        found: Found = set()
        firsts = self.directory["names"]["firsts"]
        for name in map(normalise, names):
            at = file_of(name, firsts)
            if at is None:
                continue
            known, accounts = self.load(f"search/names-{at}")
            for account in dict(zip(known, accounts, strict=True)).get(name, ()):
                found |= set().union(*[self.with_key(sign + account) for sign in signs])
        return found

    def with_key(self, key: str) -> Found:
        """Return the posts with a key."""
        found: Found = set()
        for segment, part in enumerate(self.directory["segments"]):
            at = file_of(key, part["keys"])
            if at is not None:
                keys, lists = self.load(f"search/{segment}/keys-{at}")
                listed = dict(zip(keys, lists.split(" "), strict=True)).get(key, "")
                found |= {segment * self.size + number for number in ascending(listed)}
        return found

    def of_topics(self, value: str) -> Found:
        """Return the posts of the topics that a name means."""
        meant = " ".join(folding.fold(value).split())
        found: Found = set()
        for at in [at for at, (_, _, names) in enumerate(self.topics) if meant in names]:
            ends = [*accumulate(self.load("search/topics")[1])]
            file = next(number for number, end in enumerate(ends) if at < end)
            place = at - (ends[file - 1] if file else 0)
            for segment in range(len(self.directory["segments"])):
                lists = self.load(f"search/{segment}/topics-{file}").split(" ")
                found |= {segment * self.size + number for number in ascending(lists[place])}
        return found

    @cached_property
    def topics(self) -> list[tuple[str, str, list[str]]]:
        """The topics: name, address of the page, and the names that mean it."""
        return self.load("search/topics")[0] if self.directory["topics"] else []

    def with_likes(self, value: str) -> Found:
        """Return the posts with so many likes."""
        likes: list[int] = []
        for segment in range(len(self.directory["segments"])):
            likes += numbers(self.load(f"search/{segment}/likes"))
        return {number for number, more in enumerate(likes) if more > int(value)}

    @cached_property
    def facets(self) -> list[dict[str, Any]]:
        """The facets of each post."""
        found: list[dict[str, Any]] = []
        for segment in range(len(self.directory["segments"])):
            columns = self.load(f"search/{segment}/facets")
            values = {"days": [*days(numbers(columns["days"]))], "kinds": columns["kinds"]}
            for name in ("networks", "languages"):
                table, listed = columns[name]
                values[name] = [table[place] for place in numbers(listed)]
            found += [
                dict(zip(values, each, strict=True)) for each in zip(*values.values(), strict=True)
            ]
        assert len(found) == len(self.all)
        return found

    def by_facet(self, name: str, holds: Callable[[Any], bool]) -> Found:
        """Return the posts for whose facet something holds."""
        return {number for number, facets in enumerate(self.facets) if holds(facets[name])}

    def by_day(self, key: str, value: str) -> Found:
        """Return the posts of days."""

        def holds(day: str) -> bool:
            own = day[: len(value)]
            compared = {"before": own < value, "after": own > value, "since": own >= value}
            return bool(day) and compared.get(key, own == value)

        return self.by_facet("days", holds)

    def with_words(self, words: Words) -> Found:
        """Return the posts with words that follow each other."""
        tokens = folding.split_words(words.text).split()
        found: Found = set()
        for segment in range(len(self.directory["segments"])):
            steps = [*self.steps(segment, tokens, words.is_prefix)]
            ends = steps[0]
            for step in steps[1:]:
                ends = {
                    number: kept
                    for number, places in ends.items()
                    if (kept := {p + 1 for p in places} & step.get(number, set()))
                }
            found |= {segment * self.size + number for number in ends}
        return found

    def steps(
        self, segment: int, tokens: Sequence[str], is_prefix: bool
    ) -> Iterator[dict[int, set[int]]]:
        """Yield the posts and positions of the word at each place of a phrase."""
        for at, token in enumerate(tokens):
            following = tokens[at + 1] if at + 1 < len(tokens) else ""
            if is_unspaced(token):
                pair = token + following if is_unspaced(following) else token
                yield self.positions(segment, pair, is_prefix=pair == token)
            else:
                yield self.positions(segment, token, is_prefix=is_prefix and not following)

    def positions(self, segment: int, word: str, *, is_prefix: bool) -> dict[int, set[int]]:
        """Return the posts and positions of a word, or of all that begin with it."""
        found: dict[int, set[int]] = {}
        for at in files_from(word, self.directory["segments"][segment]["words"], is_prefix):
            words, lists = self.load(f"search/{segment}/words-{at}")
            places = self.load(f"search/{segment}/positions-{at}")
            assert words == sorted(words, key=utf16)
            for known, posts, codes in zip(words, lists.split(" "), places.split(" "), strict=True):
                if known == word or (is_prefix and known.startswith(word)):
                    each = of_each_post(numbers(codes))
                    for number, own in zip(ascending(posts), each, strict=True):
                        found.setdefault(number, set()).update(own)
        return found

    @cached_property
    def identities(self) -> list[tuple[str, str]]:
        """Network and id of each post."""
        found: dict[int, str] = {}
        for segment, part in enumerate(self.directory["segments"]):
            for at in range(len(part["keys"])):
                keys, lists = self.load(f"search/{segment}/keys-{at}")
                for key, listed in zip(keys, lists.split(" "), strict=True):
                    if key.startswith("="):
                        found |= {segment * self.size + n: key[1:] for n in ascending(listed)}
        return [(self.facets[number]["networks"], found[number]) for number in sorted(self.all)]

    def results(self) -> list[Any]:
        """Return all results, with the author in place of its number and all values."""
        found = []
        size = self.directory["perFile"]
        for file in range(-(-len(self.all) // size)):
            authors, posts = self.load(f"search/posts/{file}")
            found += [
                [*post[:2], authors[post[2]], *post[3:], *USUAL[len(post) - 5 :]] for post in posts
            ]
        return found


def file_of(word: str, firsts: Sequence[str]) -> int | None:
    """Return the only file that may have a word."""
    before = [at for at, first in enumerate(firsts) if utf16(first) <= utf16(word)]
    return before[-1] if before else None


def files_from(word: str, firsts: Sequence[str], is_prefix: bool) -> Iterator[int]:
    """Yield the files that may have a word, or words that begin with it."""
    first = file_of(word, firsts)
    if first is not None:
        yield first
    after = 0 if first is None else first + 1
    yield from [at for at in range(after, len(firsts)) if is_prefix and firsts[at].startswith(word)]


def is_unspaced(word: str) -> bool:
    """Tell whether a word is a character of a script without spaces."""
    return len(word) == 1 and ord(word) in character_class("unspaced")


def of_each_post(codes: Sequence[int]) -> list[set[int]]:
    """Return the positions in each post, from their codes."""
    posts: list[set[int]] = []
    own, last = set[int](), -1
    for code in codes:
        last += code // 2 + 1
        own.add(last)
        if code % 2 == 0:
            posts.append(own)
            own, last = set(), -1
    assert not own
    return posts


def days(codes: Sequence[int]) -> Iterator[str]:
    """Yield each day, "" without one."""
    day = date(1970, 1, 1)
    for code in codes:
        if not code:
            yield ""
            continue
        day += timedelta(days=code // 2 if code % 2 else -(code // 2))
        yield day.isoformat()


def prefix(tag: str) -> str:
    """Return a language as it is compared."""
    return f"{folding.fold(tag).replace('_', '-').rstrip('-')}-"
