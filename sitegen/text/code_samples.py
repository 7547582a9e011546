"""Find the code samples of Markdown, in which nothing is a link or an image, in linear time."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

# The first line of fenced code as Python-Markdown finds it.
FENCE = r"^(~{3,}|`{3,})[ ]*(\{[^\n]*\}|\.?[\w#.+-]*[ ]*(?:hl_lines=[^\n]*)?)"
_FENCE = re.compile(FENCE + "$")
_FENCE_END = re.compile(r"(~{3,}|`{3,})[ ]*")
_TICKS = re.compile(r"(?:\\\\)*+(?P<escape>\\`)?(?P<ticks>`*+)|[^\\`]++|\\", re.DOTALL)
_ITEM = re.compile(r"[ ]*(?:[-+*:]|\d+\.|\[\^[^\]\n]*\]:)[ ]")
_NO_LINE_END = re.compile(r"[^\n]")
INDENT = 4  # columns


class Span(NamedTuple):
    """The part of a text from `start` to before `end`."""

    start: int
    end: int


def blank_out(text: str) -> str:
    """Replace each character of a text's code samples by a space, except for line ends."""
    if "`" not in text and "~~~" not in text and not re.search(r"^(?: {4}|[ ]*\t)", text, re.M):
        return text
    text = _blank(text, _block_spans(text))
    return _blank(text, _inline_spans(text)) if "`" in text else text


def _blank(text: str, spans: Iterator[Span]) -> str:
    pieces: list[str] = []
    cursor = 0
    for start, end in spans:
        pieces += (text[cursor:start], _NO_LINE_END.sub(" ", text[start:end]))
        cursor = end
    return "".join([*pieces, text[cursor:]])


def _block_spans(text: str) -> Iterator[Span]:
    """Yield fenced code and indented code; indented lines of a list item belong to it."""
    lines = text.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    ends = _fence_ends(lines)
    number, content, is_after_blank, is_code = 0, 0, True, False
    while number < len(lines):
        line = lines[number]
        if (fence := _FENCE.match(line)) and (end := _next(ends[fence[1]], number)) is not None:
            yield Span(starts[number], starts[end] + len(lines[end]))
            number, is_after_blank, is_code = end + 1, True, False
            continue
        if line.strip():
            indent = _indent(line)
            if is_after_blank and not _ITEM.match(line):
                content = min(content, indent // INDENT * INDENT)
            is_code = indent >= content + INDENT and (is_after_blank or is_code)
            if is_code:
                yield Span(starts[number], starts[number] + len(line))
            elif _ITEM.match(line):
                content = indent // INDENT * INDENT + INDENT
        is_after_blank = not line.strip()
        number += 1


def _fence_ends(lines: list[str]) -> dict[str, list[int]]:
    """Return by fence the lines that may end fenced code."""
    ends: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        if end := _FENCE_END.fullmatch(line):
            ends[end[1]].append(number)
    return ends


def _next(numbers: list[int], after: int) -> int | None:
    at = bisect_right(numbers, after)
    return numbers[at] if at < len(numbers) else None


def _indent(line: str) -> int:
    """Return the columns before the first character of a line."""
    line = line.expandtabs(INDENT)
    return len(line) - len(line.lstrip(" "))


def _inline_spans(text: str) -> Iterator[Span]:
    """Yield code between runs of backticks within a paragraph, as Python-Markdown sees it."""
    start = 0
    for paragraph in re.split(r"(\n[ \t]*\n)", text):
        if "`" in paragraph:
            runs = [*_runs(paragraph)]
            following = _following(runs)
            cursor = 0
            for at, run in enumerate(runs):
                end = following[at]
                if run.start >= cursor and end is not None:
                    cursor = end.end
                    yield Span(start + run.start, start + end.end)
        start += len(paragraph)


def _runs(paragraph: str) -> Iterator[Span]:
    """Yield the runs of backticks, without one that a backslash escapes."""
    for found in _TICKS.finditer(paragraph):
        if found["ticks"]:
            yield Span(found.start("ticks"), found.end("ticks"))


def _following(runs: list[Span]) -> list[Span | None]:
    """Return for each run the one that ends its code: of the same length, else of a smaller one."""
    latest: dict[int, Span] = {}
    following: list[Span | None] = []
    for run in reversed(runs):
        length = run.end - run.start
        lengths = range(length, 0, -1)
        following.append(next((latest[size] for size in lengths if size in latest), None))
        latest[length] = run
    return following[::-1]
