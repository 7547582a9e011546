"""Gather what the posts of a thread name: accounts, sites, other posts, tags, and their likes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sitegen.content.format.stored import Heading
from sitegen.content.identity.derived_id_form import is_derived
from sitegen.model import NO_COUNTS, Author, Media, Post
from sitegen.site import urls
from sitegen.site.views.summary import Positioned, Quotation
from sitegen.text.link_hosts import hosts
from sitegen.threads import copies_of
from sitegen.threads.kinds import Kinds, answered_author


class EntryFacts(NamedTuple):
    """Mentions, linked hosts, quotes and media of all posts of a thread, with repetitions.

    `cards` counts the pictures of cards. `has_counts` says that likes or the like are known.
    """

    mentions: list[str]
    hosts: list[tuple[int, str]]
    quotes: list[tuple[int, str]]
    quotations: list[Quotation]
    media: list[Media]
    uncertain: bool
    cards: int
    has_counts: bool


def facts_of(posts: Sequence[Post]) -> EntryFacts:
    """Gather the facts about the posts of a thread."""
    mentions: list[str] = []
    linked_hosts: list[tuple[int, str]] = []
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
            linked_hosts += [(at, host) for host in hosts(post)]
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
    return EntryFacts(
        mentions=mentions, hosts=linked_hosts, quotes=quotes, quotations=quotations, media=media,
        uncertain=uncertain, cards=cards, has_counts=has_counts,
    )  # fmt: skip


def answered_handles(posts: Sequence[Post], kinds: Kinds) -> Positioned:
    """Return position and handle of the author whom each reply answers, as far as it is known."""
    positions = (0, *kinds.replies) if kinds.root == "reply" else kinds.replies
    if not positions:
        return ()
    authors = {post.id: post.author for post in posts}
    answered = []
    for at in positions:
        author = authors.get(posts[at].reply_to or posts[0].id) or answered_author(posts[at])
        if author and author.handle:
            answered.append((at, author.handle))
    return tuple(answered)


def former_ids(posts: Sequence[Post]) -> Iterator[tuple[int, str]]:
    """Yield position and derived id of each post that was stored before its real id was known."""
    for at, post in enumerate(posts):
        for other in post.also or ():
            if other.network in (None, post.network) and is_derived(other.id):
                yield at, other.id


def placed_tags(posts: Sequence[Post], names: tuple[str, ...]) -> Positioned:
    """Return the tags of a thread with their posts; a tag that no post has is the first one's."""
    keys = {urls.tag_key(name): name for name in names}
    own = [(at, urls.tag_key(tag)) for at, post in enumerate(posts) for tag in post.tags]
    found = dict.fromkeys([(at, keys[key]) for at, key in own if key in keys])
    missing = keys.keys() - {key for _, key in own}
    return (*found, *[(0, name) for name in names if urls.tag_key(name) in missing])


def placed_copies(posts: Sequence[Post]) -> Iterator[tuple[int, str, str]]:
    """Yield position of each post that is elsewhere, too, with network and id of the copy."""
    for at, post in enumerate(posts):
        if post.also:
            yield from ((at, network, identity) for network, identity in copies_of(post))


def copies_of_posts(posts: Sequence[Post]) -> tuple[tuple[str, str], ...]:
    """Return network and id of the copies of posts."""
    return tuple([copy for post in posts for copy in copies_of(post)])


def other_authors(posts: Sequence[Post]) -> tuple[Author, ...]:
    """Return the distinct authors other than the first one, in order of appearance."""
    if len(posts) == 1:
        return ()
    first = posts[0].author
    authors = [post.author for post in posts if post.author is not first]
    return tuple([author for author in dict.fromkeys(authors) if author != first])


def tag_names(heading: Heading, posts: Sequence[Post]) -> tuple[str, ...]:
    """Return the distinct tags of a thread: those of its front matter, else those of its posts."""
    names = heading.tags
    if names is None:
        names = tuple([name for post in posts for name in post.tags])
    if not names:
        return ()
    spellings = {urls.tag_key(name): name for name in reversed(names) if name.strip()}
    return tuple(reversed(spellings.values()))


def most_liked(posts: Sequence[Post]) -> tuple[int, int]:
    """Return the likes of the most liked post and its position; a repost has none of its own."""
    likes, at = max([(post.counts.likes or 0, -at) for at, post in enumerate(posts)])
    return (0, 0) if posts[-at].repost_of else (likes, -at)
