"""A source of which nothing but damage was read is no source without posts."""

from __future__ import annotations

from pathlib import Path

from sitegen.errors import SourceError
from sitegen.importers import Exclusion, Imported

# Reasons whatever is in a record: they are no sign that posts were read.
_NEVER_POSTS = frozenset(("damaged", "not a post", "private message"))


def refuse_damage(imported: Imported, path: Path) -> None:
    """Refuse a source that is damaged and gave no post at all. Raises SourceError."""
    damaged = [e for e in imported.exclusions if e.reason == "damaged"]
    is_read = any(e.reason not in _NEVER_POSTS for e in imported.exclusions)
    if imported.threads or is_read or not damaged:
        return
    first, *others = damaged
    more = f", and {len(others):,} more" if others else ""
    raise SourceError(
        f"is damaged, and no post in it can be read: {_described(first)}{more}",
        path=path,
        hint="is it cut off? Export or download it again.",
    )


def _described(exclusion: Exclusion) -> str:
    return f"{exclusion.record} ({exclusion.detail})" if exclusion.detail else exclusion.record
