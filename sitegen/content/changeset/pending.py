"""The pending state of the files of content/ during an import, before any is written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from sitegen import files
from sitegen.content.changeset import new_files, relocation_journal
from sitegen.content.changeset.new_files import Key
from sitegen.content.format import thread_file
from sitegen.content.format.draft import Parts
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.merge import lead_post, thread_merge
from sitegen.content.merge.parts import as_object


class Conflict(Struct, frozen=True):
    """Parts changed by both a person and the source; the source's version is in `upstream`."""

    path: Path
    upstream: Path
    parts: tuple[str, ...]


class PendingFiles:
    """The texts of files before and after (None: deleted), and the file of each post.

    `beside` are the conflict files to write, `steps` the order in which posts are moved.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.before: dict[str, str] = {}
        self.texts: dict[str, str | None] = {}
        self.of_post: dict[Key, str] = {}
        self.beside: dict[str, str] = {}
        self.conflicts: list[Conflict] = []
        self.steps = relocation_journal.Steps(folder)
        self._parsed: dict[str, ThreadFile] = {}

    def text(self, path: str) -> str | None:
        """Return the pending text of a file, or else the one it has."""
        return self.texts[path] if path in self.texts else self.before.get(path)

    def file(self, path: str) -> ThreadFile:
        """Return a thread's parsed file in its pending state."""
        if path not in self._parsed:
            self._parsed[path] = thread_file.read(path, self.text(path) or "")
        return self._parsed[path]

    def record(self, path: str, text: str) -> ThreadFile:
        """Record the text of a thread's file. Raises ContentError if it is broken."""
        self.before[path] = text
        return self.file(path)

    def deleted(self) -> Iterator[tuple[Key, str, Parts]]:
        """Yield the posts that a person deleted, the files that recorded them, and the digests."""
        for path, file in self._parsed.items():
            network = str(file.fields.get("network"))
            for identity, digests in thread_merge.deleted_from(file).items():
                yield (network, identity), path, as_object(digests)

    def add(self, path: str, text: str, keys: Iterable[Key]) -> None:
        """Add a new file with a thread's posts."""
        self.texts[path] = text
        self._parsed.pop(path, None)
        self.of_post.update(dict.fromkeys(keys, path))

    def add_all(self, new: Sequence[new_files.NewFile]) -> bool:
        """Add new files at once if the folder is empty and their posts and names are unique.

        Return False otherwise: the files must then be merged one by one.
        """
        if self.before or self.texts:
            return False
        of_post = {key: file.path for file in new for key in file.keys}
        texts = {file.path: file.text for file in new}
        if len(of_post) < sum([len(file.keys) for file in new]) or len(texts) < len(new):
            return False
        self.of_post.update(of_post)
        self.texts.update(texts)
        return True

    def change(self, file: ThreadFile, text: str) -> None:
        """Replace the text of a thread's file."""
        self.texts[file.path] = text
        if text != file.text:
            self._parsed[file.path] = file = thread_file.read(file.path, text)
        network = str(file.fields.get("network"))
        self.of_post.update({(network, identity): file.path for identity in file.records})

    def remove_posts(self, file: ThreadFile, text: str | None) -> None:
        """Replace the text of a file that lost posts; None deletes it.

        Its front matter is updated at once: later, the author of posts that name none would be
        unknown.
        """
        if text is not None:
            self.change(file, text)
            left, first = self.file(file.path), next(iter(file.records))
            self.change(left, lead_post.update_front_matter(left, first))
            return
        self.texts[file.path] = None
        del self._parsed[file.path]

    def add_conflict(self, path: str, text: str, parts: tuple[str, ...]) -> None:
        """Write the source's version beside a file, because a person changed the same parts."""
        upstream = f"{path}.upstream"
        self.beside[upstream] = text
        self.conflicts.append(Conflict(Path(path), Path(upstream), parts))

    def save_beside(self, file: ThreadFile, into: Path) -> None:
        """Save a file's text beside it; earlier such files are never overwritten."""
        names = new_files.candidate_names(f"{file.path}.joined")
        beside = next(name for name in names if self._may_hold(name, file.text))
        if beside not in self.beside:
            self.beside[beside] = file.text
            what = (f"what you wrote in {Path(file.path).name}, whose posts it now has",)
            self.conflicts.append(Conflict(into, Path(beside), what))

    def _may_hold(self, path: str, text: str) -> bool:
        """Return whether a name beside a file is free for a text, or already has it."""
        if path in self.beside:
            return self.beside[path] == text
        if not os.path.lexists(path):
            return True
        return os.path.isfile(path) and files.read(path) == text.encode()
