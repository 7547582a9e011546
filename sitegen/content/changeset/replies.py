"""Replies between files: a thread whose parts came with different sources becomes one.

A source knows its own threads. Two of its threads stay two, though one answers the other; but where
an account answers itself and the two posts come from different sources, the thread is one.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from sitegen.content.format.stored import StoredPost
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.imported.import_records import Key
from sitegen.content.imported.stamps import Stamp
from sitegen.content.merge.authors import of_one_account
from sitegen.model import Author, Post, Thread


class Replies:
    """The replies of an archive, and of what an import brings, to posts of other files."""

    def __init__(self, threads: Sequence[Thread], stamps: Sequence[Stamp]) -> None:
        self._threads = threads
        self._stamps = stamps
        self._brought: dict[Stamp, frozenset[Key]] = {}
        self._to: dict[Key, list[Key]] = {}
        self._authors: dict[Key, Author] = {}
        self._coming: dict[Key, Author] = {}

    def know(self, stored: Sequence[StoredPost]) -> None:
        """Take down which posts a file answers that it has not."""
        self.begin([each.post for each in stored])

    def begin(self, posts: Sequence[Post]) -> None:
        """Take down which posts a new file answers that it has not."""
        here = {post.id for post in posts}
        self._authors.update({(post.network, post.id): post.author for post in posts})
        for post in posts:
            if post.reply_to and post.reply_to not in here:
                parent = post.network, post.reply_to
                self._to.setdefault(parent, []).append((post.network, post.id))

    def authors(self) -> Iterator[tuple[Key, Author]]:
        """Go through the posts of the archive and who wrote them."""
        yield from self._authors.items()

    def sign(self, authors: Mapping[Key, Author]) -> None:
        """Take down that authors of posts are known better."""
        self._authors.update(authors)

    def answered(
        self, thread: Thread, stamp: Stamp, there: Container[Key], placed: Container[Key] = ()
    ) -> tuple[Key, ...]:
        """Return the posts of the archive that a thread answers, and that its source has not.

        Posts in `placed` are where a person put them, apart from what they answer, and from the
        answers that were there.
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

    def answers(
        self, thread: Thread, stamp: Stamp, there: Container[Key], placed: Container[Key] = ()
    ) -> tuple[Key, ...]:
        """Return the posts of the archive that answer a thread, and that its source has not."""
        if not self._to:
            return ()
        parents = ((thread.network, post.id) for post in thread.posts)
        found = [
            child
            for parent in parents
            if parent not in placed
            for child in self._to.get(parent, ())
            if child in there and child not in placed and self._is_of_one(child, parent)
        ]
        return self._elsewhere(found, stamp)

    def join_sources(self) -> bool:
        """Tell whether a thread of the import answers a post that another of its sources brings."""
        if len({*self._stamps}) < 2:
            return False
        every = {(t.network, post.id) for t in self._threads for post in t.posts}
        pairs = zip(self._threads, self._stamps, strict=True)
        return any(self.answered(thread, stamp, every) for thread, stamp in pairs)

    def _elsewhere(self, keys: Sequence[Key], stamp: Stamp) -> tuple[Key, ...]:
        """Return the posts that a source has not; one that tells no state of itself joins none.

        A source that leaves things out does not know which of its posts are apart.
        """
        if not keys or not stamp.as_of:
            return ()
        if not stamp.is_whole:
            return tuple(keys)
        return tuple([key for key in keys if key not in self._of(stamp)])

    def _is_of_one(self, child: Key, parent: Key) -> bool:
        """Tell whether one account wrote both posts; an answer to others is linked, not joined."""
        return of_one_account(self._author(child), self._author(parent))

    def _author(self, key: Key) -> Author:
        """Return who wrote a post, by the source that knows the account if any does."""
        if not self._coming:
            posts = [post for thread in self._threads for post in thread.posts]
            posts.sort(key=lambda post: bool(post.author.id))
            self._coming = {(post.network, post.id): post.author for post in posts}
        known, coming = self._authors.get(key), self._coming.get(key)
        if known and (known.id or not coming or not coming.id):
            return known
        return coming or known or Author()

    def _of(self, stamp: Stamp) -> frozenset[Key]:
        """Return all posts that the source of a stamp brings."""
        if stamp not in self._brought:
            pairs = zip(self._threads, self._stamps, strict=True)
            threads = [thread for thread, each in pairs if each == stamp]
            found = [(t.network, post.id) for t in threads for post in t.posts]
            self._brought[stamp] = frozenset(found)
        return self._brought[stamp]


def connected(file: ThreadFile, wanted: Iterable[str], placed: Container[str]) -> list[str]:
    """Return posts of a file, and all that answer them there or are answered by them.

    What a person put into the file does not leave it.
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
