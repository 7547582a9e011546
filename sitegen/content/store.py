"""Merge an import into content/, with respect for what a person may have changed there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat

from msgspec.structs import replace

from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.changeset import crosslinks, late_sources
from sitegen.content.changeset.changeset import Changes, Place, write
from sitegen.content.changeset.new_files import make_new_files
from sitegen.content.changeset.profile_changes import ProfileChanges
from sitegen.content.changeset.replies import Replies
from sitegen.content.changeset.vanished import VanishedFinder
from sitegen.content.folder_merge import FolderMerge
from sitegen.content.identity.id_changes import imported_posts
from sitegen.content.imported.record_lines import AccountLine, Key, merge_accounts
from sitegen.content.imported.stamps import UNKNOWN, Stamp
from sitegen.content.merge_options import (
    DEFAULT_OPTIONS,
    NO_STATEMENTS,
    MergeOptions,
    SourceStatements,
)
from sitegen.model import Profile, Thread

__all__ = ["Changes", "MergeOptions", "Place", "SourceStatements", "merge", "write"]


def merge(
    index: ArchiveIndex,
    threads: Sequence[Thread],
    profiles: Sequence[Profile],
    excerpts: Sequence[Thread] = (),
    stated: SourceStatements = NO_STATEMENTS,
    options: MergeOptions = DEFAULT_OPTIONS,
) -> Changes:
    """Merge threads and profiles with the files of a content folder; nothing is written yet.

    `excerpts` are threads of sources that leave things out. Raises ContentError for a file that
    cannot be read.
    """
    whole, threads = len(threads), (*threads, *excerpts)
    stamps = stated.threads or [Stamp(is_whole=at < whole) for at in range(len(threads))]
    new_files = tuple(make_new_files(index.folder, threads))
    folder = FolderMerge(index, Replies(threads, stamps), options.handle_owners, options.accounts)
    imported = imported_posts(threads, stamps, new_files) if options.renaming.is_any else {}
    folder.read_folder({file.path: file for file in new_files}, options.deletions, options.copies)
    folder.rename(options.renaming, imported)
    complete = {(line.network, line.id): line.complete for line in stated.accounts if line.complete}
    folder.record_posts(VanishedFinder(options.vanished, threads), complete)
    known = merge_accounts((*index.records.accounts.values(), *stated.accounts))
    authors = dict(folder.replies.authors())
    new_handles = tuple(options.handle_owners.new_handles(authors, threads, known))
    if late_sources.is_older_source(stamps, known):
        older = (threads, stamps, known, folder.known_posts(), options.vanished.policy)
        folder.merge_late(threads, stamps, late_sources.apply_policy(*older))
    elif not folder.add_new_files(new_files, stamps):
        for thread, file, stamp in zip(threads, new_files, stamps, strict=True):
            folder.merge_thread(thread, file, stamp)
    _finish_threads(folder, known, options)
    changes = ProfileChanges(index, folder.files, options.deletions)
    for profile, stamp in zip(profiles, stated.profiles or repeat(UNKNOWN), strict=False):
        changes.take(profile, stamp)
    changes.join(options.handle_owners.owners)
    lines = changes.lines()
    folder.sources.remember(folder.files, lines, threads, stated.accounts, stated.lines)
    return replace(folder.changes(threads), new_handles=new_handles)


def _finish_threads(
    folder: FolderMerge, known: Mapping[Key, AccountLine], options: MergeOptions
) -> None:
    """Update what depends on all threads: marks, front matter, links, additions and authors."""
    folder.record_marks(known)
    folder.file_merge.update_front_matter()
    crosslinks.add_links(folder.files, options.also)
    folder.additions.put_back()
    folder.author_updates.update_imported(folder.imported, folder.before)
    folder.id_updates.update_imported(folder.imported)
