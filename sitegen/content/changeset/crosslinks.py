"""Cross-links: links to copies on other networks that an import adds to posts of content/."""

from __future__ import annotations

from collections.abc import Mapping

from sitegen.content.changeset.file_changes import FileChanges
from sitegen.content.changeset.new_files import Key
from sitegen.content.format.draft import digest, post_parts
from sitegen.content.merge import thread_merge
from sitegen.content.merge.parts import MergedParts, is_part_untouched
from sitegen.model import Elsewhere, Json, Post

ALSO = "also"
Also = Mapping[Key, tuple[Elsewhere, ...]]


def add_links(files: FileChanges, also: Also) -> None:
    """Add links to the lines of posts, unless a person changed or deleted them there."""
    for key, places in also.items():
        if path := files.of_post.get(key):
            file = files.file(path)
            posts = thread_merge.posts_of(file)
            posts[key[1]] = _add_places(posts[key[1]], places)
            files.change(thread_merge.with_posts(file, posts))


def _add_places(post: MergedParts, places: tuple[Elsewhere, ...]) -> MergedParts:
    current = post.parts.get(ALSO)
    if not is_part_untouched(post, ALSO):
        return post
    listed: list[Json] = [*current] if isinstance(current, list) else []
    listed += [place for place in _objects(places) if place not in listed]
    return MergedParts(post.parts | {ALSO: listed}, post.written | {ALSO: digest(listed)})


def _objects(places: tuple[Elsewhere, ...]) -> list[Json]:
    """Return places in the form of a post's line."""
    post = Post("", also=places)
    found = post_parts(post, post.author)[ALSO]
    return found if isinstance(found, list) else []
