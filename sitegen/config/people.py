"""Read `[[people]]`: the people whose posts a site has, each with a name and accounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sitegen import files
from sitegen.config import toml_tables
from sitegen.config.schema import Person
from sitegen.errors import ConfigError
from sitegen.text.domain_names import readable_labels
from sitegen.text.printing import is_label

TABLE = "people"
EXAMPLE = '[[people]], with lines like name = "Ada" and accounts = ["ada.example"]'
_KEYS = {"name": "", "accounts": [], "portrait": "", "slug": ""}


def read_people(value: object, text: str, path: Path) -> tuple[Person, ...]:
    """Read the array of tables `people`. Raises ConfigError."""
    tables = toml_tables.to_tables(value, TABLE, EXAMPLE, text, path)
    return tuple([_person(table, line, path) for table, line in tables])


def find_mistakes(people: tuple[Person, ...], account: str) -> Iterator[tuple[int, str, str]]:
    """Yield what is wrong with the people of a site as (line, message, hint).

    `account` is the older setting for the owner of a site.
    """
    if people and account:
        what = "[site] account and [[people]] both state whose site it is"
        yield people[0].line, what, "add the account to a person, and remove [site] account."
    for person, owner, name in find_shared((p, map(normalise, p.accounts)) for p in people):
        what = f"the account {name} is listed twice"
        yield person.line, what, f"it belongs to {owner.name} already."


def find_shared(
    owned: Iterable[tuple[Person, Iterable[str]]],
) -> Iterator[tuple[Person, Person, str]]:
    """Yield each account that is listed twice: its second owner, its first owner, and its name.

    The names are those of the settings, or the pages of the accounts in the archive.
    """
    owners: dict[str, Person] = {}
    for person, accounts in owned:
        for account in accounts:
            if account in owners:
                yield person, owners[account], account
            owners.setdefault(account, person)


def normalise(account: str) -> str:
    """Return the name of an account as it is compared: without a leading "@" or upper case."""
    return readable_labels(account.strip().removeprefix("@").casefold())


def _person(table: dict[str, Any], line: int, path: Path) -> Person:
    def refuse(what: str, hint: str) -> ConfigError:
        return ConfigError(f"[[people]] {what}", path=path, line=line, hint=hint)

    for key in sorted(table.keys() - _KEYS.keys()):
        raise refuse(f"has the unknown key {key}", f"there is: {', '.join(_KEYS)}.")
    name, accounts = table.get("name", ""), table.get("accounts", [])
    portrait = table.get("portrait", "")
    if not isinstance(name, str) or not is_label(name.strip()):
        raise refuse("needs a name", 'write it like name = "Ada Brook".')
    is_list = isinstance(accounts, list) and all(isinstance(a, str) and a for a in accounts)
    if not is_list or not accounts:
        raise refuse("needs accounts", 'write them like accounts = ["ada.example", "x:ada"].')
    if not isinstance(portrait, str):
        raise refuse("portrait must be a string", "name a file in content/.")
    slug = table.get("slug", "")
    if not isinstance(slug, str) or files.slug(slug) != slug:
        meant = (isinstance(slug, str) and files.slug(slug)) or files.slug(name) or "ada-brook"
        raise refuse("slug must be a part of an address", f'write it like slug = "{meant}".')
    return Person(name.strip(), tuple(accounts), portrait, slug, line)
