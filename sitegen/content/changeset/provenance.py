"""Provenance during an import: the source of each post, and the posts that a person moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from sitegen.content.changeset.pending import PendingFiles
from sitegen.content.changeset.vanished import MARK
from sitegen.content.format.draft import Parts
from sitegen.content.format.stored import StoredPost
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.imported import import_records
from sitegen.content.imported.import_records import AccountLine, ImportRecords, Key
from sitegen.content.imported.stamps import NEVER, Seen, Stamp, combine, is_part_outdated
from sitegen.content.merge import thread_merge
from sitegen.model import Post, Thread


class Sources:
    """The sources of posts before and after an import.

    `texts` are the files of `.imported/` that change, set at the end of the import.
    """

    def __init__(self, folder: Path, memory: ImportRecords) -> None:
        self.folder = folder
        self.memory = memory
        self.placed: set[Key] = set(memory.placed)
        self.texts: dict[str, str] = {}
        self._seen: dict[Key, Seen] = {}
        self._usual = memory.usual_stamps()
        self._times: dict[Key, str | None] = {}
        self._digests: dict[Key, Parts] = {}

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

    def find_moved_posts(self, files: PendingFiles) -> None:
        """Find the posts that a person moved: their old file still has their digests."""
        for key, path, digests in files.deleted():
            if files.of_post.get(key, path) != path:
                self.placed.add(key)
                self._digests[key] = digests

    def seen(self, key: Key) -> Seen:
        """Return the sources of a post at this point."""
        found = self._seen.get(key) or self.memory.posts.get(key)
        return found or self._usual.get(key[0], NEVER)

    def add(self, keys: Iterable[Key], stamp: Stamp) -> None:
        """Record the source of new posts."""
        self._seen.update(dict.fromkeys(keys, Seen(stamp)))

    def confirm(self, keys: Iterable[Key], stamp: Stamp) -> None:
        """Record a source that has posts exactly as stored."""
        same = Seen(stamp)
        for key in keys:
            known = self.seen(key)
            if known != same:
                kept = known.parts if is_part_outdated(stamp, known.at) else ()
                known = combine(known, stamp, (), kept)
            self._seen[key] = known

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

    def rename(self, network: str, old: str, new: str, stamp: Stamp | None) -> None:
        """Record the new id of a post, and the source that stated it if it is in this import."""
        if (network, old) in self.placed:
            self.placed.discard((network, old))
            self.placed.add((network, new))
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

    def with_digests(
        self, moved: thread_merge.MovedPosts, file: ThreadFile
    ) -> thread_merge.MovedPosts:
        """Add the digests of posts that a person moved here, which their old file has recorded."""
        network, written = str(file.fields.get("network")), thread_merge.written_of(file)
        known = {
            identity: self._digests[network, identity]
            for identity in file.records
            if identity not in written and (network, identity) in self._digests
        }
        return replace(moved, deleted=moved.deleted | known) if known else moved

    def remember(
        self,
        files: PendingFiles,
        profiles: Mapping[Key, Seen],
        threads: Iterable[Thread],
        accounts: Iterable[AccountLine],
    ) -> None:
        """Set the texts of `.imported/` for the content after the import."""
        there = {key: seen for key, seen in self._seen.items() if key in files.of_post}
        networks = import_records.usual_stamps(
            (network, seen) for (network, _), seen in there.items()
        )
        networks = {**self.memory.networks, **networks}
        usual = ImportRecords(networks=networks).usual_stamps()
        unusual = {k: seen for k, seen in there.items() if seen != usual.get(k[0], NEVER)}
        memory = ImportRecords(
            posts=unusual,
            networks=networks,
            profiles={**self.memory.profiles, **profiles},
            accounts=import_records.merge_accounts((*self.memory.accounts.values(), *accounts)),
            placed=frozenset(self.placed & files.of_post.keys()),
        )
        times = self._times
        if unusual:
            posts = (post for thread in threads for post in thread.posts)
            times = {(post.network, post.id): post.created_at for post in posts} | times
        self.texts = import_records.texts(self.folder, memory, times)
