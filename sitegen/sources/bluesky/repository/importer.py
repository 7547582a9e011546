"""CAR exports of a Bluesky repository: everything an account has, except its files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sitegen.errors import SourceError
from sitegen.formats.archives import Members
from sitegen.formats.car import is_car
from sitegen.sources import Attachment, Imported, Options, Source
from sitegen.sources.source_files import head_of, names_ending, read_file

DESCRIPTION = "a Bluesky repository"


class BlueskyRepository:
    """Reads the repository of an account, or all repositories in one folder."""

    name = "Bluesky repository"
    looks_for = "a CAR file, or a folder or archive with one and the blobs"

    def detect(self, source: Source) -> str | None:
        """Claim a CAR file, or a bundle that contains one."""
        if source.members is None:
            return DESCRIPTION if is_car(source.head) else None
        return DESCRIPTION if _repositories(source.members) else None

    def read(self, source: Source, options: Options) -> Imported:
        """Read every repository, with the blobs beside it. Raises SourceError."""
        from sitegen.sources.bluesky.repository import blobs as blob_files

        if source.members is None:
            data = read_file(source.path)
            blobs = blob_files.beside(source.named or source.path)
            return read_repository(data, source.path, options, options.account, blobs)
        return _read_all(source.path, source.members, options)


def read_repository(
    data: bytes,
    origin: Path,
    options: Options,
    handle: str | None = None,
    blobs: Mapping[str, Attachment] = {},
) -> Imported:
    """Read a repository from the bytes of its CAR file.

    `origin` is named in errors; `handle` is the account's name, which the file lacks;
    `blobs` are the available files by their CIDs. Raises SourceError if no commit is
    left; after other damage the sound records are read, and the rest is accounted for.
    """
    return _read([(str(origin), data)], options, handle, blobs, 0)


def _read_all(path: Path, members: Members, options: Options) -> Imported:
    from sitegen.sources.bluesky.repository import blobs as blob_files

    names = _repositories(members)
    files = [(f"{path}/{name}", members.read(name)) for name in names]
    handle = options.account if len(names) == 1 else None
    blobs = blob_files.within(members)
    unread = len(set(members.names()).difference(names, [b.name for b in blobs.values()]))
    return _read(files, options, handle, blobs, unread)


def _read(
    files: list[tuple[str, bytes]],
    options: Options,
    handle: str | None,
    blobs: Mapping[str, Attachment],
    unread: int,
) -> Imported:
    from sitegen.sources.bluesky.repository import reader
    from sitegen.sources.bluesky.results import Results

    findings = Results(options.privacy)
    if unread:
        findings.oddities["files that are neither repositories nor blobs, not read"] = unread
    for name, data in files:
        try:
            repository = reader.open_repository(data, findings)
        except SourceError as error:
            raise SourceError(error.message, path=name, hint=error.hint) from error
        reader.add_posts(repository, findings, options, handle, blobs)
    return findings.build_import(DESCRIPTION, blobs)


def _repositories(members: Members) -> list[str]:
    """Return the names of the CAR files among others."""
    named = names_ending(members, ".car")
    return [name for name in named if is_car(head_of(members, name))]
