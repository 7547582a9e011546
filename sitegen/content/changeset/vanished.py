"""Vanished posts, which content/ has and their source no longer has: keep, mark or purge them.

Only a source that has all posts of an account shows that one of them is gone. What a person wrote
stays, whatever the policy is: an edited post is marked instead of purged, and so is the first
post of a file in which a person wrote something of their own, which would be lost with it. Nothing
is purged while a conflict file of an earlier import exists, or if the import has no post of the
account at all.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from sitegen import timestamps
from sitegen.content.changeset.file_changes import FileChanges
from sitegen.content.changeset.new_files import Key
from sitegen.content.format.draft import TEXT
from sitegen.content.format.recorded import is_recorded
from sitegen.content.format.stored import StoredPost, is_post_hidden
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.merge import rewrite
from sitegen.content.merge.post_parts import PostParts
from sitegen.model import Post, Thread

MARK = "vanished"
OPEN = (None, "unlisted")

Policy = Literal["keep", "mark", "purge"]
Fate = Literal["kept", "marked", "purged", "spared"]


class VanishedOptions(Struct, frozen=True):
    """The policy for vanished posts, and how they are recognised.

    `complete` are the accounts, as network and author id, of which a source of the import has
    every post; `seen` are posts that a source has but that are excluded from the import. `until`
    is the time, in seconds since 1970, up to which the sources know an account: posts newer than
    an old export have not vanished.
    """

    policy: Policy = "keep"
    complete: tuple[Key, ...] = ()
    seen: frozenset[Key] = frozenset()
    until: dict[Key, float] = {}


class VanishedPost(Struct, frozen=True):
    """A post that its source no longer has, its file, and its fate.

    The fate is "kept" also if the post was marked before; "spared" if it should have been purged,
    but a person's work would have been lost with it.
    """

    network: str
    id: str
    path: Path
    fate: Fate


class VanishedFinder:
    """Finds the vanished posts among those that content/ has."""

    def __init__(self, vanished: VanishedOptions, threads: Sequence[Thread]) -> None:
        self.policy = vanished.policy
        self.accounts = frozenset(key for key in vanished.complete if key[1])
        self.gone: dict[Key, Post] = {}
        self._until = vanished.until
        self._seen: set[Key] = set()
        self._imported: set[tuple[Key, str | None]] = set()
        if self.accounts:
            posts = [post for thread in threads for post in thread.posts]
            self._seen = {(post.network, post.id) for post in posts} | vanished.seen
            self._imported = {(_account(post), post.visibility) for post in posts}
        self._present = {account for account, _ in self._imported}

    def check(self, stored: Iterable[StoredPost]) -> None:
        """Record which of these posts their source no longer has.

        A post of limited visibility counts only if the import has such posts at all.
        """
        for post in (s.post for s in stored) if self.accounts else ():
            key, account = (post.network, post.id), _account(post)
            if account in self.accounts and key not in self._seen and self._is_due(post):
                is_open = post.visibility in OPEN
                if is_open or (account, post.visibility) in self._imported:
                    self.gone[key] = post

    def _is_due(self, post: Post) -> bool:
        until, when = self._until.get(_account(post)), timestamps.instant(post.created_at)
        return until is None or when is None or when <= until

    def policy_for(self, key: Key) -> Policy:
        """Return the policy for a post; an import without posts of its account proves nothing."""
        return self.policy if _account(self.gone[key]) in self._present else "keep"


def apply_policy(files: FileChanges, finder: VanishedFinder) -> tuple[VanishedPost, ...]:
    """Mark or purge the vanished posts according to the policy; return the fate of each."""
    of_file: dict[str, list[Key]] = {}
    for key in finder.gone:
        of_file.setdefault(files.of_post[key], []).append(key)
    gone: list[VanishedPost] = []
    for path, keys in of_file.items():
        policies: dict[Policy, list[str]] = {}
        for key in keys:
            policies.setdefault(finder.policy_for(key), []).append(key[1])
        fates: dict[str, Fate] = dict.fromkeys(policies.get("keep", ()), "kept")
        fates |= _mark(files, path, policies.get("mark", ()))
        fates |= _purge(files, path, policies.get("purge", ()))
        gone += [VanishedPost(network, i, Path(path), fates[i]) for network, i in keys]
    for each in gone:
        if each.fate == "purged":
            del files.of_post[each.network, each.id]
    return tuple(gone)


def _account(post: Post) -> tuple[str, str]:
    return post.network, post.author.id or ""


def _mark(files: FileChanges, path: str, wanted: Sequence[str]) -> dict[str, Fate]:
    """Mark posts as vanished; a post that was marked before is left as it is."""
    file = files.file(path)
    new = {i for i in wanted if not _was_marked(file, i)}
    if new:
        posts = rewrite.posts_of(file)
        marked = {i: _with_mark(post) if i in new else post for i, post in posts.items()}
        files.change(rewrite.with_posts(file, marked))
    return {i: "marked" if i in new else "kept" for i in wanted}


def _with_mark(post: PostParts) -> PostParts:
    parts = {name: part for name, part in post.parts.items() if name != TEXT}
    parts |= {MARK: True, TEXT: post.parts[TEXT]}  # as in a new file
    return replace(post.write(MARK, True), parts=parts)


def _was_marked(file: ThreadFile, identity: str) -> bool:
    recorded = file.recorded.posts.get(identity, {})
    return MARK in file.records[identity] or not is_recorded(recorded.get(MARK), None)


def _purge(files: FileChanges, path: str, wanted: Sequence[str]) -> dict[str, Fate]:
    """Purge posts from a file, except those that hold a person's work."""
    if not wanted:
        return {}
    file = files.file(path)
    spared = _find_spared(file, wanted)
    if going := [i for i in wanted if i not in spared]:
        files.remove_posts(file, rewrite.without_posts(file, going))
    if spared:
        _mark(files, path, spared)
    return {i: "spared" if i in spared else "purged" for i in wanted}


def _find_spared(file: ThreadFile, wanted: Sequence[str]) -> list[str]:
    """Return the posts that hold a person's work."""
    if file.is_held_back or os.path.lexists(f"{file.path}.upstream"):
        return [*wanted]
    first = next(iter(file.records))
    edited = [i for i in wanted if not _is_unedited(file, i)]
    is_needed = rewrite.is_personal(file)
    return [i for i in wanted if i in edited or (i == first and is_needed)]


def _is_unedited(file: ThreadFile, identity: str) -> bool:
    post = PostParts(file.parts_of(identity), file.recorded.posts.get(identity, {}))
    return post.is_unedited() and not is_post_hidden(file, identity)
