"""Read the unpacked copy of a packed file by the importer that recognises it."""

from __future__ import annotations

from sitegen.errors import SitegenError
from sitegen.formats.archives.decompression import UnpackedCopy
from sitegen.sources import Imported, Importer, Options, Source


class UnwrappingImporter:
    """Reads the unpacked copy of a file by the importer that recognised it."""

    def __init__(self, importer: Importer, unwrapped: UnpackedCopy) -> None:
        self.name = importer.name
        self.looks_for = importer.looks_for
        self._importer = importer
        self._unwrapped = unwrapped

    def detect(self, source: Source) -> str | None:
        """Return what the source is, in a few words, or None if it is not for this importer."""
        try:
            return self._importer.detect(source)
        except SitegenError as error:
            raise self._unwrapped.translate_error(error) from error

    def read(self, source: Source, options: Options) -> Imported:
        """Read the whole source, once: the copy is deleted afterwards. Raises SourceError."""
        try:
            return self._importer.read(source, options)
        except SitegenError as error:
            raise self._unwrapped.translate_error(error) from error
        finally:
            self._unwrapped.delete()
