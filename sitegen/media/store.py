"""The media store (content/media/): each file once, named by its digest, without metadata."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from sitegen import files, folders
from sitegen.durable_files import Batch
from sitegen.errors import SourceError
from sitegen.media.active_content import storage_kind
from sitegen.media.metadata import EditPlan, Open, plan_edits
from sitegen.media.metadata.edits import apply_edits
from sitegen.media.metadata.forward_stream import read_chunk
from sitegen.media.sniffing import HEAD_BYTES, Kind
from sitegen.model import MediaKind
from sitegen.sources import Attachment

FOLDER = "media"
DIGEST_DIGITS = 32  # of a SHA-256, in a name
BATCH_SIZE = 200  # an interrupted import stores no more files again
MAX_BYTES_IN_MEMORY = 8 << 20  # up to this size a file is read only once


class StoredFile(Struct, frozen=True):
    """A stored file that posts can show: its path in content/, its kind, its stored size."""

    path: str
    kind: MediaKind
    size: int
    is_new: bool
    note: str | None = None


class RejectedFile(Struct, frozen=True):
    """A file that cannot be shown, and the reason."""

    name: str
    reason: str


class Store:
    """The media of a content folder; hold the import lock to add to it.

    Files are written durably: each is on the disk before it gets its name.
    """

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.folder = folder / FOLDER
        self._is_prepared = False
        self._batch = Batch(folder)
        self._batch_size = 1
        self._digests: dict[Path, str] = {}  # of the files of the batch

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Sync files together, many at a time, which is quicker; at the end all have their names.

        Raises OSError.
        """
        self._batch_size = BATCH_SIZE
        try:
            yield
            self._publish()
        finally:
            self._batch.discard()
            self._batch_size = 1

    def add(self, attachment: Attachment) -> StoredFile | RejectedFile:
        """Store a file, unless it is stored already. Raises OSError if it cannot be written."""
        try:
            inspection = _inspect(attachment)
            if isinstance(inspection, RejectedFile):
                return inspection
            path, is_new = self._target(inspection)
            if is_new:
                self._write(inspection, path)
            return inspection.stored_file(path, is_new)
        except SourceError as error:
            return RejectedFile(attachment.name, error.message)

    def preview_add(self, attachment: Attachment) -> StoredFile | RejectedFile:
        """Return what `add` would return, without writing anything."""
        try:
            inspection = _inspect(attachment)
            return (
                inspection
                if isinstance(inspection, RejectedFile)
                else inspection.stored_file(*self._target(inspection))
            )
        except SourceError as error:
            return RejectedFile(attachment.name, error.message)

    def add_as(self, attachment: Attachment, path: Path) -> RejectedFile | None:
        """Store a file under the name that its post already has; None on success.

        Raises OSError if it cannot be written.
        """
        try:
            inspection = _inspect(attachment)
            if isinstance(inspection, RejectedFile):
                return inspection
            self._write(inspection, path)
        except SourceError as error:
            return RejectedFile(attachment.name, error.message)
        return None

    def _target(self, inspection: _Inspection) -> tuple[Path, bool]:
        """Return the path to store a file at, and whether it is new.

        An existing file with other bytes was edited by a person, and is kept.
        """
        path = self.folder / f"{inspection.digest[:DIGEST_DIGITS]}.{inspection.kind.extension}"
        existing_digest = self._digest_of(path)
        if (
            existing_digest is None
            or not existing_digest.startswith(inspection.digest[:DIGEST_DIGITS])
            or existing_digest == inspection.digest
        ):
            return path, existing_digest is None
        path = path.with_stem(inspection.digest)  # other bytes whose digest has the same prefix
        return path, self._digest_of(path) is None

    def _digest_of(self, path: Path) -> str | None:
        return self._digests.get(path) or _digest_file(path)

    def _write(self, inspection: _Inspection, path: Path) -> None:
        """Write a file; it gets its name with the others of its batch."""
        self._prepare_folder()
        self._batch.make_folder(str(path.parent))
        partial_path = path.with_name(f".{path.name}{files.PARTIAL}")
        try:
            digest = hashlib.sha256()
            with os.fdopen(files.create_new(str(partial_path)), "wb") as out:
                for data in inspection.stored_bytes():
                    digest.update(data)
                    out.write(data)
            if digest.hexdigest() != inspection.digest:
                raise SourceError("changed while it was read", path=path)
        except BaseException:
            partial_path.unlink(missing_ok=True)
            raise
        self._batch.add(str(path), str(partial_path))
        self._digests[path] = inspection.digest
        if len(self._batch) >= self._batch_size:
            self._publish()

    def _publish(self) -> None:
        """Sync the files of the batch and give them their names."""
        try:
            self._batch.publish()
        finally:
            self._batch.discard()
            self._digests.clear()

    def _prepare_folder(self) -> None:
        """Create the folder, and delete partial files of interrupted runs."""
        if not self._is_prepared:
            folders.create(self.folder, self.root)
            for path in self.folder.glob(f".*{files.PARTIAL}"):
                path.unlink(missing_ok=True)
            self._is_prepared = True


class _Inspection(Struct, frozen=True):
    """The results of inspecting a file before it is stored."""

    open: Open
    kind: Kind
    edit_plan: EditPlan
    digest: str = ""
    size: int = 0

    def stored_bytes(self) -> Iterator[bytes]:
        """Yield the bytes to store. Raises SourceError."""
        with self.open() as stream:
            yield from apply_edits(stream, self.edit_plan.edits, self.edit_plan.size)

    def stored_file(self, path: Path, is_new: bool) -> StoredFile:
        """Return the stored file."""
        name = f"{FOLDER}/{path.name}"
        return StoredFile(name, self.kind.kind, self.size, is_new, self.edit_plan.note)


def _inspect(attachment: Attachment) -> _Inspection | RejectedFile:
    """Detect a file's kind and plan its edits. Raises SourceError."""
    open_file, head = _open_buffered(attachment)
    if not head:
        return RejectedFile(attachment.name, "is empty")
    kind = storage_kind(open_file, head)
    edit_plan = plan_edits(open_file, kind.extension)
    if edit_plan.is_private:
        return RejectedFile(
            attachment.name, f"{edit_plan.note}, and it may reveal where it was made"
        )
    inspection, digest, size = _Inspection(open_file, kind, edit_plan), hashlib.sha256(), 0
    for data in inspection.stored_bytes():
        digest.update(data)
        size += len(data)
    return _Inspection(open_file, kind, edit_plan, digest.hexdigest(), size)


def _open_buffered(attachment: Attachment) -> tuple[Open, bytes]:
    """Return a function that opens a file, and its first bytes; a small file is buffered."""
    with _open(attachment) as stream:
        data = b""
        while len(data) <= MAX_BYTES_IN_MEMORY and (
            chunk := read_chunk(stream, MAX_BYTES_IN_MEMORY + 1 - len(data))
        ):
            data += chunk
    if len(data) <= MAX_BYTES_IN_MEMORY:
        return lambda: BytesIO(data), data[:HEAD_BYTES]
    return lambda: _open(attachment), data[:HEAD_BYTES]


def _open(attachment: Attachment) -> BinaryIO:
    try:
        return attachment.open()
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", path=attachment.name) from error


def _digest_file(path: Path) -> str | None:
    """Return the digest of a file; None if it does not exist, is empty, or is a link."""
    if path.is_symlink():
        return None
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
            return digest.hexdigest() if file.tell() else None
    except FileNotFoundError:
        return None
