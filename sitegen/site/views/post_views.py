"""Build the values that templates show of the posts of a thread."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from itertools import repeat

from msgspec.structs import replace

from sitegen import timestamps
from sitegen.config.schema import Build
from sitegen.content.format.stored import StoredPost
from sitegen.content.post_media import media_block
from sitegen.content.post_media.post_files import files_of
from sitegen.languages.direction import html_language
from sitegen.model import MediaKind
from sitegen.site import urls
from sitegen.site.views import thread_pages
from sitegen.site.views.links import Writer, writer
from sitegen.site.views.page_refs import ThreadPart
from sitegen.site.views.related import NO_RELATIONS, Related
from sitegen.site.views.summary import Entry
from sitegen.site.views.template_values import PostView, Quoted
from sitegen.threads import kinds
from sitegen.threads.kinds import repeated_handle


def post_views(
    entry: Entry,
    part: ThreadPart,
    posts: tuple[StoredPost, ...],
    relations: Iterable[Related] | None,
    tag_keys: frozenset[str],
    build: Build,
    undescribed: str,
) -> tuple[PostView, ...]:
    """Build the template values of the posts in one part of a thread.

    `relations` has what each post answers, reposts and quotes, None if no post does. `tag_keys` are
    the normalised tags of the thread, `undescribed` the words for a missing image without a
    description.
    """
    if part.missing:
        missing = frozenset(part.missing)
        posts = tuple([_without_files(stored, missing, undescribed) for stored in posts])
    if part.published:
        names = {path: (name, kind) for path, name, kind in part.published}
        posts = tuple([_with_published_names(stored, names) for stored in posts])
    if part.hidden_copies:
        posts = tuple([_without_copies(stored, part.hidden_copies) for stored in posts])
    if not part.start and posts:
        posts = (_with_thread_date(posts[0], entry), *posts[1:])
    views = []
    pairs = zip(posts, relations or repeat(NO_RELATIONS), strict=False)
    for at, (stored, related) in enumerate(pairs, part.start):
        anchor = urls.anchor(stored.post.id)
        path = thread_pages.address(entry, at, build)
        author = writer(entry.network, stored.post.author)
        views.append(_post_view(stored, at + 1, path, anchor, author, related, tag_keys))
    if part.pictures:
        pictures = {picture.path: picture for picture in part.pictures}
        views = [replace(v, pictures=pictures) if any(files_of(v.post)) else v for v in views]
    if part.targets:
        views = [replace(v, targets=part.targets) if v.handwritten else v for v in views]
    return tuple(views)


def _with_thread_date(root: StoredPost, entry: Entry) -> StoredPost:
    """Return the first post with the date from the thread's front matter, if that differs."""
    written, own = root.post.created_at, entry.created_at
    if own == written or timestamps.instant(own) == timestamps.instant(written):
        return root
    return replace(root, post=replace(root.post, created_at=own))


def _without_files(stored: StoredPost, missing: frozenset[str], undescribed: str) -> StoredPost:
    """Return a post in which media without a file have only their description."""
    media = tuple(
        replace(m, path=None, origin=m.origin or m.path) if m.path in missing else m
        for m in stored.post.media
    )
    words = stored.handwritten and media_block.describe_images(
        stored.handwritten, missing, undescribed
    )
    card = stored.post.card
    if card and card.picture in missing:
        card = replace(card, picture=None)
    return replace(stored, post=replace(stored.post, media=media, card=card), handwritten=words)


def _without_copies(stored: StoredPost, hidden: Container[tuple[str, str]]) -> StoredPost:
    """Return a post that does not say that it is elsewhere, where that post is hidden."""
    post = stored.post
    also = [each for each in post.also if (each.network or post.network, each.id) not in hidden]
    return replace(stored, post=replace(post, also=tuple(also)))


def _with_published_names(
    stored: StoredPost, names: Mapping[str, tuple[str, MediaKind]]
) -> StoredPost:
    """Return a post whose media have the names and kinds under which they are published."""
    media = []
    for m in stored.post.media:
        path, kind = names.get(m.path or "", (m.path, m.kind))
        is_as_stated = path == m.path and kind == m.kind
        media.append(m if is_as_stated else replace(m, path=path, kind=kind))
    card = stored.post.card
    if card and card.picture and card.picture in names:
        path, kind = names[card.picture]
        card = replace(card, picture=path if kind == "image" else None)
    return replace(stored, post=replace(stored.post, media=tuple(media), card=card))


def _post_view(
    stored: StoredPost,
    position: int,
    path: str,
    anchor: str,
    author: Writer,
    related: Related,
    tag_keys: frozenset[str],
) -> PostView:
    """Build the template value of one post; `position` counts from 1."""
    post, repost = stored.post, related.repost
    is_truncated = False
    if stored.handwritten is None and (handle := repeated_handle(post)):
        repost = repost or Quoted(None, None, Writer(None, handle, None))
        is_truncated, post = kinds.is_truncated(post), kinds.without_marker(post)
    return PostView(
        post=post,
        handwritten=stored.handwritten,
        path=path,
        anchor=anchor,
        author=author,
        quote=related.quote,
        html_lang=html_language(post.langs),
        position=position,
        tag_keys=tag_keys,
        parent=related.parent,
        repost=repost,
        is_truncated=is_truncated,
    )
