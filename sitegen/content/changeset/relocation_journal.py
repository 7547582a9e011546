"""Posts that move from one file to another, so that an import can be stopped at any step.

The file that gets them is written before the others lose them: each post is always in one. As
it is in two for a moment, a record is there so long; it says which of the two is the one to go.
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


class Joining(Struct, frozen=True):
    """What is under way: files by their names in content/, and the digests of their texts.

    Of `into` as it shall be, of those in `leaving` as they were.
    """

    into: str
    leaving: tuple[str, ...]
    digests: dict[str, str]

    def has(self, texts: Mapping[str, str]) -> bool:
        """Tell whether files have the texts that the import knew, and no person's since."""
        return all(self.digests.get(name) == _digest(text) for name, text in texts.items())


NOTHING = Joining("", (), {})


def under_way(folder: Path) -> Joining | None:
    """Return what an import was stopped in, or is in now. Raises ContentError."""
    path = folder / RECORD
    try:
        return convert(json.loads(files.read(str(path))), Joining)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError:
        return NOTHING  # a post in two files is then an error that a person mends
    except OSError as error:
        raise ContentError(
            f"cannot be read: {error.strerror}", path=path, hint="check its permissions."
        ) from error


class Steps:
    """The steps in which an import moves posts, in order: a file's text, None for one that goes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken: list[Step] = []
        self._texts: dict[str, str | None] = {}

    def on_disk(self, path: str, before: Mapping[str, str]) -> str | None:
        """Return what a file holds after all steps; before them it is as it is told."""
        return self._texts[path] if path in self._texts else before.get(path)

    def move(self, into: Step, old: Mapping[str, str], new: Mapping[str, str | None]) -> None:
        """Let posts move into a file, from others that are on the disk as `old` says."""
        path, text = into
        texts = {self.name(path): text or "", **{self.name(p): t for p, t in old.items()}}
        digests = {name: _digest(text) for name, text in texts.items()}
        begun = {"into": self.name(path), "leaving": [*map(self.name, old)], "digests": digests}
        self.take(str(self.folder / RECORD), json.dumps(begun, indent=1) + "\n")
        self.take(path, text)
        for path in old:
            self.take(path, new[path])
        self.end()

    def end(self) -> None:
        """Let no posts be under way any more."""
        self.take(str(self.folder / RECORD), None)

    def take(self, path: str, text: str | None) -> None:
        """Let a file have a text, or go."""
        self.taken.append((path, text))
        self._texts[path] = text

    def name(self, path: str) -> str:
        """Return a file's name in content/."""
        return Path(path).relative_to(self.folder).as_posix()


def _digest(text: str) -> str:
    return digests.of_text(text, 16)
