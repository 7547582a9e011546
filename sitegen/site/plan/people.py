"""Which accounts belong to which person of `[[people]]`.

A person with one account has the page of that account. One with several, or with a slug, has a
page of their own, to which the pages of the accounts redirect.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sitegen import files
from sitegen.config.people import find_shared, normalise
from sitegen.config.schema import Config, Person
from sitegen.errors import ConfigError
from sitegen.site import urls
from sitegen.site.plan.files import named_files
from sitegen.site.plan.library import Library


class Account(NamedTuple):
    """An account of the archive: its network, id and handle, and the site path of its page."""

    network: str
    id: str | None
    handle: str | None
    path: str

    @property
    def names(self) -> tuple[str, ...]:
        """What a person's list of accounts may call it."""
        known = [normalise(name) for name in (self.id, self.handle) if name]
        return (*known, *(f"{self.network}:{name}" for name in known))


class SitePerson(NamedTuple):
    """A person with the pages of their accounts, in the order of the list, and their own page."""

    person: Person
    accounts: tuple[str, ...]
    home: str


def site_people(config: Config, accounts: Iterable[Account]) -> tuple[SitePerson, ...]:
    """Find the accounts of each person.

    Of two accounts with one handle, `accounts` lacks the one whose id is not known.
    """
    by_name = _by_name(accounts)
    found = tuple([_site_person(person, by_name) for person in config.people])
    _refuse_shared_accounts(found, config)
    _refuse_shared_pages(found, config)
    return found


def _by_name(accounts: Iterable[Account]) -> dict[str, dict[str, Account]]:
    """Return the accounts by each of their names, and by the paths of their pages."""
    by_name: dict[str, dict[str, Account]] = {}
    for account in accounts:
        for name in account.names:
            by_name.setdefault(name, {}).setdefault(account.path, account)
    return by_name


def _refuse_shared_pages(found: Iterable[SitePerson], config: Config) -> None:
    """Check that no two people have one page, as those of one name would. Raises ConfigError."""
    owners: dict[str, Person] = {}
    for each in found:
        person = each.person
        if not each.accounts:
            continue
        other = owners.setdefault(urls.fold(each.home), person)
        if other is not person:
            what = f"{person.name} would have the page of {other.name} in line {other.line}"
            slug = files.slug(person.name) or "person"
            hint = f'give one of the two a slug, their page\'s name, like slug = "{slug}-2".'
            raise ConfigError(what, path=config.file, line=person.line, hint=hint)


def _refuse_shared_accounts(found: Iterable[SitePerson], config: Config) -> None:
    """Check that no account belongs to two people. Raises ConfigError."""
    for person, other, _ in find_shared((each.person, each.accounts) for each in found):
        what = f"{person.name} has an account that is {other.name}'s already"
        hint = "an account may have several names: remove it from one of the two."
        raise ConfigError(what, path=config.file, line=person.line, hint=hint)


def _site_person(person: Person, by_name: Mapping[str, Mapping[str, Account]]) -> SitePerson:
    paths = tuple(
        dict.fromkeys([p for name in person.accounts for p in by_name.get(normalise(name), ())])
    )
    has_own_page = person.slug or len(paths) != 1
    home = urls.person_home(person.slug or person.name) if has_own_page else paths[0]
    return SitePerson(person, paths, home)


def missing_accounts(config: Config, accounts: Iterable[Account]) -> Iterator[str]:
    """Yield a warning for each account of a person that the archive does not have."""
    known = {name for account in accounts for name in account.names}
    for person in config.people:
        for name in person.accounts:
            if normalise(name) not in known:
                what = f"{person.name} has no account {name} in this archive"
                yield f"{_place(config, person)}{what}{_hint(name, known)}"


def missing_owner(config: Config, accounts: Iterable[Account]) -> Iterator[str]:
    """Yield a warning if the archive does not have the account of the site's owner."""
    known = {name for account in accounts for name in account.names}
    name = config.site.account
    if name and known and not config.people and normalise(name) not in known:
        place = f"{config.file}: " if config.file else ""
        what = f"[site] account: there is no account {name} in this archive"
        yield f"{place}{what}{_hint(name, known)}"


def _hint(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(normalise(name), sorted(known), 1, 0.75)
    return f"; do you mean {close[0]}?" if close else ""


def shared_names(config: Config, accounts: Iterable[Account]) -> Iterator[str]:
    """Yield a warning for each name in a person's list that several accounts have."""
    by_name = _by_name(accounts)
    for person in config.people:
        for name in person.accounts:
            meant = by_name.get(normalise(name), {}).values()
            if len(meant) > 1:
                listed = ", ".join(sorted([_own_name(account, by_name) for account in meant]))
                what = f"{person.name} has {len(meant)} accounts by the name {name}: {listed}"
                yield f"{_place(config, person)}{what}; list those that are {person.name}'s"


def _own_name(account: Account, by_name: Mapping[str, Mapping[str, Account]]) -> str:
    """Return a name that no other account has: with the handle, else with the id."""
    names = [f"{account.network}:{name}" for name in (account.handle, account.id) if name]
    return next((n for n in names if len(by_name[normalise(n)]) == 1), names[-1])


def missing_portraits(config: Config, library: Library) -> Iterator[str]:
    """Yield a warning for each portrait that is not a picture of `content/`."""
    for person in config.people:
        file = named_files.find(library, "", person.portrait)
        if person.portrait and library.picture_path(file) is None:
            what = "there is no" if file is None else "not a picture to be published:"
            yield f"{_place(config, person)}{what} {person.portrait}; no portrait is shown"


def _place(config: Config, person: Person) -> str:
    return f"{config.file}:{person.line}: " if config.file else ""
