"""Merge an import into content/, with respect for what a person may have changed there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import repeat

from msgspec.structs import replace

from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.changeset import crosslinks, late_sources
from sitegen.content.changeset.changeset import Changes, Place, write
from sitegen.content.changeset.new_files import make_new_files
from sitegen.content.changeset.profile_changes import ProfileChanges
from sitegen.content.changeset.provenance import Deletions
from sitegen.content.changeset.replies import Replies
from sitegen.content.changeset.vanished import VanishedFinder, VanishedOptions
from sitegen.content.folder_merge import FolderMerge
from sitegen.content.identity.authors_by_handle import HandleOwners
from sitegen.content.identity.derived_ids import RenamePlan
from sitegen.content.identity.id_changes import imported_posts
from sitegen.content.imported.record_lines import AccountLine, Key, SourceLine, merge_accounts
from sitegen.content.imported.stamps import UNKNOWN, Stamp
from sitegen.model import Profile, Thread

__all__ = ["Changes", "Place", "merge", "write"]

NONE_VANISHED = VanishedOptions()
NO_LINKS: crosslinks.Also = {}
NO_RENAMING = RenamePlan()
NO_OWNERS = HandleOwners()


def merge(
    index: ArchiveIndex,
    threads: Sequence[Thread],
    profiles: Sequence[Profile],
    vanished: VanishedOptions = NONE_VANISHED,
    also: crosslinks.Also = NO_LINKS,
    excerpts: Sequence[Thread] = (),
    stamps: Sequence[Stamp] = (),
    profile_stamps: Sequence[Stamp] = (),
    accounts: Sequence[AccountLine] = (),
    renaming: RenamePlan = NO_RENAMING,
    handle_owners: HandleOwners = NO_OWNERS,
    deletions: Deletions = "ask",
    sources: Sequence[SourceLine] = (),
    copies: Collection[Key] = (),
) -> Changes:
    """Merge threads and profiles with the files of a content folder; nothing is written yet.

    `also` has cross-links for posts that only content/ has; `excerpts` are threads of sources
    that leave things out. `stamps` are the states of the sources of threads and excerpts, one
    each, `profile_stamps` those of profiles; without them, the later import wins. `accounts` is
    what the sources state about whole accounts, to be recorded; `renaming` is what is known of
    posts with derived ids, `handle_owners` of authors by their handles; `sources` are the lines of
    the sources for the records; `copies` are posts that stay away as copies of deleted ones.
    Raises ContentError for a file that cannot be read.
    """
    whole, threads = len(threads), (*threads, *excerpts)
    stamps = stamps or [Stamp(is_whole=number < whole) for number in range(len(threads))]
    new_files = tuple(make_new_files(index.folder, threads))
    folder_merge = FolderMerge(index, Replies(threads, stamps), handle_owners)
    complete = {(line.network, line.id): line.complete for line in accounts if line.complete}
    imported = imported_posts(threads, stamps, new_files) if renaming.is_any else {}
    folder_merge.read_folder({file.path: file for file in new_files}, deletions, copies)
    folder_merge.rename(renaming, imported)
    folder_merge.record_posts(VanishedFinder(vanished, threads), complete)
    known = merge_accounts((*index.records.accounts.values(), *accounts))
    new_handles = tuple(
        handle_owners.new_handles(dict(folder_merge.replies.authors()), threads, known)
    )
    if late_sources.is_older_source(stamps, known):
        folder_merge.merge_late(
            threads,
            stamps,
            late_sources.apply_policy(
                threads, stamps, known, folder_merge.known_posts(), vanished.policy
            ),
        )
    elif not folder_merge.add_new_files(new_files, stamps):
        for thread, file, stamp in zip(threads, new_files, stamps, strict=True):
            folder_merge.merge_thread(thread, file, stamp)
    folder_merge.record_marks(known)
    folder_merge.file_merge.update_front_matter()
    crosslinks.add_links(folder_merge.files, also)
    folder_merge.additions.put_back()
    folder_merge.author_updates.update_imported(folder_merge.imported, folder_merge.before)
    profile_files = ProfileChanges(index, folder_merge.files, deletions)
    for profile, stamp in zip(profiles, profile_stamps or repeat(UNKNOWN), strict=False):
        profile_files.take(profile, stamp)
    profile_files.join(handle_owners.owners)
    folder_merge.sources.remember(
        folder_merge.files, profile_files.lines(), threads, accounts, sources
    )
    return replace(folder_merge.changes(threads), new_handles=new_handles)
