"""Merge the accounts of several sources: one profile and one author for each.

An account is identified by its id on its network: a DID, an actor, a number. If a source knows
only a handle, the account is the one that has this handle in other sources. If a source knows only
the id, the handle and the name are those that other sources have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import asdict, replace

from sitegen import exchange
from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.identity.authors_by_handle import Handle
from sitegen.content.imported import handles
from sitegen.content.imported.handles import HandleRecord, handle_records, lacks_handle
from sitegen.content.imported.record_lines import AccountLine, merge_accounts
from sitegen.content.imported.stamps import Stamp
from sitegen.ingest.source_reader import ReadSource
from sitegen.model import Author, Post, Profile, Thread

Key = tuple[str, str]


class Owners(Struct, frozen=True):
    """The known accounts by network and casefolded handle, and by network and id.

    `new` are the keys of `known` that content/ did not have, `lines` the records to write.
    """

    known: Mapping[Key, Author]
    by_id: Mapping[Key, Author]
    new: frozenset[Key]
    lines: tuple[AccountLine, ...]


def merge_profiles(incoming: Iterable[Profile]) -> dict[Key, Profile]:
    """Merge the profiles of each account; where sources differ, the first wins."""
    merged: dict[Key, Profile] = {}
    for profile in incoming:
        key = profile.network, profile.id
        earlier = merged.get(key)
        merged[key] = _merge_pair(earlier, profile) if earlier else profile
    by_handle = {
        (network, profile.handle.casefold()): profile
        for (network, _), profile in merged.items()
        if profile.handle and not _is_handle_only(profile)
    }
    for key, profile in [*merged.items()]:
        owner = by_handle.get((profile.network, (profile.handle or "").casefold()))
        if owner and _is_handle_only(profile):
            del merged[key]
            owner_key = owner.network, owner.id
            merged[owner_key] = _merge_pair(merged[owner_key], profile)
    return merged


def find_owners(
    index: ArchiveIndex,
    sources: Sequence[ReadSource],
    stamps: Sequence[Stamp],
    new_handles: Sequence[AccountLine],
) -> Owners:
    """Find the accounts that handles belong to. Raises ContentError.

    The profiles of content/ count if no source is recorded. `new_handles` are those that the merge
    discovered: one source has a post with a handle, another has it with the account.
    """
    recorded = index.records.accounts.values()
    stored = [stored.profile for _, stored in index.profiles]
    known_before = handles.owners(_known_accounts(recorded, stored))
    lines = (*_stated_handles(sources, stamps), *new_handles)
    accounts = _known_accounts((*recorded, *lines), stored)
    known = handles.owners(accounts)
    new = frozenset(known.keys() - known_before.keys())
    return Owners(known, handles.accounts_by_id(accounts), new, lines)


def _stated_handles(sources: Sequence[ReadSource], stamps: Sequence[Stamp]) -> list[AccountLine]:
    """Return the handles of accounts that the profiles of sources state."""
    pairs = zip(sources, stamps, strict=True)
    profiles = [(profile, stamp) for source, stamp in pairs for profile in source.imported.profiles]
    with_records = [(profile, handle_records(profile, stamp)) for profile, stamp in profiles]
    return [AccountLine(p.network, p.id, handles=records) for p, records in with_records if records]


def _known_accounts(
    lines: Iterable[AccountLine], stored: Iterable[Profile]
) -> dict[Key, tuple[HandleRecord, ...]]:
    """Return the handles of accounts, by network and id."""
    from_profiles = {(p.network, p.id): records for p in stored if (records := handle_records(p))}
    recorded = {key: line.handles for key, line in merge_accounts(lines).items() if line.handles}
    return from_profiles | recorded


def resolve_authors(
    sources: Sequence[ReadSource], owners: Owners
) -> tuple[tuple[Thread, ...], tuple[Thread, ...]]:
    """Resolve authors known by a handle or an id to accounts; return threads and excerpts."""
    threads: list[Thread] = []
    excerpts: list[Thread] = []
    for source in sources:
        target = excerpts if source.imported.is_excerpt else threads
        is_incomplete = bool(owners.by_id) and not _has_complete_authors(source)
        target += [
            _resolve_thread(t, owners) if is_incomplete else t for t in source.imported.threads
        ]
    return tuple(threads), tuple(excerpts)


def posts_by_handle(sources: Sequence[ReadSource], stamps: Sequence[Stamp]) -> dict[Key, Handle]:
    """Return the handles, from the newest source, of posts whose author no source identifies."""
    identified: set[Key] = set()
    handles: dict[Key, Handle] = {}
    for source, stamp in zip(sources, stamps, strict=True):
        for post in (post for thread in source.imported.threads for post in thread.posts):
            key = post.network, post.id
            if _sole_handle(post) and not _has_complete_authors(source):
                handle = post.author, stamp
                handles[key] = max(handles.get(key, handle), handle, key=_rank)
            elif post.author.id:
                identified.add(key)
    return {key: handle for key, handle in handles.items() if key not in identified}


def _has_complete_authors(source: ReadSource) -> bool:
    """Return whether a source's authors are complete, as in JSON lines."""
    return source.imported.found == exchange.NAME


def _rank(handle: Handle) -> tuple[bool, str, str, str, str]:
    author, stamp = handle
    return stamp.is_whole, stamp.as_of, stamp.kind, author.handle or "", author.name or ""


def _resolve_thread(thread: Thread, owners: Owners) -> Thread:
    if not any(_sole_handle(post) or lacks_handle(post.author) for post in thread.posts):
        return thread
    return replace(thread, posts=tuple([_resolve_author(post, owners) for post in thread.posts]))


def _resolve_author(post: Post, owners: Owners) -> Post:
    author: Author | None = None
    if handle := _sole_handle(post):
        author = owners.known.get((post.network, handle.casefold()))
    elif lacks_handle(post.author):
        account = owners.by_id.get((post.network, post.author.id or ""))
        author = handles.complete(post.author, account)
    return replace(post, author=author) if author else post


def _sole_handle(post: Post) -> str | None:
    return None if post.author.id else post.author.handle


def _is_handle_only(profile: Profile) -> bool:
    return profile.id == profile.handle


def _merge_pair(first: Profile, second: Profile) -> Profile:
    """Merge two profiles of an account; the first one wins."""
    known = {name: value for name, value in asdict(second).items() if value}
    return replace(first, **{k: v for k, v in known.items() if not getattr(first, k)})
