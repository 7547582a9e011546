"""The files of a content folder for an import: each is read once, and parsed once if needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from sitegen.content import content_folder, counts
from sitegen.content.format import profile_file, thread_file
from sitegen.content.format.profile_file import ProfileFile, StoredProfile
from sitegen.content.format.stored import StoredPost, stored_posts
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.imported import import_records
from sitegen.content.imported.import_records import ImportRecords
from sitegen.content.imported.record_lines import Key
from sitegen.model import Counts, Thread


class ArchiveIndex:
    """Reads the files of a content folder when they are first asked for. Raises ContentError."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: dict[str, ThreadFile] = {}
        self._stored: dict[str, tuple[StoredPost, ...]] = {}

    @cached_property
    def texts(self) -> dict[str, str]:
        """The texts of threads by path, sorted."""
        paths = content_folder.markdown_files(self.folder / content_folder.THREADS)
        return {path: content_folder.read_text(path) for path in paths}

    @cached_property
    def records(self) -> ImportRecords:
        """The records of earlier imports."""
        return import_records.load(self.folder)

    @cached_property
    def counts(self) -> dict[Key, Counts]:
        """The counts of all posts."""
        return counts.read_all(self.folder)

    @cached_property
    def profiles(self) -> tuple[tuple[ProfileFile, StoredProfile], ...]:
        """The profiles, sorted by path."""
        paths = content_folder.markdown_files(self.folder / content_folder.PROFILES)
        files = [profile_file.read(path, content_folder.read_text(path)) for path in paths]
        return tuple([(file, profile_file.stored_profile(file)) for file in files])

    @cached_property
    def threads(self) -> tuple[Thread, ...]:
        """All threads as their sources had them."""
        files = ((self.file(p), self.stored(p)) for p in self.texts)
        return tuple(content_folder.archived_threads(files))

    def file(self, path: str) -> ThreadFile:
        """Return the parsed file of a thread."""
        if path not in self._files:
            self._files[path] = thread_file.read(path, self.texts[path])
        return self._files[path]

    def stored(self, path: str) -> tuple[StoredPost, ...]:
        """Return the posts of a thread's file, without their counts."""
        if path not in self._stored:
            self._stored[path] = stored_posts(self.file(path))
        return self._stored[path]

    def matching(self, pattern: re.Pattern[str]) -> Iterator[tuple[str, list[str]]]:
        """Yield the files of threads in which a pattern is found, with all that it matches."""
        for path, text in self.texts.items():
            if found := pattern.findall(text):
                yield path, found
