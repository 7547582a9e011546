"""Merge imported threads with the files that have their posts, and update the front matter."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from msgspec.structs import replace

from sitegen.content.changeset import relocation
from sitegen.content.changeset.file_changes import FileChanges
from sitegen.content.changeset.new_files import Key, NewFile
from sitegen.content.changeset.provenance import Provenance
from sitegen.content.changeset.replies import Replies
from sitegen.content.format.draft import Parts, ThreadDraft, post_parts, thread_draft
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.imported.stamps import Seen, Stamp, is_part_outdated
from sitegen.content.merge import lead_post, order, thread_merge
from sitegen.content.merge.authors import AUTHOR, author_of
from sitegen.content.merge.post_parts import from_source
from sitegen.content.merge.rewrite import new_thread_text
from sitegen.model import Thread


class FileMerge:
    """Merges threads with files whose posts they have, or whose posts belong to them.

    `mixed` are the files whose front matter describes more than the merged threads; each with the
    posts of which a source has an older text.
    """

    def __init__(self, files: FileChanges, sources: Provenance, replies: Replies) -> None:
        self.files = files
        self.sources = sources
        self.replies = replies
        self.threads: dict[str, list[Thread]] = {}
        self.mixed: dict[str, set[str]] = {}

    def update_front_matter(self) -> None:
        """Update the front matter of files whose posts changed."""
        for path in sorted(self.mixed):
            if self.files.text(path) is not None:
                self._merge_front_matter(path)
        for path in sorted(self.threads):
            if self.files.text(path) is not None:
                file = self.files.file(path)
                self.files.change(lead_post.refresh_heading(file))

    def merge(
        self,
        thread: Thread,
        new_file: NewFile,
        paths: Sequence[str],
        stamp: Stamp,
        imported: Container[Key],
    ) -> None:
        """Merge a thread into the first of its files; its posts in the others are moved there.

        `imported` are the posts that this import has merged already.
        """
        into, network = paths[0], thread.network
        placed = {i for n, i in self.sources.placed if n == network}
        seen = self._sources_of(new_file.keys, stamp)
        wanted = [post.id for post in thread.posts]
        wanted += [identity for _, identity in self._find_replies(thread, stamp)]
        moved = relocation.take_posts(self.files, paths[1:], wanted, into, placed)
        thread = lead_post.complete_authors(thread, self.files.file(into), moved)
        file = self._update_lead_post(self.files.file(into), thread, moved)
        moved = lead_post.omit_front_author(moved, file)
        draft = self._draft(thread, file, is_first=new_file.keys[0] not in imported)
        known = frozenset([key[1] for key in new_file.keys if key in imported])
        merged = thread_merge.merge_thread(draft, file, moved, known, stamp, seen)
        self._take(thread, new_file, merged, stamp, seen)
        relocation.record_move(self.files, into, paths[1:])

    def _sources_of(self, keys: Sequence[Key], stamp: Stamp) -> dict[str, Seen]:
        """Return the sources of posts by id; of new posts, the one that is imported."""
        there, first_seen = self.files.of_post, Seen(stamp)
        return {key[1]: self.sources.seen(key) if key in there else first_seen for key in keys}

    def _find_replies(self, thread: Thread, stamp: Stamp) -> tuple[Key, ...]:
        there, placed = self.files.of_post, self.sources.placed
        return self.replies.find_replies(thread, stamp, there, placed)

    def _draft(self, thread: Thread, file: ThreadFile, *, is_first: bool) -> ThreadDraft:
        """Draft a thread for a file; without front matter if that describes other posts, too.

        A thread that is not the first of this import with its posts has no say in it either.
        """
        if thread.posts[0].id != next(iter(file.records)):
            self.mixed.setdefault(file.path, set())
            return lead_post.draft_posts(thread, file)
        draft = lead_post.draft_thread(thread, file)
        if file.records.keys() - draft.posts.keys():
            self.mixed.setdefault(file.path, set())
            return replace(draft, fields=None)
        return draft if is_first else replace(draft, fields=None)

    def _take(
        self,
        thread: Thread,
        new_file: NewFile,
        merged: thread_merge.MergedFile,
        stamp: Stamp,
        seen: Mapping[str, Seen],
    ) -> None:
        """Take over a merged file, and report its conflicts."""
        into = merged.file.path
        self.sources.take(thread.network, merged.seen)
        self.threads.setdefault(into, []).append(thread)
        self.files.change(merged.file)
        self._name_older_authors(into, thread, merged.older, stamp, seen)
        if merged.older:
            self.mixed.setdefault(into, set()).update(merged.older)
        if merged.conflicts:
            self.files.add_conflict(into, new_file.text, merged.conflicts)

    def _name_older_authors(
        self,
        path: str,
        thread: Thread,
        older: frozenset[str],
        stamp: Stamp,
        seen: Mapping[str, Seen],
    ) -> None:
        """Set the authors of posts with older texts, from a source that knows accounts better."""
        authors = {
            post.id: post.author
            for post in (thread.posts if older and stamp.as_of else ())
            if post.id in older and post.author.id
            if not is_part_outdated(stamp, seen[post.id].of(AUTHOR))
        }
        if authors:
            file = self.files.file(path)
            self.files.change(lead_post.set_authors(file, authors))

    def _update_lead_post(
        self, file: ThreadFile, thread: Thread, moved: thread_merge.MovedPosts
    ) -> ThreadFile:
        """Make a new post the lead post of a file if it comes before the file's first post."""
        parts: dict[str, Parts] = {
            p.id: {"created_at": p.created_at, "reply_to": p.reply_to} for p in thread.posts
        }
        incoming = {i: p.parts for i, p in moved.items() if i not in parts}
        first = order.merge_order(file.records, parts, incoming)[0]
        if first in file.records:
            return file
        if first in incoming:
            lead = moved[first]
        else:
            post = next(post for post in thread.posts if post.id == first)
            lead = from_source(post_parts(post, author_of(file.fields)))
        self.files.change(lead_post.add_lead_post(file, first, lead))
        return self.files.file(file.path)

    def _merge_front_matter(self, path: str) -> None:
        file, threads = self.files.file(path), self.threads[path]
        merged = lead_post.merge_front_matter(file, threads, self.mixed.get(path, ()))
        self.files.change(merged.file)
        if merged.conflicts:
            upstream = thread_draft(lead_post.find_lead_thread(file, threads))
            text = new_thread_text(upstream).text
            self.files.add_conflict(path, text, merged.conflicts)
