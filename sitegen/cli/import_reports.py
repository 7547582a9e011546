"""The report of an import, as lines for people and as an object for machines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sitegen.cli.reports import count_of
from sitegen.files import short_path

if TYPE_CHECKING:  # imported by the command that made the report
    from sitegen.content.changeset.vanished import VanishedPost
    from sitegen.ingest.pipeline import Import
    from sitegen.ingest.source_reader import ReadSource
    from sitegen.model import Post
    from sitegen.sources import Imported

KEY = ("network", "id")
MAX_DETAILS = 8  # details of a reason that are listed separately
MAX_SHOWN = 20  # entries of a list; --json and -v show them all
MAX_EXAMPLES = 3  # of each kind of doubt
# What differs between reasons of the same kind: quoted text, handles, numbers.
_VARIABLE_PART = re.compile(
    r"""(?<!\w)'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|@[\w.@-]*\w|(?<!\w)\d[\d,.]*"""
)
_REPEATED_ELLIPSIS = re.compile("…(?: …)+")


class LocatedDoubt(NamedTuple):
    """A doubt and its location: a line of the source, or a line of a file in content/."""

    location: str
    reason: str


def import_lines(report: Import, limit: int | None = MAX_SHOWN) -> Iterator[str]:
    """Yield the lines of the report of an import."""
    for source in report.sources:
        yield from _source_lines(source, limit)
    changes = report.changes
    copied = len(report.copied) + sum(file.is_new for file in report.stored)
    yield (
        f"content: {count_of(len(changes.created), 'new file')}, {len(changes.updated):,} updated, "
        f"{changes.unchanged:,} as before"
        + (f", {len(changes.removed):,} removed" if changes.removed else "")
        + (f", {count_of(copied, 'media file')} copied" if copied else "")
    )
    yield from _vanished_lines(changes.vanished, limit)
    if report.missing:
        yield f"media that cannot be shown ({len(report.missing)}):"
        files = [f"  {file.name}: {file.reason}" for file in report.missing]
        yield from _limit_lines(files, limit)
    doubts = [LocatedDoubt(location, reason) for location, _, reason in _uncertain_posts(report)]
    if doubts:
        yield f"uncertain, for you to correct in these files ({len(doubts):,}):"
        yield from doubt_lines(doubts, limit)
    if changes.withheld:
        yield (
            f"deleted by you, so left out: {count_of(changes.withheld, 'post')}"
            " (--restore imports them)"
        )
    if report.perhaps_deleted:
        yield f"like a post that you deleted, but imported ({len(report.perhaps_deleted):,}):"
        pairs = [(" ".join(each.key), " ".join(each.original)) for each in report.perhaps_deleted]
        yield from _limit_lines([f"  {new}: may be {old}" for new, old in pairs], limit)
    if changes.differences:
        yield (
            "different from the source, yours kept, as .imported/ does not say what you edited"
            f" ({count_of(len(changes.differences), 'file')}):"
        )
        lines = [f"  {short_path(d.path)}: {', '.join(d.parts)}" for d in changes.differences]
        yield from _limit_lines(lines, limit)
    if changes.conflicts:
        yield f"changed by you and by the source, yours kept ({len(changes.conflicts)}):"
        for conflict in changes.conflicts:
            upstream = f"(the source's: {short_path(conflict.upstream)})"
            yield f"  {short_path(conflict.path)}: {', '.join(conflict.parts)} {upstream}"


def _vanished_lines(vanished: Sequence[VanishedPost], limit: int | None) -> Iterator[str]:
    """Yield lines on posts that vanished from their source."""
    if not vanished:
        return
    fates = Counter(post.fate for post in vanished)
    counts = ", ".join(f"{count:,} {fate}" for fate, count in sorted(fates.items()))
    yield f"vanished from their source: {counts}" + (" (-v lists them)" if limit else "")
    if limit is None:
        for post in vanished:
            fate = "kept, since you edited it, and marked" if post.fate == "spared" else post.fate
            yield f"  {short_path(post.path)}: post {post.id} was {fate}"
        return
    if spared := [post for post in vanished if post.fate == "spared"]:
        yield f"kept and marked, since you edited them ({len(spared):,}):"
        lines = [f"  {short_path(post.path)}: post {post.id} is marked" for post in spared]
        yield from _limit_lines(lines, limit)


def doubt_lines(doubts: Sequence[LocatedDoubt], limit: int | None) -> Iterator[str]:
    """Yield lines on doubts by reason, the most frequent first, each with a few examples."""
    kinds: dict[str, list[LocatedDoubt]] = {}
    for doubt in doubts:
        kinds.setdefault(_generalise(doubt.reason), []).append(doubt)
    for kind, same_kind in sorted(kinds.items(), key=lambda k: -len(k[1]))[:limit]:
        yield from _lines_of_kind(kind, same_kind, None if limit is None else MAX_EXAMPLES)
    if limit is not None and len(kinds) > limit:
        yield f"  … and {len(kinds) - limit:,} other reasons (-v or --json shows them all)"


def _generalise(reason: str) -> str:
    return _REPEATED_ELLIPSIS.sub("…", _VARIABLE_PART.sub("…", reason))


def _lines_of_kind(kind: str, doubts: Sequence[LocatedDoubt], limit: int | None) -> Iterator[str]:
    if len(doubts) == 1:
        yield f"  {doubts[0].location}: {doubts[0].reason}"
        return
    reasons_differ = len({doubt.reason for doubt in doubts}) > 1
    yield f"  {len(doubts):,} times: {kind if reasons_differ else doubts[0].reason}"
    lines = [f"  {d.location}" + (f": {d.reason}" if reasons_differ else "") for d in doubts]
    yield from (f"  {line}" for line in _limit_lines(lines, limit))


def import_object(report: Import) -> dict[str, Any]:
    """Return the report of an import as a JSON object."""
    changes = report.changes
    return {
        "sources": [_source_object(source) for source in report.sources],
        "posts": len(report.posts),
        "threads": len(report.threads),
        "profiles": len(report.profiles),
        "content": {
            "created": [short_path(p) for p in changes.created],
            "updated": [short_path(p) for p in changes.updated],
            "removed": [short_path(p) for p in changes.removed],
            "unchanged": changes.unchanged,
        },
        "media": {
            "copied": [*(short_path(target) for _, target in report.copied)]
            + [file.path for file in report.stored if file.is_new],
            "missing": [{"name": file.name, "reason": file.reason} for file in report.missing],
            "notes": [{"path": f.path, "note": f.note} for f in report.stored if f.note],
        },
        "vanished": [
            {"id": g.id, "network": g.network, "file": short_path(g.path), "fate": g.fate}
            for g in changes.vanished
        ],
        "uncertain": [
            {"id": post.id, "reason": reason, "place": location}
            for location, post, reason in _uncertain_posts(report)
        ],
        "deleted_by_you": changes.withheld,
        "perhaps_deleted": [
            {"network": e.key[0], "id": e.key[1], "like": dict(zip(KEY, e.original, strict=True))}
            for e in report.perhaps_deleted
        ],
        "differences": [
            {"file": short_path(d.path), "parts": list(d.parts)} for d in changes.differences
        ],
        "conflicts": [
            {"file": short_path(c.path), "upstream": short_path(c.upstream), "parts": list(c.parts)}
            for c in changes.conflicts
        ],
    }


def _source_lines(source: ReadSource, limit: int | None) -> Iterator[str]:
    imported = source.imported
    sizes = [len(thread.posts) for thread in imported.threads]
    multi_post = sum(size > 1 for size in sizes)
    yield f"{short_path(source.name)}: {imported.found}"
    yield (
        f"  {count_of(imported.records, 'record')} = {count_of(sum(sizes), 'post')} + "
        f"{count_of(len(imported.exclusions), 'exclusion')}"
    )
    yield (
        f"  {count_of(multi_post, 'thread')} of several posts, "
        f"{count_of(len(sizes) - multi_post, 'single post')}, "
        f"{count_of(len(imported.profiles), 'profile')}"
    )
    for oddity in imported.oddities:
        yield f"  odd {oddity.count:,}: {oddity.what}"
    for repair in imported.repairs:
        yield f"  repaired {repair.count:,}: {repair.kind}"
    yield from _limit_lines([*_exclusion_lines(imported)], limit)
    doubts = [LocatedDoubt(f"{short_path(source.name)}:{d.line}", d.what) for d in imported.doubts]
    yield from doubt_lines(doubts, limit)
    for note in imported.notes:
        yield f"  note: {note}"


def _exclusion_lines(imported: Imported) -> Iterator[str]:
    """Yield lines on exclusions by reason, with details if there are few."""
    by_reason: dict[str, Counter[str]] = {}
    for exclusion in imported.exclusions:
        by_reason.setdefault(exclusion.reason, Counter())[exclusion.detail] += 1
    for reason, details in by_reason.items():
        if len(details) > MAX_DETAILS:
            yield f"  excluded {details.total():,}: {reason}"
            continue
        for detail, count in details.most_common():
            yield f"  excluded {count:,}: {reason}{f' ({detail})' if detail else ''}"


def _source_object(source: ReadSource) -> dict[str, Any]:
    imported = source.imported
    return {
        "source": source.name,
        "found": imported.found,
        "records": imported.records,
        "posts": sum(len(thread.posts) for thread in imported.threads),
        "became": [
            {"id": post.id, "network": thread.network, "thread": thread.id}
            for thread in imported.threads
            for post in thread.posts
        ],
        "threads": len(imported.threads),
        "profiles": len(imported.profiles),
        "exclusions": [
            {"record": e.record, "reason": e.reason, "detail": e.detail}
            for e in imported.exclusions
        ],
        "oddities": [{"what": o.what, "count": o.count} for o in imported.oddities],
        "repairs": [{"kind": r.kind, "count": r.count} for r in imported.repairs],
        "doubts": [{"line": d.line, "what": d.what} for d in imported.doubts],
        "notes": list(imported.notes),
    }


def _uncertain_posts(report: Import) -> Iterator[tuple[str, Post, str]]:
    """Yield the doubts about posts, each once, even if several sources have it."""
    reported = set()
    for thread in report.threads:
        for post in thread.posts:
            for reason in post.uncertain:
                if (post.network, post.id, reason) in reported:
                    continue
                reported.add((post.network, post.id, reason))
                position = report.changes.places.get((thread.network, post.id))
                location = f"{short_path(position.path)}:{position.line}" if position else post.id
                yield location, post, reason


def _limit_lines(lines: Sequence[str], limit: int | None) -> Iterator[str]:
    yield from lines[:limit]
    if limit is not None and len(lines) > limit:
        yield f"  … and {len(lines) - limit:,} more (-v or --json shows them all)"
