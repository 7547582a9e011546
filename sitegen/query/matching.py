"""Match posts against queries."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from functools import lru_cache
from operator import attrgetter, eq, ge, gt, lt
from typing import NamedTuple

from sitegen.errors import QueryError
from sitegen.model import Post
from sitegen.query import folding
from sitegen.query.accounts import AccountNames, Parties
from sitegen.query.facts import PostFacts
from sitegen.query.values import DATES, Account, Field, Key, Query, Words
from sitegen.text.domain_names import domain_key
from sitegen.text.link_hosts import site_key

Test = Callable[[PostFacts], bool]
Values = tuple[str, ...]
ACCOUNT_KEYS: tuple[Key, ...] = ("from", "to")
_CACHED_NAMES = 10_000
_fold = lru_cache(maxsize=_CACHED_NAMES)(folding.fold)


class AccountTest(NamedTuple):
    """That a post is from or to an account: by which of the `names`, in which of the `roles`."""

    names: tuple[str, ...]
    roles: tuple[Key, ...]
    is_negated: bool

    def holds(self, parties: Parties, accounts: AccountNames) -> bool:
        """Return whether it holds for a post's author and addressees."""
        meant = [parties.author] if "from" in self.roles else []
        meant += parties.addressees if "to" in self.roles else ()
        is_any = any(
            accounts.is_meant(name, parties.network, author)
            for author in meant
            for name in self.names
        )
        return is_any != self.is_negated


class Matcher(NamedTuple):
    """A compiled query.

    `local` tests need the thread of a post alone; `accounts` need the names of all accounts.
    """

    local: tuple[Test, ...]
    accounts: tuple[AccountTest, ...]

    def matches(
        self, post: PostFacts, names: AccountNames, hidden: Container[tuple[str, str]] = ()
    ) -> bool:
        """Return whether a post meets all terms; `hidden` has network and id of hidden posts."""
        if not self.matches_locally(post):
            return False
        return not self.accounts or self.is_between(post.parties.without_hidden(hidden), names)

    def matches_locally(self, post: PostFacts) -> bool:
        """Return whether a post meets all terms that are not about accounts."""
        return all(test(post) for test in self.local)

    def is_between(self, parties: Parties, names: AccountNames) -> bool:
        """Return whether a post is from and to such accounts."""
        return all(test.holds(parties, names) for test in self.accounts)


def compile_query(query: Query) -> Matcher:
    """Compile a query, whose words are those that a search finds."""
    return _compile(query, _FINDING)


def compile_hiding(query: Query) -> Matcher:
    """Compile a query that hides posts: its words may be anywhere in a post.

    Raises QueryError for topics: what is hidden must not depend on what an import finds.
    """
    for term in query.terms:
        if isinstance(term.condition, Field) and term.condition.key == "topic":
            what = f"topics change with the posts, at character {term.position + 1}"
            raise QueryError(what, hint="name the words or tags of the topic.")
    return _compile(query, _HIDING)


class _Asked(NamedTuple):
    """What the words and tags of a query are looked for in."""

    words: Callable[[PostFacts], str]
    tags: Callable[[PostFacts], Sequence[str]]


_FINDING = _Asked(attrgetter("words"), attrgetter("tags"))
_HIDING = _Asked(attrgetter("all_words"), attrgetter("all_tags"))


def _compile(query: Query, asked: _Asked) -> Matcher:
    """Compile a query; what it excludes is looked for only where a search finds it.

    Otherwise a rule that hides posts without a word would show one that has it in a link.
    """
    tests: list[tuple[bool, Test]] = []
    accounts: list[AccountTest] = []
    for term in query.terms:
        condition, is_negated = term.condition, term.is_negated
        own = _FINDING if is_negated else asked
        if isinstance(condition, Account):
            accounts.append(AccountTest((condition.name,), ACCOUNT_KEYS, is_negated))
        elif isinstance(condition, Words):
            tests.append((True, _negated(_words_test(condition, own.words), is_negated)))
        elif condition.key in ACCOUNT_KEYS:
            accounts.append(AccountTest(condition.values, (condition.key,), is_negated))
        else:
            is_costly = condition.key == "topic"
            tests.append((is_costly, _negated(_field_test(condition, own), is_negated)))
    tests.sort(key=lambda each: each[0])  # what costs most comes last
    return Matcher(tuple([test for _, test in tests]), tuple(accounts))


def _negated(test: Test, is_negated: bool) -> Test:
    return (lambda post: not test(post)) if is_negated else test


def _words_test(words: Words, words_of: Callable[[PostFacts], str]) -> Test:
    wanted = folding.split_words(words.text)
    wanted = wanted[:-1] if words.is_prefix else wanted
    return lambda post: wanted in words_of(post)


def _field_test(field: Field, asked: _Asked) -> Test:
    if field.key in DATES:
        return _date_test(field.key, field.values)
    if field.key == "tag":
        return _tag_test(field.values, asked.tags)
    return _FIELD_TESTS[field.key](field.values)


def _date_test(key: Key, values: Values) -> Test:
    """Return a test of the day; a value is a day, a month or a year, and compared as such."""
    compare: Callable[[str, str], bool] = _COMPARISONS.get(key, eq)
    return lambda post: any(post.day and compare(post.day[: len(v)], v) for v in values)


def _tag_test(values: Values, tags_of: Callable[[PostFacts], Sequence[str]]) -> Test:
    wanted = frozenset(map(_fold, values))
    return lambda post: any(_fold(tag.lstrip("#")) in wanted for tag in tags_of(post))


def _topic_test(values: Values) -> Test:
    """Return a test of the topics, by a name that they have or had."""
    wanted = frozenset([" ".join(_fold(value).split()) for value in values])
    return lambda post: not wanted.isdisjoint(post.topics)


def _site_test(values: Values) -> Test:
    """Return a test of the hosts that a post links to, which may be below those named."""
    wanted = tuple([f".{site_key(value)}" for value in values])
    return lambda post: any(f".{domain_key(host)}".endswith(wanted) for host in post.hosts)


def _lang_test(values: Values) -> Test:
    """Return a test of the languages: "en" is also "en-GB", but not "enm"."""
    wanted = tuple(map(_language_prefix, values))
    return lambda post: any(_language_prefix(t).startswith(wanted) for t in post.post.langs)


def _language_prefix(tag: str) -> str:
    return f"{_fold(tag).replace('_', '-').rstrip('-')}-"


def _network_test(values: Values) -> Test:
    wanted = frozenset(map(_fold, values))
    return lambda post: _fold(post.post.network) in wanted


def _id_test(values: Values) -> Test:
    wanted = frozenset(values)
    return lambda post: not wanted.isdisjoint(_names_of(post.post))


def _names_of(post: Post) -> tuple[str, ...]:
    """Return what a post is called: by its id, with its network, or by an id that it had."""
    own = [other.id for other in post.also if other.network in (None, post.network)]
    return (post.id, f"{post.network}:{post.id}", *own)


def _visibility_test(values: Values) -> Test:
    return lambda post: (post.post.visibility or "public") in values


def _likes_test(values: Values) -> Test:
    """Return a test of the likes; those that came with a repost are of the original."""
    least = min(map(int, values))

    def test(facts: PostFacts) -> bool:
        likes = facts.post.counts.likes
        return likes is not None and likes >= least and facts.kind != "repost"

    return test


def _is_test(values: Values) -> Test:
    wants_quotes = "quote" in values
    return lambda post: post.kind in values or (wants_quotes and bool(post.post.quote_of))


def _has_test(values: Values) -> Test:
    wanted = frozenset(values)
    return lambda post: not wanted.isdisjoint(post.marks)


_COMPARISONS: dict[Key, Callable[[str, str], bool]] = {"before": lt, "after": gt, "since": ge}
_FIELD_TESTS: dict[Key, Callable[[Values], Test]] = {
    "topic": _topic_test,
    "site": _site_test,
    "lang": _lang_test,
    "network": _network_test,
    "id": _id_test,
    "visibility": _visibility_test,
    "min_likes": _likes_test,
    "is": _is_test,
    "has": _has_test,
}
