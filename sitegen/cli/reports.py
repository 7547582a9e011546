"""Reports of commands, as lines for people and as objects for machines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sitegen.cli.report_text import counted, cut, short
from sitegen.errors import SeveralErrors, SitegenError

if TYPE_CHECKING:  # imported by the command that made the report
    from sitegen.content.changeset.vanished import VanishedPost
    from sitegen.ingest.pipeline import Import
    from sitegen.ingest.source_reader import Read
    from sitegen.model import Post
    from sitegen.site.build import Report
    from sitegen.sources import Imported

MAX_DETAILS = 8  # details of a reason that are listed separately
MAX_SHOWN = 20  # entries of a list; --json and -v show them all
MAX_LINES = 12  # of one error on a terminal
MIN_WIDTH = 40  # columns; nothing is wrapped narrower
MAX_EXAMPLES = 3  # of a doubt
# Differences between reasons of the same kind: quoted text, handles, numbers.
_PARTICULAR = re.compile(
    r"""(?<!\w)'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|@[\w.@-]*\w|(?<!\w)\d[\d,.]*"""
)
_REPEATED_ELLIPSIS = re.compile("…(?: …)+")


class Doubtful(NamedTuple):
    """A doubt and its place: a line of the source, or the file of content/ with the post."""

    place: str
    reason: str


def import_lines(done: Import, limit: int | None = MAX_SHOWN) -> Iterator[str]:
    """Yield the lines of the report of an import."""
    for read in done.sources:
        yield from _source_lines(read, limit)
    changes = done.changes
    copied = len(done.copied) + sum(file.new for file in done.taken)
    yield (
        f"content: {counted(len(changes.created), 'new file')}, {len(changes.updated):,} updated, "
        f"{changes.unchanged:,} as before"
        + (f", {len(changes.removed):,} removed" if changes.removed else "")
        + (f", {counted(copied, 'media file')} copied" if copied else "")
    )
    yield from _vanished_lines(changes.vanished, limit)
    if done.missing:
        yield f"media that cannot be shown ({len(done.missing)}):"
        files = (f"  {file.name}: {file.reason}" for file in done.missing)
        yield from cut(files, len(done.missing), limit)
    uncertain = [Doubtful(place, reason) for place, _, reason in _doubtful(done)]
    if uncertain:
        yield f"uncertain, for you to correct in these files ({len(uncertain):,}):"
        yield from doubt_lines(uncertain, limit)
    if changes.withheld:
        yield (
            f"deleted by you, so left out: {counted(changes.withheld, 'post')}"
            " (--restore imports them)"
        )
    if changes.differences:
        yield (
            "different from the source, yours kept, as .imported/ does not say what you edited"
            f" ({counted(len(changes.differences), 'file')}):"
        )
        lines = (f"  {short(d.path)}: {', '.join(d.parts)}" for d in changes.differences)
        yield from cut(lines, len(changes.differences), limit)
    if changes.conflicts:
        yield f"changed by you and by the source, yours kept ({len(changes.conflicts)}):"
        for conflict in changes.conflicts:
            parts = ", ".join(conflict.parts)
            yield f"  {short(conflict.path)}: {parts} (the source's: {short(conflict.upstream)})"


def _vanished_lines(vanished: Sequence[VanishedPost], limit: int | None) -> Iterator[str]:
    """Yield lines on posts that vanished from their source."""
    if not vanished:
        return
    fates = Counter(gone.fate for gone in vanished)
    counts = ", ".join(f"{count:,} {fate}" for fate, count in sorted(fates.items()))
    yield f"vanished from their source: {counts}" + (" (-v lists them)" if limit else "")
    if limit is None:
        for gone in vanished:
            fate = "kept, since you edited it, and marked" if gone.fate == "spared" else gone.fate
            yield f"  {short(gone.path)}: post {gone.id} was {fate}"
        return
    spared = [f"  {short(g.path)}: post {g.id} is marked" for g in vanished if g.fate == "spared"]
    if spared:
        yield f"kept and marked, since you edited them ({len(spared):,}):"
        yield from cut(iter(spared), len(spared), limit)


def doubt_lines(doubts: Sequence[Doubtful], limit: int | None) -> Iterator[str]:
    """Yield lines on doubts by reason, the most frequent first, each with a few examples."""
    kinds: dict[str, list[Doubtful]] = {}
    for doubt in doubts:
        kinds.setdefault(_kind(doubt.reason), []).append(doubt)
    for number, (kind, found) in enumerate(sorted(kinds.items(), key=lambda k: -len(k[1]))):
        if number == limit:
            yield f"  … and {len(kinds) - number:,} other reasons (-v or --json shows them all)"
            return
        yield from _kind_lines(kind, found, None if limit is None else MAX_EXAMPLES)


def _kind(reason: str) -> str:
    return _REPEATED_ELLIPSIS.sub("…", _PARTICULAR.sub("…", reason))


def _kind_lines(kind: str, found: Sequence[Doubtful], limit: int | None) -> Iterator[str]:
    if len(found) == 1:
        yield f"  {found[0].place}: {found[0].reason}"
        return
    differ = len({doubt.reason for doubt in found}) > 1
    yield f"  {len(found):,} times: {kind if differ else found[0].reason}"
    lines = (f"  {d.place}" + (f": {d.reason}" if differ else "") for d in found)
    for line in cut(lines, len(found), limit):
        yield f"  {line}"


def import_object(done: Import) -> dict[str, Any]:
    """Return the report of an import as a JSON object."""
    changes = done.changes
    return {
        "sources": [_source_object(read) for read in done.sources],
        "posts": len(done.posts),
        "threads": len(done.threads),
        "profiles": len(done.profiles),
        "content": {
            "created": [short(p) for p in changes.created],
            "updated": [short(p) for p in changes.updated],
            "removed": [short(p) for p in changes.removed],
            "unchanged": changes.unchanged,
        },
        "media": {
            "copied": [*(short(there) for _, there in done.copied)]
            + [file.path for file in done.taken if file.new],
            "missing": [{"name": file.name, "reason": file.reason} for file in done.missing],
            "notes": [{"path": f.path, "note": f.note} for f in done.taken if f.note],
        },
        "vanished": [
            {"id": g.id, "network": g.network, "file": short(g.path), "fate": g.fate}
            for g in changes.vanished
        ],
        "uncertain": [
            {"id": post.id, "reason": reason, "place": place}
            for place, post, reason in _doubtful(done)
        ],
        "deleted_by_you": changes.withheld,
        "differences": [
            {"file": short(d.path), "parts": list(d.parts)} for d in changes.differences
        ],
        "conflicts": [
            {"file": short(c.path), "upstream": short(c.upstream), "parts": list(c.parts)}
            for c in changes.conflicts
        ],
    }


def build_lines(done: Report, output: Path, seconds: float) -> Iterator[str]:
    """Yield the lines of the report of a build."""
    yield (
        f"{short(output)}: {counted(done.files, 'file')} of {counted(done.posts, 'post')} in "
        f"{counted(done.threads, 'thread')}; {len(done.written):,} written, "
        f"{len(done.removed):,} removed, {seconds:.2f} s"
    )


def build_object(done: Report, output: Path) -> dict[str, Any]:
    """Return the report of a build as a JSON object."""
    reported = {name: value for name, value in done._asdict().items() if name != "left"}
    return {**reported, "output": str(output)}


def error_lines(error: SitegenError, width: int | None = None) -> Iterator[str]:
    """Yield the lines of an error, one for each mistake.

    Given the width of a terminal, long lines are wrapped between words, into at most MAX_LINES.
    """
    for each in _each(error):
        yield from wrap(plain(str(each)), width, MAX_LINES)


def wrap(line: str, width: int | None, max_lines: int | None = None) -> Sequence[str]:
    """Wrap a line for a terminal of this width, with a hanging indent."""
    if width is None or len(line) <= width:
        return (line,)
    import textwrap

    indent = line[: len(line) - len(line.lstrip(" "))]
    return textwrap.wrap(
        line.lstrip(" "),
        max(width, MIN_WIDTH),
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
        max_lines=max_lines,
        placeholder=" …",
    )


def error_object(error: SitegenError) -> dict[str, Any]:
    """Return an error as a JSON object: each mistake with its place and hint."""
    return {
        "errors": [
            {"path": e.path, "line": e.line, "error": e.what, "hint": e.hint} for e in _each(error)
        ]
    }


def plain(line: str) -> str:
    """Escape characters that could control a terminal or break the line."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


def _each(error: SitegenError) -> tuple[SitegenError, ...]:
    return error.errors if isinstance(error, SeveralErrors) else (error,)


def _source_lines(read: Read, limit: int | None) -> Iterator[str]:
    imported = read.imported
    sizes = [len(thread.posts) for thread in imported.threads]
    several = sum(size > 1 for size in sizes)
    yield f"{short(read.name)}: {imported.found}"
    yield (
        f"  {counted(imported.records, 'record')} = {counted(sum(sizes), 'post')} + "
        f"{counted(len(imported.exclusions), 'exclusion')}"
    )
    yield (
        f"  {counted(several, 'thread')} of several posts, "
        f"{counted(len(sizes) - several, 'single post')}, "
        f"{counted(len(imported.profiles), 'profile')}"
    )
    for odd in imported.oddities:
        yield f"  odd {odd.count:,}: {odd.what}"
    for repair in imported.repairs:
        yield f"  repaired {repair.count:,}: {repair.kind}"
    excluded = list(_exclusion_lines(imported))
    yield from cut(iter(excluded), len(excluded), limit)
    doubts = [Doubtful(f"{short(read.name)}:{d.line}", d.what) for d in imported.doubts]
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


def _source_object(read: Read) -> dict[str, Any]:
    imported = read.imported
    return {
        "source": read.name,
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


def _doubtful(done: Import) -> Iterator[tuple[str, Post, str]]:
    """Yield the doubts about posts, each once, even if several sources have it."""
    reported = set()
    for thread in done.threads:
        for post in thread.posts:
            for reason in post.uncertain:
                if (post.network, post.id, reason) in reported:
                    continue
                reported.add((post.network, post.id, reason))
                place = done.changes.places.get((thread.network, post.id))
                where = f"{short(place.path)}:{place.line}" if place else post.id
                yield where, post, reason
