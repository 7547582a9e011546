"""Damaged sources: an error if no post could be read, otherwise a note."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.sources import Exclusion, Imported

# Reasons that do not show that a post was read.
_NEVER_POSTS = frozenset(("damaged", "not a post", "private message"))


def check_damage(imported: Imported, path: Path) -> Imported:
    """Reject a damaged source without any posts. Raises SourceError.

    If all its posts were excluded for other reasons, the damage is reported in a note.
    """
    damaged = [e for e in imported.exclusions if e.reason == "damaged"]
    if imported.threads or not damaged:
        return imported
    first, *others = damaged
    more = f", and {len(others):,} more" if others else ""
    what = f"{_describe(first)}{more}"
    if any(e.reason not in _NEVER_POSTS for e in imported.exclusions):
        note = f"a part of it is damaged: {what}; export or download it again"
        return replace(imported, notes=(*imported.notes, note))
    raise SourceError(
        f"is damaged, and no post in it can be read: {what}",
        path=path,
        hint="is it cut off? Export or download it again.",
    )


def _describe(exclusion: Exclusion) -> str:
    return f"{exclusion.record} ({exclusion.detail})" if exclusion.detail else exclusion.record
