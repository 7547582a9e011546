"""Ids for posts without one: a minute and a digest of the text.

The digest covers what no damage changes: the ASCII letters and digits. So a post keeps its
id when its page is dumped again, longer, later, damaged or whole. If a text has hardly
any, the number and places of its other characters count too.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter

_MIN_LETTERS = 12
_OTHER = re.compile(r"[^A-Za-z0-9]+")


def digest(text: str) -> str:
    """Return eight hexadecimal digits for the skeleton of a text."""
    return hashlib.sha256(skeleton(text).encode()).hexdigest()[:8]


def skeleton(text: str) -> str:
    """Return what survives of a text under any damage, in lower case."""
    bare = _OTHER.sub("", text).lower()
    if len(bare) >= _MIN_LETTERS:
        return bare
    return "".join(c.lower() if c.isascii() else "." for c in text if _counts(c))


def post_id(minute: str, text: str) -> str:
    """Return an id such as 20250915t1324-3fa4b2c1."""
    return f"{minute.replace('-', '').replace(':', '').lower()}-{digest(text)}"


def number_duplicates(ids: list[str]) -> list[str]:
    """Return ids with repeated ones numbered from the end: a, b, a -> a-2, b, a."""
    seen: Counter[str] = Counter()
    named: list[str] = []
    for name in reversed(ids):
        seen[name] += 1
        named.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return named[::-1]


def _counts(character: str) -> bool:
    return not character.isspace() if not character.isascii() else character.isalnum()
