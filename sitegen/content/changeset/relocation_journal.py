"""The journal of moving posts between files, so that an import can be interrupted at any step.

The target file is written before the others lose the posts, so each post is always in a file.
While it is in two, a journal file exists, which says from which of the two it is to be removed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, convert

from sitegen import digests, files
from sitegen.errors import ContentError

RECORD = ".sitegen-joining"
Step = tuple[str, str | None]


class Relocation(Struct, frozen=True):
    """A relocation in progress: files by their names in content/, and the digests of their texts.

    The digest of `into` is that of its new text, those of `leaving` are of the old texts.
    """

    into: str
    leaving: tuple[str, ...]
    digests: dict[str, str]

    def has(self, texts: Mapping[str, str]) -> bool:
        """Return whether files still have the texts that the import knew."""
        return all(self.digests.get(name) == _digest(text) for name, text in texts.items())


NO_RELOCATION = Relocation("", (), {})


def read_journal(folder: Path) -> Relocation | None:
    """Return the relocation in progress or interrupted, if any. Raises ContentError."""
    path = folder / RECORD
    try:
        return convert(json.loads(files.read(str(path))), Relocation)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError:
        return NO_RELOCATION  # a post in two files is then an error for a person to correct
    except OSError as error:
        raise ContentError(
            f"cannot be read: {error.strerror}", path=path, hint="check its permissions."
        ) from error


class Steps:
    """The steps of an import that moves posts, in order: a file's text, or None to delete it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken: list[Step] = []
        self._texts: dict[str, str | None] = {}

    def on_disk(self, path: str, before: Mapping[str, str]) -> str | None:
        """Return a file's text after all steps, or else the one it had `before`."""
        return self._texts[path] if path in self._texts else before.get(path)

    def move(self, into: Step, old: Mapping[str, str], new: Mapping[str, str | None]) -> None:
        """Add the steps that move posts into a file, out of files with the texts `old`."""
        path, text = into
        texts = {self.name(path): text or "", **{self.name(p): t for p, t in old.items()}}
        digests = {name: _digest(text) for name, text in texts.items()}
        journal = {"into": self.name(path), "leaving": [*map(self.name, old)], "digests": digests}
        self.add_step(str(self.folder / RECORD), json.dumps(journal, indent=1) + "\n")
        self.add_step(path, text)
        for path in old:
            self.add_step(path, new[path])
        self.end()

    def end(self) -> None:
        """Add the step that deletes the journal."""
        self.add_step(str(self.folder / RECORD), None)

    def add_step(self, path: str, text: str | None) -> None:
        """Add the step that writes a file, or deletes it."""
        self.taken.append((path, text))
        self._texts[path] = text

    def name(self, path: str) -> str:
        """Return a file's name relative to content/."""
        return Path(path).relative_to(self.folder).as_posix()


def _digest(text: str) -> str:
    return digests.hash_text(text, 16)
