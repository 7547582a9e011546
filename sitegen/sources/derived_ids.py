"""Derive ids for posts without one from their minute and a digest of their text.

The digest covers the ASCII letters and digits, which no damage changes. So a post keeps its id if
its page is saved again, longer, damaged or repaired. If a text has hardly any, the number and
positions of its other characters count too.
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
    """Return the part of a text that survives any damage, in lower case."""
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
    numbered: list[str] = []
    for post_id in reversed(ids):
        seen[post_id] += 1
        numbered.append(post_id if seen[post_id] == 1 else f"{post_id}-{seen[post_id]}")
    return numbered[::-1]


def _counts(character: str) -> bool:
    return character.isalnum() if character.isascii() else not character.isspace()
