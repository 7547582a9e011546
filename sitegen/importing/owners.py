"""Which account has or had a handle, by all that sources ever said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from sitegen.content import handles, imported
from sitegen.content.handles import called
from sitegen.content.imported import AccountLine
from sitegen.content.states import Stamp
from sitegen.importing.reading import Read
from sitegen.model import Author, Profile

Key = tuple[str, str]


class Owners(Struct, frozen=True):
    """Accounts by network and casefolded handle, those new to content/, and what to remember."""

    known: Mapping[Key, Author]
    new: frozenset[Key]
    lines: tuple[AccountLine, ...]


def owners(
    folder: Path,
    found: Sequence[Read],
    stamps: Sequence[Stamp],
    stored: Sequence[Profile],
    learnt: Sequence[AccountLine],
) -> Owners:
    """Return the accounts that are known by now. Raises ContentError.

    What content/ has of an account counts where no source is remembered; `learnt` is what the
    merge found out by posts that one source knows by a handle, and another by the account.
    """
    memory = imported.accounts(folder).values()
    before = _known(memory, stored)
    lines = (*_stated(found, stamps), *learnt)
    known = _known((*memory, *lines), stored)
    return Owners(known, frozenset(known.keys() - before.keys()), lines)


def _stated(found: Sequence[Read], stamps: Sequence[Stamp]) -> list[AccountLine]:
    """Return what the profiles of sources say of the handles of accounts."""
    pairs = zip(found, stamps, strict=True)
    stated = [(profile, at) for read, at in pairs for profile in read.imported.profiles]
    named = [(profile, called(profile, at)) for profile, at in stated]
    return [AccountLine(p.network, p.id, handles=known) for p, known in named if known]


def _known(lines: Iterable[AccountLine], stored: Iterable[Profile]) -> dict[Key, Author]:
    older = {(p.network, p.id): now for p in stored if (now := called(p))}
    found = {key: line.handles for key, line in imported.united(lines).items() if line.handles}
    return handles.owners(older | found)
