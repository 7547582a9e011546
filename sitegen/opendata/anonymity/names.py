"""The names of an archive: of accounts, people, posts and servers, also of hidden ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sitegen.config.schema import Config
from sitegen.content import content_folder
from sitegen.model import Author, Elsewhere, Post, Profile
from sitegen.query.accounts import Statement, normalise
from sitegen.query.folding import fold
from sitegen.text.link_hosts import host_of

# Hosts that all accounts of a network share: nobody's own.
SERVICES = frozenset((
    "bsky.app", "facebook.com", "instagram.com", "threads.com", "threads.net", "twitter.com",
    "x.com",
))  # fmt: skip
MIN_SERVER_ACCOUNTS = 3  # a domain with so many accounts is a service, not somebody's own


class Names(NamedTuple):
    """What must not be in an anonymous export, besides what looks like an address anyway.

    `shown` are names as people read them. `handles` have no "@". `hosts` are those of people's own
    sites and servers.
    """

    statements: tuple[Statement, ...]
    shown: frozenset[str]
    handles: frozenset[str]
    ids: frozenset[str]
    hosts: frozenset[str]

    @property
    def readable_handles(self) -> frozenset[str]:
        """The handles as they are compared, with no label of their domains in Punycode."""
        return frozenset(map(normalise, self.handles))

    @property
    def handle_words(self) -> Iterator[str]:
        """The words of the handles that name somebody: "ada" of "ada@social.example"."""
        domains: dict[str, set[str]] = defaultdict(set)
        for handle in self.readable_handles:
            domains[_domain(handle)].add(handle)
        for handle in self.readable_handles:
            name, _, host = handle.rpartition("@")
            labels = host.split(".")
            is_own = len(domains[_domain(handle)]) < MIN_SERVER_ACCOUNTS
            yield name or labels[0]
            if is_own or not name:
                yield from labels[: -1 if is_own or len(labels) < 3 else -2]


def _domain(handle: str) -> str:
    return ".".join(handle.rpartition("@")[2].split(".")[-2:])


def gather(config: Config) -> Names:
    """Read the names of all of content/ and of sitegen.toml. Raises ContentError."""
    statements: dict[Statement, None] = {}
    shown: set[str] = {person.name for person in config.people}
    handles = {account.split(":")[-1] for person in config.people for account in person.accounts}
    handles |= {config.site.account}
    ids: set[str] = set()
    hosts = {host for host in [host_of(config.site.base_url)] if host}
    for _, stored in content_folder.read_threads(config.content):
        for each in stored:
            statements.update(dict.fromkeys(_statements(each.post)))
            ids.update(_ids(each.post))
            hosts.update(_hosts_of_posts(each.post))
    for _, profile in content_folder.read_profiles(config.content):
        statements[Statement(profile.profile.network, profile.profile.author)] = None
        hosts.update(_hosts_of_profile(profile.profile))
    for _, author in statements:
        hosts.update(_hosts((author.id, author.handle)))
        shown.update([author.name] if author.name else ())
        handles.update([author.handle.removeprefix("@")] if author.handle else ())
        ids.update([author.id] if author.id else ())
    hosts |= {host for handle in handles if (host := host_of(handle.rpartition("@")[2]))}
    hosts -= SERVICES
    return Names(
        tuple(statements), frozenset(shown), frozenset(handles - {""}), frozenset(ids),
        frozenset(map(fold, hosts)),
    )  # fmt: skip


def _statements(post: Post) -> Iterator[Statement]:
    yield Statement(post.network, post.author)
    yield from (Statement(post.network, Author(handle=handle)) for handle in post.mentions)
    for other in _others(post):
        yield Statement(other.network or post.network, other.author)


def _others(post: Post) -> Iterable[Elsewhere]:
    return (*post.elsewhere, *post.also)


def _ids(post: Post) -> Iterator[str]:
    yield post.id
    yield from (i for i in (post.reply_to, post.repost_of, post.quote_of) if i)
    yield from (other.id for other in _others(post))


def _hosts_of_posts(post: Post) -> Iterator[str]:
    """Yield the hosts where a post and those that it names are: often those of their authors."""
    yield from _hosts([post.url, post.id])
    for other in _others(post):
        yield from _hosts([other.url, other.id])


def _hosts(addresses: Iterable[str | None]) -> Iterator[str]:
    """Yield the hosts of those values that are addresses of the web."""
    for address in addresses:
        host = host_of(address) if address and "://" in address else None
        if host:
            yield host


def _hosts_of_profile(profile: Profile) -> Iterator[str]:
    """Yield the hosts that an account names as its own."""
    yield from _hosts((profile.url,))
    texts = [profile.website or "", *(text for _, text in profile.details)]
    for word in " ".join([*texts, profile.bio]).split():
        host = host_of(word.strip("()[]<>,;.")) if "." in word else None
        if host:
            yield host
