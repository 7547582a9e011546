"""Read content/: its Markdown files, threads and profiles. Imports are merged by `store`."""

from __future__ import annotations

import os
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from pathlib import Path

from msgspec.structs import replace

from sitegen import files, folders
from sitegen.content.counts import CountsReader
from sitegen.content.format import profile_file, thread_file
from sitegen.content.format.hiding import HIDE
from sitegen.content.format.profile_file import ProfileFile, StoredProfile
from sitegen.content.format.stored import StoredPost, add_counts, stored_posts
from sitegen.content.format.thread_file import ThreadFile
from sitegen.errors import ContentError
from sitegen.formats.conflict_markers import refuse_conflicts
from sitegen.model import Post, Thread

THREADS = "threads"
PROFILES = "profiles"
MEDIA = "media"


def markdown_files(folder: Path) -> Iterator[str]:
    """Yield a folder's Markdown files, sorted; hidden files and links are left out.

    Raises ContentError if the path is not a folder or is a link.
    """
    folders.require_folder(folder)
    for _, others in _walk(str(folder), _refuse):
        for entry in others:
            if entry.name.endswith(".md") and not entry.is_symlink():
                yield entry.path


def is_begun(folder: Path) -> bool:
    """Return whether a content folder already has threads or profiles."""
    return any(os.path.lexists(folder / name) for name in (THREADS, PROFILES))


def find_links(folder: Path) -> Iterator[str]:
    """Yield the links in a content folder that would be read if they were files or folders."""
    media = os.path.join(folder, MEDIA, "")
    for below, others in _walk(str(folder), _pass_over):
        read = [e for e in others if e.name.endswith(".md") or e.path.startswith(media)]
        yield from (entry.path for entry in (*below, *read) if entry.is_symlink())


def _walk(
    folder: str, refuse: Callable[[OSError], None]
) -> Iterator[tuple[list[os.DirEntry[str]], list[os.DirEntry[str]]]]:
    """Yield the folders and the other entries of a folder and of all below it, sorted by name.

    Hidden entries are left out; links to folders are listed, not followed. `os.walk` gives only
    names: to check each for a link would cost a tenth of an import that changes nothing.
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
    """Ignore a folder that cannot be read: reading its files will raise the error."""


def read_text(path: str) -> str:
    """Read a content file. Raises ContentError when it is not UTF-8 or not readable."""
    return decode(read_bytes(path), path)


def read_bytes(path: str) -> bytes:
    """Read the bytes of a content file. Raises ContentError, also for a conflict of git."""
    try:
        data = files.read(path)
    except OSError as error:
        raise _unreadable(error) from error
    refuse_conflicts(data, path)
    return data


def decode(data: bytes, path: str) -> str:
    """Decode a content file; a byte order mark is dropped. Raises ContentError."""
    try:
        return data.decode("utf-8-sig" if data.startswith(BOM_UTF8) else "utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ContentError("not UTF-8", path=path, line=line, hint="save it as UTF-8.") from error


def read_threads(folder: Path) -> Iterator[tuple[ThreadFile, tuple[StoredPost, ...]]]:
    """Yield the threads of a content folder. Raises ContentError."""
    counts = CountsReader(folder)
    for path in markdown_files(folder / THREADS):
        file = thread_file.read(path, read_text(path))
        posts = stored_posts(file)
        add_counts(posts, counts)
        yield file, posts


def read_profiles(folder: Path) -> Iterator[tuple[ProfileFile, StoredProfile]]:
    """Yield the profiles of a content folder. Raises ContentError."""
    for path in markdown_files(folder / PROFILES):
        file = profile_file.read(path, read_text(path))
        yield file, profile_file.stored_profile(file)


def read_archive(folder: Path) -> tuple[Thread, ...]:
    """Return every thread of the folder as its source had it; hidden posts are marked."""
    return tuple(archived_threads(read_threads(folder)))


def archived_threads(
    files: Iterable[tuple[ThreadFile, tuple[StoredPost, ...]]],
) -> Iterator[Thread]:
    """Yield the threads of files as their sources had them; hidden posts are marked."""
    return (_archived_thread(file, posts) for file, posts in files)


def duplicate_error(identity: str, first: Path, second: Path) -> ContentError:
    """Return the error for a post that two files have."""
    return ContentError(
        f"the post {identity} is in {second} too", path=first, hint="delete it from one of them."
    )


def _archived_thread(file: ThreadFile, stored: tuple[StoredPost, ...]) -> Thread:
    everything = file.is_held_back
    posts = tuple(_mark_hidden(s.post) if s.hidden or everything else s.post for s in stored)
    return Thread(str(file.fields.get("id") or posts[0].id), posts[0].network, posts)


def _mark_hidden(post: Post) -> Post:
    return replace(post, extra=(*post.extra, (HIDE, "true")))


def _refuse(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise _unreadable(error) from error


def _unreadable(error: OSError) -> ContentError:
    return ContentError(
        f"cannot be read: {error.strerror}", path=error.filename, hint="check its permissions."
    )
