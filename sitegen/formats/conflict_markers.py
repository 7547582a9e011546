"""Conflict markers of git: a merge that nobody resolved must not be taken for a person's text.

A conflict is a line `<<<<<<< NAME` and, somewhere below it, a line `>>>>>>> NAME`, each at the
start of its line. Both within one fenced code block are no conflict: there a page may write about
git. So are indented lines. No imported text has such lines, since `<` is escaped in it.
"""

from __future__ import annotations

import re

from sitegen.errors import ContentError

_OPENING = re.compile(rb"^<{7}(?: .*)?\r?$", re.M)
_CLOSING = re.compile(rb"^>{7}(?: .*)?\r?$", re.M)
_FENCE = re.compile(rb" {0,3}(?P<marks>`{3,}(?=[^`]*$)|~{3,})(?P<rest>.*)", re.S)
_POST = b"<!-- post "


def refuse_conflicts(data: bytes, path: str) -> None:
    """Check that a content file has no conflict of git. Raises ContentError."""
    if b"<<<<<<<" not in data:
        return
    if (line := find_conflict(data)) is not None:
        raise ContentError(
            "is in conflict: git has written both versions here",
            path=path,
            line=line,
            hint='keep what you want of both, and delete the lines with "<<<<<<<", "=======" and '
            '">>>>>>>".',
        )


def find_conflict(data: bytes) -> int | None:
    """Return the line in which the first conflict begins; None if there is none."""
    closings = [found.start() for found in _CLOSING.finditer(data)]
    openings = [found.start() for found in _OPENING.finditer(data)]
    if not openings or not closings:
        return None
    fences = _find_fences(data)
    for opening in openings:
        end = next((end for start, end in fences if start < opening < end), opening)
        closing = next((closing for closing in closings if closing > opening), opening)
        if closing > end:
            return data.count(b"\n", 0, opening) + 1
    return None


def _find_fences(data: bytes) -> list[tuple[int, int]]:
    """Return where the fenced code blocks begin and end; one without an end is none.

    A block does not extend into another post.
    """
    found, at, opened, marks = [], 0, -1, b""
    for line in data.split(b"\n"):
        fence = _FENCE.fullmatch(line)
        if line.startswith(_POST):
            opened = -1
        elif fence and opened < 0:
            opened, marks = at, fence["marks"]
        elif fence and fence["marks"].startswith(marks) and not fence["rest"].strip():
            found.append((opened, at))
            opened = -1
        at += len(line) + 1
    return found
