"""content/: the only reader and writer of the Markdown that is the truth.

Here it is read; `store` brings imports together with what the folder has.
"""

from __future__ import annotations

import os
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from operator import attrgetter
from pathlib import Path

from msgspec.structs import replace

from sitegen import files, folders
from sitegen.content.format import profile_file, thread_file
from sitegen.content.format.hiding import HIDE
from sitegen.content.format.profile_file import ProfileFile, StoredProfile
from sitegen.content.format.stored import StoredPost
from sitegen.content.format.thread_file import ThreadFile
from sitegen.errors import ContentError
from sitegen.model import Post, Thread

THREADS = "threads"
PROFILES = "profiles"
MEDIA = "media"


def markdown_files(folder: Path) -> Iterator[str]:
    """Go through a folder's Markdown files, sorted; hidden names and links are left out.

    Raises ContentError for what is no folder, and for a link to one.
    """
    folders.refuse_other(folder)
    for _, others in _walk(str(folder), _refuse):
        for entry in others:
            if entry.name.endswith(".md") and not entry.is_symlink():
                yield entry.path


def is_begun(folder: Path) -> bool:
    """Tell whether a content folder has threads or profiles already."""
    return any(os.path.lexists(folder / name) for name in (THREADS, PROFILES))


def links(folder: Path) -> Iterator[str]:
    """Go through the links in a content folder that would be read were they files or folders."""
    media = os.path.join(folder, MEDIA, "")
    for below, others in _walk(str(folder), _pass_over):
        read = [e for e in others if e.name.endswith(".md") or e.path.startswith(media)]
        yield from (entry.path for entry in (*below, *read) if entry.is_symlink())


def _walk(
    folder: str, refuse: Callable[[OSError], None]
) -> Iterator[tuple[list[os.DirEntry[str]], list[os.DirEntry[str]]]]:
    """Go through a folder and all below it: folders and others by name, no hidden ones.

    What `os.walk` gives are names, and to ask for each whether it is a link costs a tenth of an
    import that changes nothing; the entries know it. Links to folders are listed, not followed.
    """
    try:
        with os.scandir(folder) as entries:
            found = sorted([e for e in entries if e.name[0] != "."], key=attrgetter("name"))
    except OSError as error:
        refuse(error)
        return
    below = [entry for entry in found if entry.is_dir()]
    yield below, [entry for entry in found if not entry.is_dir()]
    for entry in below:
        if not entry.is_symlink():
            yield from _walk(entry.path, refuse)


def _pass_over(error: OSError) -> None:
    """Leave out a folder that cannot be read: whoever needs it will be told."""


def read_text(path: str) -> str:
    """Read a content file. Raises ContentError when it is not UTF-8 or not readable."""
    return text_of(read_bytes(path), path)


def read_bytes(path: str) -> bytes:
    """Read a content file as it is. Raises ContentError."""
    try:
        return files.read(path)
    except OSError as error:
        raise _unreadable(error) from error


def text_of(data: bytes, path: str) -> str:
    """Return a content file's text; a byte order mark is none of it. Raises ContentError."""
    try:
        return data.decode("utf-8-sig" if data.startswith(BOM_UTF8) else "utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ContentError("not UTF-8", path=path, line=line, hint="save it as UTF-8.") from error


def read_threads(folder: Path) -> Iterator[tuple[ThreadFile, tuple[StoredPost, ...]]]:
    """Go through all threads of a content folder. Raises ContentError."""
    for path in markdown_files(folder / THREADS):
        file = thread_file.read(path, read_text(path))
        yield file, thread_file.stored_posts(file)


def read_profiles(folder: Path) -> Iterator[tuple[ProfileFile, StoredProfile]]:
    """Go through all profiles of a content folder. Raises ContentError."""
    for path in markdown_files(folder / PROFILES):
        file = profile_file.read(path, read_text(path))
        yield file, profile_file.stored_profile(file)


def archived(folder: Path) -> tuple[Thread, ...]:
    """Return every thread of the folder as its source had it; what is hidden says so."""
    return tuple(_archived(file, posts) for file, posts in read_threads(folder))


def two_files(identity: str, one: Path, other: Path) -> ContentError:
    """Make the error for a post that two files claim."""
    return ContentError(
        f"the post {identity} is in {other} too", path=one, hint="delete it from one of them."
    )


def _archived(file: ThreadFile, stored: tuple[StoredPost, ...]) -> Thread:
    everything = file.is_held_back
    posts = tuple(_said_hidden(s.post) if s.hidden or everything else s.post for s in stored)
    return Thread(str(file.fields.get("id") or posts[0].id), posts[0].network, posts)


def _said_hidden(post: Post) -> Post:
    return replace(post, extra=(*post.extra, (HIDE, "true")))


def _refuse(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise _unreadable(error) from error


def _unreadable(error: OSError) -> ContentError:
    return ContentError(
        f"cannot be read: {error.strerror}", path=error.filename, hint="check its permissions."
    )
