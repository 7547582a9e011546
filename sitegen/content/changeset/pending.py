"""The files of content/ as an import shall leave them, before any is written."""

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
    """What both a person and the source changed; the source's version is beside the file."""

    path: Path
    upstream: Path
    parts: tuple[str, ...]


class Pending:
    """What files had (`before`), shall have (`texts`, None for one that goes), and where posts are.

    `beside` are the texts that are put beside files, `steps` the order in which posts move.
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
        """Return what a file shall hold, as far as is known by now."""
        return self.texts[path] if path in self.texts else self.before.get(path)

    def file(self, path: str) -> ThreadFile:
        """Return a thread's file cut up, as it shall be by now."""
        if path not in self._parsed:
            self._parsed[path] = thread_file.read(path, self.text(path) or "")
        return self._parsed[path]

    def know(self, path: str, text: str) -> ThreadFile:
        """Take down what a thread's file holds. Raises ContentError where it is broken."""
        self.before[path] = text
        return self.file(path)

    def deleted(self) -> Iterator[tuple[Key, str, Parts]]:
        """Go through the posts that a person deleted, the files that remember them, the digests."""
        for path, file in self._parsed.items():
            network = str(file.fields.get("network"))
            for identity, digests in thread_merge.deleted_from(file).items():
                yield (network, identity), path, as_object(digests)

    def begin(self, path: str, text: str, keys: Iterable[Key]) -> None:
        """Let a new file have a thread's posts."""
        self.texts[path] = text
        self._parsed.pop(path, None)
        self.of_post.update(dict.fromkeys(keys, path))

    def begin_all(self, new: Sequence[new_files.Fresh]) -> bool:
        """Let each of these be a new file, if nothing has any of their posts or names yet.

        So it is where an archive begins, and then they need not be taken one by one.
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
        """Let a thread's file have another text."""
        self.texts[file.path] = text
        if text != file.text:
            self._parsed[file.path] = file = thread_file.read(file.path, text)
        network = str(file.fields.get("network"))
        self.of_post.update({(network, identity): file.path for identity in file.records})

    def leave(self, file: ThreadFile, text: str | None) -> None:
        """Let a thread's file lose posts: it then has that text, or goes.

        Its front matter speaks for what stays at once: later, nothing could tell whose posts
        those are that name no author.
        """
        if text is not None:
            self.change(file, text)
            left, first = self.file(file.path), next(iter(file.records))
            self.change(left, lead_post.of_what_stayed(left, first))
            return
        self.texts[file.path] = None
        del self._parsed[file.path]

    def differ(self, path: str, text: str, parts: tuple[str, ...]) -> None:
        """Put the source's version beside a file that a person changed in the same parts."""
        upstream = f"{path}.upstream"
        self.beside[upstream] = text
        self.conflicts.append(Conflict(Path(path), Path(upstream), parts))

    def keep_beside(self, file: ThreadFile, into: Path) -> None:
        """Put a file's text beside it; what is kept there of another time stays."""
        names = new_files.names(f"{file.path}.joined")
        kept = next(name for name in names if self._may_hold(name, file.text))
        if kept not in self.beside:
            self.beside[kept] = file.text
            what = (f"what you wrote in {Path(file.path).name}, whose posts it now has",)
            self.conflicts.append(Conflict(into, Path(kept), what))

    def _may_hold(self, path: str, text: str) -> bool:
        """Tell whether a file that lies beside another is free for a text, or has it."""
        if path in self.beside:
            return self.beside[path] == text
        if not os.path.lexists(path):
            return True
        return os.path.isfile(path) and files.read(path) == text.encode()
