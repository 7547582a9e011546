"""Items of feeds that have the id of another: both are kept.

A program that writes the same guid into all items shows it today on one and tomorrow on the next,
and no feed alone can tell. But no item changes its time and its text at once: what comes with an
id that stands for something else already gets an id that is made of what it says.
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


def separated(found: Sequence[Read], folder: Path) -> tuple[Read, ...]:
    """Return the sources with ids of their own for items that came by those of others.

    Raises ContentError.
    """
    if not any(read.imported.found in KINDS for read in found):
        return tuple(found)
    coming: dict[str, list[Post]] = defaultdict(list)
    derived: set[str] = set()
    for read in found:
        for post in filter(_is_web, _posts(read)):
            coming[post.id].append(post)
            derived.add(_derived(post, read))
    if not coming:
        return tuple(found)
    stored = _stored(folder, coming.keys() | derived)
    return tuple([_renamed(read, coming, stored) for read in found])


def _posts(read: Read) -> Iterator[Post]:
    if read.imported.found in KINDS:
        for thread in read.imported.threads:
            yield from thread.posts


def _stored(folder: Path, names: Set[str]) -> dict[str, Post]:
    """Find the posts of content/ that have one of these ids."""
    found: dict[str, Post] = {}
    for path in content_folder.markdown_files(folder / content_folder.THREADS):
        if any(
            _decoded(name) in names for name in _QUOTED.findall(content_folder.read_bytes(path))
        ):
            stored = thread_file.stored_posts(
                thread_file.read(path, content_folder.read_text(path))
            )
            found |= {s.post.id: s.post for s in stored if _is_web(s.post)}
    return found


def _decoded(name: bytes) -> str:
    return name.decode("utf-8", "replace")


def _renamed(read: Read, coming: Mapping[str, Sequence[Post]], stored: Mapping[str, Post]) -> Read:
    """Return a source in which an id that means something else in content/ is not used.

    Where content/ has none of them and several come with one id, it is that of none. An address
    may get another text and time; it is only another post's where content/ has this one already,
    by the id that is made of what it says.
    """
    names: dict[str, str] = {}
    for post in _posts(read):
        before = [stored[post.id]] if post.id in stored else coming.get(post.id, ())
        if any(_is_another(post, other) for other in before):
            derived = _derived(post, read)
            if _ID.fullmatch(post.id) or derived in stored:
                names[post.id] = derived
    if not names:
        return read
    threads = tuple(_with_names(thread, names) for thread in read.imported.threads)
    return replace(read, imported=replace(read.imported, threads=threads))


def _is_web(post: Post) -> bool:
    from sitegen.sources.feeds.items.post_ids import WEB

    return post.network == WEB


def _derived(post: Post, read: Read) -> str:
    """Return the id that the feed's reader makes where it sees that several items share one."""
    from sitegen.sources.feeds.items.item_ids import shown
    from sitegen.sources.feeds.items.post_ids import derived_id

    home = next((profile.id for profile in read.imported.profiles), None)
    return derived_id(post.created_at, shown(post.text, post.media), home)


def _is_another(post: Post, other: Post) -> bool:
    """Return whether two posts of one id are not the same: both time and text differ."""
    times = timestamps.instant(post.created_at), timestamps.instant(other.created_at)
    return None not in times and times[0] != times[1] and post.text.strip() != other.text.strip()


def _with_names(thread: Thread, names: Mapping[str, str]) -> Thread:
    posts: Iterable[Post] = (replace(p, id=names.get(p.id, p.id)) for p in thread.posts)
    return Thread(names.get(thread.id, thread.id), thread.network, tuple(posts))
