"""Posts of content/ with derived ids get their own ids, and the file that these call for.

What a person edited stays; all else is as the source with the ids has it, as if that had come
first. Posts that were only guessed to answer each other part again where no source says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.content.changeset import relocation
from sitegen.content.changeset.new_files import Fresh, Key, names
from sitegen.content.changeset.pending import Pending
from sitegen.content.changeset.provenance import Sources
from sitegen.content.format import thread_file
from sitegen.content.format.draft import Parts, digest, post_parts, thread_draft
from sitegen.content.format.hiding import HIDE
from sitegen.content.format.thread_file import WRITTEN, ThreadFile
from sitegen.content.identity import derived_ids
from sitegen.content.identity.derived_ids import Additions, Renaming
from sitegen.content.imported.stamps import Stamp
from sitegen.content.merge import lead_post, thread_merge
from sitegen.content.merge.authors import author_of, of_one_account
from sitegen.content.merge.parts import COUNTS, Merged, digests
from sitegen.model import Post, Thread

REFERENCES = ("reply_to", "quote_of", "repost_of")


class Incoming(Struct, frozen=True):
    """A post that an import brings: the state of its source, the number and file of its thread."""

    post: Post
    stamp: Stamp
    thread: int
    path: str


def incoming(
    threads: Sequence[Thread], stamps: Sequence[Stamp], fresh: Sequence[Fresh]
) -> dict[Key, Incoming]:
    """Return the posts that an import brings, each as the first source has it."""
    found: dict[Key, Incoming] = {}
    for number, (thread, stamp, file) in enumerate(zip(threads, stamps, fresh, strict=True)):
        for post in thread.posts:
            key = thread.network, post.id
            found.setdefault(key, Incoming(post, stamp, number, file.path))
    return found


class Renames:
    """Gives the posts of a folder their own ids."""

    def __init__(
        self,
        files: Pending,
        sources: Sources,
        additions: Additions,
        renaming: Renaming,
        brought: Mapping[Key, Incoming],
    ) -> None:
        self._files = files
        self._sources = sources
        self._additions = additions
        self._own = renaming.own
        self._brought = brought
        self._twice: list[tuple[str, str, str]] = []  # file, derived id, own id
        self._done: set[Key] = set()
        self.begun: list[str] = []

    def apply(self, paths: Sequence[str]) -> None:
        """Rename posts in these files, and all that refers to them. Raises ContentError."""
        ids = {identity for _, identity in self._own}
        named = [path for path in paths if self._names_any(path, ids)]
        for path in named:
            self._rename(path)
        for path, identity, own in self._twice:
            self._absorb(path, identity, own)
        for path in named:
            if self._files.text(path) is not None:
                self._part(path)

    def _names_any(self, path: str, ids: set[str]) -> bool:
        text = (self._files.text(path) or "").encode()
        return any(name.decode() in ids for name in derived_ids.QUOTED.findall(text))

    def _rename(self, path: str) -> None:
        """Give the posts of a file their own ids in it, but those that are elsewhere already."""
        file = self._files.file(path)
        network = str(file.fields.get("network"))
        new: dict[str, str] = {}
        for identity in {**file.records, **thread_merge.written_of(file)}:
            own = self._own.get((network, identity))
            if own is None:
                continue
            is_deleted = identity not in file.records
            is_free = (network, own) not in self._files.of_post and own not in new.values()
            if is_free or (is_deleted and (network, own) in self._done):
                new[identity] = own
            elif not is_deleted:
                self._twice.append((path, identity, own))
        posts: dict[str, Merged] = {}
        for identity, post in thread_merge.posts_of(file).items():
            name = new.get(identity, identity)
            post = self._referring(network, post)
            posts[name] = self._renamed(file, identity, name, post) if name != identity else post
        deleted = {new.get(i, i): d for i, d in thread_merge.deleted_from(file).items()}
        self._files.change(file, _with_posts(file, posts, deleted, new))
        for identity, own in new.items():
            if own in posts:
                self._done.add((network, own))
            self._files.of_post.pop((network, identity), None)
            found = self._brought.get((network, own))
            self._sources.rename(network, identity, own, found.stamp if found else None)

    def _renamed(self, file: ThreadFile, identity: str, own: str, post: Merged) -> Merged:
        """Return a post as the source with its own id has it, with a person's edits."""
        network = str(file.fields.get("network"))
        post = _without_own(post, own)
        found = self._brought.get((network, own))
        if found:
            self._additions.add(self._addition(network, identity, own, post))
            post = _as_brought(post, post_parts(found.post, author_of(file.fields)))
        return derived_ids.noting(post, (identity,))

    def _addition(
        self, network: str, identity: str, own: str, post: Merged
    ) -> derived_ids.Addition:
        seen = self._sources.seen((network, identity))
        states = {name: seen.of(name) for name in (COUNTS, *derived_ids.ATTACHMENTS)}
        return derived_ids.of_stored((network, own), identity, post, states)

    def _referring(self, network: str, post: Merged) -> Merged:
        """Return a post that names others by their own ids."""
        parts, written = dict(post.parts), dict(post.written)
        for name in REFERENCES:
            own = self._own.get((network, str(parts.get(name))))
            if own:
                if written.get(name) == digest(parts[name]):
                    written[name] = digest(own)
                parts[name] = own
        return replace(post, parts=parts, written=written)

    def _absorb(self, path: str, identity: str, own: str) -> None:
        """Let a post go that another file has by its own id, which takes a person's edits."""
        file = self._files.file(path)
        network = str(file.fields.get("network"))
        into = self._files.of_post[network, own]
        mine = thread_merge.posts_of(file)[identity]
        self._additions.add(self._addition(network, identity, own, mine))
        if file.is_held_back:
            mine = replace(mine, parts=mine.parts | {HIDE: True})
        target = self._files.file(into)
        posts = thread_merge.posts_of(target)
        edits, lost = _edits_for(mine, posts[own])
        if lost:
            self._files.keep_beside(file, Path(into))
        posts[own] = derived_ids.noting(edits, (identity,))
        self._files.change(
            target, thread_merge.with_posts(target, posts, thread_merge.deleted_from(target))
        )
        relocation.take_out(self._files, self._files.file(path), (identity,), Path(into))
        del self._files.of_post[network, identity]
        if path != into:
            relocation.set_down(self._files, into, (path,))

    def _part(self, path: str) -> None:
        """Give posts that only a guess put into a file files of their own."""
        file = self._files.file(path)
        stored = {each.post.id: each.post for each in thread_file.stored_posts(file)}
        _, *others = self._groups(stored).values()
        for group in others:
            if any((post.network, post.id) in self._sources.placed for post in group):
                continue
            self._move(path, group)

    def _groups(self, posts: Mapping[str, Post]) -> dict[str, list[Post]]:
        """Return the posts that belong together: by their source, and by replies of one account."""
        home: dict[str, str] = {}
        of_thread: dict[int, str] = {}
        first = next(iter(posts))
        renamed = {own for (_, _), own in self._own.items()}
        for identity, post in posts.items():
            found = self._brought.get((post.network, identity)) if identity in renamed else None
            parent = posts.get(post.reply_to or "")
            if found:
                home[identity] = of_thread.setdefault(found.thread, identity)
            elif parent and parent.id in home and _stays_with(post, parent):
                home[identity] = home[parent.id]
            else:
                home[identity] = identity if parent else home.get(first, first)
        groups: dict[str, list[Post]] = {}
        for identity, owner in home.items():
            groups.setdefault(owner, []).append(posts[identity])
        return groups

    def _move(self, path: str, group: Sequence[Post]) -> None:
        file, network = self._files.file(path), group[0].network
        ids = [post.id for post in group]
        found = self._brought.get((network, ids[0]))
        free = (p for p in names(found.path if found else path) if self._files.text(p) is None)
        into = next(free)
        moved = lead_post.moving(file, ids)
        new = thread_merge.fresh_thread(thread_draft(Thread(ids[0], network, tuple(group))))
        target = thread_file.read(into, new)
        moved = lead_post.said_below(moved, target)
        posts = {identity: Merged(*moved.posts[identity]) for identity in ids}
        self._files.begin(
            into, thread_merge.with_posts(target, posts, {}), [(network, i) for i in ids]
        )
        self._files.leave(file, thread_merge.without_posts(file, ids))
        relocation.set_down(self._files, into, (path,))
        self.begun.append(into)


def _stays_with(post: Post, parent: Post) -> bool:
    return derived_ids.is_derived(parent.id) or of_one_account(post.author, parent.author)


def _without_own(post: Merged, own: str) -> Merged:
    """Return a post whose line does not note its own id, as it once did."""
    places = post.parts.get(derived_ids.ALSO)
    if not isinstance(places, list) or post.written.get(derived_ids.ALSO) != digest(places):
        return post
    rest = [place for place in places if not (isinstance(place, dict) and place.get("id") == own)]
    return derived_ids.with_places(post, rest)


def _as_brought(mine: Merged, theirs: Parts) -> Merged:
    """Return a post as a source has it, but for what a person changed, added or deleted."""
    edited = _edited(mine)
    parts = {k: v for k, v in theirs.items() if k not in edited}
    parts |= {k: v for k, v in mine.parts.items() if k in edited}
    written = {k: v for k, v in mine.written.items() if k in edited} | digests(theirs)
    return Merged({k: parts[k] for k in {**theirs, **mine.parts} if k in parts}, written)


def _edited(post: Merged) -> set[str]:
    now = digests(post.parts)
    return {k for k in {*now, *post.written} if now.get(k) != post.written.get(k)}


def _edits_for(mine: Merged, theirs: Merged) -> tuple[Merged, bool]:
    """Return a post with what a person changed in another that it is; and whether some is lost."""
    edited = _edited(mine) & mine.parts.keys()
    taken = edited - _edited(theirs)
    parts = theirs.parts | {name: mine.parts[name] for name in sorted(taken)}
    lost = any(mine.parts[name] != theirs.parts.get(name) for name in edited - taken)
    return replace(theirs, parts=parts), lost


def _with_posts(
    file: ThreadFile, posts: Mapping[str, Merged], deleted: Parts, new: Mapping[str, str]
) -> str:
    """Return a file's text with posts of other ids, of which its front matter may name one."""
    fields = {k: v for k, v in file.fields.items() if k not in (thread_merge.POSTS, WRITTEN)}
    written = {k: v for k, v in file.written.items() if k != thread_merge.POSTS}
    own = new.get(str(fields.get("id")))
    if own:
        if written.get("id") == digest(fields["id"]):
            written["id"] = digest(own)
        fields["id"] = own
    return thread_merge.rewritten(
        file, fields, posts, thread_merge.written_with(written, posts, deleted)
    )
