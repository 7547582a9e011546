"""The names of accounts: which of the accounts in keys each name of a query means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from msgspec import json

from sitegen.query.accounts import AccountNames, key_of, names_of, normalise
from sitegen.site.search import addresses, shards
from sitegen.site.search.records import NamesRecord
from sitegen.site.search.searched_post import parse_account, without_surrogates

People = Mapping[str, Iterable[str]]


def name_files(
    accounts: Iterable[str], names: AccountNames, people: People, fingerprint: bytes
) -> tuple[dict[str, bytes], NamesRecord]:
    """Return the files of names, and what the directory says of them."""
    meant = accounts_by_name(accounts, names, people)
    lists = {name: json.encode(sorted(found)).decode() for name, found in meant.items()}
    files: dict[str, bytes] = {}
    firsts: list[str] = []
    for at, shard in enumerate(shards.deal(lists)):
        data = b"[%b,[%b]]" % (json.encode(shard.words), ",".join(shard.lists).encode())
        files |= addresses.file(addresses.names(at), data)
        firsts.append(shard.first)
    return files, NamesRecord(fingerprint, tuple(firsts), addresses.digest_of(files))


def accounts_by_name(
    accounts: Iterable[str], names: AccountNames, people: People
) -> dict[str, set[str]]:
    """Return the accounts that each name means, of those given, as `AccountNames.is_meant` does."""
    by_name: dict[str, set[str]] = defaultdict(set)
    by_key: dict[object, set[str]] = defaultdict(set)
    for account in accounts:
        network, author = parse_account(account)
        by_key[key_of(network, author)].add(account)
        for name in names_of(network, author):
            by_name[name].add(account)
    own = {name: frozenset(found) for name, found in by_name.items()}
    for name in (*own, *map(normalise, people), *names.known):
        for key in names.accounts_of(name):
            if key in by_key:
                by_name[without_surrogates(name)] |= by_key[key]
    for person, of_person in _people(people):
        for account_name in of_person:
            by_name[without_surrogates(person)] |= own.get(account_name, frozenset())
    return {name: found for name, found in by_name.items() if found}


def _people(people: People) -> Iterator[tuple[str, list[str]]]:
    for person, accounts in people.items():
        yield normalise(person), [*map(normalise, accounts)]
