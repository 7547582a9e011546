"""Tell the posts that a complete source has but withholds from those that it no longer has."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from sitegen import timestamps
from sitegen.content.changeset.vanished import Policy, VanishedOptions
from sitegen.ingest.source_reader import ReadSource
from sitegen.sources import Imported, Reason


def ids(source: Imported, account: str) -> set[str]:
    """Return the ids of posts that a complete source of an account has but withholds."""
    return _excluded_ids(
        source, account, ("deleted by its author", "not a post", "private message")
    )


def _excluded_ids(source: Imported, account: str, ignored_reasons: Container[Reason]) -> set[str]:
    """Return the ids of records that a source of an account excludes, but for some reasons."""
    return {
        post_id
        for exclusion in source.exclusions
        if exclusion.reason not in ignored_reasons
        for post_id in _candidate_ids(exclusion.record, account)
    }


def vanished_options(sources: Sequence[ReadSource], policy: Policy) -> VanishedOptions:
    """Return the options for vanished posts; an excluded post has not vanished."""
    complete_imports = [source.imported for source in sources if source.imported.complete]
    excluded = frozenset(
        [
            (network, post_id)
            for imported in complete_imports
            for network, account in imported.complete
            for post_id in _excluded_ids(imported, account, ("deleted by its author",))
        ]
    )
    accounts = tuple([account for imported in complete_imports for account in imported.complete])
    return VanishedOptions(policy, accounts, excluded, _known_until(complete_imports))


def _known_until(complete_imports: Sequence[Imported]) -> dict[tuple[str, str], float]:
    """Return the time up to which complete sources cover their accounts, in seconds since 1970."""
    times_by_account: dict[tuple[str, str], list[str | None]] = {}
    for imported in complete_imports:
        for account in imported.complete:
            times_by_account.setdefault(account, []).append(imported.until)
        for post in (post for thread in imported.threads for post in thread.posts):
            account = post.network, post.author.id or ""
            if account in imported.complete:
                times_by_account[account].append(post.created_at)
    instants = {
        account: [*filter(None, map(timestamps.instant, written))]
        for account, written in times_by_account.items()
    }
    return {account: max(times) for account, times in instants.items() if times}


def _candidate_ids(record: str, account: str) -> Iterator[str]:
    """Yield the ids that a record's post may have, given its id or URL."""
    last_part = record.rpartition("/")[2]
    yield from (record, last_part, f"{last_part}@{account}")
    if record.startswith("https://"):
        yield f"{last_part}@{record.split('/')[2]}"
