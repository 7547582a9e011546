"""Reports of builds and errors, as lines for people and as objects for machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sitegen.errors import SeveralErrors, SitegenError
from sitegen.files import short_path

if TYPE_CHECKING:  # imported by the command that made the report
    from sitegen.site.build import Report

MAX_ERROR_LINES = 12  # of one error on a terminal
MIN_WRAP_COLUMNS = 40  # lines are not wrapped to fewer


def build_lines(report: Report, output: Path, seconds: float) -> Iterator[str]:
    """Yield the lines of the report of a build."""
    counts = f"{count_of(report.files, 'file')} of {count_of(report.posts, 'post')}"
    yield (
        f"{short_path(output)}: {counts} in {count_of(report.threads, 'thread')}; "
        f"{len(report.written):,} written, {len(report.removed):,} removed, {seconds:.2f} s"
    )


def build_object(report: Report, output: Path) -> dict[str, Any]:
    """Return the report of a build as a JSON object."""
    reported = {name: value for name, value in report._asdict().items() if name != "retained"}
    return {**reported, "output": str(output)}


def error_lines(error: SitegenError, columns: int | None = None) -> Iterator[str]:
    """Yield the lines of an error, one for each mistake.

    Given the width of a terminal, long lines are wrapped between words, into at most
    MAX_ERROR_LINES.
    """
    for item in _list_errors(error):
        yield from wrap(escape_controls(str(item)), columns, MAX_ERROR_LINES)


def wrap(line: str, columns: int | None, max_lines: int | None = None) -> Sequence[str]:
    """Wrap a line for a terminal of this width, with a hanging indent."""
    if columns is None or len(line) <= columns:
        return (line,)
    import textwrap

    indent = line[: len(line) - len(line.lstrip(" "))]
    return textwrap.wrap(
        line.lstrip(" "),
        max(columns, MIN_WRAP_COLUMNS),
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
            {"path": e.path, "line": e.line, "error": e.message, "hint": e.hint}
            for e in _list_errors(error)
        ]
    }


def escape_controls(line: str) -> str:
    """Escape characters that could control a terminal or break the line."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


def _list_errors(error: SitegenError) -> tuple[SitegenError, ...]:
    return error.errors if isinstance(error, SeveralErrors) else (error,)


def count_of(count: int, noun: str) -> str:
    """Return a number and a noun, in the plural where it is not one."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
