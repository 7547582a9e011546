"""From a thread's posts to its line in the listings, and to their views on a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain, repeat
from operator import itemgetter
from typing import NamedTuple

from msgspec.structs import replace

from sitegen import timestamps
from sitegen.config.schema import Build
from sitegen.config.validation import is_language
from sitegen.content.format.draft import printable, shorten, title_of
from sitegen.content.format.stored import Heading, StoredPost
from sitegen.content.identity.derived_ids import is_derived
from sitegen.content.post_media import media_block
from sitegen.model import Author, Media, MediaKind, Post
from sitegen.site import urls
from sitegen.site.views import thread_pages
from sitegen.site.views.links import Writer, writer
from sitegen.site.views.related import NOTHING, Related
from sitegen.site.views.summary import Entry, Part, Placed
from sitegen.site.views.template_values import PostView

SUMMARY_LENGTH = 200
MAX_TITLE = 300  # characters of a title on other pages than the thread's own
UNDATED = float("-inf")


def entry(
    source: str,
    digest: bytes,
    heading: Heading,
    posts: tuple[StoredPost, ...],
    named_media: tuple[str, ...] = (),
    hidden_media: tuple[str, ...] = (),
    hidden_ids: tuple[str, ...] = (),
) -> Entry:
    """Make the entry of a thread from the posts that are shown (at least one)."""
    members = [stored.post for stored in posts]
    root = members[0]
    created_at, moment = _date(heading.date, root)
    whole_title = printable(heading.title) if heading.title else title_of(root)
    shown_title = shorten(whole_title, MAX_TITLE)
    shown_summary = summary(root)
    facts = _facts(members)
    inline = _inline_images(posts)
    return Entry(
        source=source,
        network=root.network,
        id=root.id,
        path=urls.post(root.network, root.id),
        title=shown_title,
        created_at=created_at,
        when=timestamps.seconds(moment) if moment else UNDATED,
        month=f"{moment.year:04}-{moment.month:02}" if moment else None,
        count=len(members),
        post_ids=tuple([post.id for post in members]),
        former_ids=tuple(_former_ids(members)),
        tag_names=tag_names(heading, members),
        root_author=root.author,
        others=_others(members) if len(members) > 1 else (),
        mentions=tuple(dict.fromkeys(facts.mentions)) if facts.mentions else (),
        hosts=tuple(dict.fromkeys(facts.hosts)) if facts.hosts else (),
        quotes=tuple(facts.quotes),
        media_paths=_media_paths(members, inline) if facts.media or inline else (),
        named_media=named_media,
        hidden_media=hidden_media,
        hidden_ids=hidden_ids,
        image=_image(members, inline) if facts.media or inline else None,
        warnings=heading.warnings,
        digest=digest,
        summary=shown_summary,
        is_named=not shown_summary.startswith(shown_title.removesuffix("…")),
        media=len(facts.media) + len(inline),
        lang=language(root),
        uncertain=facts.uncertain,
        warning=root.warning and shorten(root.warning, SUMMARY_LENGTH),
        is_repost=root.repost_of is not None and bool(root.text),
        long_title=whole_title if shown_title != whole_title else "",
    )


class _ThreadFacts(NamedTuple):
    """What a thread's posts speak of and show, in their order, doubles included."""

    mentions: list[str]
    hosts: list[str]
    quotes: list[tuple[int, str]]
    media: list[Media]
    uncertain: bool


def _facts(posts: list[Post]) -> _ThreadFacts:
    mentions: list[str] = []
    linked: list[str] = []
    quotes: list[tuple[int, str]] = []
    media: list[Media] = []
    uncertain = False
    own = frozenset([post.id for post in posts]) if len(posts) > 1 else ()
    for at, post in enumerate(posts):  # once for all: most of very many posts speak of nothing
        if post.mentions:
            mentions += post.mentions
        if post.links or post.cut_links or post.card:
            linked += hosts(post)
        if post.quote_of:
            quotes.append((at, post.quote_of))
        if post.repost_of:
            quotes.append((at, post.repost_of))
        if post.reply_to and post.reply_to not in own:
            quotes.append((at, post.reply_to))
        if post.media:
            media += post.media
        if post.uncertain:
            uncertain = True
    return _ThreadFacts(
        mentions=mentions, hosts=linked, quotes=quotes, media=media, uncertain=uncertain
    )


def _former_ids(posts: list[Post]) -> Iterator[tuple[int, str]]:
    """Go through the ids that posts had before their own were known, with their places."""
    for at, post in enumerate(posts):
        for other in post.also or ():
            if other.network in (None, post.network) and is_derived(other.id):
                yield at, other.id


def _others(posts: list[Post]) -> tuple[Author, ...]:
    """Return who wrote besides the first author, each once."""
    first = posts[0].author
    authors = [post.author for post in posts if post.author is not first]
    return (
        tuple([author for author in dict.fromkeys(authors) if author != first]) if authors else ()
    )


def tag_names(heading: Heading, posts: list[Post]) -> tuple[str, ...]:
    """Return the thread's tags: those of its front matter, else its posts'; each once."""
    names = heading.tags
    if names is None:
        names = tuple([name for post in posts for name in post.tags])
    if not names:
        return ()
    first = {urls.tag_key(name): name for name in reversed(names) if name.strip()}
    return tuple(reversed(first.values()))


def language(post: Post) -> str | None:
    """Return the language of a post as HTML names it; None where its source has no such name."""
    first = post.langs[0].replace("_", "-") if post.langs else ""
    return first if first and is_language(first) else None


def _inline_images(posts: tuple[StoredPost, ...]) -> list[tuple[int, str]]:
    """Return the pictures within the texts of persons, each once a post."""
    found: list[tuple[int, str]] = []
    for at, stored in enumerate(posts):
        if stored.handwritten and media_block.FOLDER in stored.handwritten:
            paths = dict.fromkeys(media_block.inline_images(stored.handwritten))
            own = {media.path for media in stored.post.media}
            found += [(at, path) for path in paths if path not in own]
    return found


def _media_paths(posts: list[Post], inline: list[tuple[int, str]]) -> Placed:
    paths = [(at, m.path) for at, post in enumerate(posts) for m in post.media if m.path]
    return tuple(sorted([*paths, *inline], key=itemgetter(0)) if inline else paths)


def _date(date: str | None, root: Post) -> tuple[str | None, datetime | None]:
    """Return the thread's date: its own where it has one, else that of its first post."""
    own = timestamps.parse(date)
    if own:
        return date, own
    return root.created_at, timestamps.parse(root.created_at)


def _image(posts: list[Post], inline: list[tuple[int, str]]) -> str | None:
    """Return the picture that may represent the thread where it is linked to."""
    open_media = (m for post in posts if not post.warning for m in post.media)
    of_media = (m.path for m in open_media if m.kind == "image" and m.path)
    return next(chain(of_media, (path for at, path in inline if not posts[at].warning)), None)


def hosts(post: Post) -> tuple[str, ...]:
    """Return the hosts that a post leads to, also where only a display of a link is left."""
    addresses = [*post.links, *post.cut_links]
    if post.card and post.card.url:
        addresses.append(post.card.url)
    return tuple(host for link in addresses if (host := urls.host_of(link)))


def summary(post: Post) -> str:
    """Return the beginning of what a post says, as one line; or its warning."""
    text = post.warning or post.text
    words = _words(text[: 2 * SUMMARY_LENGTH])
    if len(words) <= SUMMARY_LENGTH:  # else what follows makes no difference
        words = _words(text)
    return shorten(words, SUMMARY_LENGTH) if words else title_of(post)


def _words(text: str) -> str:
    """Return a text as one line that any page can hold."""
    line = text.replace("\n", " ")
    if not line.isprintable():
        return " ".join(printable(text).split())
    return " ".join(line.split()) if "  " in line else line.strip(" ")


def post_views(
    entry: Entry,
    part: Part,
    posts: tuple[StoredPost, ...],
    relations: Iterable[Related] | None,
    keys: frozenset[str],
    build: Build,
) -> tuple[PostView, ...]:
    """Return the posts of a part of a thread as a page shows them.

    `relations` has for each what it is related to; None where that is nothing. `keys` are those of
    the thread's tags.
    """
    if part.missing:
        missing = frozenset(part.missing)
        posts = tuple([_without_files(stored, missing) for stored in posts])
    if part.published:
        names = {path: (name, kind) for path, name, kind in part.published}
        posts = tuple([_as_published(stored, names) for stored in posts])
    if not part.start and posts:
        posts = (_dated(posts[0], entry), *posts[1:])
    views = []
    author = by = None
    related = zip(posts, relations or repeat(NOTHING), strict=False)
    for at, (stored, others) in enumerate(related, part.start):
        if by is None or stored.post.author is not author:
            author = stored.post.author
            by = writer(entry.network, author)
        anchor = urls.anchor(stored.post.id)
        path = thread_pages.anchored(entry, at, anchor, build)
        views.append(post_view(stored, at + 1, path, anchor, by, others, keys))
    if part.pictures:
        pictures = {picture.path: picture for picture in part.pictures}
        views = [replace(v, pictures=pictures) if v.post.media else v for v in views]
    return tuple(views)


def _dated(root: StoredPost, entry: Entry) -> StoredPost:
    """Return a thread's first post with the date that a person gave the thread, if one did."""
    written, own = root.post.created_at, entry.created_at
    if own == written or timestamps.instant(own) == timestamps.instant(written):
        return root
    return replace(root, post=replace(root.post, created_at=own))


def _without_files(stored: StoredPost, missing: frozenset[str]) -> StoredPost:
    """Return a post whose missing media are only described."""
    media = tuple(
        replace(m, path=None, origin=m.origin or m.path) if m.path in missing else m
        for m in stored.post.media
    )
    words = stored.handwritten and media_block.describe_images(stored.handwritten, missing)
    return replace(stored, post=replace(stored.post, media=media), handwritten=words)


def _as_published(stored: StoredPost, names: Mapping[str, tuple[str, MediaKind]]) -> StoredPost:
    """Return a post whose media have the names that they have on the site."""
    media = []
    for m in stored.post.media:
        path, kind = names.get(m.path or "", (m.path, m.kind))
        media.append(m if path == m.path else replace(m, path=path, kind=kind))
    return replace(stored, post=replace(stored.post, media=tuple(media)))


def post_view(
    stored: StoredPost,
    position: int,
    path: str,
    anchor: str,
    author: Writer,
    others: Related,
    tag_keys: frozenset[str],
) -> PostView:
    """Return one post as a page shows it."""
    post = stored.post
    return PostView(
        post=post,
        handwritten=stored.handwritten,
        path=path,
        anchor=anchor,
        author=author,
        quote=others.quote,
        html_lang=language(post),
        position=position,
        tag_keys=tag_keys,
        parent=others.parent,
        repost=others.repost,
    )
