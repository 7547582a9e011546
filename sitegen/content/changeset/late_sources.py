"""Posts of an older source that a newer one, imported before, has no more: they vanished upstream.

They are treated as those that content/ has and a newer source lacks, so that the order in which
exports are imported does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen import digests
from sitegen.content.changeset.vanished import OPEN, Fate, Word
from sitegen.content.imported.import_records import AccountLine, Key
from sitegen.content.imported.stamps import Stamp
from sitegen.model import Post, Thread

FATES: dict[Word, Fate] = {"keep": "kept", "mark": "marked", "purge": "purged"}


class Late(Struct, frozen=True):
    """Threads without the posts that are not taken in, and what became of posts, by key."""

    threads: tuple[Thread | None, ...]
    fates: dict[Key, Fate]


def settle(
    threads: Sequence[Thread],
    stamps: Sequence[Stamp],
    accounts: Mapping[Key, AccountLine],
    there: Iterable[Key],
    word: Word,
) -> Late:
    """Find posts that only older sources have, and mark them or leave them out as told."""
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
    fates = dict.fromkeys(gone, FATES[word])
    return Late(tuple([_without(thread, fates) for thread in threads]), fates)


def are_known(stamps: Sequence[Stamp], accounts: Mapping[Key, AccountLine]) -> bool:
    """Tell whether a source is older than one that had all posts of an account."""
    newest = max((line.complete for line in accounts.values()), default="")
    return any(stamp.as_of and stamp.as_of < newest for stamp in stamps)


def name_digest(network: str, name: str) -> str:
    """Return what stands for a post that a source holds back: its name stays unknown."""
    return digests.of_text(f"{network}:{name}", 8)


def _is_gone(post: Post, as_of: str, accounts: Mapping[Key, AccountLine]) -> bool:
    line = accounts.get((post.network, post.author.id or ""))
    if line is None or not as_of or not as_of < line.complete or post.visibility not in OPEN:
        return False
    return name_digest(post.network, post.id) not in line.held_back


def _without(thread: Thread, fates: Mapping[Key, Fate]) -> Thread | None:
    """Return a thread with its vanished posts marked or left out; None where none stay."""
    of = [(post, fates.get((thread.network, post.id))) for post in thread.posts]
    if not any(fate in ("marked", "purged") for _, fate in of):
        return thread
    posts = [
        replace(post, vanished=True) if fate == "marked" else post
        for post, fate in of
        if fate != "purged"
    ]
    return Thread(posts[0].id, thread.network, tuple(posts)) if posts else None
