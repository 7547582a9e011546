"""Read the archive that X gives to an account's owner: a ZIP, its folder, or one file.

Deleted tweets, those for a circle and messages never become posts; files of messages are not
even opened. Every record of every file is accounted for.
"""

from __future__ import annotations

import re
from pathlib import Path

from msgspec.structs import replace

from sitegen import threads
from sitegen.errors import SourceError
from sitegen.formats.archives import SingleFile
from sitegen.sources import Imported, Options, Source
from sitegen.sources.x.files.archive_files import (
    MONTHLY_FILE,
    NOTES,
    POST_KINDS,
    PROTECTIONS,
    TWEETS,
    File,
    files_of,
    folders_of,
    kind_of,
    kind_of_name,
    recognise,
)
from sitegen.sources.x.files.javascript import beginning_of
from sitegen.sources.x.files.manifest import manifest_of
from sitegen.sources.x.files.tweets_csv import is_table
from sitegen.sources.x.profile import profile_of
from sitegen.sources.x.reader import ArchiveReader
from sitegen.sources.x.selection import DETAILS, Selection
from sitegen.sources.x.tweets.media import MediaFiles
from sitegen.sources.x.tweets.posts import NETWORK

ARCHIVE = "an X archive"
ARCHIVE_FILE = "a file of an X archive"
PROTECTION_FILES = ("protected-history.js", "protected-history.json")
HINT = "give the whole archive: the ZIP, or the folder with its data folder."


class XArchive:
    """Reads the archives of X, formerly Twitter."""

    name = "X archive"
    looks_for = "a ZIP, folder or file with tweets.js or tweet.js, window.YTD.tweets.part0 = […]"

    def detect(self, source: Source) -> str | None:
        """Claim a bundle with a file of tweets, or with the manifest of an archive."""
        if source.members is not None:
            return ARCHIVE if folders_of(source.members) else None
        return ARCHIVE_FILE if _recognise(source) else None

    def read(self, source: Source, options: Options) -> Imported:
        """Read the whole archive, or its one file. Raises SourceError."""
        if source.members is None:
            return _read_file(source, options)
        folders = folders_of(source.members)
        if len(folders) != 1:
            raise SourceError(
                f"has {len(folders) or 'no'} X archives in it",
                path=source.path,
                hint="name one at a time: the ZIP, or the folder with its data folder.",
            )
        files = files_of(source.members, folders[0])
        kinds = {file.kind for file in files}
        if not kinds.intersection(POST_KINDS):
            kind = "long texts without their posts" if NOTES in kinds else "no file of posts"
            raise SourceError(f"is an X archive with {kind}", path=source.path, hint=HINT)
        reader = ArchiveReader(source.members, files, manifest_of(source.members, folders[0]))
        return _import_archive(reader, source.path, options)


def _read_file(source: Source, options: Options) -> Imported:
    """Read a single file of an archive, whatever its name. Raises SourceError.

    If the history of the account's protection is in the same folder, it is read too.
    """
    folder = (source.named or source.path).parent
    members = SingleFile(source.path, *(folder / name for name in PROTECTION_FILES))
    kind = _recognise(source) or _kind(source)
    if kind not in POST_KINDS:
        raise SourceError(f"has {kind} of an X archive, and no posts", path=source.path, hint=HINT)
    beside = (File(n, PROTECTIONS, 0) for n in members.names() if n != members.name)
    reader = ArchiveReader(members, (File(members.name, kind, 0), *beside))
    imported = _import_archive(reader, source.path, options)
    reasons = {exclusion.reason for exclusion in imported.exclusions}
    if not imported.threads and reasons <= {"damaged", "not a post"}:
        what = "looks like posts of X, but has none where an archive has them"
        raise SourceError(what, path=source.path, hint=HINT)
    return replace(imported, found=ARCHIVE_FILE, complete=())


def _import_archive(reader: ArchiveReader, path: Path, options: Options) -> Imported:
    """Read all files and convert them to posts. Raises SourceError."""
    reader.read()
    accounting = reader.accounting
    files = MediaFiles(reader.members, reader.members.names())
    selection = Selection.of(reader, files, options, path)
    posts = tuple(selection.posts())
    profile = profile_of(selection.owner, selection.author, files)
    if unused := files.count_unused():
        accounting.oddities["media files that no post shows"] += unused
    for lack, count in sorted(reader.contents.incomplete_retweets.items()):
        accounting.note(f"{lack}: {count:,}")
    author_id = selection.author.id
    return replace(
        accounting.report(ARCHIVE, threads.group(posts), (profile,) if profile else ()),
        attachments=files.attachments,
        complete=((NETWORK, author_id),) if author_id and _is_whole(reader) else (),
        until=reader.manifest.generated_at,
        privacy=selection.privacy(),
    )


def _is_whole(reader: ArchiveReader) -> bool:
    """Return whether no part is missing and no post was withheld.

    Otherwise later imports would take withheld posts for deleted ones.
    """
    is_withheld = any(
        e.reason == "not public" and e.detail in DETAILS.values()
        for e in reader.accounting.exclusions
    )
    parts = {file.part for file in reader.files if file.kind == TWEETS}
    is_by_month = any(MONTHLY_FILE.search(file.name) for file in reader.files)
    has_all_parts = bool(reader.manifest.counts) or parts == set(range(len(parts)))
    return reader.contents.is_whole and has_all_parts and not (is_by_month or is_withheld)


def _recognise(source: Source) -> str | None:
    """Return the kind of posts in a file; None if it is not from an archive."""
    if is_table(source.head):
        return TWEETS
    beginning = beginning_of(source.head)
    return recognise(beginning, _kind(source)) if beginning else None


def _kind(source: Source) -> str:
    """Return the kind of a file by its name, whatever its ending."""
    return kind_of(source.path.name) or kind_of_name(re.split(r"[.\s(]", source.path.name)[0])
