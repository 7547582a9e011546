"""Reports on an archive's media, as lines of text."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from sitegen.media.attach import AttachedImport
from sitegen.media.inbox import InboxPlan
from sitegen.media.missing import MissingMedia, WithoutAlt

MAX_SHOWN = 20
MAX_ALT_LENGTH = 60


def missing_lines(
    missing: Sequence[MissingMedia], inbox: Path, limit: int | None = MAX_SHOWN
) -> Iterator[str]:
    """Yield lines on missing media files, and the names to give them in the inbox."""
    if missing:
        yield f"not there; drop a file of that name into {_short(inbox)} ({len(missing):,}):"
        yield from _cut([_missing_line(media) for media in missing], limit)


def without_alt_lines(
    without_alt: Sequence[WithoutAlt], limit: int | None = MAX_SHOWN
) -> Iterator[str]:
    """Yield lines on pictures without a description, and where it can be added."""
    if without_alt:
        yield f'without a description; add "alt" in these lines ({len(without_alt):,}):'
        lines = [
            f"  {_short(m.file)}:{m.line}: {m.shown or 'no file'} (number {m.number})"
            for m in without_alt
        ]
        yield from _cut(lines, limit)


def attached_lines(attached: AttachedImport, limit: int | None = MAX_SHOWN) -> Iterator[str]:
    """Yield lines on the outcome of a source's media."""
    new = [file for file in attached.stored if file.new]
    noted = [f"  {file.path}: {file.note}" for file in attached.stored if file.note]
    if attached.stored:
        yield (
            f"media: {len(new):,} new, {len(attached.stored) - len(new):,} as before, "
            f"{_megabytes(sum(file.size for file in new))}"
        )
    yield from _cut(noted, limit)
    if attached.missing:
        yield f"media left out ({len(attached.missing):,}):"
        yield from _cut([f"  {m.name}: {m.reason}" for m in attached.missing], limit)


def inbox_lines(plan: InboxPlan, limit: int | None = MAX_SHOWN) -> Iterator[str]:
    """Yield lines on the outcome of the files in the inbox."""
    if plan.done:
        yield f"given to their posts ({len(plan.done):,}); the dropped files may go:"
        yield from _cut(
            [f"  {d.name}: {_short(d.media.file)}:{d.media.line} ({d.path})" for d in plan.done],
            limit,
        )
    if plan.ambiguous:
        yield f"fit more than one, so nothing was done ({len(plan.ambiguous):,}):"
        yield from _cut(
            [
                f"  {', '.join(a.names)}: give it the name {_places(a.media)}, with its extension"
                for a in plan.ambiguous
            ],
            limit,
        )
    if plan.refused:
        yield f"cannot be shown ({len(plan.refused):,}):"
        yield from _cut([f"  {m.name}: {m.reason}" for m in plan.refused], limit)
    if plan.before:
        yield f"given to their posts before; they may go ({len(plan.before):,}):"
        yield from _cut([f"  {name}" for name in plan.before], limit)
    if plan.unused:
        yield f"nothing misses them ({len(plan.unused):,}):"
        yield from _cut([f"  {name}" for name in plan.unused], limit)


def _missing_line(media: MissingMedia) -> str:
    words = " ".join((media.alt or "").split())
    shown = words if len(words) <= MAX_ALT_LENGTH else words[: MAX_ALT_LENGTH - 1] + "…"
    return f"  {_short(media.file)}:{media.line}: {media.drop}" + (f" ({shown})" if shown else "")


def _places(media: Sequence[MissingMedia]) -> str:
    return " or ".join(m.place_name for m in media[:3]) + (" or …" if len(media) > 3 else "")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"


def _short(path: Path) -> str:
    """Return a path as a person would type it in this folder."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
    return str(path) if relative.startswith("..") else relative


def _cut(lines: Sequence[str], limit: int | None) -> Iterator[str]:
    yield from lines[:limit]
    if limit is not None and len(lines) > limit:
        yield f"  … and {len(lines) - limit:,} more"
