"""Complete authors that are known by an id alone with the handle and name of the account.

Answers of an API or repositories often have only a DID. The handle is that of the newest source of
the post that has one, or else that of the account; the name is likewise completed. This is
repeated in every import, since a later source may know more. Authors that a person named stay.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen import exchange
from sitegen.content.changeset.file_changes import FileChanges
from sitegen.content.changeset.new_files import Key
from sitegen.content.changeset.provenance import Provenance
from sitegen.content.identity.authors_by_handle import Handle, write_authors
from sitegen.content.imported.handles import complete, lacks_handle
from sitegen.content.imported.stamps import ById, Seen, Stamp, is_part_outdated
from sitegen.content.merge.authors import AUTHOR
from sitegen.model import Author, Thread

NO_AUTHOR = Author()


class Accounts(Struct, frozen=True):
    """Known accounts by network and id, and the threads of each source as it has them."""

    by_id: Mapping[Key, Author] = {}
    stated: Sequence[tuple[Sequence[Thread], Stamp]] = ()

    def complete(self, network: str, author: Author) -> Author:
        """Return an author without a handle with what is known of the account."""
        return complete(author, self.by_id.get((network, author.id or "")))


class Statements(Struct, frozen=True):
    """The author of a post in the newest source that has the handle, and in one that has not.

    `named` is the newest of the sources without the handle that has a name.
    """

    full: Handle | None = None
    partial: Handle | None = None
    named: Handle | None = None

    def merge(self, other: Statements) -> Statements:
        """Return the newest of each."""
        return Statements(
            _newer(self.full, other.full),
            _newer(self.partial, other.partial),
            _newer(self.named, other.named),
        )

    def is_of_one(self) -> bool:
        """Return whether both name the same account."""
        return not (self.full and self.partial) or self.full[0].id == self.partial[0].id


class IdUpdates:
    """Updates the authors of a folder's posts that are known by an id, during an import."""

    def __init__(self, files: FileChanges, sources: Provenance, accounts: Accounts) -> None:
        self._files = files
        self._sources = sources
        self._accounts = accounts
        self._partial = _partial_authors(accounts.stated)
        self._stored: dict[Key, tuple[Author, Statements]] = {}

    def record(self, authors: Iterable[tuple[Key, Author]]) -> dict[Key, Author]:
        """Record the authors of the folder's posts; return those that are now known better."""
        better: dict[Key, Author] = {}
        for key, author in authors:
            seen = self._sources.seen(key)
            is_partial = lacks_handle(author) and seen.at.kind != exchange.NAME
            if not (is_partial or seen.by_id or key in self._partial):
                continue
            statements = _recorded_statements(author, seen)
            known = self._resolve(key, statements)
            self._stored[key] = known, statements
            if known not in (author, NO_AUTHOR):
                better[key] = known
                self._sources.record_by_id(key, _by_id(statements))
        write_authors(self._files, better)
        return better

    def update_imported(self, imported: Iterable[Key]) -> None:
        """Set the authors of imported posts of which a source has no handle."""
        keys = [key for key in imported if key in self._partial or key in self._stored]
        full = _full_authors(self._accounts.stated, {*keys}) if keys else {}
        found: dict[Key, Author] = {}
        for key in keys:
            before, stored = self._stored.get(key, (None, Statements()))
            offer = replace(self._partial.get(key, Statements()), full=full.get(key))
            statements = stored.merge(offer)
            if not statements.is_of_one():
                continue
            author = self._resolve(key, statements)
            self._sources.record_by_id(key, _by_id(statements))
            if author != NO_AUTHOR and not self._is_set(key, author, before, offer):
                found[key] = author
        write_authors(self._files, found)

    def _is_set(self, key: Key, author: Author, before: Author | None, offer: Statements) -> bool:
        """Return whether a post has its author already, since all that was merged has it.

        In a file of other sources a new post may have got the author of the front matter.
        """
        is_added = before is None and self._files.of_post.get(key) in self._files.before
        if is_added or len(self._accounts.stated) > 1:
            return False
        merged = [each[0] for each in (offer.full, offer.partial) if each]
        known = {self._accounts.complete(key[0], a) if lacks_handle(a) else a for a in merged}
        return known | ({before} if before else set()) == {author}

    def _resolve(self, key: Key, statements: Statements) -> Author:
        """Return the author of a post by its sources and its account."""
        full, partial, named = statements.full, statements.partial, statements.named
        name = named[0].name if named else None
        if full is None:
            if partial is None:
                return NO_AUTHOR
            return self._accounts.complete(key[0], replace(partial[0], name=name))
        is_name_newer = named is not None and is_part_outdated(full[1], named[1])
        return full[0] if full[0].name and not is_name_newer else replace(full[0], name=name)


def _by_id(statements: Statements) -> ById | None:
    """Return what to record of a post: nothing if no source without the handle is the newest."""
    full, partial, named = statements.full, statements.partial, statements.named
    if partial is None or (full and not is_part_outdated(full[1], partial[1])):
        return None
    at = full[1] if full else None
    if named is None:
        return ById(at)
    return ById(at, named[0].name or "", named[1] if named[1] != partial[1] else None)


def _recorded_statements(author: Author, seen: Seen) -> Statements:
    """Return what was recorded of a stored post's author."""
    by_id = seen.by_id
    if by_id is None:
        if lacks_handle(author):
            return _partial_statements(author, seen.at)
        is_full = author.id and not seen.handle
        return Statements((author, seen.of(AUTHOR))) if is_full else Statements()
    full = (author, by_id.at) if by_id.at and author.handle else None
    named = (Author(id=author.id, name=by_id.name), by_id.named or seen.at) if by_id.name else None
    return Statements(full, (Author(id=author.id), seen.at), named)


def _partial_statements(author: Author, at: Stamp) -> Statements:
    """Return what a source states that has no handle of an author."""
    offer = author, at
    return Statements(partial=offer, named=offer if author.name else None)


def _partial_authors(stated: Sequence[tuple[Sequence[Thread], Stamp]]) -> dict[Key, Statements]:
    """Return the authors without a handle; those of JSON lines are complete."""
    found: dict[Key, Statements] = {}
    for threads, stamp in stated:
        for post in (post for thread in threads for post in thread.posts):
            if lacks_handle(post.author) and stamp.kind != exchange.NAME:
                key, offer = (post.network, post.id), _partial_statements(post.author, stamp)
                found[key] = found[key].merge(offer) if key in found else offer
    return found


def _full_authors(
    stated: Sequence[tuple[Sequence[Thread], Stamp]], keys: Container[Key]
) -> dict[Key, Handle]:
    """Return the authors of some posts, from the newest sources that have both id and handle."""
    found: dict[Key, Handle] = {}
    for threads, stamp in stated:
        for post in (post for thread in threads for post in thread.posts):
            key, author = (post.network, post.id), post.author
            if key in keys and author.id and author.handle:
                found[key] = _newer(found.get(key), (author, stamp)) or (author, stamp)
    return found


def _newer(known: Handle | None, new: Handle | None) -> Handle | None:
    """Return the author of the newer source; for equal states, always the same author."""
    if known is None or new is None:
        return known or new
    if known[1] == new[1]:
        return max(known, new, key=_rank)
    return known if is_part_outdated(new[1], known[1]) else new


def _rank(handle: Handle) -> tuple[bool, str, str]:
    author = handle[0]
    return author.name is not None, author.handle or "", author.name or ""
