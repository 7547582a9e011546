"""The topics of a site, as a value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from msgspec.structs import replace

from sitegen.digests import hash_bytes
from sitegen.topics.topic import Topic, key


class Topics(NamedTuple):
    """The topics of a site by name, and how many were held back.

    `forwards` maps former names in addresses to those that they lead to, "" for the list.
    `too_few` and `people` count what was not recorded; `hidden` counts what the person hides.
    `own_groups` are the groups that the person named.
    """

    topics: tuple[Topic, ...] = ()
    forwards: tuple[tuple[str, str], ...] = ()
    too_few: int = 0
    people: int = 0
    hidden: int = 0
    own_groups: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> bytes:
        """A digest of what decides which posts match."""
        read = [replace(each, group="") for each in self.topics]
        return hash_bytes(repr(read).encode("utf-8", "surrogatepass")) if read else b""

    @property
    def plan_fingerprint(self) -> bytes:
        """A digest of what decides which pages there are."""
        return hash_bytes(repr(tuple(self)).encode("utf-8", "surrogatepass")) if self else b""

    def group_names(self, posts: Mapping[str, int]) -> Mapping[str, str]:
        """Return how the groups of topics are called, by `Topic.group`; "" if there is no group.

        `posts` counts those of each shown topic, by its name in addresses. A group that was found
        is called after the topic of most posts that is shown: one that is hidden names no group.
        """
        members: dict[str, list[Topic]] = defaultdict(list)
        for topic in self.topics:
            if topic.group and topic.slug in posts:
                members[topic.group].append(topic)
        return {"": ""} | {
            group: group if group in self.own_groups else _name_of_largest(own, posts)
            for group, own in members.items()
        }

    def __bool__(self) -> bool:
        return bool(self.topics or self.forwards)


def _name_of_largest(members: list[Topic], posts: Mapping[str, int]) -> str:
    if len(members) == 1:  # nothing is left that belongs together
        return ""
    return min(members, key=lambda each: (-posts[each.slug], key(each.name))).name


NO_TOPICS = Topics()
