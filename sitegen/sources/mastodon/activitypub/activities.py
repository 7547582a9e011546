"""Convert the items of an outbox to posts or exclusions."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct
from msgspec.structs import replace

from sitegen.formats.html.post_text import read
from sitegen.model import Post
from sitegen.sources import Exclusion, Reason
from sitegen.sources.mastodon.activitypub.account import Account
from sitegen.sources.mastodon.activitypub.audience import (
    Audience,
    audience,
    audience_of_fields,
    closing_word,
    narrower,
)
from sitegen.sources.mastodon.activitypub.ids import NETWORK, elsewhere, post_id
from sitegen.sources.mastodon.activitypub.notes import post_of
from sitegen.sources.mastodon.activitypub.properties import Properties
from sitegen.sources.mastodon.shapes import ACTORS, OTHERS, POSTED, PRIVATE, compact


class Item(Struct, frozen=True):
    """A post with its record's name and its conversation, which only the outbox states."""

    post: Post
    record: str
    conversation: str | None = None


class ItemResult(Struct, frozen=True):
    """The result of one item: a post or an exclusion.

    `deleted` has actor and id of posts that the item deletes; `hidden` is the id of a post that
    must not be shown.
    """

    outcome: Item | Exclusion
    deleted: tuple[tuple[str, str], ...] = ()
    hidden: str | None = None


def read_item(item: object, record: str, account: Account) -> ItemResult:
    """Convert an item; `record` is its name in reports if it has no id."""
    if isinstance(item, str):
        return ItemResult(Exclusion(item, "not a post", "only an address"))
    if not isinstance(item, dict):
        return ItemResult(Exclusion(record, "damaged", "no object"))
    oddities: Counter[str] = Counter()
    activity = Properties(compact(item), oddities)
    result = _read_item(activity, activity.text("id") or record, account)
    account.oddities.update(oddities.keys())  # each item once
    return result


def _read_item(activity: Properties, record: str, account: Account) -> ItemResult:
    kind = activity.kind
    if kind in ("Create", "Update"):
        return _read_created(activity, record, account)
    if kind == "Announce":
        return _read_boost(activity, record, account)
    if kind in OTHERS:
        deleted = _deleted_ids(activity) if kind in ("Delete", "Undo") else ()
        return ItemResult(Exclusion(record, "not a post", kind.lower()), deleted)
    return _read_object(activity, activity, record, account)


def _read_created(activity: Properties, record: str, account: Account) -> ItemResult:
    objects = activity.records("object")
    if objects:
        return _read_object(objects[0], activity, record, account)
    if activity.address("object"):
        return ItemResult(Exclusion(record, "no content", "only the address of a post"))
    return ItemResult(Exclusion(record, "damaged", "has no object"))


def _read_object(
    note: Properties, activity: Properties, record: str, account: Account
) -> ItemResult:
    """Convert the object of an activity."""
    kind = note.kind
    if kind == "Tombstone":
        return _exclude(record, "deleted by its author")
    if kind in PRIVATE:
        return _exclude(record, "private message")
    if kind in ACTORS:
        return _exclude(record, "not a post", "profile")
    if kind not in POSTED:
        return _exclude(record, "unknown kind" if kind else "damaged", kind or "has no type")
    uri = note.text("id") or activity.text("id").removesuffix("/activity")
    if not uri:
        return _exclude(record, "damaged", "has no id")
    things = _distinct(note, activity)
    seen_by = audience(account.followers, *things)
    if hidden := exclusion_reason(seen_by, account, closing_word(seen_by, *things)):
        return ItemResult(Exclusion(uri, *hidden), hidden=post_id(uri))
    return ItemResult(_convert(note, activity, uri, seen_by, account))


def _convert(
    note: Properties, activity: Properties, uri: str, seen_by: Audience, account: Account
) -> Item | Exclusion:
    """Convert an object that may be shown to a post, or exclude it if it is empty."""
    actor = activity.address("actor")
    post = post_of(note, uri, activity.time("published"), actor, account)
    if _is_vote(note):
        return Exclusion(uri, "not a post", "vote")
    if not (post.text or post.media or post.poll or post.quote_of or post.warning or post.links):
        is_wrong = note.has("content") and not isinstance(note.values["content"], str)
        wrong: Exclusion = Exclusion(uri, "damaged", "its content is no text")
        return wrong if is_wrong else Exclusion(uri, "no content")
    conversation = note.address("conversation") or note.address("context")
    return Item(with_visibility(post, seen_by), uri, conversation)


def _read_boost(activity: Properties, record: str, account: Account) -> ItemResult:
    """Convert a boost; the outbox has the original's address, or the whole post if it is local."""
    target = activity.address("object")
    if not target:
        return _exclude(record, "damaged", "has no object")
    inner = activity.record("object")
    seen_by = audience(account.followers, activity)  # a boost has an audience of its own
    seen_by = narrower(seen_by, audience_of_fields(inner))
    if inner.has("to", "cc"):
        seen_by = narrower(seen_by, audience(account.followers, inner))
    if hidden := exclusion_reason(seen_by, account, closing_word(seen_by, activity, inner)):
        return _exclude(record, *hidden)
    actor = inner.address("attributedTo")
    html = read(inner.text("content"))
    post = Post(
        id=post_id(record),
        network=NETWORK,
        text=html.text,
        facets=html.facets,
        links=html.links,
        mentions=html.mentions,
        tags=html.tags,
        created_at=activity.time("published"),
        author=account.author(activity.address("actor") or account.id),
        repost_of=post_id(target),
        elsewhere=(elsewhere(target, actor),),
    )
    return ItemResult(Item(with_visibility(post, seen_by), record))


def _deleted_ids(activity: Properties) -> tuple[tuple[str, str], ...]:
    """Return the ids of deleted or unboosted posts, with the actor."""
    actor = activity.address("actor") or ""
    return tuple((actor, post_id(uri)) for uri in activity.addresses("object"))


def with_visibility(post: Post, seen_by: Audience) -> Post:
    """Return a post with its visibility, if it is not public."""
    if seen_by == "public":
        return post
    return replace(post, visibility="unknown" if seen_by == "narrow" else seen_by)


def exclusion_reason(
    seen_by: Audience, account: Account, word: str | None = None
) -> tuple[Reason, str] | None:
    """Return the reason and detail why a post is excluded; None if it is included."""
    if seen_by in ("public", "unlisted") or seen_by in account.include:
        return None
    if seen_by == "direct":
        return "private message", "--include direct"
    if seen_by == "followers":
        return "not public", "for followers: --include followers"
    if seen_by == "narrow":
        return "not public", word or ""
    explanation = (
        "nothing says who may see it" if word is None else f'"{word}" is no known audience'
    )
    return "not public", f"{explanation}: --include unknown"


def _is_vote(note: Properties) -> bool:
    """Return whether a note is a vote in a poll: only the name of an answer."""
    is_answer = note.kind == "Note" and note.has("name") and note.has("inReplyTo")
    return is_answer and not note.has("content", "contentMap", "attachment")


def _distinct(note: Properties, activity: Properties) -> tuple[Properties, ...]:
    return (note,) if note is activity else (note, activity)


def _exclude(record: str, reason: Reason, detail: str = "") -> ItemResult:
    return ItemResult(Exclusion(record, reason, detail))
