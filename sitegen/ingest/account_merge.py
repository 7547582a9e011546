"""Merge accounts that several sources have: one profile and one author for each.

An account is identified by its network's id: a DID, an actor, a number. A source that knows only
a handle means the account that has this handle in other sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict, replace

from sitegen import exchange
from sitegen.content.identity.authors_by_handle import Handle
from sitegen.content.imported import handles, import_records
from sitegen.content.imported.handles import handle_records
from sitegen.content.imported.record_lines import AccountLine, merge_accounts
from sitegen.content.imported.stamps import Stamp
from sitegen.ingest.source_reader import Read
from sitegen.model import Author, Post, Profile, Thread

Key = tuple[str, str]


class Owners(Struct, frozen=True):
    """Accounts by network and casefolded handle, those new to content/, and lines to record."""

    known: Mapping[Key, Author]
    new: frozenset[Key]
    lines: tuple[AccountLine, ...]


def profiles(reads: Iterable[Profile]) -> dict[Key, Profile]:
    """Return each account once, with all that the sources know; the first source wins."""
    whole: dict[Key, Profile] = {}
    for profile in reads:
        key = profile.network, profile.id
        known = whole.get(key)
        whole[key] = _merge_profiles(known, profile) if known else profile
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
            whole[same] = _merge_profiles(whole[same], profile)
    return whole


def handle_owners(
    folder: Path,
    reads: Sequence[Read],
    stamps: Sequence[Stamp],
    stored: Sequence[Profile],
    new_handles: Sequence[AccountLine],
) -> Owners:
    """Return all known accounts. Raises ContentError.

    The profiles of content/ count where no source is recorded; `new_handles` are those that the
    merge discovered from posts that one source has with a handle and another with the account.
    """
    recorded = import_records.accounts(folder).values()
    before = _known(recorded, stored)
    lines = (*_stated_handles(reads, stamps), *new_handles)
    known = _known((*recorded, *lines), stored)
    return Owners(known, frozenset(known.keys() - before.keys()), lines)


def _stated_handles(reads: Sequence[Read], stamps: Sequence[Stamp]) -> list[AccountLine]:
    """Return the handles of accounts that the profiles of sources state."""
    pairs = zip(reads, stamps, strict=True)
    stated = [(profile, at) for read, at in pairs for profile in read.imported.profiles]
    named = [(profile, handle_records(profile, at)) for profile, at in stated]
    return [AccountLine(p.network, p.id, handles=known) for p, known in named if known]


def _known(lines: Iterable[AccountLine], stored: Iterable[Profile]) -> dict[Key, Author]:
    older = {(p.network, p.id): now for p in stored if (now := handle_records(p))}
    recorded = {key: line.handles for key, line in merge_accounts(lines).items() if line.handles}
    return handles.owners(older | recorded)


def resolve_authors(
    reads: Sequence[Read], owners: Mapping[Key, Author]
) -> tuple[tuple[Thread, ...], tuple[Thread, ...]]:
    """Resolve authors known by a handle to accounts; return threads and threads of excerpts.

    `owners` are all accounts by network and casefolded handle.
    """
    threads: list[Thread] = []
    excerpts: list[Thread] = []
    for read in reads:
        into = excerpts if read.imported.is_excerpt else threads
        has_more = bool(owners) and not _is_exact(read)
        into += [_resolve_thread(t, owners) if has_more else t for t in read.imported.threads]
    return tuple(threads), tuple(excerpts)


def by_handle(reads: Sequence[Read], stamps: Sequence[Stamp]) -> dict[Key, Handle]:
    """Return the posts whose authors all sources know only by a handle: the newest source's."""
    known: set[Key] = set()
    handles: dict[Key, Handle] = {}
    for read, at in zip(reads, stamps, strict=True):
        for post in (post for thread in read.imported.threads for post in thread.posts):
            key = post.network, post.id
            if _only_handle(post) and not _is_exact(read):
                named = post.author, at
                handles[key] = max(handles.get(key, named), named, key=_rank)
            elif post.author.id:
                known.add(key)
    return {key: handle for key, handle in handles.items() if key not in known}


def _is_exact(read: Read) -> bool:
    """Return whether a source's authors are complete: JSON lines state all that is known."""
    return read.imported.found == exchange.NAME


def _rank(handle: Handle) -> tuple[bool, str, str, str, str]:
    author, at = handle
    return at.is_whole, at.as_of, at.kind, author.handle or "", author.name or ""


def _resolve_thread(thread: Thread, owners: Mapping[Key, Author]) -> Thread:
    if not any(_only_handle(post) for post in thread.posts):
        return thread
    return replace(thread, posts=tuple([_resolve_author(post, owners) for post in thread.posts]))


def _resolve_author(post: Post, authors: Mapping[Key, Author]) -> Post:
    handle = _only_handle(post)
    author = authors.get((post.network, handle.casefold())) if handle else None
    return replace(post, author=author) if author else post


def _only_handle(post: Post) -> str | None:
    return None if post.author.id else post.author.handle


def _is_handle_only(profile: Profile) -> bool:
    return profile.id == profile.handle


def _merge_profiles(first: Profile, other: Profile) -> Profile:
    """Merge two profiles of an account; the first one wins."""
    more = {name: value for name, value in asdict(other).items() if value}
    return replace(first, **{k: v for k, v in more.items() if not getattr(first, k)})
