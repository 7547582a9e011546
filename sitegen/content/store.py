"""An import into content/: threads and profiles merged with what a person may have changed."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from itertools import repeat
from pathlib import Path

from msgspec.structs import replace

from sitegen.content import (
    THREADS,
    imported,
    joined,
    late,
    leading,
    markdown_files,
    merge,
    noting,
    order,
    orphans,
    read_text,
    thread_file,
)
from sitegen.content.accounts import Accounts
from sitegen.content.authors import author_of
from sitegen.content.changes import Changes, Place, places_of, write
from sitegen.content.derived import Additions, Renaming
from sitegen.content.draft import Parts, post_parts, thread_draft
from sitegen.content.fresh import Fresh, Key, all_fresh, names
from sitegen.content.imported import AccountLine, Memory
from sitegen.content.late import Late
from sitegen.content.parts import digests
from sitegen.content.pending import Pending
from sitegen.content.renaming import Incoming, Renames, incoming
from sitegen.content.replies import Replies
from sitegen.content.signing import Signatures, Signing
from sitegen.content.sources import Sources
from sitegen.content.states import UNKNOWN, Seen, Stamp
from sitegen.content.thread_file import ThreadFile
from sitegen.content.vanished import Gone, Vanished, Watch, settle
from sitegen.model import Profile, Thread

__all__ = ["Changes", "Place", "merged", "write"]

NONE_VANISHED = Vanished()
NOWHERE: noting.Also = {}
NOTHING_RENAMED = Renaming()
NOBODY = Signing()


def merged(
    folder: Path,
    threads: Sequence[Thread],
    profiles: Sequence[Profile],
    vanished: Vanished = NONE_VANISHED,
    also: noting.Also = NOWHERE,
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
    memory = imported.load(folder)
    fresh = tuple(all_fresh(folder, threads))
    work = _Merge(folder, memory, Replies(threads, stamps), signing)
    complete = {(line.network, line.id): line.complete for line in accounts if line.complete}
    brought = incoming(threads, stamps, fresh) if renaming.is_any else {}
    work.know_folder({file.path: file for file in fresh})
    work.rename(renaming, brought)
    work.know_posts(Watch(vanished, threads), complete)
    known = imported.united((*memory.accounts.values(), *accounts))
    if late.are_known(stamps, known):
        work.take_late(
            threads, stamps, late.settle(threads, stamps, known, work.files.of_post, vanished.word)
        )
    elif not work.take_all(fresh, stamps):
        for thread, file, stamp in zip(threads, fresh, stamps, strict=True):
            work.take_thread(thread, file, stamp)
    work.keep_marks(known)
    work.take_leave()
    noting.note(work.files, also)
    work.additions.put_back()
    work.signatures.settle(work.brought, work.before)
    profile_files = Accounts(folder, work.files, memory.profiles)
    for profile, stamp in zip(profiles, profile_stamps or repeat(UNKNOWN), strict=False):
        profile_files.take(profile, stamp)
    work.sources.remember(work.files, profile_files.seen, threads, accounts)
    return work.changes(threads)


class _Merge:
    """One import's merge: the texts that files shall have, before any is written."""

    def __init__(
        self, folder: Path, memory: Memory, replies: Replies, signing: Signing = NOBODY
    ) -> None:
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
        joined.finish(self.files, twice)
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
        self.leaving |= orphans.named_by(purged)
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
                fresh = Fresh(fresh.path, merge.fresh_thread(thread_draft(part)), keys)
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
        """Let front matter speak for what its file has where that is not just one thread."""
        for path in sorted(self.mixed):
            if self.files.text(path) is not None:
                self._speak_for_all(path)

    def changes(self, threads: Sequence[Thread]) -> Changes:
        """Return what became of it all."""
        before, texts = self.files.before, self.files.texts
        there = {p: t for p, t in texts.items() if t is not None}
        changed = {p: t for p, t in there.items() if t != before.get(p)}
        leaving = orphans.of(self.leaving, self.files)
        record = self.folder / orphans.RECORD
        beside = {str(record): orphans.record(leaving)} if leaving else {}
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
        self.leaving = orphans.named_by(watch.gone[g.network, g.id] for g in purged)
        self.leaving |= orphans.left_over(self.folder)

    def _merge(self, thread: Thread, fresh: Fresh, hits: Sequence[str], stamp: Stamp) -> None:
        into, network = hits[0], thread.network
        placed = {i for n, i in self.sources.placed if n == network}
        of_post, begun = self.files.of_post, Seen(stamp)
        seen = {k[1]: self.sources.seen(k) if k in of_post else begun for k in fresh.keys}
        wanted = [post.id for post in thread.posts]
        wanted += [i for _, i in self.replies.answers(thread, stamp, of_post, self.sources.placed)]
        moved = joined.moved_out(self.files, hits[1:], wanted, into, placed)
        thread = leading.told_better(thread, self.files.file(into), moved)
        file = self._led_by_first(self.files.file(into), thread, moved)
        moved, draft = leading.said_below(moved, file), leading.drafted(thread, file)
        if thread.posts[0].id != next(iter(file.records)):
            self.mixed.setdefault(into, set())
            draft = leading.below(thread, file)
        elif file.records.keys() - draft.posts.keys():
            self.mixed.setdefault(into, set())
            draft = replace(draft, fields=None)
        elif fresh.keys[0] in self.brought:
            draft = replace(draft, fields=None)
        brought = frozenset([i for n, i in fresh.keys if (n, i) in self.brought])
        moved = self.sources.with_digests(moved, file)
        merged = merge.merge_thread(draft, file, moved, brought, stamp, seen)
        self.sources.take(thread.network, merged.seen)
        self.brought_into.setdefault(into, []).append(thread)
        self.files.change(file, merged.text)
        if merged.older:
            self.mixed.setdefault(into, set()).update(merged.older)
        if merged.conflicts:
            self.files.differ(into, fresh.text, merged.conflicts)
        joined.set_down(self.files, into, hits[1:])

    def _led_by_first(self, file: ThreadFile, thread: Thread, moved: merge.Moved) -> ThreadFile:
        """Let a file be led by what comes before its first post, if anything does."""
        deleted = {**moved.deleted, **merge.deleted_from(file)}
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
        self.files.change(file, leading.led_by(file, first, first_parts, written))
        return self.files.file(file.path)

    def _speak_for_all(self, path: str) -> None:
        file, threads = self.files.file(path), self.brought_into[path]
        merged = leading.brought_up(file, threads, self.mixed.get(path, ()))
        self.files.change(file, merged.text)
        if merged.conflicts:
            text = merge.fresh_thread(thread_draft(leading.leader(file, threads)))
            self.files.differ(path, text, merged.conflicts)
