"""What the files of content/ state of accounts: handles, ids and names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sitegen.content import content_folder
from sitegen.content.format import plain_thread, profile_file, thread_file
from sitegen.content.format.stored import StoredPost, stored_posts
from sitegen.errors import ContentError
from sitegen.model import Author

NetworkAuthor = tuple[str, Author]


def stated_authors(folder: Path) -> Iterator[NetworkAuthor]:
    """Yield network and author of every post and profile, also of hidden ones.

    Files that cannot be read are left out: whoever needs their posts reports them.
    """
    for path in content_folder.markdown_files(folder / content_folder.THREADS):
        try:
            posts = _posts(path)
        except ContentError:
            continue
        yield from dict.fromkeys([(each.post.network, each.post.author) for each in posts])
    for path in content_folder.markdown_files(folder / content_folder.PROFILES):
        try:
            profile = profile_file.stored_profile(
                profile_file.read(path, content_folder.read_text(path))
            ).profile
        except ContentError:
            continue
        yield profile.network, profile.author


def _posts(path: str) -> tuple[StoredPost, ...]:
    data = content_folder.read_bytes(path)
    if plain := plain_thread.read(data):
        return plain[1]
    return stored_posts(thread_file.read(path, content_folder.decode(data, path)))
