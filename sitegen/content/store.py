"""An import into content/: threads and profiles merged with what a person may have changed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from pathlib import Path

from msgspec.structs import replace

from sitegen.content.changeset import crosslinks, late_sources
from sitegen.content.changeset.changeset import Changes, Place, write
from sitegen.content.changeset.new_files import all_fresh
from sitegen.content.changeset.profile_changes import Accounts
from sitegen.content.changeset.replies import Replies
from sitegen.content.changeset.vanished import Vanished, Watch
from sitegen.content.folder_merge import FolderMerge
from sitegen.content.identity.authors_by_handle import Signing
from sitegen.content.identity.derived_ids import Renaming
from sitegen.content.identity.id_changes import incoming
from sitegen.content.imported import import_records
from sitegen.content.imported.import_records import AccountLine
from sitegen.content.imported.stamps import UNKNOWN, Stamp
from sitegen.model import Profile, Thread

__all__ = ["Changes", "Place", "merged", "write"]

NONE_VANISHED = Vanished()
NOWHERE: crosslinks.Also = {}
NOTHING_RENAMED = Renaming()
NOBODY = Signing()


def merged(
    folder: Path,
    threads: Sequence[Thread],
    profiles: Sequence[Profile],
    vanished: Vanished = NONE_VANISHED,
    also: crosslinks.Also = NOWHERE,
    excerpts: Sequence[Thread] = (),
    stamps: Sequence[Stamp] = (),
    profile_stamps: Sequence[Stamp] = (),
    accounts: Sequence[AccountLine] = (),
    renaming: Renaming = NOTHING_RENAMED,
    signing: Signing = NOBODY,
) -> Changes:
    """Merge threads and profiles with what content/ has; nothing is written yet.

    `also` tells of posts that only content/ has where else they stand; `excerpts` are
    threads of sources that leave things out. `stamps` are the states of the sources of threads and
    excerpts, one each, `profile_stamps` those of profiles; where there are none, later imports
    count. `accounts` are what the sources state of whole accounts, to be remembered; `renaming` is
    what is known of posts with derived ids, `signing` of authors by their handles. Raises
    ContentError for a file that cannot be read.
    """
    whole, threads = len(threads), (*threads, *excerpts)
    stamps = stamps or [Stamp(is_whole=number < whole) for number in range(len(threads))]
    memory = import_records.load(folder)
    fresh = tuple(all_fresh(folder, threads))
    work = FolderMerge(folder, memory, Replies(threads, stamps), signing)
    complete = {(line.network, line.id): line.complete for line in accounts if line.complete}
    brought = incoming(threads, stamps, fresh) if renaming.is_any else {}
    work.know_folder({file.path: file for file in fresh})
    work.rename(renaming, brought)
    work.know_posts(Watch(vanished, threads), complete)
    known = import_records.united((*memory.accounts.values(), *accounts))
    learnt = tuple(signing.learnt(dict(work.replies.authors()), threads, known))
    if late_sources.are_known(stamps, known):
        work.take_late(
            threads,
            stamps,
            late_sources.settle(threads, stamps, known, work.files.of_post, vanished.word),
        )
    elif not work.take_all(fresh, stamps):
        for thread, file, stamp in zip(threads, fresh, stamps, strict=True):
            work.take_thread(thread, file, stamp)
    work.keep_marks(known)
    work.take_leave()
    crosslinks.note(work.files, also)
    work.additions.put_back()
    work.signatures.settle(work.brought, work.before)
    profile_files = Accounts(folder, work.files, memory.profiles)
    for profile, stamp in zip(profiles, profile_stamps or repeat(UNKNOWN), strict=False):
        profile_files.take(profile, stamp)
    profile_files.join(signing.owners)
    work.sources.remember(work.files, profile_files.seen, threads, accounts)
    return replace(work.changes(threads), learnt=learnt)
