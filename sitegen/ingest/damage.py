"""A source of which nothing but damage was read is no source without posts."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.sources import Exclusion, Imported

# Reasons whatever is in a record: they are no sign that posts were read.
_NEVER_POSTS = frozenset(("damaged", "not a post", "private message"))


def judged(imported: Imported, path: Path) -> Imported:
    """Refuse a source that is damaged and gave no post at all. Raises SourceError.

    One whose posts were all left out for other reasons says the damage in a note.
    """
    damaged = [e for e in imported.exclusions if e.reason == "damaged"]
    if imported.threads or not damaged:
        return imported
    first, *others = damaged
    more = f", and {len(others):,} more" if others else ""
    what = f"{_described(first)}{more}"
    if any(e.reason not in _NEVER_POSTS for e in imported.exclusions):
        note = f"a part of it is damaged: {what}; export or download it again"
        return replace(imported, notes=(*imported.notes, note))
    raise SourceError(
        f"is damaged, and no post in it can be read: {what}",
        path=path,
        hint="is it cut off? Export or download it again.",
    )


def _described(exclusion: Exclusion) -> str:
    return f"{exclusion.record} ({exclusion.detail})" if exclusion.detail else exclusion.record
