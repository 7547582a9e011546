"""Build the listing entry of a thread from its posts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from msgspec.structs import replace

from sitegen import timestamps
from sitegen.content.format.draft import printable, reposted_author, shorten, title_of
from sitegen.content.format.stored import NO_HEADING, Heading, StoredPost
from sitegen.content.identity.derived_id_form import is_derived
from sitegen.content.post_media import media_block
from sitegen.content.post_media.post_files import files_of
from sitegen.languages.direction import html_language
from sitegen.languages.language import DATE_LENGTH, Language
from sitegen.model import NO_COUNTS, Author, Media, MediaKind, Post
from sitegen.selection.collections import CollectionMatch
from sitegen.selection.topics import TopicMatch
from sitegen.site import urls
from sitegen.site.markup import code_blocks
from sitegen.site.markup.references import Reference
from sitegen.site.views import titles
from sitegen.site.views.excerpts import MAX_TITLE, count_line_units, count_units
from sitegen.site.views.insights.received import received
from sitegen.site.views.links import MAX_NAME
from sitegen.site.views.pictures import MAX_ALT, previews
from sitegen.site.views.summary import Entry, PlacedReply, Positioned, Quotation
from sitegen.text.link_hosts import hosts
from sitegen.threads.kinds import Kind, Kinds, answered_author, kinds_of, repeated_handle

UNDATED = float("-inf")


def thread_entry(
    source: str,
    digest: bytes,
    heading: Heading,
    posts: tuple[StoredPost, ...],
    language: Language,
    kinds: Kinds,
    named_media: tuple[str, ...] = (),
    hidden_media: tuple[str, ...] = (),
    hidden: tuple[StoredPost, ...] = (),
    references: tuple[Reference, ...] = (),
    steps: tuple[int, ...] = (),
    page_breaks: tuple[int, ...] = (),
    matches: tuple[CollectionMatch, ...] = (),
    topics: tuple[TopicMatch, ...] = (),
) -> Entry:
    """Build the listing entry of a thread from its visible posts, of which it needs one or more.

    The language decides the day, and how a thread without words is called; `kinds` are those of the
    posts, as `kinds_of` finds them; `steps` are the
    indentations of the posts, `page_breaks` those that begin a page, `matches` those that
    collections may have, and `topics` those that are about topics.
    """
    members = [stored.post for stored in posts]
    root = members[0]
    created_at, moment = _date(heading.date, root)
    own_title = printable(heading.title) if heading.title else title_of(root)
    full_title = titles.translate(own_title, root, language)
    title = shorten(full_title, MAX_TITLE)
    first_words = titles.translate(titles.summary(root), root, language)
    kind, replies, other_posts = kinds
    if kind == "repost":
        full_title, first_words = titles.without_marker(root, full_title, first_words)
        title = shorten(full_title, MAX_TITLE)
    likes, liked = most_liked(members)
    counts = NO_COUNTS if kind == "repost" else root.counts  # those of a repost are the original's
    facts = _facts(members)
    inline = _inline_images(posts)
    shown = previews(members, inline) if facts.media or inline else ()
    is_named = not first_words.startswith(title.removesuffix("…"))
    shown_title, media = title if is_named else "", len(facts.media) + len(inline)
    others = _others(members) if len(members) > 1 else ()
    return Entry(
        source=source,
        network=root.network,
        id=root.id,
        path=urls.post(root.network, root.id),
        title=title,
        created_at=created_at,
        when=timestamps.seconds(moment) if moment else UNDATED,
        day=local_day(moment, language),
        kind=kind,
        replies=tuple([placed_reply(posts[at], at, language) for at in replies]) if replies else (),
        likes=likes,
        liked=liked,
        count=len(members),
        post_ids=tuple([post.id for post in members]),
        former_ids=tuple(_former_ids(members)),
        tag_names=tag_names(heading, members),
        root_author=root.author,
        others=others,
        mentions=tuple(dict.fromkeys(facts.mentions)) if facts.mentions else (),
        hosts=tuple(dict.fromkeys(facts.hosts)) if facts.hosts else (),
        quotes=tuple(facts.quotes),
        media_paths=_media_paths(members, inline) if facts.media or inline or facts.cards else (),
        named_media=named_media,
        hidden_media=hidden_media,
        hidden_ids=tuple([stored.post.id for stored in hidden]),
        previews=tuple([path for path, _ in shown]),
        stated_kinds=_stated_kinds(facts.media) if facts.media else (),
        warnings=heading.warnings,
        names_language=any(
            s.handwritten and code_blocks.names_language(s.handwritten) for s in posts
        ),
        references=references,
        lang=None if titles.has_no_words(own_title, root) else html_language(root.langs),
        quotations=tuple(facts.quotations),
        page_breaks=page_breaks,
        answered=_answered(members, kind, replies) if replies or kind == "reply" else (),
        units=count_units(posts[0]),
        line_units=count_line_units(shown_title, first_words, root.author, media),
        matches=matches,
        times=tuple(map(time_of, members[1:])) if len(members) > 1 else (),
        hour=local_hour(created_at, moment, language),
        received=received(members, others) if facts.has_counts else (),
        topics=topics,
        digest=digest,
        summary=first_words,
        is_named=is_named,
        media=media,
        uncertain=facts.uncertain,
        warning=root.warning and shorten(root.warning, titles.MAX_SUMMARY),
        other=other_author(root, kind),
        long_title=full_title if title != full_title else "",
        steps=steps,
        descriptions=tuple([shorten(alt, MAX_ALT) for _, alt in shown]),
        own_likes=counts.likes or 0,
        own_replies=counts.replies or 0,
        other_posts=other_posts,
    )


def reply_entry(
    entry: Entry, posts: Sequence[StoredPost], position: int, path: str, language: Language
) -> Entry:
    """Build the listing entry of a reply within a thread, whose page is at the site path `path`."""
    stored = posts[position]
    digest = entry.digest + position.to_bytes(4, "big")
    kinds = kinds_of((stored.post,))
    own = thread_entry(entry.source, digest, NO_HEADING, (stored,), language, kinds)
    parents = (each.post.author for each in posts if each.post.id == stored.post.reply_to)
    parent = next(parents, None)
    return replace(own, path=path, kind="reply", other=name_of(parent) if parent else "")


def _answered(posts: Sequence[Post], kind: Kind, replies: tuple[int, ...]) -> Positioned:
    """Return position and handle of the author whom each reply answers, as far as it is known."""
    authors = {post.id: post.author for post in posts}
    answered = []
    for at in (0, *replies) if kind == "reply" else replies:
        author = authors.get(posts[at].reply_to or posts[0].id) or answered_author(posts[at])
        if author and author.handle:
            answered.append((at, author.handle))
    return tuple(answered)


class _ThreadFacts(NamedTuple):
    """Mentions, linked hosts, quotes and media of all posts of a thread, with repetitions.

    `cards` counts the pictures of cards. `has_counts` says that likes or the like are known.
    """

    mentions: list[str]
    hosts: list[str]
    quotes: list[tuple[int, str]]
    quotations: list[Quotation]
    media: list[Media]
    uncertain: bool
    cards: int
    has_counts: bool


def _facts(posts: list[Post]) -> _ThreadFacts:
    mentions: list[str] = []
    linked_hosts: list[str] = []
    quotes: list[tuple[int, str]] = []
    quotations: list[Quotation] = []
    media: list[Media] = []
    uncertain = False
    cards = 0
    has_counts = False
    own = frozenset([post.id for post in posts]) if len(posts) > 1 else ()
    for at, post in enumerate(posts):  # one pass: most posts have none of these
        if post.mentions:
            mentions += post.mentions
        if post.links or post.cut_links or post.card:
            linked_hosts += hosts(post)
            cards += bool(post.card and post.card.picture)
        if post.quote_of:
            quotes.append((at, post.quote_of))
            quotations.append(Quotation(at, post.quote_of, post.author, post.created_at))
        if post.repost_of:
            quotes.append((at, post.repost_of))
        if post.reply_to and post.reply_to not in own:
            quotes.append((at, post.reply_to))
        if post.media:
            media += post.media
        if post.uncertain:
            uncertain = True
        if post.counts is not NO_COUNTS:
            has_counts = True
    return _ThreadFacts(
        mentions=mentions, hosts=linked_hosts, quotes=quotes, quotations=quotations, media=media,
        uncertain=uncertain, cards=cards, has_counts=has_counts,
    )  # fmt: skip


def _former_ids(posts: list[Post]) -> Iterator[tuple[int, str]]:
    """Yield position and derived id of each post that was stored before its real id was known."""
    for at, post in enumerate(posts):
        for other in post.also or ():
            if other.network in (None, post.network) and is_derived(other.id):
                yield at, other.id


def _others(posts: list[Post]) -> tuple[Author, ...]:
    """Return the distinct authors other than the first one, in order of appearance."""
    first = posts[0].author
    authors = [post.author for post in posts if post.author is not first]
    return tuple([author for author in dict.fromkeys(authors) if author != first])


def tag_names(heading: Heading, posts: list[Post]) -> tuple[str, ...]:
    """Return the distinct tags of a thread: those of its front matter, else those of its posts."""
    names = heading.tags
    if names is None:
        names = tuple([name for post in posts for name in post.tags])
    if not names:
        return ()
    spellings = {urls.tag_key(name): name for name in reversed(names) if name.strip()}
    return tuple(reversed(spellings.values()))


def _inline_images(posts: tuple[StoredPost, ...]) -> list[tuple[int, str]]:
    """Return position and path of the pictures in handwritten texts, each once per post."""
    images: list[tuple[int, str]] = []
    for at, stored in enumerate(posts):
        if stored.handwritten and media_block.FOLDER in stored.handwritten:
            paths = dict.fromkeys(media_block.inline_images(stored.handwritten))
            own = {media.path for media in stored.post.media}
            images += [(at, path) for path in paths if path not in own]
    return images


def _media_paths(posts: list[Post], inline: list[tuple[int, str]]) -> Positioned:
    paths = [(at, path) for at, post in enumerate(posts) for path in files_of(post)]
    return tuple(sorted([*paths, *inline], key=itemgetter(0)) if inline else paths)


def _date(date: str | None, root: Post) -> tuple[str | None, datetime | None]:
    """Return the date of the front matter, else that of the first post, as written and parsed."""
    own = timestamps.parse(date)
    if own:
        return date, own
    return root.created_at, timestamps.parse(root.created_at)


def _stated_kinds(media: list[Media]) -> tuple[tuple[str, MediaKind], ...]:
    """Return path and kind of media that are not stated to be what their names say."""
    files = [(m.path, m.kind) for m in media if m.path]
    return tuple([(p, kind) for p, kind in files if media_block.kind_of(p, False) != kind])


def most_liked(posts: Sequence[Post]) -> tuple[int, int]:
    """Return the likes of the most liked post and its position; a repost has none of its own."""
    likes, at = max([(post.counts.likes or 0, -at) for at, post in enumerate(posts)])
    return (0, 0) if posts[-at].repost_of else (likes, -at)


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
