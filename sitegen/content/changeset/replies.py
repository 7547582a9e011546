"""Replies between files: a thread whose parts come from different sources becomes one.

A source knows its own threads: two of them stay separate even if one replies to the other. But
where an account replies to itself and the posts come from different sources, they are one thread,
and so are the parts of a thread that each source gives the same id.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from sitegen.content.format.stored import StoredPost
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.imported.record_lines import Key
from sitegen.content.imported.stamps import Stamp
from sitegen.content.merge.authors import is_same_account
from sitegen.model import Author, Post, Thread


class Replies:
    """Replies to posts in other files, in the archive and in an import."""

    def __init__(self, threads: Sequence[Thread], stamps: Sequence[Stamp]) -> None:
        self._threads = threads
        self._stamps = stamps
        self._imported: dict[Stamp, frozenset[Key]] = {}
        self._to: dict[Key, list[Key]] = {}
        self._authors: dict[Key, Author] = {}
        self._incoming: dict[Key, Author] = {}
        self._parts: dict[Key, list[Key]] = {}  # posts that do not have the id of their thread

    def record(self, thread: str, stored: Sequence[StoredPost]) -> None:
        """Record the replies of a stored file to posts in other files."""
        self.add(thread, [each.post for each in stored])

    def add(self, thread: str, posts: Sequence[Post]) -> None:
        """Record the replies of a thread's posts to posts in other files."""
        here = {post.id for post in posts}
        if thread not in here:
            parts = self._parts.setdefault((posts[0].network, thread), [])
            parts += [(post.network, post.id) for post in posts]
        self._authors.update({(post.network, post.id): post.author for post in posts})
        for post in posts:
            if post.reply_to and post.reply_to not in here:
                parent = post.network, post.reply_to
                self._to.setdefault(parent, []).append((post.network, post.id))

    def authors(self) -> Iterator[tuple[Key, Author]]:
        """Yield the posts of the archive and their authors."""
        yield from self._authors.items()

    def update_authors(self, authors: Mapping[Key, Author]) -> None:
        """Record better known authors of posts."""
        self._authors.update(authors)

    def find_parents(
        self, thread: Thread, stamp: Stamp, there: Container[Key], placed: Container[Key] = ()
    ) -> tuple[Key, ...]:
        """Return the stored posts that a thread replies to and that its source does not have.

        Posts in `placed` were moved by a person and stay separate from the posts that they reply
        to and from earlier replies.
        """
        network, here = thread.network, {post.id for post in thread.posts}
        replies = [
            ((network, post.id), (network, post.reply_to))
            for post in thread.posts
            if post.reply_to and post.reply_to not in here
        ]
        if not replies:
            return ()
        found = [
            parent
            for child, parent in replies
            if parent in there and child not in placed and not (parent in placed and child in there)
            if self._is_of_one(child, parent)
        ]
        return self._elsewhere(found, stamp)

    def find_replies(
        self, thread: Thread, stamp: Stamp, there: Container[Key], placed: Container[Key] = ()
    ) -> tuple[Key, ...]:
        """Return the stored posts that reply to a thread and that its source does not have.

        These include posts of a thread of the same id, which reply to each other.
        """
        parents = ((thread.network, post.id) for post in thread.posts)
        found = self._find_parts(thread, there, placed)
        found += [
            child
            for parent in (parents if self._to else ())
            if parent not in placed
            for child in self._to.get(parent, ())
            if child in there and child not in placed and self._is_of_one(child, parent)
        ]
        return self._elsewhere(found, stamp)

    def _find_parts(
        self, thread: Thread, there: Container[Key], placed: Container[Key]
    ) -> list[Key]:
        """Return the stored posts of other parts of a thread, known by its id."""
        name, here = (thread.network, thread.id), {post.id for post in thread.posts}
        parts = [*self._parts.get(name, ()), *(() if thread.id in here else (name,))]
        return [k for k in parts if k[1] not in here and k in there and k not in placed]

    def is_across_sources(self) -> bool:
        """Return whether a thread of the import belongs to posts of another source."""
        if len({*self._stamps}) < 2:
            return False
        if any(all(post.id != thread.id for post in thread.posts) for thread in self._threads):
            return True
        every = {(t.network, post.id) for t in self._threads for post in t.posts}
        pairs = zip(self._threads, self._stamps, strict=True)
        return any(self.find_parents(thread, stamp, every) for thread, stamp in pairs)

    def _elsewhere(self, keys: Sequence[Key], stamp: Stamp) -> tuple[Key, ...]:
        """Return the posts that a source does not have; a source of unknown state joins no threads.

        An incomplete source does not know which of its posts belong to separate threads.
        """
        if not keys or not stamp.as_of:
            return ()
        if not stamp.is_whole:
            return tuple(keys)
        return tuple([key for key in keys if key not in self._of(stamp)])

    def _is_of_one(self, child: Key, parent: Key) -> bool:
        """Return whether one account wrote both posts; replies to others are linked, not joined."""
        return is_same_account(self._author(child), self._author(parent))

    def _author(self, key: Key) -> Author:
        """Return a post's author, from a source that knows the account's id if there is one."""
        if not self._incoming:
            posts = [post for thread in self._threads for post in thread.posts]
            posts.sort(key=lambda post: bool(post.author.id))
            self._incoming = {(post.network, post.id): post.author for post in posts}
        known, coming = self._authors.get(key), self._incoming.get(key)
        if known and (known.id or not coming or not coming.id):
            return known
        return coming or known or Author()

    def _of(self, stamp: Stamp) -> frozenset[Key]:
        """Return all posts of the import that have a stamp."""
        if stamp not in self._imported:
            pairs = zip(self._threads, self._stamps, strict=True)
            threads = [thread for thread, each in pairs if each == stamp]
            found = [(t.network, post.id) for t in threads for post in t.posts]
            self._imported[stamp] = frozenset(found)
        return self._imported[stamp]


def find_connected(file: ThreadFile, wanted: Iterable[str], placed: Container[str]) -> list[str]:
    """Return posts of a file with all posts there that are connected to them by replies.

    Posts that a person moved into the file are left out.
    """
    links: dict[str, set[str]] = {identity: set() for identity in file.records}
    for identity, line in file.records.items():
        parent = line.get("reply_to")
        if isinstance(parent, str) and parent in links:
            links[identity].add(parent)
            links[parent].add(identity)
    found: set[str] = set()
    waiting = [identity for identity in wanted if identity in links and identity not in placed]
    while waiting:
        identity = waiting.pop()
        if identity not in found:
            found.add(identity)
            waiting += [i for i in links[identity] if i not in placed]
    return [identity for identity in file.records if identity in found]
