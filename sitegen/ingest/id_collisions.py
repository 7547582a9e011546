"""Id collisions of feed items: an item with the id of another one gets a derived id.

Some programs write the same guid into all items, so that it is on one item today and on another
tomorrow; a single feed does not show that. But no item changes both its time and its text: if
these differ from the item that already has the id, the id is derived from the new item's text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path

from msgspec.structs import replace

from sitegen import timestamps
from sitegen.content import content_folder
from sitegen.content.format import thread_file
from sitegen.ingest.source_reader import Read
from sitegen.model import Post, Thread
from sitegen.sources.feeds.importer import KINDS

_ID = re.compile(r"(?![A-Za-z][A-Za-z0-9+.-]*:).+@[^@/]+")
_QUOTED = re.compile(rb'"([^"\\]{1,800})"')


def separate(reads: Sequence[Read], folder: Path) -> tuple[Read, ...]:
    """Return the sources with derived ids for items that have the id of another.

    Raises ContentError.
    """
    if not any(read.imported.found in KINDS for read in reads):
        return tuple(reads)
    incoming: dict[str, list[Post]] = defaultdict(list)
    derived: set[str] = set()
    for read in reads:
        for post in filter(_is_web, _posts(read)):
            incoming[post.id].append(post)
            derived.add(_derive_id(post, read))
    if not incoming:
        return tuple(reads)
    stored = _find_stored(folder, incoming.keys() | derived)
    return tuple([_rename_colliding(read, incoming, stored) for read in reads])


def _posts(read: Read) -> Iterator[Post]:
    if read.imported.found in KINDS:
        for thread in read.imported.threads:
            yield from thread.posts


def _find_stored(folder: Path, names: Set[str]) -> dict[str, Post]:
    """Return the posts of content/ that have one of these ids."""
    found: dict[str, Post] = {}
    for path in content_folder.markdown_files(folder / content_folder.THREADS):
        if any(_decode(name) in names for name in _QUOTED.findall(content_folder.read_bytes(path))):
            stored = thread_file.stored_posts(
                thread_file.read(path, content_folder.read_text(path))
            )
            found |= {s.post.id: s.post for s in stored if _is_web(s.post)}
    return found


def _decode(name: bytes) -> str:
    return name.decode("utf-8", "replace")


def _rename_colliding(
    read: Read, incoming: Mapping[str, Sequence[Post]], stored: Mapping[str, Post]
) -> Read:
    """Replace the ids of a source's posts that belong to other posts in content/.

    If content/ has no post with an id that several new posts share, none of them keeps it. A URL
    may get another text and time; it is another post's only if content/ already has this post by
    its derived id.
    """
    names: dict[str, str] = {}
    for post in _posts(read):
        before = [stored[post.id]] if post.id in stored else incoming.get(post.id, ())
        if any(_is_another(post, other) for other in before):
            derived = _derive_id(post, read)
            if _ID.fullmatch(post.id) or derived in stored:
                names[post.id] = derived
    if not names:
        return read
    threads = tuple(_with_names(thread, names) for thread in read.imported.threads)
    return replace(read, imported=replace(read.imported, threads=threads))


def _is_web(post: Post) -> bool:
    from sitegen.sources.feeds.items.post_ids import WEB

    return post.network == WEB


def _derive_id(post: Post, read: Read) -> str:
    """Return the derived id that the feed reader uses when several items share an id."""
    from sitegen.sources.feeds.items.item_ids import shown
    from sitegen.sources.feeds.items.post_ids import derived_id

    home = next((profile.id for profile in read.imported.profiles), None)
    return derived_id(post.created_at, shown(post.text, post.media), home)


def _is_another(post: Post, other: Post) -> bool:
    """Return whether two posts with the same id differ in both time and text."""
    times = timestamps.instant(post.created_at), timestamps.instant(other.created_at)
    return None not in times and times[0] != times[1] and post.text.strip() != other.text.strip()


def _with_names(thread: Thread, names: Mapping[str, str]) -> Thread:
    posts: Iterable[Post] = (replace(p, id=names.get(p.id, p.id)) for p in thread.posts)
    return Thread(names.get(thread.id, thread.id), thread.network, tuple(posts))
