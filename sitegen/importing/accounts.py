"""Accounts met in several sources: one profile each, and one author, whatever its handle was.

An account is what its network calls it by: a DID, an actor, a number. A source that knows
only a handle speaks of the account that has this handle elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import asdict, replace

from sitegen.importing.reading import Read
from sitegen.model import Author, Post, Profile, Thread

Key = tuple[str, str]


def profiles(found: Iterable[Profile]) -> dict[Key, Profile]:
    """Return each account once, with all that the sources know; the first to know counts."""
    whole: dict[Key, Profile] = {}
    for profile in found:
        key = profile.network, profile.id
        known = whole.get(key)
        whole[key] = _joined(known, profile) if known else profile
    named = {
        (network, profile.handle.casefold()): profile
        for (network, _), profile in whole.items()
        if profile.handle and not _is_handle_only(profile)
    }
    for key, profile in [*whole.items()]:
        other = named.get((profile.network, (profile.handle or "").casefold()))
        if other and _is_handle_only(profile):
            del whole[key]
            same = other.network, other.id
            whole[same] = _joined(whole[same], profile)
    return whole


def named(
    found: Sequence[Read], stored: Iterable[Profile] = ()
) -> tuple[tuple[Thread, ...], tuple[Thread, ...]]:
    """Return all threads, and those of excerpts; an author by handle is whom another source knows.

    `stored` are the profiles that content/ has. What a source says of its own authors stands
    as it is.
    """
    archived = _known(stored)
    by_source = [_known(read.imported.profiles) for read in found]
    threads: list[Thread] = []
    excerpts: list[Thread] = []
    for number, read in enumerate(found):
        others = by_source[:number] + by_source[number + 1 :]
        authors = {key: author for known in others for key, author in known.items()}
        authors = archived | authors
        own = by_source[number]
        others_only = {key: author for key, author in authors.items() if key not in own}
        into = excerpts if read.imported.is_excerpt else threads
        into += [_named(t, others_only) if others_only else t for t in read.imported.threads]
    return tuple(threads), tuple(excerpts)


def _known(profiles: Iterable[Profile]) -> dict[Key, Author]:
    return {
        (p.network, p.handle.casefold()): Author(p.handle, p.id, p.name)
        for p in profiles
        if p.handle and not _is_handle_only(p)
    }


def _named(thread: Thread, authors: Mapping[Key, Author]) -> Thread:
    if not any(_only_handle(post) for post in thread.posts):
        return thread
    return replace(thread, posts=tuple([_signed(post, authors) for post in thread.posts]))


def _signed(post: Post, authors: Mapping[Key, Author]) -> Post:
    handle = _only_handle(post)
    author = authors.get((post.network, handle.casefold())) if handle else None
    return replace(post, author=author) if author else post


def _only_handle(post: Post) -> str | None:
    return None if post.author.id else post.author.handle


def _is_handle_only(profile: Profile) -> bool:
    return profile.id == profile.handle


def _joined(one: Profile, other: Profile) -> Profile:
    """Return an account with what either source knows."""
    more = {name: value for name, value in asdict(other).items() if value}
    return replace(one, **{k: v for k, v in more.items() if not getattr(one, k)})
