"""Write the output folder; replace and delete only files that sitegen made.

A new site is built in a staging folder and renamed in one step. An existing site is changed file
by file, each atomically.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property, partial
from pathlib import Path, PurePosixPath

from sitegen import files, folders, locks, processes
from sitegen.config.schema import Config
from sitegen.errors import OutputError, SeveralErrors, UsageError
from sitegen.site.scan import LINK, FileStat, stat_files

MANIFEST = ".sitegen-manifest"
MIN_MANIFEST_BYTES = 100_000  # of some 3,000 paths; scanning fewer takes less time than a fork
STAGING_SUFFIX = ".sitegen-partial"


class Output:
    """The output folder; for a first build, the staging folder that is renamed to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.is_first = not folder.exists() or not any(folder.iterdir())
        self.path = folder.resolve()  # a linked output folder stays a link
        staging = self.path.with_name(f".{self.path.name}{STAGING_SUFFIX}")
        self.target = staging if self.is_first else folder
        self._target = str(self.target)
        self._folders: set[str] = set()
        self._scan: Callable[[], dict[str, FileStat]] = partial(stat_files, folder)
        self.deleted: set[str] = set()

    @contextmanager
    def scanned_in_background(self, jobs: int) -> Iterator[None]:
        """Scan a large folder in a helper process, while this one reads content and the state.

        An edit of a site of 100,000 posts takes a quarter less time. `jobs` is the number of
        processes that a build may use.
        """
        manifest = self.folder / MANIFEST
        if jobs < 2 or not is_file(manifest) or manifest.stat().st_size < MIN_MANIFEST_BYTES:
            yield
            return
        scan = self._scan
        with processes.background(scan) as self._scan:
            yield
        self._scan = scan

    @cached_property
    def owned(self) -> frozenset[str]:
        """The existing files that sitegen made, except links and files behind a link."""
        listed, existing = self._listed_paths or frozenset(), self.existing
        if listed <= existing.keys() and LINK not in existing.values():
            return listed  # the usual case, without a test per file
        return frozenset([path for path in listed if existing.get(path, LINK) != LINK])

    @cached_property
    def foreign(self) -> frozenset[str]:
        """The existing files that sitegen did not make or did not finish."""
        rest = [path for path in self.existing if path not in self.owned]
        return frozenset(rest) - {MANIFEST}

    @cached_property
    def _listed_paths(self) -> frozenset[str] | None:
        """The site paths in the manifest; None for a first build."""
        return None if self.is_first else frozenset(_read_manifest(self.folder))

    @contextmanager
    def prepared(self, paths: Collection[str]) -> Iterator[None]:
        """Prepare the folder for writing these site paths; on an error, delete a partial new site.

        Raises OutputError, before anything is changed, if a path is taken by a foreign file.
        """
        self._refuse_foreign(paths)
        try:
            if self.is_first:
                folders.remove(self.target)
                self.target.mkdir(parents=True)
            if paths != self.owned:
                self._write_manifest({*paths, *self.owned})
            yield
        except BaseException:
            if self.is_first:
                folders.remove(self.target)
            elif self.folder.is_dir():
                self._write_manifest(
                    self._listed_paths or ()
                )  # without it, nobody could build here again
            raise

    def read(self, path: str) -> bytes:
        """Return a file of this build, or one that it left as it was."""
        return (self.target / path).read_bytes()

    def write(self, path: str, data: bytes) -> FileStat | None:
        """Write a file; return its `stat`, or None if it had these bytes already."""
        name = self._create_parents(path)
        if self.is_first:
            made = files.create(name, data)
            return made.st_size, made.st_mtime_ns
        target = Path(name)
        if has_bytes(target, data):
            return None
        files.replace(name, data)
        return stat_file(target)

    def copy(self, path: str, source: Path) -> FileStat | None:
        """Copy a file of any size; return its `stat`, or None if it was the same already."""
        import filecmp

        name = self._create_parents(path)
        target = Path(name)
        if self.is_first:
            files.create_copy(name, source)
        elif is_file(target) and filecmp.cmp(source, target, shallow=False):
            return None
        else:
            files.replace_by_copy(name, source)
        return stat_file(target)

    def write_pieces(self, path: str, pieces: Iterable[bytes]) -> FileStat | None:
        """Write a file of any size; return its `stat`."""
        place = Path(self._create_parents(path))
        files.write_pieces(place, pieces, self.target)
        return stat_file(place)

    def finish(self, paths: Collection[str]) -> tuple[str, ...]:
        """Delete files that are not in `paths`, move a new site into place; return the deleted."""
        deleted = tuple(sorted(self.owned.difference(paths)))
        partial = {path for path in self.foreign if path.endswith(files.PARTIAL)}.difference(paths)
        for path in (*deleted, *partial):
            (self.target / path).unlink(missing_ok=True)
        for folder in sorted(
            {os.path.dirname(path) for path in (*deleted, *partial)}, reverse=True
        ):
            self._remove_empty_folders(folder)
        self._write_manifest(paths)
        if self.is_first:
            os.rename(self.target, self.path)
        self.deleted = {*deleted, *partial}
        return deleted

    def matches(self, paths: Mapping[str, FileStat]) -> bool:
        """Tell whether sitegen's files are exactly these, with the same stats."""
        return paths.keys() == self.owned and paths.items() <= self.existing.items()

    def stats_of(self, site: dict[str, FileStat]) -> dict[str, FileStat]:
        """Return the `stat` of every file in the folder after a build that wrote `site`."""
        rest = self.existing
        if self.deleted:
            rest = {path: file for path, file in rest.items() if path not in self.deleted}
        return rest | site | {MANIFEST: stat_file(self.folder / MANIFEST)}

    @cached_property
    def existing(self) -> dict[str, FileStat]:
        """The `stat` of every file that existed on first access."""
        return self._scan()

    def _create_parents(self, path: str) -> str:
        folder, _, _ = path.rpartition("/")
        if folder not in self._folders:
            folders.create(self.target / folder, self.target)
            self._folders.add(folder)
        return f"{self._target}/{path}"

    def _refuse_foreign(self, wanted: Collection[str]) -> None:
        """Raise OutputError if the site would replace a file that sitegen did not make."""
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

    def _write_manifest(self, paths: Collection[str]) -> None:
        """Write the manifest unless it is unchanged."""
        path = self.target / MANIFEST
        if paths == self._listed_paths and is_file(path):
            return
        text = "\n".join([*sorted(paths), ""])
        files.write(path, text.encode(), self.target)
        self._listed_paths = frozenset(paths)

    def _remove_empty_folders(self, folder: str) -> None:
        while folder:
            try:
                os.rmdir(self.target / folder)
            except OSError:
                return
            folder = os.path.dirname(folder)


def open_output(config: Config) -> Output:
    """Open the output folder. Raises UsageError, OutputError if sitegen must not write there."""
    folder = config.output
    whole = folder.resolve()
    root = config.root.resolve()
    content = config.content.resolve()
    if whole == Path.home().resolve() or whole == Path(whole.anchor):
        raise _unsafe_output(config, "is not a folder for a site alone")
    if root.is_relative_to(whole) or content.is_relative_to(whole) or whole.is_relative_to(content):
        raise _unsafe_output(config, "holds the source of the site, or is in it")
    if folder.exists() and not folder.is_dir():
        raise _unsafe_output(config, "is not a folder")
    if (folder / ".git").exists():
        raise _unsafe_output(config, "is a git repository")
    if folder.is_dir() and any(folder.iterdir()) and not is_file(folder / MANIFEST):
        raise OutputError(
            "has files that sitegen did not make",
            path=folder,
            hint="if it holds nothing but a built site, delete it and build again; else choose "
            "another folder with --output.",
        )
    return Output(folder)


def stat_file(path: Path) -> FileStat:
    """Return a file's size (bytes) and mtime (ns)."""
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def lock(config: Config) -> AbstractContextManager[None]:
    """Lock the site against other builds. Raises BusyError."""
    return locks.hold(config.cache / "lock", "another sitegen")


def _with_parents(path: str) -> tuple[PurePosixPath, ...]:
    folder = PurePosixPath(path)
    return (folder, *folder.parents)


def _read_manifest(folder: Path) -> tuple[str, ...]:
    """Return the site paths in the manifest, which is untrusted input."""
    text = (folder / MANIFEST).read_text("utf-8", "replace")
    return tuple(filter(None, text.split("\n")))


def is_file(path: Path) -> bool:
    """Tell whether a path is a regular file and not a link."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def has_bytes(path: Path, data: bytes) -> bool:
    """Tell whether a path is a regular file with these bytes."""
    try:
        status = path.lstat()
        has_size = stat.S_ISREG(status.st_mode) and status.st_size == len(data)
        return has_size and path.read_bytes() == data
    except OSError:
        return False


def _unsafe_output(config: Config, why: str) -> UsageError:
    what = f"the output folder {config.output} {why}"
    return UsageError(what, path=config.file, hint="choose another folder.")
