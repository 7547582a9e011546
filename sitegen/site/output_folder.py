"""The output folder: sitegen replaces and deletes only files that it made.

A new site is made beside its place and moved there in one step; a site that exists is
changed file by file, each of which is the old one or the new one at any moment.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from pathlib import Path, PurePosixPath

from sitegen import files, folders, locks
from sitegen.config.schema import Config
from sitegen.errors import OutputError, SeveralErrors
from sitegen.site.scan import LINK, OnDisk, listed

MANIFEST = ".sitegen-manifest"
STAGE = ".sitegen-partial"


class Output:
    """The output folder, or for a first build the folder that becomes it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.first = not folder.exists() or not any(folder.iterdir())
        self.place = folder.resolve()  # a link stays one: what it leads to is replaced
        stage = self.place.with_name(f".{self.place.name}{STAGE}")
        self.target = stage if self.first else folder
        self._target = str(self.target)
        self._folders: set[str] = set()
        self.gone: set[str] = set()

    @cached_property
    def owned(self) -> frozenset[str]:
        """The files here that sitegen made, except links and what is behind a link."""
        noted, there = self._noted or frozenset(), self.there
        if noted <= there.keys() and LINK not in there.values():
            return noted  # nearly always; then no file needs to be looked at by itself
        return frozenset([path for path in noted if there.get(path, LINK) != LINK])

    @cached_property
    def foreign(self) -> frozenset[str]:
        """The files here that sitegen did not make, or did not finish."""
        return frozenset(self.there.keys() - self.owned - {MANIFEST})

    @cached_property
    def _noted(self) -> frozenset[str] | None:
        """The files that the manifest lists, if there is one."""
        return None if self.first else frozenset(_manifest(self.folder))

    @contextmanager
    def changing(self, paths: Collection[str]) -> Iterator[None]:
        """Make ready for these files; when making them fails, no half of a new site stays.

        Raises OutputError when a name is taken by what sitegen did not make; nothing is changed.
        """
        self._refuse_foreign(paths)
        try:
            if self.first:
                folders.remove(self.target)
                self.target.mkdir(parents=True)
            if paths != self.owned:
                self._note({*paths, *self.owned})
            yield
        except BaseException:
            if self.first:
                folders.remove(self.target)
            elif self.folder.is_dir():
                self._note(self._noted or ())  # without it, nobody could build here again
            raise

    def write(self, path: str, data: bytes) -> OnDisk | None:
        """Write a file; return None when it had these bytes already."""
        name = self._place(path)
        if self.first:
            made = files.create(name, data)
            return made.st_size, made.st_mtime_ns
        place = Path(name)
        if same(place, data):
            return None
        files.replace(name, data)
        return on_disk(place)

    def copy(self, path: str, source: Path) -> OnDisk | None:
        """Copy a file of any size; return None when it was there already."""
        import filecmp

        name = self._place(path)
        place = Path(name)
        if self.first:
            files.create_copy(name, source)
        elif is_file(place) and filecmp.cmp(source, place, shallow=False):
            return None
        else:
            files.replace_by_copy(name, source)
        return on_disk(place)

    def finish(self, paths: Collection[str]) -> tuple[str, ...]:
        """Delete the files that the site no longer has, and move a new site into place."""
        gone = tuple(sorted(self.owned.difference(paths)))
        halves = {path for path in self.foreign if path.endswith(files.PARTIAL)}.difference(paths)
        for path in (*gone, *halves):
            (self.target / path).unlink(missing_ok=True)
        for folder in sorted({os.path.dirname(path) for path in (*gone, *halves)}, reverse=True):
            self._drop_empty(folder)
        self._note(paths)
        if self.first:
            os.rename(self.target, self.place)
        self.gone = {*gone, *halves}
        return gone

    def holds(self, paths: Mapping[str, OnDisk]) -> bool:
        """Tell whether sitegen's files here are those that the last build left, unchanged."""
        return self.owned == paths.keys() and paths.items() <= self.there.items()

    def stats_of(self, site: dict[str, OnDisk]) -> dict[str, OnDisk]:
        """Return every file of the folder with its `stat`, now that the site has these."""
        rest = self.there
        if self.gone:
            rest = {path: file for path, file in rest.items() if path not in self.gone}
        return rest | site | {MANIFEST: on_disk(self.folder / MANIFEST)}

    @cached_property
    def there(self) -> dict[str, OnDisk]:
        """Every file that was there on the first call."""
        return listed(self.folder)

    def _place(self, path: str) -> str:
        folder, _, _ = path.rpartition("/")
        if folder not in self._folders:
            folders.create(self.target / folder, self.target)
            self._folders.add(folder)
        return f"{self._target}/{path}"

    def _refuse_foreign(self, wanted: Collection[str]) -> None:
        """Refuse a site that would replace a file that sitegen did not make."""
        foreign = self.foreign
        if not foreign:
            return
        nearest = {path.rpartition("/")[0] for path in wanted}
        folders = {str(folder) for path in nearest for folder in _with_parents(path)}
        problems = [
            OutputError(
                "is not sitegen's, but the site needs this name",
                path=self.folder / path,
                hint="move it away.",
            )
            for path in sorted(foreign & {*wanted, *folders})
        ]
        if problems:
            raise SeveralErrors.combine(problems)

    def _note(self, paths: Collection[str]) -> None:
        """Write the manifest, unless it is there with the same content."""
        place = self.target / MANIFEST
        if paths == self._noted and is_file(place):
            return
        text = "\n".join([*sorted(paths), ""])  # each is a line
        files.write(place, text.encode(), self.target)
        self._noted = frozenset(paths)

    def _drop_empty(self, folder: str) -> None:
        while folder:
            try:
                os.rmdir(self.target / folder)
            except OSError:
                return
            folder = os.path.dirname(folder)


def opened(config: Config) -> Output:
    """Return the output folder, if sitegen may write there. Raises OutputError."""
    folder = config.output
    whole = folder.resolve()
    root = config.root.resolve()
    content = config.content.resolve()
    if whole == Path.home().resolve() or whole == Path(whole.anchor):
        raise _refused(folder, "is not a folder for a site alone")
    if root.is_relative_to(whole) or content.is_relative_to(whole) or whole.is_relative_to(content):
        raise _refused(folder, "holds the source of the site, or is in it")
    if folder.exists() and not folder.is_dir():
        raise _refused(folder, "is not a folder")
    if (folder / ".git").exists():
        raise _refused(folder, "is a git repository")
    if folder.is_dir() and any(folder.iterdir()) and not is_file(folder / MANIFEST):
        raise OutputError(
            "has files that sitegen did not make",
            path=folder,
            hint="if it holds nothing but a built site, delete it and build again; else choose "
            "another folder with --output.",
        )
    return Output(folder)


def on_disk(path: Path) -> OnDisk:
    """Return a file's size and time."""
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def lock(config: Config) -> AbstractContextManager[None]:
    """Lock the site against other builds. Raises BusyError."""
    return locks.hold(config.cache / "lock", "another sitegen")


def _with_parents(path: str) -> tuple[PurePosixPath, ...]:
    folder = PurePosixPath(path)
    return (folder, *folder.parents)


def _manifest(folder: Path) -> tuple[str, ...]:
    """Return the names in the manifest, which is untrusted: anybody may have written it."""
    text = (folder / MANIFEST).read_text("utf-8", "replace")
    return tuple(filter(None, text.split("\n")))


def is_file(place: Path) -> bool:
    """Tell whether a regular file is there, not a link to one."""
    try:
        return stat.S_ISREG(place.lstat().st_mode)
    except OSError:
        return False


def same(place: Path, data: bytes) -> bool:
    """Tell whether a file is there with these bytes."""
    try:
        found = place.lstat()
        has_size = stat.S_ISREG(found.st_mode) and found.st_size == len(data)
        return has_size and place.read_bytes() == data
    except OSError:
        return False


def _refused(folder: Path, why: str) -> OutputError:
    return OutputError(why, path=folder, hint="choose another folder with --output.")
