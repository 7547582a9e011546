"""A parsed query: frozen values, which print as a query that means the same.

Positions say where in the text a term began. They do not count in comparisons.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, get_args

Key = Literal[
    "from", "to", "tag", "topic", "site", "network", "lang", "is", "has", "on", "year", "before",
    "after", "since", "min_likes", "id", "visibility",
]  # fmt: skip
Sort = Literal["new", "old", "likes", "best"]

KEYS: tuple[Key, ...] = get_args(Key)
SORT = "sort"
SORTS: tuple[Sort, ...] = get_args(Sort)
# The values of keys that can have no others.
CHOICES: dict[str, tuple[str, ...]] = {
    "is": ("post", "thread", "reply", "repost", "quote"),
    "has": ("image", "video", "audio", "link", "poll", "warning", "alt"),
    "visibility": ("public", "unlisted", "followers", "direct", "unknown"),
}
DATES = frozenset(("on", "year", "before", "after", "since"))

SPACES = "\t\n\r \u3000"
QUOTES = '"\uff02\u201c\u201d\u201e\u201f'
OPENING_CORNERS, CLOSING_CORNERS = "「『｢", "」』｣"
ALL_QUOTES = f"{QUOTES}{OPENING_CORNERS}{CLOSING_CORNERS}"
BARE = f"[^{SPACES}{ALL_QUOTES}]"
_PLAIN_VALUE = re.compile(f"[^{SPACES}{ALL_QUOTES},]+")
_PLAIN_WORDS = re.compile(f"[^{SPACES}{ALL_QUOTES}:*#@-][^{SPACES}{ALL_QUOTES}:*]*")
_PLAIN_NAME = re.compile(f"[^{SPACES}{ALL_QUOTES}@#]{BARE}*")


@dataclass(frozen=True, slots=True)
class Words:
    """Words that follow each other; with `is_prefix`, the last may go on."""

    text: str
    is_prefix: bool = False

    def __str__(self) -> str:
        if self.is_prefix:
            return f"{self.text}*"
        return self.text if _PLAIN_WORDS.fullmatch(self.text) else f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Field:
    """A key and its values, of which a post must have one."""

    key: Key
    values: tuple[str, ...]

    def __str__(self) -> str:
        if self.key == "tag" and len(self.values) == 1 and _PLAIN_NAME.fullmatch(self.values[0]):
            return f"#{self.values[0]}"
        shown = [v if _PLAIN_VALUE.fullmatch(v) else f'"{v}"' for v in self.values]
        return f"{self.key}:{','.join(shown)}"


@dataclass(frozen=True, slots=True)
class Account:
    """An account that wrote a post, is answered by it, or mentioned in it."""

    name: str

    def __str__(self) -> str:
        return f"@{self.name}"


Condition = Words | Field | Account


@dataclass(frozen=True, slots=True)
class Term:
    """A condition that a post must meet, or must not; it begins at the character `position`."""

    condition: Condition
    is_negated: bool = False
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{'-' if self.is_negated else ''}{self.condition}"


@dataclass(frozen=True, slots=True)
class Query:
    """Terms that must all hold, and the order of what is found, if the query states it."""

    terms: tuple[Term, ...] = ()
    sort: Sort | None = None

    def values_of(self, key: str) -> tuple[str, ...]:
        """Return all values that terms name for a field."""
        conditions = [term.condition for term in self.terms]
        fields = [each for each in conditions if isinstance(each, Field) and each.key == key]
        return tuple([value for field in fields for value in field.values])

    def __str__(self) -> str:
        shown = [str(term) for term in self.terms]
        return " ".join([*shown, *([f"{SORT}:{self.sort}"] if self.sort else [])])
