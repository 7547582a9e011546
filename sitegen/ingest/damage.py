"""Check for damaged sources: an error if no post could be read, otherwise a note."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.sources import Exclusion, Imported

# Reasons for exclusions that are not evidence of a readable post.
_NOT_POSTS = frozenset(("damaged", "not a post", "private message"))


def check_damage(imported: Imported, path: Path) -> Imported:
    """Check that a damaged source has at least one post. Raises SourceError.

    If all its posts were excluded for other reasons, a note reports the damage.
    """
    damaged = [e for e in imported.exclusions if e.reason == "damaged"]
    if imported.threads or not damaged:
        return imported
    first, *rest = damaged
    more = f", and {len(rest):,} more" if rest else ""
    description = f"{_describe(first)}{more}"
    if any(e.reason not in _NOT_POSTS for e in imported.exclusions):
        note = f"a part of it is damaged: {description}; export or download it again"
        return replace(imported, notes=(*imported.notes, note))
    raise SourceError(
        f"is damaged, and no post in it can be read: {description}",
        path=path,
        hint="is it cut off? Export or download it again.",
    )


def _describe(exclusion: Exclusion) -> str:
    return f"{exclusion.record} ({exclusion.detail})" if exclusion.detail else exclusion.record
