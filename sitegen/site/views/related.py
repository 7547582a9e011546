"""Find the posts that a post answers, reposts and quotes, in the archive or elsewhere."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import NamedTuple

from sitegen.content.format.draft import printable, shorten
from sitegen.content.format.stored import StoredPost
from sitegen.languages.direction import html_language
from sitegen.model import Author, Elsewhere, Post
from sitegen.site.views.links import NOBODY, Writer, writer
from sitegen.site.views.pictures import MAX_ALT, Thumbnail, shows_media
from sitegen.site.views.template_values import Quoted

MAX_QUOTED = 500  # characters of a quoted post
WEB = ("https://", "http://")


class Related(NamedTuple):
    """The posts that a post answers (outside its thread), reposts and quotes."""

    parent: Quoted | None = None
    repost: Quoted | None = None
    quote: Quoted | None = None


NO_RELATIONS = Related()
HIDDEN = Quoted(None, None)  # for a post in the archive that must not be shown


def relations(
    posts: Sequence[StoredPost], own: Container[str], archive_posts: Mapping[str, Quoted]
) -> Iterator[Related]:
    """Yield the relations of each post; `archive_posts` maps the ids of those in the archive.

    `own` has the ids of the thread's posts. If consecutive posts answer the same post, only the
    first of them shows it.
    """
    last_parent = None
    for stored in posts:
        post = stored.post
        parent = None if not post.reply_to or post.reply_to in own else post.reply_to
        yield Related(
            _find(post, parent if parent != last_parent else None, archive_posts),
            _find(post, post.repost_of, archive_posts),
            _find(post, post.quote_of, archive_posts),
        )
        last_parent = parent


def archived_post(stored: StoredPost, path: str, picture: tuple[str, str] | None = None) -> Quoted:
    """Return the preview of an archived post at the site path `path`.

    `picture` is the path of its first picture, and that of a small version.
    """
    post = stored.post
    text = post.text if post.warning is None else f"[{post.warning}]"
    text = printable(shorten(text, MAX_QUOTED))
    author = writer(post.network, post.author)
    return Quoted(
        path,
        post.url,
        author,
        text,
        post.created_at,
        len(post.media),
        lang=html_language(post.langs),
        thumbnail=_thumbnail(post, *picture) if picture and shows_media(post) else None,
    )


def _thumbnail(post: Post, path: str, small: str) -> Thumbnail:
    alts = [media.alt or "" for media in post.media if media.path == path]
    return Thumbnail(small, shorten(alts[0], MAX_ALT) if alts else "")


def _find(post: Post, identity: str | None, archive_posts: Mapping[str, Quoted]) -> Quoted | None:
    return (archive_posts.get(identity) or _external_post(post, identity)) if identity else None


def _external_post(post: Post, identity: str) -> Quoted:
    """Return what is known of a post that is not in the archive; its id may be its URL."""
    elsewhere = next((post for post in post.elsewhere if post.id == identity), Elsewhere(identity))
    url = elsewhere.url or identity
    is_linkable = url.startswith(WEB) and elsewhere.state != "deleted"
    return Quoted(
        None,
        url if is_linkable else None,
        _external_author(elsewhere.author),
        state=elsewhere.state,
    )


def _external_author(author: Author) -> Writer:
    """Return an author without a link to a profile page."""
    if not (author.handle or author.name):
        return NOBODY
    handle, name = (printable(text or "") or None for text in (author.handle, author.name))
    return Writer(name, handle, None)
