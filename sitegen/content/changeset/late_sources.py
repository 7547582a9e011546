"""Older exports imported late: their posts that a newer source no longer had have vanished.

They are treated like posts of content/ that a newer source lacks, so that the order in which
exports are imported does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen import digests
from sitegen.content.changeset.vanished import OPEN, Fate, Policy
from sitegen.content.imported.record_lines import AccountLine, Key
from sitegen.content.imported.stamps import Stamp
from sitegen.model import Post, Thread

FATES: dict[Policy, Fate] = {"keep": "kept", "mark": "marked", "purge": "purged"}


class LatePosts(Struct, frozen=True):
    """Threads without the posts that are not imported, and the fates of posts, by key."""

    threads: tuple[Thread | None, ...]
    fates: dict[Key, Fate]


def apply_policy(
    threads: Sequence[Thread],
    stamps: Sequence[Stamp],
    accounts: Mapping[Key, AccountLine],
    there: Iterable[Key],
    policy: Policy,
) -> LatePosts:
    """Find posts that only older sources have, and mark them or leave them out by the policy."""
    newest: dict[Key, str] = {}
    for thread, stamp in zip(threads, stamps, strict=True):
        for post in thread.posts:
            key = thread.network, post.id
            newest[key] = max(newest.get(key, ""), stamp.as_of)
    known = set(there)
    gone = {
        (thread.network, post.id)
        for thread in threads
        for post in thread.posts
        if (thread.network, post.id) not in known
        and _is_gone(post, newest[thread.network, post.id], accounts)
    }
    fates = dict.fromkeys(gone, FATES[policy])
    return LatePosts(tuple([_drop_vanished(thread, fates) for thread in threads]), fates)


def is_older_source(stamps: Sequence[Stamp], accounts: Mapping[Key, AccountLine]) -> bool:
    """Return whether a source is older than an earlier one that had all posts of an account."""
    newest = max((line.complete for line in accounts.values()), default="")
    return any(stamp.as_of and stamp.as_of < newest for stamp in stamps)


def name_digest(network: str, name: str) -> str:
    """Return a digest that identifies a withheld post without revealing its name."""
    return digests.hash_text(f"{network}:{name}", 8)


def _is_gone(post: Post, as_of: str, accounts: Mapping[Key, AccountLine]) -> bool:
    line = accounts.get((post.network, post.author.id or ""))
    if line is None or not as_of or not as_of < line.complete or post.visibility not in OPEN:
        return False
    return name_digest(post.network, post.id) not in line.held_back


def _drop_vanished(thread: Thread, fates: Mapping[Key, Fate]) -> Thread | None:
    """Return a thread with its vanished posts marked or left out; None if no post remains."""
    with_fates = [(post, fates.get((thread.network, post.id))) for post in thread.posts]
    if not any(fate in ("marked", "purged") for _, fate in with_fates):
        return thread
    posts = [
        replace(post, vanished=True) if fate == "marked" else post
        for post, fate in with_fates
        if fate != "purged"
    ]
    return Thread(posts[0].id, thread.network, tuple(posts)) if posts else None
