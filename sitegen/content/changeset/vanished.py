"""Posts that content/ has and their source has no more: kept, marked, or taken out.

Only a source that holds all of an account can tell that one of its posts is gone. What a person
wrote stays, whatever the word is: a post that was edited is marked instead of taken out, and so
is the first of a file where a person wrote something of their own, or deleted posts, for that
would have no place without it. Nothing at all goes where a conflict of an earlier import still
lies beside the file, or where an import brings not one post of the account.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from sitegen import timestamps
from sitegen.content.changeset.new_files import Key
from sitegen.content.changeset.pending import Pending
from sitegen.content.format.draft import Parts, digest
from sitegen.content.format.hiding import is_hidden
from sitegen.content.format.stored import StoredPost
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.merge import thread_merge
from sitegen.content.merge.parts import Merged, is_untouched
from sitegen.model import Post, Thread

MARK = "vanished"
OPEN = (None, "unlisted")

Word = Literal["keep", "mark", "purge"]
Fate = Literal["kept", "marked", "purged", "spared"]


class Vanished(Struct, frozen=True):
    """What becomes of posts that their source has no more, and how they are known.

    `complete` are the accounts, as network and author id, of which a source of the import holds
    every post; `seen` are posts that a source has though it was told not to bring them. `until`
    says up to when, in seconds since 1970, the sources know an account: what is newer than an old
    export has not vanished.
    """

    word: Word = "keep"
    complete: tuple[Key, ...] = ()
    seen: frozenset[Key] = frozenset()
    until: dict[Key, float] = {}


class Gone(Struct, frozen=True):
    """A post that its source has no more, where it stands or stood, and what became of it.

    It is "kept" also where it was marked before; "spared" where it should have been taken out,
    but something of a person's would have gone with it.
    """

    network: str
    id: str
    path: Path
    fate: Fate


class Watch:
    """Looks out for posts that vanished among those that content/ has."""

    def __init__(self, vanished: Vanished, threads: Sequence[Thread]) -> None:
        self.word = vanished.word
        self.accounts = frozenset(key for key in vanished.complete if key[1])
        self.gone: dict[Key, Post] = {}
        self._until = vanished.until
        self._seen: set[Key] = set()
        self._brought: set[tuple[Key, str | None]] = set()
        if self.accounts:
            posts = [post for thread in threads for post in thread.posts]
            self._seen = {(post.network, post.id) for post in posts} | vanished.seen
            self._brought = {(_account(post), post.visibility) for post in posts}
        self._present = {account for account, _ in self._brought}

    def look(self, stored: Iterable[StoredPost]) -> None:
        """Take down which of these posts their source has no more.

        One that was not for all is missing only where the import brings such posts at all.
        """
        for post in (s.post for s in stored) if self.accounts else ():
            key, account = (post.network, post.id), _account(post)
            if account in self.accounts and key not in self._seen and self._is_due(post):
                is_open = post.visibility in OPEN
                if is_open or (account, post.visibility) in self._brought:
                    self.gone[key] = post

    def _is_due(self, post: Post) -> bool:
        until, when = self._until.get(_account(post)), timestamps.instant(post.created_at)
        return until is None or when is None or when <= until

    def word_for(self, key: Key) -> Word:
        """Return what is to become of a post; an import without its account proves nothing."""
        return self.word if _account(self.gone[key]) in self._present else "keep"


def settle(files: Pending, watch: Watch) -> tuple[Gone, ...]:
    """Mark the posts that vanished, or take them out, as they were told; tell of each."""
    of_file: dict[str, list[Key]] = {}
    for key in watch.gone:
        of_file.setdefault(files.of_post[key], []).append(key)
    gone: list[Gone] = []
    for path, keys in of_file.items():
        words: dict[Word, list[str]] = {}
        for key in keys:
            words.setdefault(watch.word_for(key), []).append(key[1])
        fates: dict[str, Fate] = dict.fromkeys(words.get("keep", ()), "kept")
        fates |= _marked(files, path, words.get("mark", ()))
        fates |= _purged(files, path, words.get("purge", ()))
        gone += [Gone(network, i, Path(path), fates[i]) for network, i in keys]
    for each in gone:
        if each.fate == "purged":
            del files.of_post[each.network, each.id]
    return tuple(gone)


def _account(post: Post) -> tuple[str, str]:
    return post.network, post.author.id or ""


def _marked(files: Pending, path: str, wanted: Sequence[str]) -> dict[str, Fate]:
    """Mark posts; one that was marked before stays as a person may have left it."""
    file = files.file(path)
    new = {i for i in wanted if not _was_marked(file, i)}
    if new:
        posts = thread_merge.posts_of(file)
        marked = {i: _with_mark(post) if i in new else post for i, post in posts.items()}
        files.change(file, thread_merge.with_posts(file, marked, thread_merge.deleted_from(file)))
    return {i: "marked" if i in new else "kept" for i in wanted}


def _with_mark(post: Merged) -> Merged:
    return Merged(post.parts | {MARK: True}, post.written | {MARK: digest(True)})


def _was_marked(file: ThreadFile, identity: str) -> bool:
    return MARK in file.records[identity] or MARK in _written(file, identity)


def _purged(files: Pending, path: str, wanted: Sequence[str]) -> dict[str, Fate]:
    """Take posts out of a file, but for those that must stay for a person's sake."""
    if not wanted:
        return {}
    file = files.file(path)
    spared = _spared(file, wanted)
    if going := [i for i in wanted if i not in spared]:
        files.leave(file, thread_merge.without_posts(file, going))
    if spared:
        _marked(files, path, spared)
    return {i: "spared" if i in spared else "purged" for i in wanted}


def _spared(file: ThreadFile, wanted: Sequence[str]) -> list[str]:
    """Return the posts that a person has to do with."""
    if file.is_held_back or os.path.lexists(f"{file.path}.upstream"):
        return [*wanted]
    first = next(iter(file.records))
    edited = [i for i in wanted if not _is_as_written(file, i)]
    is_needed = thread_merge.is_personal(file) or (
        thread_merge.deleted_from(file) and file.records.keys() == {*wanted} - {*edited}
    )
    return [i for i in wanted if i in edited or (i == first and is_needed)]


def _is_as_written(file: ThreadFile, identity: str) -> bool:
    line = file.records[identity]
    untouched = is_untouched(file.parts_of(identity), _written(file, identity))
    return untouched and not is_hidden(line, file.path)


def _written(file: ThreadFile, identity: str) -> Parts:
    digests = thread_merge.written_of(file).get(identity)
    return digests if isinstance(digests, dict) else {}
