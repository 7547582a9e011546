"""Pieces of reports: counts, paths, and lists that are cut."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def cut(lines: Iterator[str], count: int, limit: int | None) -> Iterator[str]:
    """Yield the first lines of a list, and how many are left out; None: no limit."""
    for number, line in enumerate(lines):
        if limit is not None and number == limit:
            yield f"  … and {count - limit:,} more (-v or --json shows them all)"
            return
        yield line


def counted(count: int, what: str) -> str:
    """Return a number of things, in the singular if it is one."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def short(path: Path | str) -> str:
    """Return a path as a person would type it in this folder."""
    try:
        relative = os.path.relpath(path)
    except ValueError:
        return str(path)
    return str(path) if relative.startswith("..") else relative
