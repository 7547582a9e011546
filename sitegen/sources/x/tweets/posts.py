"""Convert a tweet to a post: its text, references, media and versions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from sitegen.formats.json_fields import unreadable
from sitegen.model import Author, Counts, Elsewhere, Post, Privacy, Version, Visibility
from sitegen.sources.post_parts import extra
from sitegen.sources.x.files.record_types import Note, Tweet, User, id_of, identity
from sitegen.sources.x.files.times import iso
from sitegen.sources.x.tweets.articles import with_article
from sitegen.sources.x.tweets.cards import card_of, poll_of
from sitegen.sources.x.tweets.full_text import media_of, reposted_handle
from sitegen.sources.x.tweets.media import MediaFiles
from sitegen.sources.x.tweets.tweet_text import STATUS, Text, is_cut, read

NETWORK = "x"
# No edit of a post can resolve this, so it is a note on the archive, not a doubt about the post.
NO_ORIGINAL = "retweets whose original the archive does not name"
NO_ORIGINAL_CUT = "retweets that X cut short and whose original the archive does not name"
CUT = "retweets that X cut short"
NO_LANGUAGES = re.compile(r"und|zxx|mul|q[a-z]{2}", re.IGNORECASE)
OLD_LANGUAGES = {"in": "id", "iw": "he", "ji": "yi"}  # BCP 47 has renamed these languages
MAX_COUNT = 1 << 53  # the largest integer that every reader of JSON supports
_CLIENT = re.compile(r"<a\b[^>]*>(.*?)</a>", re.DOTALL)


class FullTweet(Struct, frozen=True):
    """A tweet with its long text, its earlier versions, and its article."""

    id: str
    tweet: Tweet
    note: Note | None = None
    earlier: tuple[tuple[str, Tweet, Note | None], ...] = ()
    article: Text | None = None
    state: Privacy = "public"
    visibility: Visibility | None = None
    url: str | None = None


class ArchiveContext(Struct, frozen=True):
    """What all conversions need: the author, the media files, and the ids of other tweets."""

    author: Author
    files: MediaFiles
    known: frozenset[str]
    last: Mapping[str, str]
    edited: frozenset[str]
    deleted: frozenset[str]


class Conversion(Struct, frozen=True):
    """A post, the oddities of its tweet, and what the archive lacks of its original."""

    post: Post
    oddities: tuple[str, ...]
    lack: str = ""


def post_of(full_tweet: FullTweet, context: ArchiveContext) -> Conversion:
    """Convert a tweet to a post."""
    tweet = full_tweet.tweet
    text = read(tweet, full_tweet.id, full_tweet.note)
    if full_tweet.article:
        text = with_article(text, full_tweet.article)
    reposted = reposted_handle(tweet)
    original = _original(tweet, reposted) if reposted else None
    reply_to = None if reposted else _parent(tweet, context)
    quoted = text.quoted
    quote_of = context.last.get(quoted["id"], quoted["id"]) if quoted else None
    references = (
        _elsewhere(reply_to, _parent_author(tweet, text), context),
        _quoted_elsewhere(quoted, quote_of, context),
        _elsewhere(original, _reposted_author(tweet, reposted) if reposted else Author(), context),
    )
    version_ids = (full_tweet.id, *(version_id for version_id, _, _ in full_tweet.earlier))
    media = context.files.of(media_of(tweet), version_ids)
    first = full_tweet.earlier[0][1] if full_tweet.earlier else tweet
    created_at = iso(first.created_at)
    post = Post(
        full_tweet.id,
        NETWORK,
        text.text,
        created_at=created_at,
        author=context.author,
        reply_to=reply_to,
        repost_of=original,
        quote_of=quote_of,
        facets=text.facets,
        links=text.links,
        mentions=text.mentions,
        tags=text.tags,
        media=media,
        card=card_of(tweet.card, (tweet.entities and tweet.entities.urls) or ()),
        poll=poll_of(tweet.card),
        sensitive=tweet.possibly_sensitive is True,
        langs=_langs(tweet.lang),
        counts=Counts()
        if reposted
        else Counts(_count(tweet.favorite_count), _count(tweet.retweet_count)),
        url=full_tweet.url or address_of(full_tweet.id, context.author.handle),
        edited_at=iso(tweet.created_at) if full_tweet.id in context.edited else None,
        history=tuple(_version(*version) for version in full_tweet.earlier),
        elsewhere=tuple(e for e in references if e),
        visibility=full_tweet.visibility,
        extra=_extra(tweet),
    )
    lack = _lack(original, text.text) if reposted else ""
    return Conversion(post, (*text.oddities, *_oddities(tweet, created_at)), lack)


def address_of(status_id: str, handle: str | None) -> str:
    """Return the address of a status; without a handle X redirects by the id alone."""
    if not handle:
        return f"https://twitter.com/i/status/{status_id}"
    return f"https://x.com/{handle}/status/{status_id}"


def is_empty(post: Post) -> bool:
    """Return whether a post has nothing to show."""
    has_text = post.text.strip() or post.media or post.quote_of or post.repost_of
    return not (has_text or post.poll or post.card)


def _parent(tweet: Tweet, context: ArchiveContext) -> str | None:
    parent = identity(tweet.in_reply_to_status_id_str, tweet.in_reply_to_status_id)
    return context.last.get(parent, parent) if parent else None


def _parent_author(tweet: Tweet, text: Text) -> Author:
    """Return the author of the parent; if the name is missing, the first mention of the text."""
    account = identity(tweet.in_reply_to_user_id_str, tweet.in_reply_to_user_id)
    name = tweet.in_reply_to_screen_name
    mentions = (tweet.entities.user_mentions if tweet.entities else None) or ()
    for mention in mentions:
        if account and identity(mention.id_str) == account:
            return Author(name or mention.screen_name, account, mention.name)
    if account is None and name:
        return _mentioned_author(tweet, name)
    if name is None and account is None and text.facets and text.facets[0].start == 0:
        first = text.facets[0]
        name = first.value if first.kind == "mention" else None
    return Author(name, account)


def _mentioned_author(tweet: Tweet, handle: str) -> Author:
    """Return the account in a mention."""
    for mention in (tweet.entities.user_mentions if tweet.entities else None) or ():
        if mention.screen_name and mention.screen_name.casefold() == handle.casefold():
            return Author(mention.screen_name, identity(mention.id_str), mention.name)
    return Author(handle)


def _reposted_author(tweet: Tweet, handle: str) -> Author:
    """Return the author of a retweet's original: the original itself has priority."""
    named = _mentioned_author(tweet, handle)
    user = (tweet.retweeted_status.user if tweet.retweeted_status else None) or User()
    return Author(
        user.screen_name or named.handle, id_of(user) or named.id, user.name or named.name
    )


def _original(tweet: Tweet, handle: str) -> str | None:
    """Return the id of a retweet's original, if the archive shows it.

    A picture of the original keeps the address of its first tweet.
    """
    if stated := id_of(tweet.retweeted_status):
        return stated
    for medium in media_of(tweet):
        status = STATUS.fullmatch(medium.expanded_url or "")
        if status and status["who"].casefold() == handle.casefold():
            return status["id"]
    return None


def _quoted_elsewhere(
    quoted: re.Match[str] | None, quote_of: str | None, context: ArchiveContext
) -> Elsewhere | None:
    if quoted is None:
        return None
    handle = None if quoted["who"].lower() in ("i", "i/web") else quoted["who"]
    return _elsewhere(quote_of, Author(handle), context, quoted[0])


def _elsewhere(
    status_id: str | None, author: Author, context: ArchiveContext, url: str | None = None
) -> Elsewhere | None:
    if status_id is None or status_id in context.known:
        return None
    state: Literal["deleted"] | None = "deleted" if status_id in context.deleted else None
    return Elsewhere(status_id, url or address_of(status_id, author.handle), author, state)


def _lack(original: str | None, text: str) -> str:
    """Return what the archive lacks of a retweet's original."""
    if original is None:
        return NO_ORIGINAL_CUT if is_cut(text) else NO_ORIGINAL
    return CUT if is_cut(text) else ""


def _version(version_id: str, tweet: Tweet, note: Note | None) -> Version:
    return Version(read(tweet, version_id, note).text, iso(tweet.created_at))


def _langs(lang: str | None) -> tuple[str, ...]:
    if not lang or NO_LANGUAGES.fullmatch(lang):
        return ()
    return (OLD_LANGUAGES.get(lang.lower(), lang),)


def _count(number: int | None) -> int | None:
    return number if number is not None and 0 <= number <= MAX_COUNT else None


def _extra(tweet: Tweet) -> tuple[tuple[str, str], ...]:
    client = _CLIENT.fullmatch(tweet.source or "")
    return extra(
        {
            "community": identity(tweet.community_id_str, tweet.community_id),
            "client": client[1] if client else tweet.source,
        }
    )


def _oddities(tweet: Tweet, created_at: str | None) -> Sequence[str]:
    oddities = []
    if tweet.coordinates or tweet.geo or tweet.place:
        oddities.append("positions left out")
    if created_at is None:
        oddities.append("posts without a readable time")
    for name in ("favorite_count", "retweet_count"):
        number = getattr(tweet, name)
        if number is not None and _count(number) is None:
            oddities.append(unreadable(name))
    return oddities
