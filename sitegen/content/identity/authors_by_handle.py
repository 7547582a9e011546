"""Resolve authors that are known by a handle alone to the accounts that had it.

This is repeated in every import, since a later source may know an account by that handle, or
another name of it. Authors that a person named stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from sitegen import exchange
from sitegen.content.changeset.file_changes import FileChanges
from sitegen.content.changeset.new_files import Key
from sitegen.content.changeset.provenance import Provenance
from sitegen.content.format.draft import Parts, as_object
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.identity.derived_id_form import is_derived
from sitegen.content.imported.handles import HandleRecord, has_handle
from sitegen.content.imported.record_lines import AccountLine
from sitegen.content.imported.stamps import Stamp, is_part_outdated
from sitegen.content.merge import lead_post
from sitegen.content.merge.authors import author_of
from sitegen.model import Author, Thread

NO_AUTHOR = Author()
Handle = tuple[Author, Stamp]  # an author without an id, as a source of that state has it


class HandleOwners(Struct, frozen=True):
    """Accounts by network and casefolded handle, and imported posts with an author by handle."""

    owners: Mapping[Key, Author] = {}
    by_handle: Mapping[Key, Handle] = {}

    def author(self, network: str, named: Author) -> Author:
        """Return the account that has an author's handle, or else the author as given."""
        return self.owners.get((network, (named.handle or "").casefold()), named)

    def new_handles(
        self,
        stored: Mapping[Key, Author],
        threads: Sequence[Thread],
        accounts: Mapping[Key, AccountLine],
    ) -> Iterator[AccountLine]:
        """Yield newly discovered handles of accounts: two authors of the same post are one account.

        `stored` are the authors of posts of content/, as far as they were read.
        """
        posts = [post for thread in threads for post in thread.posts if not is_derived(post.id)]
        ids = {(p.network, p.id): p.author.id for p in posts if p.author.id}
        for post in posts:
            key = post.network, post.id
            before = stored.get(key, NO_AUTHOR)
            identity = ids.get(key) or before.id
            for author in (post.author, before) if identity else ():
                handle = None if author.id else author.handle
                line = accounts.get((post.network, identity or ""))
                if handle and not (line and has_handle(line.handles, handle)):
                    yield AccountLine(post.network, identity or "", handles=(HandleRecord(handle),))


class AuthorUpdates:
    """Updates the authors of a folder's posts that are known by a handle, during an import."""

    def __init__(self, files: FileChanges, sources: Provenance, owners: HandleOwners) -> None:
        self._files = files
        self._sources = sources
        self._owners = owners
        self._stored: dict[Key, Handle] = {}

    def record(self, authors: Iterable[tuple[Key, Author]]) -> dict[Key, Author]:
        """Record the authors of the folder's posts; return those that are now known better."""
        better: dict[Key, Author] = {}
        for key, author in authors:
            seen = self._sources.seen(key)
            named = Author(seen.handle) if seen.handle else author
            is_exact = seen.at.kind == exchange.NAME and not seen.handle
            if named.id or not named.handle or is_exact:
                continue
            self._stored[key] = named, seen.at
            known = self._owners.author(key[0], named)
            if known != author and (known.id or author.id):
                better[key] = known
                self._sources.record_handle(key, (named.handle or "") if known.id else "")
        write_authors(self._files, better)
        return better

    def update_imported(self, imported: Iterable[Key], before: frozenset[Key]) -> None:
        """Set the authors of imported posts; `before` are those that content/ already had."""
        found: dict[Key, Author] = {}
        for key in imported:
            offer = self._owners.by_handle.get(key)
            if offer is None or (key in before and key not in self._stored):
                self._sources.record_handle(key, "")
                continue
            named = _newer(offer, self._stored[key]) if key in before else offer[0]
            author = self._owners.author(key[0], named)
            found[key] = author
            self._sources.record_handle(key, (named.handle or "") if author.id else "")
        write_authors(self._files, found)


def write_authors(files: FileChanges, authors: Mapping[Key, Author]) -> None:
    """Write authors of posts to their files, where they differ and no person named them."""
    of_file: dict[str, dict[str, Author]] = {}
    for key, author in authors.items():
        if path := files.of_post.get(key):
            of_file.setdefault(path, {})[key[1]] = author
    for path, of_posts in of_file.items():
        file = files.file(path)
        new = {i: a for i, a in of_posts.items() if _author(file, i) != a}
        if new:
            files.change(lead_post.set_authors(file, new))


def _newer(new: Handle, known: Handle) -> Author:
    """Return the author of the newer source; for equal states, always the same handle."""
    handles = new[0].handle or "", known[0].handle or ""
    is_first = handles[0] < handles[1]
    is_older = is_first if new[1] == known[1] else is_part_outdated(new[1], known[1])
    newer, older = (known[0], new[0]) if is_older else (new[0], known[0])
    has_name = newer.name is not None or handles[0] != handles[1]
    return newer if has_name else older


def _author(file: ThreadFile, identity: str) -> Author:
    """Return the author named by a post's line, or else by front matter."""
    line = file.records[identity]
    named: Parts = {"account": as_object(line["author"])} if "author" in line else file.fields
    return author_of(named)
