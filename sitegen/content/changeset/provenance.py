"""Provenance during an import: the source of each post, and the posts that a person moved."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from msgspec.structs import replace

from sitegen.content import counts as counts_files
from sitegen.content.changeset.file_changes import FileChanges
from sitegen.content.changeset.vanished import MARK
from sitegen.content.content_folder import THREADS, find_links
from sitegen.content.format.draft import Parts
from sitegen.content.format.stored import StoredPost
from sitegen.content.imported import record_files, record_texts
from sitegen.content.imported.fingerprints import Fingerprints
from sitegen.content.imported.import_records import ImportRecords
from sitegen.content.imported.record_lines import (
    AccountLine,
    Key,
    PostLine,
    ProfileLine,
    SourceLine,
    merge_accounts,
    merge_sources,
    threads_of,
)
from sitegen.content.imported.record_texts import NO_TEXTS
from sitegen.content.imported.stamps import NEVER, ById, Seen, Stamp, confirm
from sitegen.errors import ContentError
from sitegen.model import Counts, Post, Thread

Deletions = Literal["ask", "accept", "restore"]


class Provenance:
    """The sources of posts before and after an import, and what a person did with their files.

    `placed` are the posts that a person moved to another file, `missing` those that a person
    deleted, and `deleted` those of them that stay away. `texts` are the files of `.imported/` that
    change, set at the end of the import.
    """

    def __init__(self, folder: Path, records: ImportRecords) -> None:
        self.folder = folder
        self.records = records
        self.placed: set[Key] = set()
        self.missing: set[Key] = set()
        self.deleted: set[Key] = set()
        self.texts = NO_TEXTS
        self._seen: dict[Key, Seen] = {}
        self._times: dict[Key, str | None] = {}

    def record(self, stored: Sequence[StoredPost]) -> None:
        """Record the posts of a file, whose sources are known from earlier imports."""
        for post in (each.post for each in stored):
            key = post.network, post.id
            self._seen[key] = self.seen(key)
            self._times[key] = post.created_at

    def not_newer_than(
        self, stored: Sequence[StoredPost], complete: Mapping[Key, str]
    ) -> Sequence[StoredPost]:
        """Return the posts that are not newer than the import's complete source of their account.

        `complete` is the state of that source, by account.
        """
        if not complete:
            return stored
        return [
            each
            for each in stored
            if self.seen((each.post.network, each.post.id)).at.as_of
            <= complete.get((each.post.network, each.post.author.id or ""), "9")
        ]

    def find_moved_posts(self, files: FileChanges, imported: Iterable[Sequence[Key]]) -> None:
        """Find the posts that a person moved into the file of another thread.

        `imported` are the posts of each thread of the import. Where those of one are in several
        files and nothing was recorded of them, a person put them there.
        """
        threads = _Homes(files)
        for key, path in files.of_post.items():
            line = self.records.posts.get(key)
            if line and (line.moved or not threads.is_home(key, path, line)):
                self.placed.add(key)

        for keys in imported:
            new = [k for k in keys if k in files.of_post and k not in self.records.posts]
            if new and len({files.of_post[k] for k in keys if k in files.of_post}) > 1:
                self.placed.update(new)

    def find_deleted_posts(self, files: FileChanges, deletions: Deletions) -> None:
        """Find the posts that a person deleted, now or before. Raises ContentError.

        More than half of all posts are deleted only if the person confirms it.
        """
        lines = self.records.posts
        self.missing = {key for key in self.records.written if key not in files.of_post}
        self.deleted = set() if deletions == "restore" else set(self.missing)
        new = [key for key in self.missing if not lines[key].deleted]
        if new:
            self._refuse_links()
        live = sum(not lines[key].deleted for key in self.records.written)
        if deletions == "ask" and len(new) * 2 > live:
            raise ContentError(
                f"{len(new):,} of {live:,} imported posts are in no file any more",
                path=self.folder,
                hint="take them back from git, or import with --restore to write them again, or"
                " with --accept-deletions if you deleted them.",
            )

    def withhold(self, copies: Iterable[Key], there: Container[Key]) -> None:
        """Let copies of deleted posts stay away, too."""
        new = {key for key in copies if key not in there}
        self.deleted |= new
        self.missing |= new

    def _refuse_links(self) -> None:
        """Check that no missing post may be in a folder or file that a link leads to."""
        threads = str(self.folder / THREADS)
        for link in find_links(self.folder):
            if link.startswith(threads):
                hint = "put the folder or the file itself there."
                raise ContentError("is a link, and is not read", path=link, hint=hint)

    def seen(self, key: Key) -> Seen:
        """Return the sources of a post at this point."""
        if key in self._seen:
            return self._seen[key]
        line = self.records.posts.get(key)
        return line.seen if line else NEVER

    def add(self, keys: Iterable[Key], stamp: Stamp) -> None:
        """Record the source of new posts."""
        self._seen.update(dict.fromkeys(keys, Seen(stamp)))

    def confirm(self, network: str, posts: Mapping[str, Parts], stamp: Stamp) -> None:
        """Record a source that has posts exactly as stored, with parts of these names."""
        for identity, names in posts.items():
            key = network, identity
            self._seen[key] = confirm(self.seen(key), stamp, names)

    def mark(self, keys: Iterable[Key], as_of: str) -> None:
        """Record the state of the source by which posts are marked as vanished."""
        for key in keys:
            seen = self.seen(key)
            self._seen[key] = replace(seen, parts={**seen.parts, MARK: Stamp(as_of)})

    def record_page_parts(self, key: Key, pages: Mapping[str, Stamp]) -> None:
        """Record which parts of a post come from sources without ids."""
        seen = self.seen(key)
        if seen.pages != pages:
            self._seen[key] = replace(seen, pages=dict(pages))

    def record_handle(self, key: Key, handle: str) -> None:
        """Record the handle by which alone the author of a post is known; "" if an id is known."""
        seen = self.seen(key)
        if seen.handle != handle:
            self._seen[key] = replace(seen, handle=handle)

    def record_by_id(self, key: Key, by_id: ById | None) -> None:
        """Record what is known of an author whose newest source does not know the handle."""
        seen = self.seen(key)
        if seen.by_id != by_id:
            self._seen[key] = replace(seen, by_id=by_id)

    def rename(self, network: str, old: str, new: str, stamp: Stamp | None) -> None:
        """Record the new id of a post, and the source that stated it if it is in this import."""
        if (network, old) in self.placed:
            self.placed.discard((network, old))
            self.placed.add((network, new))
        self.deleted.discard((network, new))  # it is restored under its derived id
        self.missing.discard((network, new))
        seen = self._seen.pop((network, old), None) or self.seen((network, old))
        self._seen[network, new] = seen if stamp is None else Seen(stamp)

    def take(self, network: str, seen: Mapping[str, Seen]) -> None:
        """Record the sources of the posts of a merged file."""
        self._seen.update({(network, identity): each for identity, each in seen.items()})

    def split_thread(self, thread: Thread, of_post: Mapping[Key, str]) -> tuple[Thread, ...]:
        """Split a thread by the files to which a person moved some of its posts."""
        if not self.placed:
            return (thread,)
        network = thread.network
        keys = [(network, post.id) for post in thread.posts]
        apart = {of_post[key] for key in keys if key in self.placed and key in of_post}
        if not apart:
            return (thread,)
        parts: dict[str, list[Post]] = {}
        owners: dict[str | None, str] = {}
        before = ""
        for post in thread.posts:
            path = of_post.get((network, post.id))
            owner = path if path in apart else "" if path else owners.get(post.reply_to, before)
            owners[post.id] = before = owner or ""
            parts.setdefault(before, []).append(post)
        if len(parts) == 1:
            return (thread,)
        return tuple([Thread(posts[0].id, network, tuple(posts)) for posts in parts.values()])

    def drop_deleted(self, thread: Thread) -> Thread | None:
        """Return a thread without the posts that a person deleted; None if none remains."""
        if not self.deleted:
            return thread
        posts = tuple([p for p in thread.posts if (thread.network, p.id) not in self.deleted])
        if len(posts) == len(thread.posts):
            return thread
        return replace(thread, posts=posts) if posts else None

    def rename_deleted(self, own: Mapping[Key, str], there: Container[Key]) -> None:
        """Record the own ids of deleted posts with derived ids, so that they stay away."""
        for network, identity in [*self.deleted]:
            name = own.get((network, identity))
            if name and (network, name) not in there:
                self.deleted.add((network, name))
                self.missing.add((network, name))

    def remember(
        self,
        files: FileChanges,
        profiles: Mapping[Key, ProfileLine],
        threads: Iterable[Thread],
        accounts: Iterable[AccountLine],
        sources: Iterable[SourceLine],
    ) -> None:
        """Set the texts of `.imported/` for the content after the import."""
        threads = tuple(threads)
        known = Fingerprints(self.records.posts, threads)
        of_threads, posts, counts = self._records(files, known)
        new_records = ImportRecords(
            posts | {k: known.tombstone(k) for k in self.missing - posts.keys()},
            of_threads,
            profiles,
            merge_accounts((*self.records.accounts.values(), *accounts)),
            sources={**self.records.sources, **merge_sources(sources)},
        )
        imported = (post for thread in threads for post in thread.posts)
        times = {(post.network, post.id): post.created_at for post in imported} | self._times
        if files.is_new_archive() and new_records.posts:
            texts = record_texts.first_texts(self.folder, new_records, times)
        else:
            texts = record_texts.texts(
                self.folder, self.records, new_records, times, files.step_lines
            )
        rows = counts_files.texts(self.folder, counts, times)
        self.texts = replace(texts, counts=rows)

    def journals(self) -> tuple[str, ...]:
        """Return the journals to delete at the end: of this import, or of an interrupted one."""
        path = str(self.folder / record_files.FOLDER / record_files.JOURNAL)
        return (path,) if self.texts.journal or os.path.lexists(path) else ()

    def _records(
        self, files: FileChanges, known: Fingerprints
    ) -> tuple[dict[Key, Parts], dict[Key, PostLine], dict[Key, Counts]]:
        """Return the records of the threads and posts of all files, and their counts."""
        of_file: dict[str, list[Key]] = defaultdict(list)
        for key, path in files.of_post.items():
            of_file[path].append(key)
        threads: dict[Key, Parts] = {}
        posts: dict[Key, PostLine] = {}
        counts: dict[Key, Counts] = {}
        homes = _Homes(files)
        for path, keys in of_file.items():
            recorded, (_, thread) = files.recorded_of(path), files.thread_of(path)
            if front := files.settled_front(path):
                threads[files.first_post(path)] = front
            # also new posts of such a file, lest they leave it when a person takes the others out
            is_placed = not homes.has(path) or not self.placed.isdisjoint(keys)
            for key in keys:
                if found := recorded.counts.get(key[1]):
                    counts[key] = counts_files.from_parts(found)
                written = files.settled_digests(path, key[1])
                if written or key in self.records.posts or is_placed:
                    line = PostLine(
                        *key,
                        thread="" if thread == key[1] else thread,
                        moved=is_placed,
                        digests=written,
                        seen=self.seen(key),
                    )
                    posts[key] = known.complete(line, partial(files.as_recorded, path, key[1]))
        return threads, posts, counts


class _Homes:
    """The files of threads: the one that has a thread's first post, if several have its id."""

    def __init__(self, files: FileChanges) -> None:
        self._files = files
        self._of_thread: dict[Key, str] = {}
        for path in sorted({*files.of_post.values()}):
            thread = files.thread_of(path)
            has_lead = files.of_post.get(thread) == path
            if has_lead or thread not in self._of_thread:
                self._of_thread[thread] = path

    def has(self, path: str) -> bool:
        """Return whether a file is that of its thread."""
        return self._of_thread[self._files.thread_of(path)] == path

    def is_home(self, key: Key, path: str, line: PostLine) -> bool:
        """Return whether a post is in the file of one of its recorded threads."""
        network = key[0]
        homes = {self._of_thread.get((network, thread)) for thread in threads_of(line)}
        return path in homes
