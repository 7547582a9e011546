"""One import's merge with a folder: the texts that files shall have, before any is written."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from sitegen.content.changeset import orphaned_media, relocation
from sitegen.content.changeset.changeset import Changes, places_of
from sitegen.content.changeset.late_sources import Late
from sitegen.content.changeset.new_files import Fresh, Key, all_fresh, names
from sitegen.content.changeset.pending import Pending
from sitegen.content.changeset.provenance import Sources
from sitegen.content.changeset.replies import Replies
from sitegen.content.changeset.vanished import Gone, Watch, settle
from sitegen.content.content_folder import THREADS, markdown_files, read_text
from sitegen.content.format import thread_file
from sitegen.content.format.draft import Parts, post_parts, thread_draft
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.identity.authors_by_handle import Signatures, Signing
from sitegen.content.identity.derived_ids import Additions, Renaming
from sitegen.content.identity.id_changes import Incoming, Renames
from sitegen.content.imported.import_records import AccountLine, Memory
from sitegen.content.imported.stamps import Seen, Stamp, is_part_outdated
from sitegen.content.merge import lead_post, order, thread_merge
from sitegen.content.merge.authors import AUTHOR, author_of
from sitegen.content.merge.parts import digests
from sitegen.model import Thread


class FolderMerge:
    """One import's merge: the texts that files shall have, before any is written."""

    def __init__(self, folder: Path, memory: Memory, replies: Replies, signing: Signing) -> None:
        self.folder = folder
        self.files = Pending(folder)
        self.sources = Sources(folder, memory)
        self.replies = replies
        self.brought: set[Key] = set()
        self.brought_into: dict[str, list[Thread]] = {}
        self.mixed: dict[str, set[str]] = {}
        self.deleted: dict[Key, str] | None = None
        self.vanished: tuple[Gone, ...] = ()
        self.leaving: set[str] = set()
        self.parsed: list[str] = []
        self.additions = Additions(self.files, self.sources, ())
        self.signatures = Signatures(self.files, self.sources, signing)
        self.signing = signing
        self.before: frozenset[Key] = frozenset()

    def know_folder(self, fresh: Mapping[str, Fresh]) -> None:
        """Read what the folder has; what is there as it would be written needs no parsing.

        Then finish what an import was stopped in.
        """
        twice: list[tuple[Key, str, str]] = []
        of_post = self.files.of_post
        for path in markdown_files(self.folder / THREADS):
            text = read_text(path)
            expected = fresh.get(path)
            if expected and expected.text == text:
                self.files.before[path], keys = expected.text, expected.keys  # each text once
            else:
                file = self.files.know(path, text)
                network = str(file.fields.get("network"))
                keys = tuple([(network, identity) for identity in file.records])
                self.parsed.append(path)
            for key in keys:
                if (other := of_post.setdefault(key, path)) != path:
                    twice.append((key, path, other))
        relocation.finish(self.files, twice)
        self.before = frozenset(key for key in self.signing.by_handle if key in of_post)

    def rename(self, renaming: Renaming, brought: Mapping[Key, Incoming]) -> None:
        """Give posts their own ids, and take out of those that are brought what pages added."""
        self.additions = Additions(self.files, self.sources, renaming.additions)
        noted = renaming.noted | {k for k, seen in self.sources.memory.posts.items() if seen.pages}
        self.additions.take_out(key for key in noted if key in brought)
        if renaming.own:
            renames = Renames(self.files, self.sources, self.additions, renaming, brought)
            renames.apply(self.parsed)
            self.parsed += renames.begun

    def know_posts(self, watch: Watch, complete: Mapping[Key, str]) -> None:
        """Take down what posts there are, and do as told with those that vanished."""
        for path in self.parsed:
            if self.files.text(path) is not None:
                stored = thread_file.stored_posts(self.files.file(path))
                self.sources.know(stored)
                watch.look(self.sources.not_newer(stored, complete))
                self.replies.know(stored)
        self.replies.sign(self.signatures.know(self.replies.authors()))
        self.sources.know_placed(self.files)
        self._part_with(watch)

    def take_all(self, fresh: Sequence[Fresh], stamps: Sequence[Stamp]) -> bool:
        """Give each thread a file of its own at once, where that is all there is to do."""
        if self.replies.join_sources() or not self.files.begin_all(fresh):
            return False
        self.brought.update(self.files.of_post)
        for file, stamp in zip(fresh, stamps, strict=True):
            self.sources.begin(file.keys, stamp)
        return True

    def take_late(self, threads: Sequence[Thread], stamps: Sequence[Stamp], found: Late) -> None:
        """Take threads of which some posts have vanished from a newer source."""
        pairs = [(t, s) for t, s in zip(found.threads, stamps, strict=True) if t]
        fresh = all_fresh(self.folder, [thread for thread, _ in pairs])
        for (thread, stamp), file in zip(pairs, fresh, strict=True):
            self.take_thread(thread, file, stamp)
        posts = {(t.network, post.id): post for t in threads for post in t.posts}
        purged = [posts[key] for key, fate in found.fates.items() if fate == "purged"]
        self.leaving |= orphaned_media.named_by(purged)
        places = {key: self.files.of_post.get(key, "") for key in sorted(found.fates)}
        gone = [Gone(*key, Path(path), found.fates[key]) for key, path in places.items()]
        self.vanished = (*self.vanished, *gone)

    def take_thread(self, thread: Thread, fresh: Fresh, stamp: Stamp) -> None:
        """Give a thread a file of its own, or merge it with the files that have its posts.

        Where a person has put some of its posts into another file, each file gets its own.
        """
        for part in self.sources.parted(thread, self.files.of_post):
            if part is not thread:
                keys = tuple([(part.network, post.id) for post in part.posts])
                fresh = Fresh(fresh.path, thread_merge.fresh_thread(thread_draft(part)), keys)
            self._take_part(part, fresh, stamp)

    def _take_part(self, thread: Thread, fresh: Fresh, stamp: Stamp) -> None:
        files = self.files
        hits = self._hits(thread, fresh.keys, stamp)
        if not hits:
            hits = self._where_deleted(fresh.keys)
        if not hits:
            path = next(name for name in names(fresh.path) if files.text(name) is None)
            files.begin(path, fresh.text, fresh.keys)
            self.sources.begin(fresh.keys, stamp)
        elif len(hits) == 1 and files.text(hits[0]) == fresh.text:
            files.texts[hits[0]] = fresh.text
            self.sources.confirm(fresh.keys, stamp)
        else:
            self._merge(thread, fresh, hits, stamp)
        self.replies.begin(thread.posts)
        self.brought.update(fresh.keys)

    def _hits(self, thread: Thread, keys: Sequence[Key], stamp: Stamp) -> tuple[str, ...]:
        """Return the files of a thread's posts, of what it answers, and of what answers it."""
        of_post, placed = self.files.of_post, self.sources.placed
        up = self.replies.answered(thread, stamp, of_post, placed)
        own = [key for key in keys if key in of_post]
        down = self.replies.answers(thread, stamp, of_post, placed)
        return tuple(dict.fromkeys([of_post[key] for key in (*up, *own, *down)]))

    def keep_marks(self, accounts: Mapping[Key, AccountLine]) -> None:
        """Remember as of when posts are gone: an older source that has them does not undo it."""
        newest = max((line.complete for line in accounts.values()), default="")
        marked = ((g.network, g.id) for g in self.vanished if g.fate in ("marked", "spared"))
        if newest:
            self.sources.mark((key for key in marked if key in self.files.of_post), newest)

    def take_leave(self) -> None:
        """Bring front matter up to date with what its file has now."""
        for path in sorted(self.mixed):
            if self.files.text(path) is not None:
                self._speak_for_all(path)
        for path in sorted(self.brought_into):
            if self.files.text(path) is not None:
                file = self.files.file(path)
                self.files.change(file, lead_post.headed(file))

    def changes(self, threads: Sequence[Thread]) -> Changes:
        """Return what became of it all."""
        before, texts = self.files.before, self.files.texts
        there = {p: t for p, t in texts.items() if t is not None}
        changed = {p: t for p, t in there.items() if t != before.get(p)}
        leaving = orphaned_media.of(self.leaving, self.files)
        record = self.folder / orphaned_media.RECORD
        beside = {str(record): orphaned_media.record(leaving)} if leaving else {}
        return Changes(
            created={p: t for p, t in changed.items() if p not in before},
            updated={p: t for p, t in changed.items() if p in before},
            removed=tuple([p for p, t in texts.items() if t is None]),
            unchanged=len(there) - len(changed),
            conflicts=tuple(self.files.conflicts),
            beside=self.files.beside | beside,
            remembered=self.sources.texts,
            moves=tuple(self.files.steps.taken),
            places=dict(places_of(self.files, threads)),
            vanished=self.vanished,
            orphans=leaving,
            records=(str(record),) if leaving or record.exists() else (),
            begins=None if os.path.lexists(self.folder / THREADS) else self.folder / THREADS,
            folder=self.folder,
            posts=len(self.files.of_post),
        )

    def _where_deleted(self, keys: Sequence[Key]) -> tuple[str, ...]:
        """Return the file from which a person deleted one of these posts, if it still is there."""
        if self.deleted is None:
            self.deleted = {key: path for key, path, _ in self.files.deleted()}
        found = (self.deleted[key] for key in keys if key in self.deleted)
        return tuple([path for path in found if self.files.text(path) is not None][:1])

    def _part_with(self, watch: Watch) -> None:
        """Do as told with posts that vanished."""
        self.vanished = settle(self.files, watch)
        purged = [g for g in self.vanished if g.fate == "purged"]
        self.leaving = orphaned_media.named_by(watch.gone[g.network, g.id] for g in purged)
        self.leaving |= orphaned_media.left_over(self.folder)

    def _merge(self, thread: Thread, fresh: Fresh, hits: Sequence[str], stamp: Stamp) -> None:
        into, network = hits[0], thread.network
        placed = {i for n, i in self.sources.placed if n == network}
        of_post, begun = self.files.of_post, Seen(stamp)
        seen = {k[1]: self.sources.seen(k) if k in of_post else begun for k in fresh.keys}
        wanted = [post.id for post in thread.posts]
        wanted += [i for _, i in self.replies.answers(thread, stamp, of_post, self.sources.placed)]
        moved = relocation.moved_out(self.files, hits[1:], wanted, into, placed)
        thread = lead_post.told_better(thread, self.files.file(into), moved)
        file = self._led_by_first(self.files.file(into), thread, moved)
        moved, draft = lead_post.said_below(moved, file), lead_post.drafted(thread, file)
        if thread.posts[0].id != next(iter(file.records)):
            self.mixed.setdefault(into, set())
            draft = lead_post.below(thread, file)
        elif file.records.keys() - draft.posts.keys():
            self.mixed.setdefault(into, set())
            draft = replace(draft, fields=None)
        elif fresh.keys[0] in self.brought:
            draft = replace(draft, fields=None)
        brought = frozenset([i for n, i in fresh.keys if (n, i) in self.brought])
        moved = self.sources.with_digests(moved, file)
        merged = thread_merge.merge_thread(draft, file, moved, brought, stamp, seen)
        self.sources.take(thread.network, merged.seen)
        self.brought_into.setdefault(into, []).append(thread)
        self.files.change(file, merged.text)
        self._sign_older(into, thread, merged.older, stamp, seen)
        if merged.older:
            self.mixed.setdefault(into, set()).update(merged.older)
        if merged.conflicts:
            self.files.differ(into, fresh.text, merged.conflicts)
        relocation.set_down(self.files, into, hits[1:])

    def _sign_older(
        self,
        path: str,
        thread: Thread,
        older: frozenset[str],
        stamp: Stamp,
        seen: Mapping[str, Seen],
    ) -> None:
        """Name the authors of posts whose text is older, by a source that knows accounts better."""
        authors = {
            post.id: post.author
            for post in (thread.posts if older and stamp.as_of else ())
            if post.id in older and post.author.id
            if not is_part_outdated(stamp, seen[post.id].of(AUTHOR))
        }
        if authors:
            file = self.files.file(path)
            self.files.change(file, lead_post.signed(file, authors))

    def _led_by_first(
        self, file: ThreadFile, thread: Thread, moved: thread_merge.Moved
    ) -> ThreadFile:
        """Let a file be led by what comes before its first post, if anything does."""
        deleted = {**moved.deleted, **thread_merge.deleted_from(file)}
        parts: dict[str, Parts] = {
            p.id: {"created_at": p.created_at, "reply_to": p.reply_to} for p in thread.posts
        }
        new = order.without(parts, deleted.keys() - moved.posts.keys())
        came = {i: p for i, (p, _) in moved.posts.items() if i not in parts}
        first = order.with_new(file.records, new, came)[0]
        if first in file.records:
            return file
        if first in came:
            first_parts, written = moved.posts[first]
        else:
            post = next(post for post in thread.posts if post.id == first)
            first_parts = post_parts(post, author_of(file.fields))
            written = digests(first_parts)
        self.files.change(file, lead_post.led_by(file, first, first_parts, written))
        return self.files.file(file.path)

    def _speak_for_all(self, path: str) -> None:
        file, threads = self.files.file(path), self.brought_into[path]
        merged = lead_post.brought_up(file, threads, self.mixed.get(path, ()))
        self.files.change(file, merged.text)
        if merged.conflicts:
            text = thread_merge.fresh_thread(thread_draft(lead_post.leader(file, threads)))
            self.files.differ(path, text, merged.conflicts)
