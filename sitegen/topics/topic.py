"""A topic: its name, and by which words, tags or query a post is about it."""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from sitegen import files
from sitegen.query.folding import fold

MAX_CACHED = 2_000  # names, each of which many links have


class Topic(Struct, frozen=True, order=True):
    """A topic of an archive.

    A post is about it if it has one of the `words`, which may be phrases, or one of the `tags`, all
    folded, or if it matches the `query`. `group` is the name of a group of topics that belong
    together, "" for none. `former` are names that it had; their addresses lead to it.
    """

    name: str
    words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    query: str = ""
    group: str = ""
    former: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """The name of its page in its address."""
        return slug(self.name)

    @property
    def names(self) -> frozenset[str]:
        """The names that mean it in queries, as they are compared."""
        return frozenset(map(key, (self.name, self.slug, *self.former)))


@lru_cache(maxsize=MAX_CACHED)
def slug(name: str) -> str:
    """Return how a topic of this name is called in its address."""
    return files.slug(name) or name


def key(name: str) -> str:
    """Return a name as it is compared with others."""
    return " ".join(fold(name).split())
