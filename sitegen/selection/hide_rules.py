"""`[privacy] hide`: which posts its queries keep out of the site and of exports.

The queries see all posts of a thread, whether they are hidden otherwise or not. The names of
accounts are those of the whole archive: a former handle hides what its account wrote since.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sitegen import timestamps
from sitegen.config import queries
from sitegen.config.schema import Config
from sitegen.content import content_folder
from sitegen.content.authors import stated_authors
from sitegen.content.format.heading import heading
from sitegen.content.format.stored import Heading, StoredPost, inline_media
from sitegen.content.format.thread_file import ThreadFile
from sitegen.digests import hash_bytes
from sitegen.languages import site_language
from sitegen.model import Thread
from sitegen.query.accounts import AccountNames, Statement

if TYPE_CHECKING:  # most builds hide nothing by queries
    from sitegen.query.facts import Clock
    from sitegen.query.matching import Matcher

Posts = tuple[StoredPost, ...]
NO_NAMES = AccountNames()


class HideRules:
    """The queries that hide posts, with the names of accounts, and the clock of the site."""

    def __init__(
        self, texts: tuple[str, ...], clock: Clock, names: AccountNames = NO_NAMES
    ) -> None:
        self.queries = texts
        self.clock = clock
        self.names = names

    def __bool__(self) -> bool:
        return bool(self.queries)

    @cached_property
    def matchers(self) -> tuple[Matcher, ...]:
        """The compiled queries."""
        return tuple(map(queries.compile_hide, self.queries))

    @cached_property
    def fingerprint(self) -> bytes:
        """A digest of all that decides what a post is hidden by."""
        names = [n for matcher in self.matchers for test in matcher.accounts for n in test.names]
        meant = [(name, sorted(self.names.accounts_of(name))) for name in names]
        return hash_bytes(repr((self.queries, meant)).encode("utf-8", "surrogatepass"))

    def digest(self, hidden: Posts) -> bytes:
        """Return what the rules add to the digest of a file with these hidden posts."""
        ids = [each.post.id for each in hidden] if self.queries else []
        return hash_bytes(repr(ids).encode("utf-8", "surrogatepass")) if ids else b""

    def hides_any(self, own: Heading, posts: Posts) -> bool:
        """Return whether any post of a thread with this heading is to be hidden."""
        return any(self._hidden(posts, own))

    def mark(self, posts: Posts, file: ThreadFile) -> Posts:
        """Return the posts of a file, with those marked as hidden that are to be."""
        if not self.queries:
            return posts
        shown = [replace(each, hidden=False) for each in posts]
        hidden = [*self._hidden(posts, heading(file, shown))]
        marked = zip(posts, hidden, strict=True)
        return tuple([replace(post, hidden=True) if hides else post for post, hides in marked])

    def _hidden(self, posts: Posts, own: Heading) -> Iterator[bool]:
        """Yield whether each post is to be hidden."""
        from sitegen.query.facts import ThreadFacts

        members = [each.post for each in posts]
        facts = ThreadFacts(
            members, self.clock, title=own.title, date=own.date, tags=own.tags,
            markdown=[each.handwritten for each in posts], inline=inline_media(posts),
        )  # fmt: skip
        for each in facts:
            yield any(matcher.matches(each, self.names) for matcher in self.matchers)


NO_RULES = HideRules((), timestamps.parse)


def load(config: Config, clock: Clock) -> HideRules:
    """Load the rules of a site; reads all of content/ if they name accounts."""
    rules = HideRules(config.privacy.hide, clock)
    if not any(matcher.accounts for matcher in rules.matchers):
        return rules
    statements = [Statement(*stated) for stated in stated_authors(config.content)]
    names = AccountNames(statements, queries.people(config))
    return HideRules(config.privacy.hide, clock, names)


def read_archive(config: Config) -> Iterator[Thread]:
    """Yield the threads of content/ as their sources had them; what is hidden is marked.

    Raises ContentError.
    """
    if not config.privacy.hide:
        return content_folder.archived_threads(content_folder.read_threads(config.content))
    rules = load(config, site_language.clock(config))
    return content_folder.archived_threads(read_threads(config, rules))


def read_threads(config: Config, rules: HideRules) -> Iterator[tuple[ThreadFile, Posts]]:
    """Yield the threads of content/, with the posts marked that are hidden. Raises ContentError."""
    for file, posts in content_folder.read_threads(config.content):
        yield file, rules.mark(posts, file)
