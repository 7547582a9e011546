"""The form of derived ids, such as "20240501t1200-1f2e3d4c": a post's minute and a digest."""

from __future__ import annotations

import re

DERIVED = re.compile(r"\d{8}t\d{4}-[0-9a-f]{8}(-\d+)?")
QUOTED = re.compile(r'"(\d{8}t\d{4}-[0-9a-f]{8}(?:-\d+)?)"')


def is_derived(identity: str) -> bool:
    """Return whether an id was derived from a post's minute and text."""
    return identity[8:9] == "t" and DERIVED.fullmatch(identity) is not None
