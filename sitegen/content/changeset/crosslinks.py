"""Where else posts stand that only content/ has: links that an import adds to their lines."""

from __future__ import annotations

from collections.abc import Mapping

from sitegen.content.changeset.new_files import Key
from sitegen.content.changeset.pending import Pending
from sitegen.content.format.draft import digest, post_parts
from sitegen.content.merge import thread_merge
from sitegen.content.merge.parts import Merged
from sitegen.model import Elsewhere, Json, Post

ALSO = "also"
Also = Mapping[Key, tuple[Elsewhere, ...]]


def note(files: Pending, also: Also) -> None:
    """Add links to the lines of posts; where a person changed or deleted them, theirs stay."""
    for key, places in also.items():
        if path := files.of_post.get(key):
            file = files.file(path)
            posts = thread_merge.posts_of(file)
            posts[key[1]] = _with(posts[key[1]], places)
            files.change(
                file, thread_merge.with_posts(file, posts, thread_merge.deleted_from(file))
            )


def _with(post: Merged, places: tuple[Elsewhere, ...]) -> Merged:
    mine = post.parts.get(ALSO)
    if post.written.get(ALSO) != (digest(mine) if mine is not None else None):
        return post
    listed: list[Json] = [*mine] if isinstance(mine, list) else []
    listed += [place for place in _objects(places) if place not in listed]
    return Merged(post.parts | {ALSO: listed}, post.written | {ALSO: digest(listed)})


def _objects(places: tuple[Elsewhere, ...]) -> list[Json]:
    """Return places as a post's line has them."""
    post = Post("", also=places)
    found = post_parts(post, post.author)[ALSO]
    return found if isinstance(found, list) else []
