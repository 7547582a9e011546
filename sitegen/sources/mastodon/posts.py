"""Resolve a whole outbox: select the last version of each post, drop deleted ones."""

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
DeletedPosts = set[tuple[str, str | None]]


class ResolvedOutbox(Struct, frozen=True):
    """The threads of an outbox, and the records that are not posts, in order."""

    threads: tuple[Thread, ...]
    exclusions: tuple[Exclusion, ...]


def resolve(results: Sequence[ItemResult], handles: Mapping[str, str]) -> ResolvedOutbox:
    """Resolve the items of an outbox; each becomes a post or an exclusion.

    `handles` maps account URIs to handles, as far as the outbox states them.
    """
    outcomes = dict(enumerate(result.outcome for result in results))
    excluded: Exclusions = {
        at: outcome for at, outcome in outcomes.items() if isinstance(outcome, Exclusion)
    }
    items: Items = {at: outcome for at, outcome in outcomes.items() if isinstance(outcome, Item)}
    deleted: DeletedPosts = {pair for result in results for pair in result.deleted}
    hidden = {result.hidden for result in results if result.hidden}
    items = _move_to_exclusions(items, excluded, _deleted_posts(items, deleted))
    items, history = _last_versions(items, excluded)
    items = _move_to_exclusions(items, excluded, _own_boosts(items.values(), hidden))
    imported_ids = {item.post.id for item in items.values()}
    posts = [_complete_post(item.post, history, imported_ids, handles) for item in items.values()]
    exclusions = tuple(excluded[at] for at in sorted(excluded))
    return ResolvedOutbox(threads.group(posts, _roots(items.values())), exclusions)


def _move_to_exclusions(
    items: Items, exclusions: Exclusions, reasons: Mapping[str, Reason]
) -> Items:
    """Move the items of these records to the exclusions."""
    exclusions |= {
        at: Exclusion(item.record, reasons[item.record])
        for at, item in items.items()
        if item.record in reasons
    }
    return {at: item for at, item in items.items() if item.record not in reasons}


def _deleted_posts(items: Items, deleted: DeletedPosts) -> dict[str, Reason]:
    """Find posts that their author deleted, and boosts of them."""
    reasons: dict[str, Reason] = {}
    for item in items.values():
        author = item.post.author.id or ""
        if {(author, item.post.id), (author, item.post.repost_of)} & deleted:
            reasons[item.record] = "deleted by its author"
    return reasons


def _last_versions(items: Items, exclusions: Exclusions) -> tuple[Items, dict[str, list[Version]]]:
    """Select the last version of each post, and make the others its history."""
    last: dict[str, int] = {}
    history: dict[str, list[Version]] = {}
    for at in sorted(items, key=lambda at: _last_changed(items[at].post)):
        post = items[at].post
        if post.id in last:
            previous = items[last[post.id]]
            reason: Reason = "same post twice"
            if previous.post.text != post.text:
                reason = "earlier version"
                since = previous.post.edited_at or previous.post.created_at
                history.setdefault(post.id, []).append(Version(previous.post.text, since))
            exclusions[last[post.id]] = Exclusion(previous.record, reason)
        last[post.id] = at
    return {at: item for at, item in items.items() if last[item.post.id] == at}, history


def _last_changed(post: Post) -> float:
    return timestamps.instant(post.edited_at or post.created_at) or 0.0


def _own_boosts(items: Iterable[Item], hidden: set[str]) -> dict[str, Reason]:
    """Find boosts of the author's own imported posts, and of posts that must not be shown."""
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
    imported_ids: set[str],
    handles: Mapping[str, str],
) -> Post:
    """Add history and the handles of referenced authors; drop references to imported posts."""
    stubs = tuple(_with_handle(e, handles) for e in post.elsewhere if e.id not in imported_ids)
    versions = tuple(history.get(post.id, ()))
    if stubs == post.elsewhere and not versions:
        return post
    return replace(post, elsewhere=stubs, history=versions)


def _with_handle(stub: Elsewhere, handles: Mapping[str, str]) -> Elsewhere:
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
