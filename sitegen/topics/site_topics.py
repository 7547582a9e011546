"""The topics of a site, as a value."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from sitegen.digests import hash_bytes
from sitegen.topics.topic import Topic


class Topics(NamedTuple):
    """The topics of a site by name, and how many were held back.

    `forwards` maps former names in addresses to those that they lead to, "" for the list.
    `too_few` and `people` count what was not recorded; `hidden` counts what the person hides.
    """

    topics: tuple[Topic, ...] = ()
    forwards: tuple[tuple[str, str], ...] = ()
    too_few: int = 0
    people: int = 0
    hidden: int = 0

    @property
    def fingerprint(self) -> bytes:
        """A digest of what decides which posts match."""
        read = [replace(each, group="") for each in self.topics]
        return hash_bytes(repr(read).encode("utf-8", "surrogatepass")) if read else b""

    @property
    def plan_fingerprint(self) -> bytes:
        """A digest of what decides which pages there are."""
        return hash_bytes(repr(tuple(self)).encode("utf-8", "surrogatepass")) if self else b""

    def __bool__(self) -> bool:
        return bool(self.topics or self.forwards)


NO_TOPICS = Topics()
