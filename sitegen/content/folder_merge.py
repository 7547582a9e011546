"""Merge an import with a content folder, before anything is written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.changeset import orphaned_media, relocation
from sitegen.content.changeset.changeset import Changes, places_of
from sitegen.content.changeset.file_changes import FileChanges
from sitegen.content.changeset.late_sources import LatePosts
from sitegen.content.changeset.new_files import Key, NewFile, candidate_names, make_new_files
from sitegen.content.changeset.new_files import new_file as make_new_file
from sitegen.content.changeset.provenance import Deletions, Provenance
from sitegen.content.changeset.replies import Replies
from sitegen.content.changeset.vanished import VanishedFinder, VanishedPost, apply_policy
from sitegen.content.content_folder import THREADS
from sitegen.content.count_merge import CountMerge
from sitegen.content.file_merge import FileMerge
from sitegen.content.format.draft import thread_draft
from sitegen.content.format.recorded import HISTORY
from sitegen.content.format.stored import stored_posts
from sitegen.content.identity.authors_by_handle import AuthorUpdates, HandleOwners
from sitegen.content.identity.authors_by_id import Accounts, IdUpdates
from sitegen.content.identity.derived_ids import Additions, RenamePlan
from sitegen.content.identity.id_changes import ImportedPost, Renames
from sitegen.content.imported.record_lines import AccountLine
from sitegen.content.imported.stamps import Stamp
from sitegen.content.merge.history import EDITED
from sitegen.content.merge.rewrite import NewText, new_thread_text
from sitegen.model import Thread


class FolderMerge:
    """The merge of one import: it computes the new texts of files."""

    def __init__(
        self,
        index: ArchiveIndex,
        replies: Replies,
        handle_owners: HandleOwners,
        accounts: Accounts,
    ) -> None:
        self.folder = index.folder
        self.index = index
        self.files = FileChanges(index)
        self.sources = Provenance(index.folder, index.records)
        self.replies = replies
        self.imported: set[Key] = set()
        self.withheld = 0
        self.vanished: tuple[VanishedPost, ...] = ()
        self.leaving: set[str] = set()
        self.parsed: list[str] = []
        self.unread: list[NewFile] = []
        self.additions = Additions(self.files, self.sources, ())
        self.author_updates = AuthorUpdates(self.files, self.sources, handle_owners)
        self.id_updates = IdUpdates(self.files, self.sources, accounts)
        self.handle_owners = handle_owners
        self.before: frozenset[Key] = frozenset()
        self.count_merge = CountMerge(self.files, self.sources)
        self.file_merge = FileMerge(self.files, self.sources, replies)

    def read_folder(
        self, new_files: Mapping[str, NewFile], deletions: Deletions, copies: Iterable[Key]
    ) -> None:
        """Read the folder, then finish an interrupted relocation.

        `copies` are imported posts that are copies of deleted ones. Files with exactly the text
        that would be written need no parsing.
        """
        duplicates: list[tuple[Key, str, str]] = []
        of_post = self.files.of_post
        for path, text in self.index.texts.items():
            expected = new_files.get(path)
            if expected and expected.text == text and self._leave_unread(path, expected):
                keys = expected.keys
                self.unread.append(expected)
            else:
                file = self.files.record(path, text)
                keys = tuple([(file.network, identity) for identity in file.records])
                self.parsed.append(path)
            for key in keys:
                if (other := of_post.setdefault(key, path)) != path:
                    duplicates.append((key, path, other))
        relocation.finish(self.files, duplicates)
        self.sources.find_moved_posts(self.files, [file.keys for file in new_files.values()])
        self.sources.find_deleted_posts(self.files, deletions)
        self.sources.withhold(copies, of_post)
        self.before = frozenset(key for key in self.handle_owners.by_handle if key in of_post)

    def _leave_unread(self, path: str, expected: NewFile) -> bool:
        """Leave a file that has the text of a new one unparsed, if nothing else may differ."""
        if any(HISTORY in of or EDITED in of for of in expected.recorded.posts.values()):
            return False  # its earlier texts are merged, too
        if not self.files.has_counts(expected):
            return self.count_merge.leave_unread(path, expected)
        self.files.record_unread(path, expected)
        return True

    def known_posts(self) -> set[Key]:
        """Return the posts of the folder, and those that a person deleted from it."""
        return self.files.of_post.keys() | self.sources.deleted

    def rename(self, renaming: RenamePlan, imported: Mapping[Key, ImportedPost]) -> None:
        """Give posts their own ids, and remove from imported posts what pages added."""
        self.additions = Additions(self.files, self.sources, renaming.additions)
        with_derived_ids = renaming.with_derived_ids | {
            k for k, line in self.sources.records.posts.items() if line.seen.pages
        }
        self.additions.take_out(key for key in with_derived_ids if key in imported)
        if renaming.own:
            renames = Renames(self.files, self.sources, self.additions, renaming, imported)
            renames.apply(self.parsed)
            self.parsed += renames.new_files
            self.sources.rename_deleted(renaming.own, self.files.of_post)

    def record_posts(self, finder: VanishedFinder, complete: Mapping[Key, str]) -> None:
        """Record the stored posts, and apply the policy for vanished posts."""
        for path in self.parsed:
            if self.files.text(path) is not None:
                stored = stored_posts(self.files.file(path))
                self.sources.record(stored)
                finder.check(self.sources.not_newer_than(stored, complete))
                self.replies.record(self.files.thread_of(path)[1], stored)
        for new_file in self.unread:
            if self.files.is_unread(new_file.path):
                self.replies.add(new_file.thread[1], new_file.posts)  # as stored
        authors = self.author_updates.record(self.replies.authors())
        authors |= self.id_updates.record(self.replies.authors())
        self.replies.update_authors(authors)
        self._apply_vanished(finder)

    def add_new_files(self, new_files: Sequence[NewFile], stamps: Sequence[Stamp]) -> bool:
        """Add a new file for each thread at once, if nothing needs to be merged."""
        if self.replies.is_across_sources() or self.sources.deleted:
            return False
        if not self.files.add_all(new_files):
            return False
        self.imported.update(self.files.of_post)
        for file, stamp in zip(new_files, stamps, strict=True):
            self.sources.add(file.keys, stamp)
        return True

    def merge_late(
        self, threads: Sequence[Thread], stamps: Sequence[Stamp], found: LatePosts
    ) -> None:
        """Merge threads of an older source, some of whose posts a newer source no longer has."""
        pairs = [(t, s) for t, s in zip(found.threads, stamps, strict=True) if t]
        new_files = make_new_files(self.folder, [thread for thread, _ in pairs])
        for (thread, stamp), file in zip(pairs, new_files, strict=True):
            self.merge_thread(thread, file, stamp)
        posts = {(t.network, post.id): post for t in threads for post in t.posts}
        purged = [posts[key] for key, fate in found.fates.items() if fate == "purged"]
        self.leaving |= orphaned_media.media_paths(purged)
        places = {key: self.files.of_post.get(key, "") for key in sorted(found.fates)}
        gone = [VanishedPost(*key, Path(path), found.fates[key]) for key, path in places.items()]
        self.vanished = (*self.vanished, *gone)

    def merge_thread(self, thread: Thread, new_file: NewFile, stamp: Stamp) -> None:
        """Add a new file for a thread, or merge it with the files that have its posts.

        Where a person moved some of its posts into another file, each file gets its part.
        """
        rest = self.sources.drop_deleted(thread)
        self.withheld += len(thread.posts) - (len(rest.posts) if rest else 0)
        for part in self.sources.split_thread(rest, self.files.of_post) if rest else ():
            if part is not thread:
                new = new_thread_text(thread_draft(part))
                new_file = make_new_file(new_file.path, new, part)
            self._merge_part(part, new_file, stamp)

    def _merge_part(self, thread: Thread, new_file: NewFile, stamp: Stamp) -> None:
        files = self.files
        paths = self._find_files(thread, new_file.keys, stamp)
        if not paths:
            path = next(name for name in candidate_names(new_file.path) if files.text(name) is None)
            files.add(path, NewText(new_file.text, new_file.recorded), new_file.keys)
            self.sources.add(new_file.keys, stamp)
        elif files.has_exactly(paths, new_file):
            files.confirm(paths[0], new_file)
            self.sources.confirm(thread.network, new_file.recorded.posts, stamp)
        elif not self.count_merge.merge(paths, new_file, stamp):
            self.file_merge.merge(thread, new_file, paths, stamp, self.imported)
        self.replies.add(thread.id, thread.posts)
        self.imported.update(new_file.keys)

    def _find_files(self, thread: Thread, keys: Sequence[Key], stamp: Stamp) -> tuple[str, ...]:
        """Return the files of a thread's posts, of their parents and of their replies."""
        of_post, placed = self.files.of_post, self.sources.placed
        up = self.replies.find_parents(thread, stamp, of_post, placed)
        own = [key for key in keys if key in of_post]
        down = self.replies.find_replies(thread, stamp, of_post, placed)
        return tuple(dict.fromkeys([of_post[key] for key in (*up, *own, *down)]))

    def record_marks(self, accounts: Mapping[Key, AccountLine]) -> None:
        """Record since when posts are gone, so that an older source does not undo the mark."""
        newest = max((line.complete for line in accounts.values()), default="")
        marked = ((g.network, g.id) for g in self.vanished if g.fate in ("marked", "spared"))
        if newest:
            self.sources.mark((key for key in marked if key in self.files.of_post), newest)

    def changes(self, threads: Sequence[Thread]) -> Changes:
        """Return the changes to be written."""
        before, texts = self.files.before, self.files.texts
        remaining = {p: t for p, t in texts.items() if t is not None}
        changed = {p: t for p, t in remaining.items() if t != before.get(p)}
        rewritten = {p for p, t in texts.items() if t != before.get(p)}
        rewritten |= {path for path, _ in self.files.steps.taken}
        leaving = orphaned_media.find_orphans(self.leaving, self.files)
        record = self.folder / orphaned_media.RECORD
        beside = {str(record): orphaned_media.format_record(leaving)} if leaving else {}
        return Changes(
            created={p: t for p, t in changed.items() if p not in before},
            updated={p: t for p, t in changed.items() if p in before},
            removed=tuple([p for p, t in texts.items() if t is None]),
            unchanged=len(remaining) - len(changed),
            conflicts=tuple(self.files.conflicts),
            beside=self.files.beside | beside,
            import_records=self.sources.texts,
            withheld=self.withheld,
            differences=tuple(self.files.differences.values()),
            moves=tuple(self.files.steps.taken),
            places=dict(places_of(self.files, threads)),
            vanished=self.vanished,
            orphans=leaving,
            records=(str(record),) * (bool(leaving) or record.exists()) + self.sources.journals(),
            new_folder=None if os.path.lexists(self.folder / THREADS) else self.folder / THREADS,
            folder=self.folder,
            before={p: t for p, t in before.items() if p in rewritten},
            posts=len(self.files.of_post),
        )

    def _apply_vanished(self, finder: VanishedFinder) -> None:
        """Apply the policy for vanished posts."""
        self.vanished = apply_policy(self.files, finder)
        purged = [g for g in self.vanished if g.fate == "purged"]
        self.leaving = orphaned_media.media_paths(finder.gone[g.network, g.id] for g in purged)
        self.leaving |= orphaned_media.read_record(self.folder)
