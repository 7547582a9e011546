"""Durable writes: what was written is on the disk before a rename makes it visible.

Without that, a power failure soon after an import may leave empty files under the names of posts:
most file systems write a rename to the disk before the data of the renamed file.

All files of a batch are written under temporary names first. Then they are synced together, which
takes one system call on Linux, and renamed; at last their folders are synced. The site and the
cache do not need this: they can be made again.
"""

from __future__ import annotations

import errno
import os
import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from itertools import chain
from pathlib import Path

from sitegen import files, folders
from sitegen.errors import ContentError

STAGE = f".writing{files.PARTIAL}"
MAX_SINGLE_SYNCS = 16  # of more files, one sync of the whole file system is quicker
_UNSUPPORTED = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)  # of file systems that cannot sync

Known = Mapping[str, bytes | None]
OnRename = Callable[[str], object]


def _ignore(path: str) -> None:
    """Do nothing after a rename."""


class Batch:
    """Files that are written under temporary names, then synced together and renamed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._folders: dict[str, None] = {}  # a dict keeps the order
        self._staged: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._staged)

    def make_folder(self, folder: str) -> None:
        """Create a folder of the batch, unless it exists. Raises OutputError, OSError."""
        if folder not in self._folders:
            folders.create(folder, self.root)
            self._folders[folder] = None

    def add(self, path: str, temporary: str) -> None:
        """Add a file that was written under a temporary name in the same file system."""
        self._staged[path] = temporary

    def publish(self, known: Known | None = None, renamed: OnRename = _ignore) -> None:
        """Sync the files, rename them in their order, and sync their folders.

        With `known`, every file must still have the bytes that are known of it. Raises
        ContentError for one that has not, OSError.
        """
        if not self._staged:
            return
        sync_files(list(self._staged.values()))
        for path, temporary in self._staged.items():
            if known is not None:
                require_unchanged(path, known.get(path))
            os.replace(temporary, path)
            renamed(path)
        self._staged.clear()
        self.sync_folders()

    def sync_folders(self) -> None:
        """Sync the folders of the batch and their parents, up to the root's. Raises OSError."""
        wanted: dict[Path, None] = {}
        for name in self._folders:
            folder = Path(name)
            while folder != self.root and folder not in wanted:
                wanted[folder] = None
                folder = folder.parent
        for folder in (*wanted, self.root, self.root.parent):
            sync_folder(str(folder))

    def discard(self) -> None:
        """Delete the temporary files that are left."""
        for temporary in self._staged.values():
            Path(temporary).unlink(missing_ok=True)
        self._staged.clear()


def write_durably(
    contents: Iterable[tuple[str, bytes]],
    root: Path,
    known: Known | None = None,
    renamed: OnRename = _ignore,
) -> None:
    """Write files so that all of their data is on the disk before the first one is visible.

    They become visible one by one, in their order. Missing folders are created; below the root
    none of them may be a link. With `known`, no file is replaced that has other bytes than those,
    or that exists where none was known. Raises ContentError, OutputError, OSError; no file is then
    incomplete.
    """
    contents = iter(contents)
    first = next(contents, None)
    if first is None:
        return
    batch = Batch(root)
    with _stage(root) as stage:
        for number, (path, data) in enumerate(chain((first,), contents)):
            batch.make_folder(os.path.dirname(path))
            temporary = f"{stage}{os.sep}{number}"
            files.create(temporary, data)
            batch.add(path, temporary)
        batch.publish(known, renamed)


def write_folder_durably(folder: Path, contents: Iterable[tuple[str, bytes]]) -> None:
    """Create a new folder in one step, with files by their names in it, all on the disk by then.

    Remains of an interrupted run are deleted first. Raises OSError; then nothing is created.
    """
    stage = folder.with_name(f".{folder.name}{files.PARTIAL}")
    folders.remove(stage)
    try:
        stage.mkdir(parents=True)
        batch, paths = Batch(stage), []
        for name, data in contents:
            paths.append(f"{stage}{os.sep}{name}")
            batch.make_folder(os.path.dirname(paths[-1]))
            files.create(paths[-1], data)
        sync_files(paths)
        batch.sync_folders()
        stage.rename(folder)
    except BaseException:
        folders.remove(stage)
        raise
    sync_folder(str(folder.parent))


def delete_durably(
    paths: Iterable[str], known: Known | None = None, deleted: OnRename = _ignore
) -> None:
    """Delete files, if they exist, and sync their folders. Raises ContentError, OSError.

    With `known`, no file is deleted that has other bytes than those that are known of it.
    """
    changed: dict[str, None] = {}
    for path in paths:
        if os.path.lexists(path):
            if known is not None and path in known:
                require_unchanged(path, known[path])
            os.unlink(path)
            changed[os.path.dirname(path)] = None
        deleted(path)
    for folder in changed:
        sync_folder(folder)


def require_unchanged(path: str, known: bytes | None) -> None:
    """Check that a file has the bytes that are known of it; None: no file. Raises ContentError.

    A byte order mark, which the reader of content/ drops, does not count.
    """
    try:
        now: bytes | None = files.read(path).removeprefix(BOM_UTF8)
    except (FileNotFoundError, NotADirectoryError):
        now = None
    except OSError:
        now = b""  # it is a folder, or nobody may read it
    if now != (known and known.removeprefix(BOM_UTF8)):
        raise ContentError("changed while the import ran", path=path, hint="import again.")


def sync_files(paths: list[str]) -> None:
    """Wait until the data of closed files is on the disk. Raises OSError.

    The files are in one file system.
    """
    if len(paths) > MAX_SINGLE_SYNCS and _sync_file_system(os.path.dirname(paths[0])):
        return
    for path in paths[:-1]:
        _sync(path, os.O_RDWR | files.O_BINARY, os.fsync)
    for path in paths[-1:]:  # the last one empties the disk's own cache too
        _sync(path, os.O_RDWR | files.O_BINARY, _sync_to_disk)


def sync_folder(folder: str) -> None:
    """Wait until a folder's entries are on the disk, where a system can. Raises OSError."""
    if sys.platform != "win32":  # where a folder cannot be opened
        _sync(folder or os.curdir, os.O_RDONLY, os.fsync)


def delete_remains(root: Path) -> None:
    """Delete the temporary files of an interrupted run."""
    folders.remove(root / STAGE)


@contextmanager
def _stage(root: Path) -> Iterator[str]:
    """Create a folder for temporary files, which is deleted at the end.

    It is hidden, so that no build reads it.
    """
    stage = root / STAGE
    delete_remains(root)
    folders.create(stage, root)
    try:
        yield str(stage)
    finally:
        with suppress(OSError):
            os.rmdir(stage)
        folders.remove(stage)


def _sync(path: str, flags: int, sync: Callable[[int], object]) -> None:
    descriptor = os.open(path, flags)
    try:
        sync(descriptor)
    except OSError as error:
        error.filename = path
        if error.errno not in _UNSUPPORTED:
            raise
    finally:
        os.close(descriptor)


def _sync_to_disk(descriptor: int) -> None:
    """Sync a file, and make the disk write its own cache: macOS does that only if asked to."""
    if sys.platform == "darwin":
        import fcntl

        with suppress(OSError):  # not every file system there can do it
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def _sync_file_system(folder: str) -> bool:
    """Sync the file system of a folder; return whether that is possible. Raises OSError."""
    syncfs = _find_syncfs()
    if syncfs is None:
        return False
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        number = syncfs(descriptor)
    finally:
        os.close(descriptor)
    if number and number not in _UNSUPPORTED:
        raise OSError(number, os.strerror(number), folder)
    return not number


@cache
def _find_syncfs() -> Callable[[int], int] | None:
    """Return a function that calls `syncfs` and returns an error number; None if there is none.

    Python has no such function, the C library of Linux has.
    """
    if sys.platform == "linux":
        import ctypes  # builds need none of it

        with suppress(OSError, AttributeError):
            syncfs = ctypes.CDLL(None, use_errno=True).syncfs
            syncfs.argtypes, syncfs.restype = (ctypes.c_int,), ctypes.c_int
            return lambda descriptor: ctypes.get_errno() if syncfs(descriptor) else 0
    return None
