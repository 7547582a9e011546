"""Resolve id collisions of feed items: an item with the id of another gets a derived id.

Some programs write the same guid into all items, so that one item has it today and another has it
tomorrow; a single feed does not show that. But no item changes both its time and its text: if
both differ from the item that already has the id, the id is derived from the new item's text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from msgspec.structs import replace

from sitegen import timestamps
from sitegen.content.archive_index import ArchiveIndex
from sitegen.ingest.source_reader import ReadSource
from sitegen.model import Post, Thread
from sitegen.sources.feeds.importer import KINDS

_MAIL_LIKE_ID = re.compile(r"(?![A-Za-z][A-Za-z0-9+.-]*:).+@[^@/]+")
_QUOTED = re.compile(r'"([^"\\]{1,800})"')


def resolve_collisions(
    sources: Sequence[ReadSource], index: ArchiveIndex
) -> tuple[ReadSource, ...]:
    """Return the sources, with a derived id for each item that has the id of another.

    Raises ContentError.
    """
    if not any(source.imported.found in KINDS for source in sources):
        return tuple(sources)
    incoming: dict[str, list[Post]] = defaultdict(list)
    derived: set[str] = set()
    for source in sources:
        for post in filter(_is_web_post, _feed_posts(source)):
            incoming[post.id].append(post)
            derived.add(_derive_id(post, source))
    if not incoming:
        return tuple(sources)
    stored = _find_stored(index, incoming.keys() | derived)
    return tuple([_rename_colliding(source, incoming, stored) for source in sources])


def _feed_posts(source: ReadSource) -> Iterator[Post]:
    if source.imported.found in KINDS:
        for thread in source.imported.threads:
            yield from thread.posts


def _find_stored(index: ArchiveIndex, ids: Set[str]) -> dict[str, Post]:
    """Return the posts of content/ that have one of these ids."""
    posts: dict[str, Post] = {}
    for path, quoted in index.matching(_QUOTED):
        if not ids.isdisjoint(quoted):
            stored = index.stored(path)
            posts |= {s.post.id: s.post for s in stored if _is_web_post(s.post)}
    return posts


def _rename_colliding(
    source: ReadSource, incoming: Mapping[str, Sequence[Post]], stored: Mapping[str, Post]
) -> ReadSource:
    """Replace the ids of a source's posts that belong to other posts in content/.

    If content/ has no post with an id that several new posts share, none of them keeps it. A URL
    may get another text and time; it is another post's only if content/ already has this post by
    its derived id.
    """
    new_ids: dict[str, str] = {}
    for post in _feed_posts(source):
        holders = [stored[post.id]] if post.id in stored else incoming.get(post.id, ())
        if any(_is_different_post(post, holder) for holder in holders):
            derived = _derive_id(post, source)
            if _MAIL_LIKE_ID.fullmatch(post.id) or derived in stored:
                new_ids[post.id] = derived
    if not new_ids:
        return source
    threads = tuple(_rename_posts(thread, new_ids) for thread in source.imported.threads)
    return replace(source, imported=replace(source.imported, threads=threads))


def _is_web_post(post: Post) -> bool:
    from sitegen.sources.feeds.items.post_ids import WEB

    return post.network == WEB


def _derive_id(post: Post, source: ReadSource) -> str:
    """Return the derived id that the feed reader uses when several items share an id."""
    from sitegen.sources.feeds.items.item_ids import shown
    from sitegen.sources.feeds.items.post_ids import derived_id

    home = next((profile.id for profile in source.imported.profiles), None)
    return derived_id(post.created_at, shown(post.text, post.media), home)


def _is_different_post(post: Post, holder: Post) -> bool:
    """Return whether two posts with the same id differ in both time and text."""
    times = timestamps.instant(post.created_at), timestamps.instant(holder.created_at)
    return None not in times and times[0] != times[1] and post.text.strip() != holder.text.strip()


def _rename_posts(thread: Thread, new_ids: Mapping[str, str]) -> Thread:
    posts: Iterable[Post] = (replace(p, id=new_ids.get(p.id, p.id)) for p in thread.posts)
    return Thread(new_ids.get(thread.id, thread.id), thread.network, tuple(posts))
