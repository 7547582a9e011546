"""Derive ids for posts without one from their minute and a digest of their text.

The digest covers the ASCII letters and digits, which no damage changes. So a post keeps its id if
its page is saved again, longer, damaged or repaired. If a text has hardly any, the number and
positions of its other characters count too.
"""

from __future__ import annotations

import hashlib
from collections import Counter

from sitegen.text.comparable import skeleton

__all__ = ["digest", "number_duplicates", "post_id", "skeleton"]


def digest(text: str) -> str:
    """Return eight hexadecimal digits for the skeleton of a text."""
    return hashlib.sha256(skeleton(text).encode()).hexdigest()[:8]


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
