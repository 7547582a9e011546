"""What an import knows besides its threads and profiles, for the merge with content/."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sitegen.content.changeset import crosslinks
from sitegen.content.changeset.provenance import Deletions
from sitegen.content.changeset.vanished import VanishedOptions
from sitegen.content.identity.authors_by_handle import HandleOwners
from sitegen.content.identity.authors_by_id import Accounts
from sitegen.content.identity.derived_ids import RenamePlan
from sitegen.content.imported.record_lines import AccountLine, Key, SourceLine
from sitegen.content.imported.stamps import Stamp

NO_LINKS: crosslinks.Also = {}


class SourceStatements(NamedTuple):
    """What the sources of an import state about themselves and their accounts.

    `threads` are the states of the sources of threads and excerpts, one each, `profiles` those of
    the sources of profiles; without them, the later import wins. `accounts` is what sources state
    about whole accounts, and `lines` what is to be recorded of each source.
    """

    threads: Sequence[Stamp] = ()
    profiles: Sequence[Stamp] = ()
    accounts: Sequence[AccountLine] = ()
    lines: Sequence[SourceLine] = ()


class MergeOptions(NamedTuple):
    """How posts that content/ has, or had, are merged.

    `vanished` is for posts that the sources no longer have, `deletions` for those that a person
    deleted. `renaming` is what is known of posts with derived ids, `handle_owners` of authors by
    their handles, `accounts` of authors by their ids. `also` has cross-links for posts that only
    content/ has. `copies` are posts that stay away as copies of deleted ones.
    """

    vanished: VanishedOptions = VanishedOptions()
    deletions: Deletions = "ask"
    renaming: RenamePlan = RenamePlan()
    handle_owners: HandleOwners = HandleOwners()
    accounts: Accounts = Accounts()
    also: crosslinks.Also = NO_LINKS
    copies: Collection[Key] = ()


NO_STATEMENTS = SourceStatements()
DEFAULT_OPTIONS = MergeOptions()
