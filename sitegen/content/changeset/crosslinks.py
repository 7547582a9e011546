"""Cross-links: links to copies on other networks that an import adds to posts of content/."""

from __future__ import annotations

from collections.abc import Mapping

from sitegen.content.changeset.file_changes import FileChanges
from sitegen.content.changeset.new_files import Key
from sitegen.content.format.draft import post_parts
from sitegen.content.merge import rewrite
from sitegen.content.merge.post_parts import PostParts
from sitegen.model import Elsewhere, Json, Post

ALSO = "also"
Also = Mapping[Key, tuple[Elsewhere, ...]]


def add_links(files: FileChanges, also: Also) -> None:
    """Add links to the lines of posts, unless a person changed or deleted them there."""
    for key, places in also.items():
        if path := files.of_post.get(key):
            file = files.file(path)
            posts = rewrite.posts_of(file)
            posts[key[1]] = _add_places(posts[key[1]], places)
            files.change(rewrite.with_posts(file, posts))


def _add_places(post: PostParts, places: tuple[Elsewhere, ...]) -> PostParts:
    current = post.parts.get(ALSO)
    if not post.is_untouched(ALSO):
        return post
    listed: list[Json] = [*current] if isinstance(current, list) else []
    listed += [place for place in _objects(places) if place not in listed]
    return post.write(ALSO, listed)


def _objects(places: tuple[Elsewhere, ...]) -> list[Json]:
    """Return places in the form of a post's line."""
    post = Post("", also=places)
    found = post_parts(post, post.author)[ALSO]
    return found if isinstance(found, list) else []
