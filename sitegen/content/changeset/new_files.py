"""The files that threads get where none has their posts yet: their names and their texts."""

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
from sitegen.content.merge import thread_merge
from sitegen.model import Thread

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
ENOUGH = 500  # threads below which one more process costs more than it brings
SHARE = 100  # threads that one process makes before it looks who else is done
Key = tuple[str, str]


class Fresh(Struct, frozen=True):
    """The file that a thread gets where none has it yet, and what it then has: its posts' keys."""

    path: str
    text: str
    keys: tuple[Key, ...]


def all_fresh(folder: Path, threads: Sequence[Thread]) -> Iterator[Fresh]:
    """Make the file of each thread, in order, in as many processes as it is worth."""
    base = str(folder / THREADS)

    def make(share: Sequence[Thread]) -> list[tuple[str, str]]:
        return [_path_and_text(base, thread) for thread in share]

    shares = [threads[at : at + SHARE] for at in range(0, len(threads), SHARE)]
    made = processes.spread(shares, make, processes.hands(len(threads), ENOUGH))
    for thread, (path, text) in zip(threads, chain.from_iterable(made), strict=True):
        network = thread.network
        yield Fresh(path, text, tuple([(network, post.id) for post in thread.posts]))


def names(path: str) -> Iterator[str]:
    """Go through the names that a file may get, where the first is taken."""
    yield path
    whole = Path(path)
    yield from (str(whole.with_stem(f"{whole.stem}-{number}")) for number in count(2))


def mark(network: str, identity: str) -> str:
    """Return a few characters that tell things of one name apart, nearly always."""
    return digests.of_text(f"{network}:{identity}", 3)


def _path_and_text(folder: str, thread: Thread) -> tuple[str, str]:
    draft, root = thread_draft(thread), thread.posts[0]
    day = DAY.match(root.created_at) if root.created_at else None
    words = files.ascii_slug(str((draft.fields or {})["title"]), 40)
    name = [day[0] if day else "", words, mark(thread.network, root.id)]
    path = [folder, day[0][:4] if day else "undated", "-".join(filter(None, name)) + ".md"]
    return os.sep.join(path), thread_merge.fresh_thread(draft)
