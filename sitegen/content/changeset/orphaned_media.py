"""Orphaned media: files of deleted posts that nothing in content/ refers to any more.

They are deleted last, after all files that referred to them are written. Until then a record
lists them, so that an interrupted import leaves none behind.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sitegen import files
from sitegen.content.changeset.file_changes import FileChanges
from sitegen.content.post_media.post_files import files_of
from sitegen.model import Post

RECORD = ".sitegen-leaving"
FOLDER = "media"
# Names that have only one spelling, in any file format.
_NAME = re.compile(r"[0-9a-z-]+\.[0-9a-z]+")


def media_paths(posts: Iterable[Post]) -> set[str]:
    """Return the media files that posts refer to."""
    paths = (path for post in posts for path in files_of(post))
    return {path for path in paths if path.startswith(f"{FOLDER}/")}


def read_record(folder: Path) -> set[str]:
    """Return the media files that an interrupted import would have deleted."""
    try:
        names = json.loads(files.read(str(folder / RECORD)))
    except (OSError, ValueError):
        return set()
    return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()


def find_orphans(names: set[str], pending: FileChanges) -> tuple[str, ...]:
    """Return the existing media files that no file will refer to.

    A mention anywhere counts, also in a person's own text. A file whose name could be spelled in
    another way is never an orphan.
    """
    waiting = {name.rpartition("/")[2]: name for name in names if _is_plain(name)}
    for text in _texts(pending) if waiting else ():
        for word in _NAME.findall(text.lower()):
            waiting.pop(word.lstrip("-"), None)
    paths = (files.safe_join(pending.folder, name) for name in sorted(waiting.values()))
    return tuple([str(path) for path in paths if path and path.is_file()])


def _is_plain(name: str) -> bool:
    """Return whether a file is in the media folder and its name has only one spelling."""
    folder, _, last = name.rpartition("/")
    return folder == FOLDER and last[:1] != "-" and bool(_NAME.fullmatch(last))


def format_record(names: Iterable[str]) -> str:
    """Return the text of the record of media files to be deleted."""
    return json.dumps([f"{FOLDER}/{os.path.basename(name)}" for name in names], indent=1) + "\n"


def _texts(pending: FileChanges) -> Iterator[str]:
    """Yield all texts that content/ will have, by sitegen or by a person."""
    texts: Mapping[str, str | None] = {**pending.before, **pending.texts, **pending.beside}
    yield from (text for text in texts.values() if text is not None)
    for root, folders, names in os.walk(pending.folder):
        at_top = Path(root) == pending.folder
        folders[:] = [f for f in folders if not (f.startswith(".") or (at_top and f == FOLDER))]
        for name in names:
            path = os.path.join(root, name)
            is_ours = name.startswith(".") or name.endswith(files.PARTIAL)
            if path not in texts and not is_ours and os.path.isfile(path):
                yield files.read(path).decode("utf-8", "replace")
