"""What there is to say of an archive's media, as lines for people."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from sitegen.media.attach import Placed
from sitegen.media.inbox import Mending
from sitegen.media.missing import MissingMedia, WithoutAlt

SHOWN = 20
ALT_LENGTH = 60


def missing_lines(
    found: Sequence[MissingMedia], inbox: Path, limit: int | None = SHOWN
) -> Iterator[str]:
    """Yield the media whose files are not there, and the names to drop them in by."""
    if found:
        yield f"not there; drop a file of that name into {_short(inbox)} ({len(found):,}):"
        yield from _cut([_missing_line(media) for media in found], limit)


def without_alt_lines(found: Sequence[WithoutAlt], limit: int | None = SHOWN) -> Iterator[str]:
    """Yield the pictures without words, and where words can be added."""
    if found:
        yield f'without a description; add "alt" in these lines ({len(found):,}):'
        lines = [
            f"  {_short(m.file)}:{m.line}: {m.shown or 'no file'} (number {m.number})"
            for m in found
        ]
        yield from _cut(lines, limit)


def placed_lines(placed: Placed, limit: int | None = SHOWN) -> Iterator[str]:
    """Yield what became of the media of a source."""
    new = [file for file in placed.taken if file.new]
    noted = [f"  {file.path}: {file.note}" for file in placed.taken if file.note]
    if placed.taken:
        yield (
            f"media: {len(new):,} new, {len(placed.taken) - len(new):,} as before, "
            f"{_megabytes(sum(file.size for file in new))}"
        )
    yield from _cut(noted, limit)
    if placed.missing:
        yield f"media left out ({len(placed.missing):,}):"
        yield from _cut([f"  {m.name}: {m.reason}" for m in placed.missing], limit)


def mending_lines(mending: Mending, limit: int | None = SHOWN) -> Iterator[str]:
    """Yield what the files of the drop-in folder mended, and what they did not."""
    if mending.done:
        yield f"given to their posts ({len(mending.done):,}); the dropped files may go:"
        yield from _cut(
            [f"  {d.name}: {_short(d.media.file)}:{d.media.line} ({d.path})" for d in mending.done],
            limit,
        )
    if mending.ambiguous:
        yield f"fit more than one, so nothing was done ({len(mending.ambiguous):,}):"
        yield from _cut(
            [
                f"  {', '.join(a.names)}: give it the name {_places(a.media)}, with its extension"
                for a in mending.ambiguous
            ],
            limit,
        )
    if mending.refused:
        yield f"cannot be shown ({len(mending.refused):,}):"
        yield from _cut([f"  {m.name}: {m.reason}" for m in mending.refused], limit)
    if mending.before:
        yield f"given to their posts before; they may go ({len(mending.before):,}):"
        yield from _cut([f"  {name}" for name in mending.before], limit)
    if mending.unused:
        yield f"nothing misses them ({len(mending.unused):,}):"
        yield from _cut([f"  {name}" for name in mending.unused], limit)


def _missing_line(media: MissingMedia) -> str:
    words = " ".join((media.alt or "").split())
    shown = words if len(words) <= ALT_LENGTH else words[: ALT_LENGTH - 1] + "…"
    return f"  {_short(media.file)}:{media.line}: {media.drop}" + (f" ({shown})" if shown else "")


def _places(media: Sequence[MissingMedia]) -> str:
    return " or ".join(m.place_name for m in media[:3]) + (" or …" if len(media) > 3 else "")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"


def _short(path: Path) -> str:
    """Return a path as a person would type it here."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
    return str(path) if relative.startswith("..") else relative


def _cut(lines: Sequence[str], limit: int | None) -> Iterator[str]:
    yield from lines[:limit]
    if limit is not None and len(lines) > limit:
        yield f"  … and {len(lines) - limit:,} more"
