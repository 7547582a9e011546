"""New files for threads: their names and texts, where no file has the posts yet."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from itertools import chain, count
from pathlib import Path

from msgspec import Struct

from sitegen import digests, files, processes
from sitegen.content.content_folder import THREADS
from sitegen.content.format.draft import thread_draft
from sitegen.content.format.recorded import Recorded
from sitegen.content.merge.rewrite import NewText, new_thread_text
from sitegen.model import Post, Thread

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MIN_THREADS_PER_PROCESS = 500  # below that, another process costs more than it saves
CHUNK_THREADS = 100  # threads in one task of a helper process
Key = tuple[str, str]


class NewFile(Struct, frozen=True):
    """The new file of a thread, the digests of its parts, its posts and their keys."""

    path: str
    text: str
    keys: tuple[Key, ...]
    recorded: Recorded
    thread: Key
    posts: tuple[Post, ...]


def make_new_files(folder: Path, threads: Sequence[Thread]) -> Iterator[NewFile]:
    """Make the file of each thread, in order, with several processes if there are many."""
    base = str(folder / THREADS)

    def make(chunk: Sequence[Thread]) -> list[tuple[str, NewText]]:
        return [_path_and_text(base, thread) for thread in chunk]

    chunks = [threads[at : at + CHUNK_THREADS] for at in range(0, len(threads), CHUNK_THREADS)]
    made = processes.map_chunks(
        chunks, make, processes.worker_count(len(threads), MIN_THREADS_PER_PROCESS)
    )
    for thread, (path, new) in zip(threads, chain.from_iterable(made), strict=True):
        yield new_file(path, new, thread)


def new_file(path: str, new: NewText, thread: Thread) -> NewFile:
    """Return the new file of a thread."""
    keys = tuple([(thread.network, post.id) for post in thread.posts])
    return NewFile(path, new.text, keys, new.recorded, (thread.network, thread.id), thread.posts)


def candidate_names(path: str) -> Iterator[str]:
    """Yield names for a file, should the first ones be taken."""
    yield path
    whole = Path(path)
    yield from (str(whole.with_stem(f"{whole.stem}-{number}")) for number in count(2))


def short_digest(network: str, identity: str) -> str:
    """Return a few characters that distinguish things of the same name, nearly always."""
    return digests.hash_text(f"{network}:{identity}", 3)


def _path_and_text(folder: str, thread: Thread) -> tuple[str, NewText]:
    draft, root = thread_draft(thread), thread.posts[0]
    day = DAY.match(root.created_at) if root.created_at else None
    words = files.ascii_slug(str((draft.fields or {})["title"]), 40)
    name = [day[0] if day else "", words, short_digest(thread.network, root.id)]
    path = [folder, day[0][:4] if day else "undated", "-".join(filter(None, name)) + ".md"]
    return os.sep.join(path), new_thread_text(draft)
