"""Media files that belonged to posts that went, and that nothing in content/ names any more.

They go last, when all that named them is written. A record tells until then which they are, so
that an import that was stopped leaves none behind.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sitegen import files
from sitegen.content.changeset.pending import Pending
from sitegen.model import Post

RECORD = ".sitegen-leaving"
FOLDER = "media"
# Names that have one spelling, in whatever they are written down.
_NAME = re.compile(r"[0-9a-z-]+\.[0-9a-z]+")


def named_by(posts: Iterable[Post]) -> set[str]:
    """Return the media files that posts name."""
    paths = (medium.path for post in posts for medium in post.media)
    return {path for path in paths if path and path.startswith(f"{FOLDER}/")}


def left_over(folder: Path) -> set[str]:
    """Return the media files that a stopped import would have taken away."""
    try:
        found = json.loads(files.read(str(folder / RECORD)))
    except (OSError, ValueError):
        return set()
    return {name for name in found if isinstance(name, str)} if isinstance(found, list) else set()


def of(names: set[str], pending: Pending) -> tuple[str, ...]:
    """Return the media files that are there, and that no file will name.

    A name counts wherever it stands, in words of a person's too. One that may stand in another
    spelling is never an orphan.
    """
    waiting = {name.rpartition("/")[2]: name for name in names if _is_plain(name)}
    for text in _texts(pending) if waiting else ():
        for word in _NAME.findall(text.lower()):
            waiting.pop(word.lstrip("-"), None)
    paths = (files.inside(pending.folder, name) for name in sorted(waiting.values()))
    return tuple([str(path) for path in paths if path and path.is_file()])


def _is_plain(name: str) -> bool:
    """Tell whether a file lies in the folder of media, under a name that has one spelling."""
    folder, _, last = name.rpartition("/")
    return folder == FOLDER and last[:1] != "-" and bool(_NAME.fullmatch(last))


def record(names: Iterable[str]) -> str:
    """Return the text of the record of media files that are to go."""
    return json.dumps([f"{FOLDER}/{os.path.basename(name)}" for name in names], indent=1) + "\n"


def _texts(pending: Pending) -> Iterator[str]:
    """Go through all texts that content/ will have, whoever wrote them."""
    told: Mapping[str, str | None] = {**pending.before, **pending.texts, **pending.beside}
    yield from (text for text in told.values() if text is not None)
    for root, folders, names in os.walk(pending.folder):
        at_top = Path(root) == pending.folder
        folders[:] = [f for f in folders if not (f.startswith(".") or (at_top and f == FOLDER))]
        for name in names:
            path = os.path.join(root, name)
            is_ours = name.startswith(".") or name.endswith(files.PARTIAL)
            if path not in told and not is_ours and os.path.isfile(path):
                yield files.read(path).decode("utf-8", "replace")
