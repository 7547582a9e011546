"""Group the versions of edited tweets, and find the last of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from msgspec import Struct

from sitegen.sources.x.files.record_types import Tweet, identity


class Versions(Struct, frozen=True):
    """`earlier` maps each last version to those before it, oldest first.

    `last` maps the id of every other version to the last one, also of those that the archive
    lacks; `superseded` are those that it has.
    """

    earlier: dict[str, tuple[str, ...]]
    last: dict[str, str]
    superseded: frozenset[str]


def versions_of(tweets: Mapping[str, Tweet]) -> Versions:
    """Group the versions of each tweet by the list that every one of them has."""
    chains: dict[str, set[str]] = defaultdict(set)
    known_ids: dict[str, set[str]] = defaultdict(set)
    for tweet_id, tweet in tweets.items():
        ids = _listed(tweet)
        if len(ids) > 1 and tweet_id in ids:
            first = min(ids, key=int)
            chains[first].add(tweet_id)
            known_ids[first] |= ids
    earlier: dict[str, tuple[str, ...]] = {}
    last: dict[str, str] = {}
    for first, found in chains.items():
        members = sorted(found | ({first} & tweets.keys()), key=int)
        earlier[members[-1]] = tuple(members[:-1])
        last |= dict.fromkeys(known_ids[first] - {members[-1]}, members[-1])
    return Versions(earlier, last, frozenset(i for ids in earlier.values() for i in ids))


def _listed(tweet: Tweet) -> set[str]:
    info = tweet.edit_info
    if info is None:
        return set()
    later = info.edit.edit_control_initial if info.edit else None
    control = info.initial or later
    ids = (control.edit_tweet_ids if control else None) or ()
    return {found for raw in ids if (found := identity(raw))}
