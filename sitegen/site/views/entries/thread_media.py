"""Gather the media of a thread: files, kinds, and the pictures that listings may show."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

from sitegen.content.format.draft import shorten
from sitegen.content.format.stored import StoredPost
from sitegen.content.post_media import media_block
from sitegen.content.post_media.post_files import files_of
from sitegen.model import Media, MediaKind, Post
from sitegen.site.views.entries.thread_facts import EntryFacts
from sitegen.site.views.pictures import MAX_ALT, previews
from sitegen.site.views.summary import Positioned


class ThreadMedia(NamedTuple):
    """The media of all posts of a thread.

    `paths` are their files, each with its post's position. `number` is that of the attachments.
    `previews` are the pictures that listings may show, with `descriptions`, their alt texts,
    perhaps cut. `stated_kinds` are path and kind of media that are not what their names say.
    """

    paths: Positioned = ()
    number: int = 0
    previews: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    stated_kinds: tuple[tuple[str, MediaKind], ...] = ()


NO_MEDIA = ThreadMedia()


def media_of(
    posts: Sequence[StoredPost], members: Sequence[Post], facts: EntryFacts
) -> ThreadMedia:
    """Gather the media of a thread; `members` are its posts as they are without their file."""
    inline = _inline_images(posts)
    if not (facts.media or facts.cards or inline):
        return NO_MEDIA
    shown = previews(members, inline)
    return ThreadMedia(
        paths=_media_paths(members, inline),
        number=len(facts.media) + len(inline),
        previews=tuple([path for path, _ in shown]),
        descriptions=tuple([shorten(alt, MAX_ALT) for _, alt in shown]),
        stated_kinds=_stated_kinds(facts.media),
    )


def _inline_images(posts: Sequence[StoredPost]) -> list[tuple[int, str]]:
    """Return position and path of the pictures in handwritten texts, each once per post."""
    images: list[tuple[int, str]] = []
    for at, stored in enumerate(posts):
        if stored.handwritten and media_block.FOLDER in stored.handwritten:
            paths = dict.fromkeys(media_block.inline_images(stored.handwritten))
            own = {media.path for media in stored.post.media}
            images += [(at, path) for path in paths if path not in own]
    return images


def _media_paths(posts: Sequence[Post], inline: list[tuple[int, str]]) -> Positioned:
    paths = [(at, path) for at, post in enumerate(posts) for path in files_of(post)]
    return tuple(sorted([*paths, *inline], key=itemgetter(0)) if inline else paths)


def _stated_kinds(media: list[Media]) -> tuple[tuple[str, MediaKind], ...]:
    """Return path and kind of media that are not stated to be what their names say."""
    files = [(m.path, m.kind) for m in media if m.path]
    return tuple([(p, kind) for p, kind in files if media_block.kind_of(p, False) != kind])
