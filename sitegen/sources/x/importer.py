"""The archive that X gives to an account's owner: a ZIP, its unpacked folder, or one file.

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
from sitegen.sources import Imported, Oddity, Options, Source
from sitegen.sources.x.files.archive_files import (
    NOTES,
    OF_MONTH,
    OF_POSTS,
    PROTECTIONS,
    TWEETS,
    File,
    claims,
    files_of,
    folders_of,
    kind_called,
    kind_of,
)
from sitegen.sources.x.files.javascript import beginning_of
from sitegen.sources.x.files.manifest import manifest_of
from sitegen.sources.x.files.tweets_csv import is_table
from sitegen.sources.x.profile import profile_of
from sitegen.sources.x.reader import Reading
from sitegen.sources.x.selection import DETAILS, Sorting
from sitegen.sources.x.tweets.media import MediaFiles
from sitegen.sources.x.tweets.posts import NETWORK

FOUND = "an X archive"
FOUND_FILE = "a file of an X archive"
PROTECTION_FILES = ("protected-history.js", "protected-history.json")
WHOLE = "give the whole archive: the ZIP, or the folder with its data folder."


class XArchive:
    """Reads the archives of X, formerly Twitter."""

    name = "X archive"
    looks_for = "a ZIP, folder or file with tweets.js or tweet.js, window.YTD.tweets.part0 = […]"

    def detect(self, source: Source) -> str | None:
        """Claim a bundle with a file of tweets, or with the manifest of an archive."""
        if source.members is not None:
            return FOUND if folders_of(source.members) else None
        return FOUND_FILE if _claimed(source) else None

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
        if not any(file.kind in OF_POSTS for file in files):
            kind = "long texts without their posts" if _has_notes(files) else "no file of posts"
            raise SourceError(f"is an X archive with {kind}", path=source.path, hint=WHOLE)
        manifest = manifest_of(source.members, folders[0])
        reading = Reading(source.members, files, manifest)
        return _imported(reading, source.path, options)


def _read_file(source: Source, options: Options) -> Imported:
    """Read one file of an archive, whatever its name. Raises SourceError.

    The account's protection is read from the files beside it: a person may name only one file.
    """
    folder = (source.named or source.path).parent
    members = SingleFile(source.path, *(folder / name for name in PROTECTION_FILES))
    kind = _claimed(source) or _kind(source)
    if kind not in OF_POSTS:
        raise SourceError(f"has {kind} of an X archive, and no posts", path=source.path, hint=WHOLE)
    beside = (File(n, PROTECTIONS, 0) for n in members.names() if n != members.name)
    reading = Reading(members, (File(members.name, kind, 0), *beside))
    imported = replace(_imported(reading, source.path, options), found=FOUND_FILE, complete=())
    if not imported.threads and all(
        e.reason in ("damaged", "not a post") for e in imported.exclusions
    ):
        what = "looks like posts of X, but has none where an archive has them"
        raise SourceError(what, path=source.path, hint=WHOLE)
    return imported


def _imported(reading: Reading, path: Path, options: Options) -> Imported:
    """Read all files and convert them to posts. Raises SourceError."""
    found, ledger = reading.read(), reading.ledger
    files = MediaFiles(reading.members, reading.members.names())
    sorting = Sorting.of(reading, files, options, path)
    posts = tuple(sorting.posts())
    profile = profile_of(sorting.owner, sorting.author, files)
    if unused := files.unused():
        ledger.oddities["media files that no post shows"] += unused
    author_id = sorting.author.id
    return Imported(
        FOUND,
        ledger.records,
        threads.group(posts),
        profiles=(profile,) if profile else (),
        exclusions=tuple(ledger.exclusions),
        notes=(*ledger.notes, *ledger.lack_notes()),
        oddities=tuple(Oddity(what, n) for what, n in sorted(ledger.oddities.items())),
        attachments=files.attachments,
        complete=((NETWORK, author_id),) if author_id and _is_whole(reading) else (),
        until=found.manifest.generated_at,
        privacy=sorting.privacy(),
    )


def _is_whole(reading: Reading) -> bool:
    """Return whether all posts are here: no part is missing, and none was withheld.

    Withheld posts must not look like posts that vanished.
    """
    is_withheld = any(
        e.reason == "not public" and e.detail in DETAILS.values() for e in reading.ledger.exclusions
    )
    parts = {file.part for file in reading.files if file.kind == TWEETS}
    is_by_month = any(OF_MONTH.search(file.name) for file in reading.files)
    has_all_parts = bool(reading.manifest.counts) or parts == set(range(len(parts)))
    return reading.found.is_whole and has_all_parts and not (is_by_month or is_withheld)


def _claimed(source: Source) -> str | None:
    """Return the kind of posts in a file, None if it is not from an archive."""
    if is_table(source.head):
        return TWEETS
    beginning = beginning_of(source.head)
    return claims(beginning, _kind(source)) if beginning else None


def _kind(source: Source) -> str:
    """Return the kind of a file by its name, whatever its ending."""
    return kind_of(source.path.name) or kind_called(re.split(r"[.\s(]", source.path.name)[0])


def _has_notes(files: tuple[File, ...]) -> bool:
    return any(file.kind == NOTES for file in files)
