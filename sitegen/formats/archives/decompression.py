"""Single files compressed with gzip, bzip2 or xz, such as `outbox.json.gz`.

The file is unpacked into a temporary folder, under the same name so that every importer can read
it like any other file, and is deleted after reading. The output is counted, to stop bombs.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from sitegen.errors import SeveralErrors, SitegenError, SourceError
from sitegen.formats.archives.random_access import BZIP2, GZIP, XZ, open_bytes, read_first_block
from sitegen.formats.archives.streams import CHUNK_BYTES

ENDINGS = (".gz", ".bz2", ".xz")


class UnpackedCopy:
    """A temporary unpacked copy; call `delete`, since a command may end without finalizers."""

    def __init__(self, packed: Path, head: bytes) -> None:
        self.packed = packed
        self._folder = tempfile.TemporaryDirectory(prefix="sitegen-")
        has_ending = packed.suffix.lower() in ENDINGS and packed.stem
        self.path = Path(self._folder.name) / (packed.stem if has_ending else packed.name)
        try:
            _unpack(packed, head, self.path)
        except BaseException:
            self.delete()
            raise

    def delete(self) -> None:
        """Delete the copy."""
        self._folder.cleanup()

    def translate_error(self, error: SitegenError) -> SitegenError:
        """Return an error about the copy as an error about the file that the user named."""
        if isinstance(error, SeveralErrors):
            return SeveralErrors([self.translate_error(inner) for inner in error.errors])
        if error.path != str(self.path):
            return error
        return type(error)(error.message, path=self.packed, line=error.line, hint=error.hint)


def unpack_file(path: Path, head: bytes) -> UnpackedCopy | None:
    """Unpack a compressed file; return None for any other file. Raises SourceError."""
    if not head.startswith((GZIP, BZIP2, XZ)) or not read_first_block(path, head, 1):
        return None
    return UnpackedCopy(path, head)


def _unpack(packed: Path, head: bytes, into: Path) -> None:
    stream = open_bytes(packed, head).stream()
    try:
        with stream, into.open("wb") as file:
            while data := stream.take(CHUNK_BYTES):
                file.write(data)
    except OSError as error:
        message = f"cannot be unpacked: {error.strerror or error}"
        raise SourceError(message, path=packed, hint="set TMPDIR to a folder with room.") from error
