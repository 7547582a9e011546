"""Convert records of posts and reposts: `app.bsky.feed.post` and `app.bsky.feed.repost`.

https://github.com/bluesky-social/atproto/tree/main/lexicons/app/bsky/feed. No field can be relied
on to have its type; only a record without anything to show is not a post.
"""

from __future__ import annotations

import json
from collections.abc import Container

from msgspec import Struct
from msgspec.structs import replace

from sitegen import timestamps
from sitegen.formats import json_text
from sitegen.model import Author, Counts, Elsewhere, Json, Post
from sitegen.sources import at_uris, stated_visibility
from sitegen.sources.at_uris import NETWORK, Address
from sitegen.sources.bluesky.records import embeds
from sitegen.sources.bluesky.records.labels import labels
from sitegen.sources.bluesky.records.record_fields import RecordFields
from sitegen.sources.bluesky.records.rich_text import RichText, rich_text

FROM_KEY = "the source has no time for it; this one is of the record's key"
FROM_SERVER = "the source has no time for it; this one is when the server saw it"
# RecordFields of every post; with no others, there is nothing more to look for.
_PLAIN = frozenset(("$type", "text", "createdAt", "langs"))
_KNOWN = _PLAIN | {"reply", "embed", "facets", "entities", "tags", "labels"}


class Account(Struct, frozen=True):
    """The account whose records are read, and the CIDs of the files that are available."""

    author: Author
    blobs: Container[str] = ()

    @property
    def name(self) -> str:
        """Return the account's name in public addresses."""
        return self.author.handle or self.author.id or ""

    @property
    def did(self) -> str:
        """Return the account's name in the ids of posts."""
        return self.author.id or self.author.handle or ""


class ParsedPost(Struct, frozen=True):
    """A post, the root of its thread according to the record, and whether it must be hidden.

    `root_account` is the author of the root.
    """

    post: Post
    root: str | None = None
    is_hidden: bool = False
    root_account: str | None = None

    def with_qualified_ids(self, keys: Container[str]) -> ParsedPost:
        """Return the post with the account's name added to each id that is one of the keys."""
        post = self.post
        accounts = {e.id: e.author.id or e.author.handle for e in post.elsewhere}

        def qualify(key: str | None, account: str | None) -> str | None:
            return f"{key}@{account}" if key in keys and account else key

        def qualify_reference(key: str | None) -> str | None:
            return qualify(key, accounts.get(key or "", post.author.id))

        renamed = replace(
            post,
            id=qualify(post.id, post.author.id or post.author.handle) or post.id,
            reply_to=qualify_reference(post.reply_to),
            quote_of=qualify_reference(post.quote_of),
            repost_of=qualify_reference(post.repost_of),
            elsewhere=tuple(
                [replace(e, id=qualify_reference(e.id) or e.id) for e in post.elsewhere]
            ),
        )
        return replace(self, post=renamed, root=qualify(self.root, self.root_account))


def parse_post(
    record: RecordFields, key: str, account: Account, view: RecordFields | None = None
) -> ParsedPost | None:
    """Convert the record of a post; return None if there is nothing to show.

    `view` is the API's view of it. Other posts that it refers to are listed in `elsewhere`.
    """
    text = record.optional("text")
    if text is None and "embed" not in record:
        return None
    created_at, doubts = _time(record, key, view)
    plain = Post(
        id=at_uris.post_id(account.did, key),
        network=NETWORK,
        text=text or "",
        created_at=created_at,
        author=account.author,
        langs=record.texts("langs"),
        url=at_uris.post_url(account.name, key),
        uncertain=doubts,
    )
    if view is None and _PLAIN.issuperset(record.values):
        return ParsedPost(plain)
    return _full_post(plain, record, account, view or RecordFields({}, record.oddities))


def _full_post(
    plain: Post, record: RecordFields, account: Account, view: RecordFields
) -> ParsedPost:
    """Add the fields that only some posts have: rich text, reply, embed, labels, tags."""
    text_links = rich_text(record, plain.text)
    embed = embeds.read_embed(record, view.record("embed"), account.blobs)
    reply = record.record("reply")
    parent = _reference(reply, "parent")
    root = _reference(reply, "root") or parent
    own_labels = labels(record, view)
    full_post = replace(
        plain,
        reply_to=parent and parent.post_id,
        quote_of=embed.quote and embed.quote.id,
        facets=text_links.facets,
        links=tuple(dict.fromkeys((*text_links.values("link"), *embed.links))),
        mentions=text_links.values("mention"),
        tags=tuple(dict.fromkeys((*text_links.values("tag"), *filter(None, record.texts("tags"))))),
        media=embed.media,
        card=embed.card,
        warning=own_labels.warning,
        counts=_counts(view) if view.values else plain.counts,
        elsewhere=_elsewhere(parent, embed.quote),
        extra=extra(_unknown_fields(record, text_links) | embed.more),
    )
    is_hidden = own_labels.is_hidden or _is_restricted(record)
    if root is None or parent is None:
        return ParsedPost(full_post, None, is_hidden)
    return ParsedPost(full_post, root.post_id, is_hidden, root.account)


def _is_restricted(record: RecordFields) -> bool:
    """Return whether a field that is not Bluesky's restricts who sees a post."""
    return any(
        word not in stated_visibility.OPEN for word in stated_visibility.words(record.values)
    )


def parse_repost(record: RecordFields, key: str, account: Account) -> ParsedPost | None:
    """Convert the record of a repost; return None if it does not name a post."""
    subject = _reference(record, "subject")
    if subject is None or subject.collection != at_uris.POST:
        return None
    created_at, doubts = _time(record, key, None)
    identity = at_uris.post_id(account.did, key)
    return ParsedPost(
        make_repost(identity, account.author, _reference_to(subject), created_at, doubts)
    )


def make_repost(
    identity: str,
    by: Author,
    of: Elsewhere,
    created_at: str | None,
    uncertain: tuple[str, ...] = (),
) -> Post:
    """Return a repost without the text of the original."""
    return Post(
        id=identity,
        network=NETWORK,
        text="",
        created_at=created_at,
        author=by,
        repost_of=of.id,
        uncertain=uncertain,
        elsewhere=(of,),
    )


def copy_content(repost: Post, original: Post) -> Post:
    """Copy the content of the original to a repost."""
    names = ("text", "facets", "links", "mentions", "tags", "media", "card", "warning", "langs")
    return replace(repost, **{name: getattr(original, name) for name in names})


def extra(more: dict[str, Json]) -> tuple[tuple[str, str], ...]:
    """Return fields outside the schema as the extra of a post, under its network's name."""
    return ((NETWORK, json_text.readable(more)),) if more else ()


def add_extra(post: Post, more: dict[str, Json]) -> Post:
    """Add fields outside the schema to a post."""
    known: dict[str, Json] = {}
    for _, text in post.extra:
        known |= json.loads(text)
    return replace(post, extra=extra(known | more))


def _unknown_fields(record: RecordFields, text_links: RichText) -> dict[str, Json]:
    """Return the DIDs of mentioned accounts and the record's unknown fields."""
    more: dict[str, Json] = {}
    if text_links.accounts:
        more["mentioned"] = dict(text_links.accounts)
    if not _KNOWN.issuperset(record.values):
        unknown = [key for key in record.values if key not in _KNOWN]
        more["fields"] = dict(record.raw(unknown))
    return more


def _time(
    record: RecordFields, key: str, view: RecordFields | None
) -> tuple[str | None, tuple[str, ...]]:
    """Return the stated time of a post; otherwise that of its key or the server."""
    claimed = record.text("createdAt")
    if claimed and timestamps.parse(claimed):
        return claimed, ()
    record.oddities["posts without a time of their own"] += 1
    if from_key := at_uris.tid_time(key):
        return from_key, (FROM_KEY,)
    seen = view.text("indexedAt") if view else None
    return (seen, (FROM_SERVER,)) if seen and timestamps.parse(seen) else (None, ())


def _reference(fields: RecordFields, key: str) -> Address | None:
    """Return the address of another record (`com.atproto.repo.strongRef`)."""
    uri = fields.record(key).text("uri")
    target = at_uris.address(uri)
    if target is None and (uri or key in fields):
        fields.oddities[f'"{key}" without an address left out'] += 1
    return target


def _elsewhere(parent: Address | None, quote: Elsewhere | None) -> tuple[Elsewhere, ...]:
    references = [_reference_to(parent)] if parent else []
    if quote and not (references and quote.id == references[0].id):
        references.append(quote)
    return tuple(references)


def _reference_to(target: Address) -> Elsewhere:
    return Elsewhere(target.post_id, target.url, target.author)


def _counts(view: RecordFields) -> Counts:
    return Counts(
        view.count("likeCount"),
        view.count("repostCount"),
        view.count("replyCount"),
        view.count("quoteCount"),
    )
