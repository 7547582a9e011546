"""Group the versions of edited tweets, and find the last version of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from msgspec import Struct

from sitegen.sources.x.files.record_types import (
    EditInfo,
    FirstEdit,
    LaterEdit,
    Tweet,
    identity,
)


class Versions(Struct, frozen=True):
    """The versions of edited tweets.

    `earlier` maps each last version to those before it, oldest first. `last` maps every other
    version to the last one, including those that the archive lacks. `superseded` are the other
    versions that it has.
    """

    earlier: dict[str, tuple[str, ...]]
    last: dict[str, str]
    superseded: frozenset[str]


def versions_of(tweets: Mapping[str, Tweet]) -> Versions:
    """Group the versions of each tweet by the list of ids that every version has."""
    chains: dict[str, set[str]] = defaultdict(set)
    known_ids: dict[str, set[str]] = defaultdict(set)
    for tweet_id, tweet in tweets.items():
        ids = _version_ids(tweet)
        if len(ids) > 1 and tweet_id in ids:
            first = min(ids, key=int)
            chains[first].add(tweet_id)
            known_ids[first] |= ids
    earlier: dict[str, tuple[str, ...]] = {}
    last: dict[str, str] = {}
    for first, chain in chains.items():
        *before, newest = sorted(chain | ({first} & tweets.keys()), key=int)
        earlier[newest] = tuple(before)
        last |= dict.fromkeys(known_ids[first] - {newest}, newest)
    return Versions(earlier, last, frozenset(i for ids in earlier.values() for i in ids))


def _version_ids(tweet: Tweet) -> set[str]:
    info = tweet.edit_info or EditInfo()
    control = info.initial or (info.edit or LaterEdit()).edit_control_initial or FirstEdit()
    return {version for raw in control.edit_tweet_ids or () if (version := identity(raw))}
