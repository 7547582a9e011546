"""Give posts of content/ with derived ids their own ids, and move them to the right files.

What a person edited stays; everything else is taken from the source with the ids, as if it had
been imported first. Posts that were only guessed to be replies are separated again if no source
confirms it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.content.changeset import relocation
from sitegen.content.changeset.file_changes import FileChanges
from sitegen.content.changeset.new_files import Key, NewFile, candidate_names
from sitegen.content.changeset.provenance import Provenance
from sitegen.content.format import thread_file
from sitegen.content.format.draft import Parts, post_parts, thread_draft
from sitegen.content.format.hiding import HIDE, VISIBILITY
from sitegen.content.format.recorded import COUNTS, digests
from sitegen.content.format.stored import stored_posts
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.identity import derived_id_form, derived_ids
from sitegen.content.identity.derived_ids import Additions, RenamePlan
from sitegen.content.imported.stamps import Stamp
from sitegen.content.merge import lead_post, rewrite
from sitegen.content.merge.authors import author_of, is_same_account
from sitegen.content.merge.post_parts import PostParts, keep_hidden
from sitegen.model import Post, Thread

REFERENCES = ("reply_to", "quote_of", "repost_of")


class ImportedPost(Struct, frozen=True):
    """An imported post, with the state of its source and the index and file of its thread."""

    post: Post
    stamp: Stamp
    thread: int
    path: str


def imported_posts(
    threads: Sequence[Thread], stamps: Sequence[Stamp], new_files: Sequence[NewFile]
) -> dict[Key, ImportedPost]:
    """Return the posts of an import, each as the first source has it."""
    found: dict[Key, ImportedPost] = {}
    for number, (thread, stamp, file) in enumerate(zip(threads, stamps, new_files, strict=True)):
        for post in thread.posts:
            key = thread.network, post.id
            found.setdefault(key, ImportedPost(post, stamp, number, file.path))
    return found


class Renames:
    """Gives the posts of a folder their own ids."""

    def __init__(
        self,
        files: FileChanges,
        sources: Provenance,
        additions: Additions,
        renaming: RenamePlan,
        imported: Mapping[Key, ImportedPost],
    ) -> None:
        self._files = files
        self._sources = sources
        self._additions = additions
        self._own = renaming.own
        self._imported = imported
        self._twice: list[tuple[str, str, str]] = []  # file, derived id, own id
        self.new_files: list[str] = []

    def apply(self, paths: Sequence[str]) -> None:
        """Rename posts in these files, and all references to them. Raises ContentError."""
        ids = {identity for _, identity in self._own}
        named = [path for path in paths if self._names_any(path, ids)]
        for path in named:
            self._rename(path)
        for path, identity, own in self._twice:
            self._absorb(path, identity, own)
        for path in named:
            if self._files.text(path) is not None:
                self._split_guessed(path)

    def _names_any(self, path: str, ids: set[str]) -> bool:
        text = self._files.text(path) or ""
        return any(name in ids for name in derived_id_form.QUOTED.findall(text))

    def _rename(self, path: str) -> None:
        """Give the posts of a file their own ids, except posts that another file already has."""
        file = self._files.file(path)
        network = file.network
        new: dict[str, str] = {}
        for identity in file.records:
            own = self._own.get((network, identity))
            if own is None:
                continue
            if (network, own) not in self._files.of_post and own not in new.values():
                new[identity] = own
            else:
                self._twice.append((path, identity, own))
        posts: dict[str, PostParts] = {}
        for identity, post in rewrite.posts_of(file).items():
            name = new.get(identity, identity)
            post = self._update_references(network, post)
            posts[name] = (
                self._rename_post(file, identity, name, post) if name != identity else post
            )
        self._files.change(_with_posts(file, posts, new))
        for identity, own in new.items():
            self._files.of_post.pop((network, identity), None)
            found = self._imported.get((network, own))
            self._sources.rename(network, identity, own, found.stamp if found else None)

    def _rename_post(self, file: ThreadFile, identity: str, own: str, post: PostParts) -> PostParts:
        """Return a post as the source with its own id has it, plus a person's edits."""
        network = file.network
        post = _drop_own_id(post, own)
        found = self._imported.get((network, own))
        if found:
            self._additions.add(self._addition(network, identity, own, post))
            post = _apply_source(post, post_parts(found.post, author_of(file.fields)))
        return derived_ids.add_derived_ids(post, (identity,))

    def _addition(
        self, network: str, identity: str, own: str, post: PostParts
    ) -> derived_ids.Addition:
        seen = self._sources.seen((network, identity))
        states = {name: seen.of(name) for name in (COUNTS, *derived_ids.ATTACHMENTS)}
        return derived_ids.stored_addition((network, own), identity, post, states)

    def _update_references(self, network: str, post: PostParts) -> PostParts:
        """Replace derived ids in a post's references."""
        for name in REFERENCES:
            own = self._own.get((network, str(post.parts.get(name))))
            if own:
                post = _refer_to(post, name, own)
        return post

    def _absorb(self, path: str, identity: str, own: str) -> None:
        """Merge a post into the one that another file has by its own id, with a person's edits."""
        file = self._files.file(path)
        network = file.network
        into = self._files.of_post[network, own]
        mine = rewrite.posts_of(file)[identity]
        self._additions.add(self._addition(network, identity, own, mine))
        if file.is_held_back:
            mine = replace(mine, parts=mine.parts | {HIDE: True})
        target = self._files.file(into)
        posts = rewrite.posts_of(target)
        edits, lost = _apply_edits(mine, posts[own])
        if lost:
            self._files.save_beside(file, Path(into))
        posts[own] = derived_ids.add_derived_ids(edits, (identity,))
        self._files.change(rewrite.with_posts(target, posts))
        relocation.remove_posts(self._files, self._files.file(path), (identity,), Path(into))
        del self._files.of_post[network, identity]
        if path != into:
            relocation.record_move(self._files, into, (path,))

    def _split_guessed(self, path: str) -> None:
        """Move posts that were only guessed to belong to a file into new files."""
        file = self._files.file(path)
        stored = {each.post.id: each.post for each in stored_posts(file)}
        _, *others = self._groups(stored).values()
        for group in others:
            if any((post.network, post.id) in self._sources.placed for post in group):
                continue
            self._move(path, group)

    def _groups(self, posts: Mapping[str, Post]) -> dict[str, list[Post]]:
        """Group posts by the threads of their source, and by replies of the same account."""
        home: dict[str, str] = {}
        of_thread: dict[int, str] = {}
        first = next(iter(posts))
        renamed = {own for (_, _), own in self._own.items()}
        for identity, post in posts.items():
            found = self._imported.get((post.network, identity)) if identity in renamed else None
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
        found = self._imported.get((network, ids[0]))
        free = (
            p for p in candidate_names(found.path if found else path) if self._files.text(p) is None
        )
        into = next(free)
        moved = lead_post.collect_posts(file, ids)
        new = rewrite.new_thread_text(thread_draft(Thread(ids[0], network, tuple(group))))
        target = thread_file.read(into, new.text, new.recorded)
        moved = lead_post.omit_front_author(moved, target)
        self._files.change(rewrite.with_posts(target, {i: moved[i] for i in ids}))
        self._files.remove_posts(file, rewrite.without_posts(file, ids))
        relocation.record_move(self._files, into, (path,))
        self.new_files.append(into)


def _stays_with(post: Post, parent: Post) -> bool:
    return derived_id_form.is_derived(parent.id) or is_same_account(post.author, parent.author)


def _refer_to(post: PostParts, name: str, own: str) -> PostParts:
    """Replace an id in a part; if a person edited the part, it stays edited."""
    if post.is_untouched(name):
        return post.write(name, own)
    return replace(post, parts=post.parts | {name: own})


def _drop_own_id(post: PostParts, own: str) -> PostParts:
    """Remove a post's own id from its line, where it was once recorded."""
    places = post.parts.get(derived_ids.ALSO)
    if not isinstance(places, list) or not post.is_untouched(derived_ids.ALSO):
        return post
    rest = [place for place in places if not (isinstance(place, dict) and place.get("id") == own)]
    return derived_ids.with_places(post, rest)


def _apply_source(mine: PostParts, theirs: Parts) -> PostParts:
    """Return a post as a source has it, except what a person changed, added or deleted."""
    mine = keep_hidden(theirs, mine)
    edited = mine.edited()
    parts = {k: v for k, v in theirs.items() if k not in edited}
    parts |= {k: v for k, v in mine.parts.items() if k in edited}
    recorded = {k: v for k, v in mine.recorded.items() if k in edited} | digests(theirs)
    return PostParts({k: parts[k] for k in {**theirs, **mine.parts} if k in parts}, recorded)


def _apply_edits(mine: PostParts, theirs: PostParts) -> tuple[PostParts, bool]:
    """Apply a person's edits in one copy of a post to another; return whether some are lost."""
    edited = mine.edited() & mine.parts.keys()
    taken = edited - theirs.edited()
    parts = theirs.parts | {name: mine.parts[name] for name in sorted(taken)}
    if VISIBILITY in taken and HIDE not in mine.parts and parts.get(HIDE) is False:
        del parts[HIDE]  # the person hid the post by its visibility
    lost = any(mine.parts[name] != theirs.parts.get(name) for name in edited - taken)
    return replace(theirs, parts=parts), lost


def _with_posts(
    file: ThreadFile, posts: Mapping[str, PostParts], new: Mapping[str, str]
) -> ThreadFile:
    """Return a file with renamed posts, one of which may be named in its front matter."""
    front = rewrite.front_of(file)
    if own := new.get(str(front.parts.get("id"))):
        front = _refer_to(front, "id", own)
    return rewrite.rewrite(file, front, posts)
