"""Which account has or had a handle, by all that sources ever said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from sitegen import content
from sitegen.content import handles, imported
from sitegen.content.handles import Called, called
from sitegen.content.imported import AccountLine
from sitegen.content.states import Stamp
from sitegen.importing.reading import Read
from sitegen.model import Author, Post, Profile

Key = tuple[str, str]


class Owners(Struct, frozen=True):
    """Accounts by network and casefolded handle, those new to content/, and what to remember."""

    known: Mapping[Key, Author]
    new: frozenset[Key]
    lines: tuple[AccountLine, ...]


def owners(
    folder: Path, found: Sequence[Read], stamps: Sequence[Stamp], stored: Sequence[Profile]
) -> Owners:
    """Return the accounts that are known by now. Raises ContentError.

    What content/ has of an account counts where no source is remembered.
    """
    memory = imported.accounts(folder).values()
    before = _known(memory, stored)
    lines = _stated(found, stamps)
    known = _known((*memory, *lines), stored)
    if _may_tell_more(found, known, stored):
        archived = [post for thread in content.archived(folder) for post in thread.posts]
        lines += _learnt([*archived, *_posts(found)], known)
        known = _known((*memory, *lines), stored)
    return Owners(known, frozenset(known.keys() - before.keys()), tuple(lines))


def _stated(found: Sequence[Read], stamps: Sequence[Stamp]) -> list[AccountLine]:
    """Return what the profiles of sources say of the handles of accounts."""
    pairs = zip(found, stamps, strict=True)
    stated = [(profile, at) for read, at in pairs for profile in read.imported.profiles]
    named = [(profile, called(profile, at)) for profile, at in stated]
    return [AccountLine(p.network, p.id, handles=known) for p, known in named if known]


def _known(lines: Iterable[AccountLine], stored: Iterable[Profile]) -> dict[Key, Author]:
    older = {(p.network, p.id): found for p in stored if (found := called(p))}
    found = {key: line.handles for key, line in imported.united(lines).items() if line.handles}
    return handles.owners(older | found)


def _may_tell_more(
    found: Sequence[Read], known: Mapping[Key, Author], stored: Sequence[Profile]
) -> bool:
    """Tell whether a post may be known by a handle here and by its account there."""
    networks = {network for network, _ in known}
    if not networks:
        return False
    named = {(p.network, p.id.casefold()) for p in stored if p.id == p.handle}
    named |= {(post.network, handle) for post, handle in _by_handle(_posts(found))}
    return any(key[0] in networks and key not in known for key in named)


def _learnt(posts: Iterable[Post], known: Mapping[Key, Author]) -> list[AccountLine]:
    """Return whose handles are known by posts: one post is always one account's."""
    posts = [*posts]
    ids = {(post.network, post.id): post.author.id for post in posts if post.author.id}
    found = [
        (post, ids[post.network, post.id])
        for post, handle in _by_handle(posts)
        if (post.network, post.id) in ids and (post.network, handle) not in known
    ]
    return [
        AccountLine(post.network, identity, handles=(Called(post.author.handle or ""),))
        for post, identity in found
        if identity
    ]


def _by_handle(posts: Iterable[Post]) -> Iterator[tuple[Post, str]]:
    for post in posts:
        if post.author.handle and not post.author.id:
            yield post, post.author.handle.casefold()


def _posts(found: Sequence[Read]) -> Iterator[Post]:
    for read in found:
        for thread in read.imported.threads:
            yield from thread.posts
