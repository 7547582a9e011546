"""Single files compressed with gzip, bzip2 or xz, such as `outbox.json.gz`.

The file is unpacked into a temporary folder under its own name, so that every importer can read
it like any other file, and deleted after reading. The output is counted, to stop bombs.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from sitegen.errors import SeveralErrors, SitegenError, SourceError
from sitegen.formats.archives.random_access import BZIP2, GZIP, XZ, bytes_of, first_block
from sitegen.formats.archives.streams import CHUNK_BYTES

ENDINGS = (".gz", ".bz2", ".xz")


class Unwrapped:
    """A temporary unpacked copy. Call `delete`: commands may end without running finalizers."""

    def __init__(self, packed: Path, head: bytes) -> None:
        self.packed = packed
        self._folder = tempfile.TemporaryDirectory(prefix="sitegen-")
        ends_so = packed.suffix.lower() in ENDINGS and packed.stem
        self.path = Path(self._folder.name) / (packed.stem if ends_so else packed.name)
        try:
            _unpack(packed, head, self.path)
        except BaseException:
            self.delete()
            raise

    def delete(self) -> None:
        """Delete the copy."""
        self._folder.cleanup()

    def error(self, error: SitegenError) -> SitegenError:
        """Return an error about the copy as an error about the file that the person named."""
        if isinstance(error, SeveralErrors):
            return SeveralErrors([self.error(inner) for inner in error.errors])
        if error.path != str(self.path):
            return error
        return type(error)(error.message, path=self.packed, line=error.line, hint=error.hint)


def unwrap(path: Path, head: bytes) -> Unwrapped | None:
    """Unpack a compressed file; return None for any other file. Raises SourceError."""
    if not head.startswith((GZIP, BZIP2, XZ)) or not first_block(path, head, 1):
        return None
    return Unwrapped(path, head)


def _unpack(packed: Path, head: bytes, into: Path) -> None:
    stream = bytes_of(packed, head).stream()
    try:
        with stream, into.open("wb") as file:
            while data := stream.take(CHUNK_BYTES):
                file.write(data)
    except OSError as error:
        what = f"cannot be unpacked: {error.strerror or error}"
        raise SourceError(what, path=packed, hint="set TMPDIR to a folder with room.") from error
