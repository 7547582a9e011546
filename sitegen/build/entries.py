"""From a thread's file to its line in the listings, and to its view on a page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from msgspec.structs import replace

from sitegen import moments
from sitegen.build import sections, urls
from sitegen.build.values import Entry, Part, Placed, PostView, Quoted, Tag, ThreadView, Writer
from sitegen.config import Build
from sitegen.content.draft import Parts, digest, printable, shortened, title_of
from sitegen.content.hiding import is_hidden
from sitegen.content.thread_file import StoredPost, ThreadFile
from sitegen.model import Author, Json, Post

SUMMARY_LENGTH = 200
UNDATED = float("-inf")
NOBODY = Writer(None, None, None)


def digest_of(data: bytes) -> str:
    """Return the fingerprint of a file."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def shown(file: ThreadFile, posts: tuple[StoredPost, ...]) -> tuple[StoredPost, ...]:
    """Return the posts that readers may see: none of a hidden thread."""
    if is_hidden(file.fields, file.path):
        return ()
    if any(stored.hidden for stored in posts):
        return tuple([stored for stored in posts if not stored.hidden])
    return posts


def entry(
    source: str,
    digest: str,
    file: ThreadFile,
    posts: tuple[StoredPost, ...],
    hidden_media: tuple[str, ...] = (),
) -> Entry:
    """Make the entry of a thread from the posts that are shown (at least one)."""
    members = [stored.post for stored in posts]
    root = members[0]
    fields = _spoken(file, members)
    created_at, moment = _date(fields.get("date"), root)
    title = _title(fields.get("title"), file)
    shown_title = printable(title) if title else title_of(root)
    shown_summary = summary(root)
    media = [medium for post in members for medium in post.media]
    return Entry(
        source=source,
        network=root.network,
        id=root.id,
        path=urls.post(root.network, root.id),
        title=shown_title,
        created_at=created_at,
        when=moments.seconds(moment) if moment else UNDATED,
        month=f"{moment.year:04}-{moment.month:02}" if moment else None,
        count=len(members),
        post_ids=tuple([post.id for post in members]),
        tags=tags(file, fields, members),
        root_author=root.author,
        authors=tuple(dict.fromkeys([post.author for post in members])),
        mentions=tuple(dict.fromkeys([m for post in members for m in post.mentions])),
        hosts=tuple(dict.fromkeys([h for post in members for h in hosts(post)])),
        quotes=tuple([(at, post.quote_of) for at, post in enumerate(members) if post.quote_of]),
        media_paths=_media_paths(members) if media else (),
        hidden_media=hidden_media,
        image=_image(members) if media else None,
        digest=digest,
        summary=shown_summary,
        author=writer(root.network, root.author),
        is_named=not shown_summary.startswith(shown_title.removesuffix("…")),
        media=len(media),
        lang=root.langs[0] if root.langs else None,
        uncertain=any(post.uncertain for post in members),
        warning=root.warning,
    )


def tags(file: ThreadFile, fields: Parts, posts: list[Post]) -> tuple[Tag, ...]:
    """Return the thread's tags: the list in its front matter, else its posts'.

    Raises ContentError for what is no list of words.
    """
    listed = fields.get("tags")
    if isinstance(listed, str):
        listed = [*listed.split(",")]
    if isinstance(listed, list) and not any(isinstance(name, list | dict) for name in listed):
        names = [str(name).strip() for name in listed if name is not None]
    elif listed is not None:
        raise file.wrong("tags", '"tags" must be a list of words')
    elif fields is file.fields and '"tags"' in file.head and file.written.get("tags"):
        names = []  # a person deleted the line
    else:
        names = [name for post in posts for name in post.tags]
    first = {urls.tag_key(name): name for name in reversed(names) if name.strip()}
    return tuple(_tag(name) for name in reversed(first.values()))


def _spoken(file: ThreadFile, shown: list[Post]) -> Parts:
    """Return the front matter that may speak for the thread.

    Where posts are hidden, only what a person wrote may: the rest was made of those posts too.
    """
    if len(shown) == len(file.records):
        return file.fields
    written = file.written
    return {k: v for k, v in file.fields.items() if written.get(k) != digest(v)}


def _media_paths(posts: list[Post]) -> Placed:
    return tuple([(at, m.path) for at, post in enumerate(posts) for m in post.media if m.path])


def _date(date: Json, root: Post) -> tuple[str | None, datetime | None]:
    """Return the thread's date: its own where it has one, else that of its first post."""
    own = moments.parse(date) if isinstance(date, str) else None
    if own and isinstance(date, str):
        return date, own
    return root.created_at, moments.parse(root.created_at)


def _title(title: Json, file: ThreadFile) -> str:
    if title is None or isinstance(title, str):
        return title or ""
    if isinstance(title, int | float):
        return str(title)
    raise file.wrong("title", '"title" must be a text')


def _image(posts: list[Post]) -> str | None:
    """Return the picture that may stand for the thread where it is linked to."""
    open_media = (m for post in posts if not post.warning for m in post.media)
    return next((m.path for m in open_media if m.kind == "image" and m.path), None)


@lru_cache(maxsize=50_000)
def _tag(name: str) -> Tag:
    return Tag(name, urls.tag(name))


def hosts(post: Post) -> tuple[str, ...]:
    """Return the hosts that a post leads to, also where only a display of a link is left."""
    found = [*post.links, *post.cut_links]
    if not found and not post.card:
        return ()
    if post.card and post.card.url:
        found.append(post.card.url)
    return tuple(host for link in found if (host := urls.host_of(link)))


def summary(post: Post) -> str:
    """Return the beginning of what a post says, as one line; a warning stands for it."""
    text = post.warning or post.text
    words = " ".join(printable(text).split())
    return shortened(words, SUMMARY_LENGTH) if words else title_of(post)


@lru_cache(maxsize=10_000)
def writer(network: str, author: Author) -> Writer:
    """Return an author as readers are told."""
    if author == Author():
        return NOBODY
    name = printable(author.name) if author.name else None
    return Writer(name, author.handle, urls.writer(network, author))


def thread_view(entry: Entry, posts: Callable[[], tuple[PostView, ...]]) -> ThreadView:
    """Return a thread as a page shows it."""
    return ThreadView(
        path=entry.path,
        title=entry.title,
        is_named=entry.is_named,
        tags=entry.tags,
        created_at=entry.created_at,
        network=entry.network,
        count=entry.count,
        author=entry.author,
        read=posts,
    )


def post_views(
    entry: Entry,
    part: Part,
    posts: tuple[StoredPost, ...],
    quotes: dict[str, Quoted],
    build: Build,
) -> tuple[PostView, ...]:
    """Return the posts of a part of a thread as a page shows them."""
    keys = frozenset([urls.tag_key(tag.name) for tag in entry.tags])
    if part.missing:
        missing = frozenset(part.missing)
        posts = tuple([_without_files(stored, missing) for stored in posts])
    return tuple(
        [
            post_view(stored, at + 1, sections.address(entry, at, build), quotes, keys)
            for at, stored in enumerate(posts, part.start)
        ]
    )


def _without_files(stored: StoredPost, missing: frozenset[str]) -> StoredPost:
    """Return a post whose missing media are only described."""
    media = tuple(replace(m, path=None) if m.path in missing else m for m in stored.post.media)
    return replace(stored, post=replace(stored.post, media=media))


def post_view(
    stored: StoredPost,
    position: int,
    path: str,
    quotes: dict[str, Quoted],
    tag_keys: frozenset[str],
) -> PostView:
    """Return one post as a page shows it."""
    post = stored.post
    return PostView(
        post=post,
        handwritten=stored.handwritten,
        path=path,
        anchor=urls.anchor(post.id),
        author=writer(post.network, post.author),
        quote=quotes.get(post.quote_of) if post.quote_of else None,
        html_lang=post.langs[0] if post.langs else None,
        position=position,
        tag_keys=tag_keys,
    )


def quoted(stored: StoredPost, path: str) -> Quoted:
    """Return a quoted post that is in the archive, at `path`."""
    post = stored.post
    text = f"[{post.warning}]" if post.warning else printable(post.text)
    return Quoted(path, post.url, writer(post.network, post.author), text, post.created_at)
