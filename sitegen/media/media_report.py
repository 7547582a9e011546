"""Report on an archive's media, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from sitegen.files import short_path
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
        yield f"missing; put a file of this name into {short_path(inbox)} ({len(missing):,}):"
        yield from _limit_lines([_missing_line(media) for media in missing], limit)


def without_alt_lines(
    without_alt: Sequence[WithoutAlt], limit: int | None = MAX_SHOWN
) -> Iterator[str]:
    """Yield lines on pictures without a description, and where to add it."""
    if without_alt:
        yield f"without a description; write it between the brackets ({len(without_alt):,}):"
        lines = [
            f"  {short_path(m.file)}:{m.line}: {m.shown or 'no file'} (number {m.number})"
            for m in without_alt
        ]
        yield from _limit_lines(lines, limit)


def unnamed_lines(unnamed: Sequence[str], limit: int | None = MAX_SHOWN) -> Iterator[str]:
    """Yield lines on media files that the site publishes though no post or page names them."""
    if unnamed:
        what = "published, though no post, page or profile names them; delete what nobody is to see"
        yield f"{what} ({len(unnamed):,}):"
        yield from _limit_lines([f"  {path}" for path in unnamed], limit)


def attached_lines(attached: AttachedImport, limit: int | None = MAX_SHOWN) -> Iterator[str]:
    """Yield lines on the outcome of a source's media."""
    new = [file for file in attached.stored if file.is_new]
    noted = [f"  {file.path}: {file.note}" for file in attached.stored if file.note]
    if attached.stored:
        yield (
            f"media: {len(new):,} new, {len(attached.stored) - len(new):,} as before, "
            f"{_megabytes(sum(file.size for file in new))}"
        )
    yield from _limit_lines(noted, limit)
    if attached.missing:
        yield f"media left out ({len(attached.missing):,}):"
        yield from _limit_lines([f"  {m.name}: {m.reason}" for m in attached.missing], limit)


def inbox_lines(plan: InboxPlan, limit: int | None = MAX_SHOWN) -> Iterator[str]:
    """Yield lines on the outcome of the files in the inbox."""
    if plan.matches:
        yield f"attached to their posts ({len(plan.matches):,}); you may delete these files:"
        yield from _limit_lines(
            [
                f"  {d.name}: {short_path(d.media.file)}:{d.media.line} ({d.path})"
                for d in plan.matches
            ],
            limit,
        )
    if plan.ambiguous:
        yield f"ambiguous, so nothing was done ({len(plan.ambiguous):,}):"
        yield from _limit_lines(
            [
                f"  {', '.join(a.names)}: rename it to {_exact_names(a.media)}, with its extension"
                for a in plan.ambiguous
            ],
            limit,
        )
    if plan.refused:
        yield f"cannot be shown ({len(plan.refused):,}):"
        yield from _limit_lines([f"  {m.name}: {m.reason}" for m in plan.refused], limit)
    if plan.already_attached:
        yield f"already attached ({len(plan.already_attached):,}); you may delete these files:"
        yield from _limit_lines([f"  {name}" for name in plan.already_attached], limit)
    if plan.unused:
        yield f"not needed by any post ({len(plan.unused):,}):"
        yield from _limit_lines([f"  {name}" for name in plan.unused], limit)


def _missing_line(media: MissingMedia) -> str:
    words = " ".join((media.alt or "").split())
    alt = words if len(words) <= MAX_ALT_LENGTH else words[: MAX_ALT_LENGTH - 1] + "…"
    return f"  {short_path(media.file)}:{media.line}: {media.suggested_name}" + (
        f" ({alt})" if alt else ""
    )


def _exact_names(media: Sequence[MissingMedia]) -> str:
    return " or ".join(m.exact_name for m in media[:3]) + (" or …" if len(media) > 3 else "")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"


def _limit_lines(lines: Sequence[str], limit: int | None) -> Iterator[str]:
    yield from lines[:limit]
    if limit is not None and len(lines) > limit:
        yield f"  … and {len(lines) - limit:,} more"
