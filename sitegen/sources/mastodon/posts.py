"""Resolve a whole outbox: each post once, without those that were deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen import threads, timestamps
from sitegen.model import Elsewhere, Post, Thread, Version
from sitegen.sources import Exclusion, Reason
from sitegen.sources.mastodon.activitypub.activities import Item, ItemResult

Items = dict[int, Item]
Exclusions = dict[int, Exclusion]
Gone = set[tuple[str, str | None]]


class ResolvedOutbox(Struct, frozen=True):
    """The threads of an outbox, and the records that are not posts, in order."""

    threads: tuple[Thread, ...]
    exclusions: tuple[Exclusion, ...]


def resolve(results: Sequence[ItemResult], handles: Mapping[str, str]) -> ResolvedOutbox:
    """Compare all items; each becomes a post or an exclusion.

    `handles` are those of accounts by their addresses, as far as the outbox has them.
    """
    outcomes = dict(enumerate(t.found for t in results))
    out: Exclusions = {at: what for at, what in outcomes.items() if isinstance(what, Exclusion)}
    items: Items = {at: what for at, what in outcomes.items() if isinstance(what, Item)}
    gone: Gone = {pair for t in results for pair in t.gone}
    hidden = {t.hidden for t in results if t.hidden}
    items = _without(items, out, _deleted(items, gone))
    items, history = _last_versions(items, out)
    items = _without(items, out, _own_boosts(items.values(), hidden))
    known = {item.post.id for item in items.values()}
    posts = [_complete_post(item.post, history, known, handles) for item in items.values()]
    exclusions = tuple(out[at] for at in sorted(out))
    return ResolvedOutbox(threads.group(posts, _roots(items.values())), exclusions)


def _without(items: Items, out: Exclusions, reasons: Mapping[str, Reason]) -> Items:
    """Move the items of these records to the exclusions."""
    out |= {
        at: Exclusion(item.record, reasons[item.record])
        for at, item in items.items()
        if item.record in reasons
    }
    return {at: item for at, item in items.items() if item.record not in reasons}


def _deleted(items: Items, gone: Gone) -> dict[str, Reason]:
    """Find posts that their author deleted, and boosts of them."""
    reasons: dict[str, Reason] = {}
    for item in items.values():
        author = item.post.author.id or ""
        if {(author, item.post.id), (author, item.post.repost_of)} & gone:
            reasons[item.record] = "deleted by its author"
    return reasons


def _last_versions(items: Items, out: Exclusions) -> tuple[Items, dict[str, list[Version]]]:
    """Select the last version of each post, and make the others its history."""
    last: dict[str, int] = {}
    history: dict[str, list[Version]] = {}
    for at in sorted(items, key=lambda at: _age(items[at].post)):
        post = items[at].post
        if post.id in last:
            before = items[last[post.id]]
            reason: Reason = "same post twice"
            if before.post.text != post.text:
                reason = "earlier version"
                since = before.post.edited_at or before.post.created_at
                history.setdefault(post.id, []).append(Version(before.post.text, since))
            out[last[post.id]] = Exclusion(before.record, reason)
        last[post.id] = at
    return {at: item for at, item in items.items() if last[item.post.id] == at}, history


def _age(post: Post) -> float:
    return timestamps.instant(post.edited_at or post.created_at) or 0.0


def _own_boosts(items: Iterable[Item], hidden: set[str]) -> dict[str, Reason]:
    """Find boosts of one's own posts, which are present, and of posts with a narrower audience."""
    items = tuple(items)
    authors = {i.post.id: i.post.author.id for i in items if i.post.repost_of is None}
    reasons: dict[str, Reason] = {}
    for item in items:
        boosted = item.post.repost_of
        if boosted in hidden or item.post.id in hidden:
            reasons[item.record] = "not public"
        elif boosted in authors and authors[boosted] == item.post.author.id:
            reasons[item.record] = "repost of oneself"
    return reasons


def _complete_post(
    post: Post,
    history: Mapping[str, list[Version]],
    known: set[str],
    handles: Mapping[str, str],
) -> Post:
    """Complete a post: its history, the authors of stubs; remove stubs of posts that are here."""
    stubs = tuple(_named(e, handles) for e in post.elsewhere if e.id not in known)
    versions = tuple(history.get(post.id, ()))
    if stubs == post.elsewhere and not versions:
        return post
    return replace(post, elsewhere=stubs, history=versions)


def _named(stub: Elsewhere, handles: Mapping[str, str]) -> Elsewhere:
    handle = handles.get(stub.author.id or "")
    return replace(stub, author=replace(stub.author, handle=handle)) if handle else stub


def _roots(items: Iterable[Item]) -> dict[threads.Key, str]:
    """Return the root of each conversation: the account's first post, else the conversation."""
    items = tuple(items)
    own: dict[str, str] = {}
    for item in items:
        if item.conversation and item.post.reply_to is None:
            own.setdefault(item.conversation, item.post.id)
    return {
        threads.key(item.post): own.get(item.conversation, item.conversation)
        for item in items
        if item.conversation and item.post.reply_to is not None
    }
