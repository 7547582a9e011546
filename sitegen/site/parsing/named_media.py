"""Find the media that posts, profiles and handwritten texts refer to."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from sitegen.content.format.profile_file import StoredProfile
from sitegen.content.format.stored import StoredPost
from sitegen.content.post_media import media_block
from sitegen.content.post_media.post_files import files_of

_MAX_NAME_LENGTH = 300
_MAX_NAME_ENDS = 12
_MEDIA_NAME = re.compile(r"\bmedia/")
_NAME_ENDS = re.compile(r"[\s()<>\"'\]?#]")


def media_of_posts(hidden: Sequence[StoredPost]) -> Iterator[str]:
    """Yield the media of posts and those that their Markdown refers to."""
    for post in hidden:
        yield from files_of(post.post)
        yield from media_names_in(post.handwritten or "")


def media_in_markdown(posts: Sequence[StoredPost]) -> tuple[str, ...]:
    """Return the media that the handwritten Markdown of posts refers to."""
    return tuple(
        [name for post in posts if post.handwritten for name in media_names_in(post.handwritten)]
    )


def media_of_profile(stored: StoredProfile) -> Iterator[str]:
    """Yield the pictures of a profile and the media that its bio refers to."""
    yield from (path for path in (stored.profile.avatar, stored.profile.banner) if path)
    yield from media_names_in(stored.handwritten or stored.profile.bio)


def media_names_in(text: str) -> tuple[str, ...]:
    """Return every path that a handwritten text may use to refer to media, anywhere in it.

    Names may contain any character. So for each character that may end one, the result has the
    name up to there as well as the longer one.
    """
    names = dict.fromkeys(media_block.named_files(text))
    for match in _MEDIA_NAME.finditer(text):
        rest = text[match.start() : match.start() + _MAX_NAME_LENGTH].split("\n", 1)[0]
        for end in (*[e.start() for e in _NAME_ENDS.finditer(rest)][:_MAX_NAME_ENDS], len(rest)):
            name = rest[:end]
            for variant in (name, unquote(name), html.unescape(name), name.replace("\\", "")):
                names[variant] = names[posixpath.normpath(variant)] = None
    return tuple(names)
