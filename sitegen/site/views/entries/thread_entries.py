"""Build the listing entry of a thread from its posts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from sitegen import timestamps
from sitegen.content.format.draft import printable, reposted_author, shorten
from sitegen.content.format.stored import NO_HEADING, Heading, StoredPost
from sitegen.languages.direction import html_language
from sitegen.languages.language import DATE_LENGTH, Language
from sitegen.model import NO_COUNTS, Author, Post
from sitegen.selection.collections import CollectionMatch
from sitegen.selection.topics import TopicMatch
from sitegen.site import urls
from sitegen.site.markup import code_blocks
from sitegen.site.markup.references import Reference
from sitegen.site.views import titles
from sitegen.site.views.entries.thread_facts import (
    answered_handles,
    copies_of_posts,
    facts_of,
    former_ids,
    most_liked,
    other_authors,
    placed_copies,
    placed_tags,
    tag_names,
)
from sitegen.site.views.entries.thread_media import media_of
from sitegen.site.views.entries.thread_titles import thread_titles
from sitegen.site.views.excerpts import count_line_units, count_units
from sitegen.site.views.insights.received import received
from sitegen.site.views.links import MAX_NAME
from sitegen.site.views.pictures import shows_media
from sitegen.site.views.summary import Entry, PlacedReply
from sitegen.threads.kinds import Kind, Kinds, answered_author, kinds_of, repeated_handle

UNDATED = float("-inf")


class ParsedThread(NamedTuple):
    """A thread as its file has it, with what was found while it was read.

    `posts` are those that are shown, in reading order, one or more. `kinds` are theirs, as
    `kinds_of` finds them. `digest` is that of the file and of the counts. `steps` are the
    indentations of the posts, and `page_breaks` those that begin a page. `named_media` are media
    that texts refer to, and `hidden_media` those of the `hidden` posts. `matches` are the posts
    that collections may have, and `topics` those about topics.
    """

    source: str
    digest: bytes
    heading: Heading
    posts: tuple[StoredPost, ...]
    kinds: Kinds
    hidden: tuple[StoredPost, ...] = ()
    steps: tuple[int, ...] = ()
    page_breaks: tuple[int, ...] = ()
    references: tuple[Reference, ...] = ()
    named_media: tuple[str, ...] = ()
    hidden_media: tuple[str, ...] = ()
    matches: tuple[CollectionMatch, ...] = ()
    topics: tuple[TopicMatch, ...] = ()


def thread_entry(thread: ParsedThread, language: Language) -> Entry:
    """Build the listing entry of a thread.

    The language decides the day, and how a thread without words is called.
    """
    posts, kinds = thread.posts, thread.kinds
    members = [stored.post for stored in posts]
    root = members[0]
    created_at, moment = _date(thread.heading.date, root)
    named = thread_titles(thread.heading.title, root, kinds.root, language)
    likes, liked = most_liked(members)
    facts = facts_of(members)
    media = media_of(posts, members, facts)
    others = other_authors(members)
    # The counts of a repost are those of the original.
    counts = NO_COUNTS if kinds.root == "repost" else root.counts
    tags = tag_names(thread.heading, members)
    return Entry(
        source=thread.source,
        network=root.network,
        id=root.id,
        path=urls.post(root.network, root.id),
        title=named.title,
        created_at=created_at,
        when=timestamps.seconds(moment) if moment else UNDATED,
        day=local_day(moment, language),
        kind=kinds.root,
        replies=tuple([placed_reply(posts[at], at, language) for at in kinds.replies]),
        likes=likes,
        liked=liked,
        count=len(members),
        post_ids=tuple([post.id for post in members]),
        former_ids=tuple(former_ids(members)),
        tag_names=tags,
        root_author=root.author,
        others=others,
        mentions=tuple(dict.fromkeys(facts.mentions)),
        hosts=tuple(dict.fromkeys([host for _, host in facts.hosts])),
        quotes=tuple(facts.quotes),
        media_paths=media.paths,
        named_media=thread.named_media,
        hidden_media=thread.hidden_media,
        hidden_ids=tuple([stored.post.id for stored in thread.hidden]),
        copies_of_hidden=copies_of_posts([stored.post for stored in thread.hidden]),
        previews=media.previews,
        stated_kinds=media.stated_kinds,
        warnings=thread.heading.warnings,
        names_language=_names_language(posts),
        references=thread.references,
        lang=named.lang,
        quotations=tuple(facts.quotations),
        page_breaks=thread.page_breaks,
        answered=answered_handles(members, kinds),
        units=count_units(posts[0]),
        line_units=count_line_units(named.shown, named.summary, root.author, media.number),
        matches=thread.matches,
        times=tuple(map(time_of, members[1:])),
        hour=local_hour(created_at, moment, language),
        received=received(members, others) if facts.has_counts else (),
        topics=thread.topics,
        copies=tuple(placed_copies(members)),
        placed_hosts=tuple(facts.hosts) if kinds.other_posts else (),
        placed_tags=placed_tags(members, tags) if kinds.other_posts and tags else (),
        other_posts=kinds.other_posts,
        folded=tuple([at for at, post in enumerate(members) if not shows_media(post)]),
        digest=thread.digest,
        summary=named.summary,
        is_named=bool(named.shown),
        media=media.number,
        uncertain=facts.uncertain,
        warning=root.warning and shorten(root.warning, titles.MAX_SUMMARY),
        other=other_author(root, kinds.root),
        long_title=named.long_title,
        steps=thread.steps,
        descriptions=media.descriptions,
        own_likes=counts.likes or 0,
        own_replies=counts.replies or 0,
    )


def reply_entry(
    entry: Entry, posts: Sequence[StoredPost], position: int, path: str, language: Language
) -> Entry:
    """Build the listing entry of a reply within a thread, whose page is at the site path `path`."""
    stored = posts[position]
    digest = entry.digest + position.to_bytes(4, "big")
    kinds = kinds_of((stored.post,))
    own = thread_entry(ParsedThread(entry.source, digest, NO_HEADING, (stored,), kinds), language)
    parents = (each.post.author for each in posts if each.post.id == stored.post.reply_to)
    parent = next(parents, None)
    return replace(own, path=path, kind="reply", other=name_of(parent) if parent else "")


def _names_language(posts: tuple[StoredPost, ...]) -> bool:
    """Tell whether a text may have code in a language that it names."""
    return any(s.handwritten and code_blocks.names_language(s.handwritten) for s in posts)


def _date(date: str | None, root: Post) -> tuple[str | None, datetime | None]:
    """Return the date of the front matter, else that of the first post, as written and parsed."""
    own = timestamps.parse(date)
    if own:
        return date, own
    return root.created_at, timestamps.parse(root.created_at)


def local_hour(iso: str | None, moment: datetime | None, language: Language) -> int | None:
    """Return the hour of a time on the clock of the site; None where only the day is known."""
    return language.at(moment).hour if moment and len(iso or "") > DATE_LENGTH else None


def local_day(moment: datetime | None, language: Language) -> str | None:
    """Return the day of a time on the clock of the site, "2025-09-15"."""
    return language.at(moment).date().isoformat() if moment else None


def placed_reply(stored: StoredPost, position: int, language: Language) -> PlacedReply:
    """Return the place of a reply within a thread."""
    post = stored.post
    moment = timestamps.parse(post.created_at)
    words = post.text[: titles.MAX_SUMMARY]
    line_units = count_line_units("", words, post.author, len(post.media))
    return PlacedReply(
        position, time_of(post), local_day(moment, language), post.author, count_units(stored),
        line_units, local_hour(post.created_at, moment, language), html_language(post.langs),
    )  # fmt: skip


def time_of(post: Post) -> float:
    """Return the time of a post in seconds since 1970, UNDATED if it is not known."""
    moment = timestamps.parse(post.created_at)
    return timestamps.seconds(moment) if moment else UNDATED


def other_author(post: Post, kind: Kind) -> str:
    """Return how the author whom a post answers or repeats is called, "" if not known."""
    if kind == "repost":
        handle = repeated_handle(post)
        return f"@{handle}" if handle else reposted_author(post)
    author = answered_author(post) if kind == "reply" else None
    return name_of(author) if author else ""


def name_of(author: Author) -> str:
    """Return an author's handle with "@", else the name, "" if neither is known."""
    who = f"@{author.handle}" if author.handle else author.name or ""
    return shorten(printable(who), MAX_NAME)
