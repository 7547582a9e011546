"""Decode a page's text to lines, and repair it.

Most files are UTF-8. A file in another encoding is read too, if its statistics lines prove which
one; otherwise the error names the line.
"""

from __future__ import annotations

import codecs
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import astuple

from sitegen.errors import SourceError
from sitegen.sources import Doubt
from sitegen.sources.page_text.posts.statistics import parse_line
from sitegen.text.charset_repair import STATISTICS, Mark, Repaired, repair

_BOMS = (
    (codecs.BOM_UTF8, "utf-8", ""),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_HINT = "save the page's text as UTF-8 and import that file."


@dataclass(frozen=True, slots=True)
class PageLines:
    """The repaired lines of a page, and notes on the repairs."""

    lines: tuple[str, ...]
    repairs: dict[str, int]
    doubts: tuple[Doubt, ...]
    notes: tuple[str, ...]


def read_lines(data: bytes, path: Path) -> PageLines:
    """Decode and repair a whole page. Raises SourceError."""
    text, notes, doubts = _decode(data, path)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    repaired = repair(text)
    if repaired.charset:
        notes.append(f"the text was UTF-8 that had been read as {repaired.charset}; it is repaired")
    doubts += _doubts(repaired)
    return PageLines(
        tuple(repaired.text.split("\n")), dict(repaired.kinds), tuple(doubts), tuple(notes)
    )


def has_statistics(head: bytes) -> bool:
    """Return whether the beginning of a file has a statistics line, in any encoding."""
    encodings = [encoding for bom, encoding, _ in _BOMS if head.startswith(bom)]
    if not encodings:
        if b"\0" in head:
            return False
        encodings = ["utf-8", "latin-1"]
    texts = (head.decode(encoding, "ignore").replace("\r", "\n") for encoding in encodings)
    return any(STATISTICS.search(text) or _ends_a_post(text) for text in texts)


def _ends_a_post(text: str) -> bool:
    """Return whether a line begins with a date and continues with at least two counts."""
    ends = (end for line in text.split("\n") for end in parse_line(line)[0])
    return any(not end.before and astuple(end.counts).count(None) <= 2 for end in ends)


def _decode(data: bytes, path: Path) -> tuple[str, list[str], list[Doubt]]:
    if not data.strip():
        raise SourceError("is empty", path=path, hint="copy the page's text into it.")
    for bom, encoding, shown in _BOMS:
        if data.startswith(bom):
            notes = [f"read as {shown}" if shown else "a byte order mark at the start is left out"]
            return _decode_strictly(data[len(bom) :], encoding, path, notes)
    if b"\0" in data:
        raise SourceError("is not text", path=path, line=_line(data, data.index(b"\0")), hint=_HINT)
    return _decode_strictly(data, "utf-8", path, [])


def _decode_strictly(
    data: bytes, encoding: str, path: Path, notes: list[str]
) -> tuple[str, list[str], list[Doubt]]:
    try:
        return data.decode(encoding), notes, []
    except UnicodeDecodeError as error:
        end = data.count(b"\n") + 1
        if error.end == len(data) and error.reason in ("unexpected end of data", "truncated data"):
            doubt = Doubt(end, "the file breaks off inside a character, which is left out")
            return data[: error.start].decode(encoding), notes, [doubt]
        if single_byte := _decode_single_byte(data):
            text, charset = single_byte
            return text, [*notes, f"read as {charset}, as its statistics lines show"], []
        raise SourceError(
            f"is not {encoding.upper()}: byte 0x{data[error.start]:02X} cannot be here",
            path=path,
            line=_line(data, error.start),
            hint=_HINT,
        ) from error


def _decode_single_byte(data: bytes) -> tuple[str, str] | None:
    """Decode text in a single-byte encoding, and name it; None unless a statistics line proves it.

    Windows-1252 has the dash of such a line; Latin-1 is proved if the bytes 80 to 9F are lost.
    Anything else may be UTF-8 with a stray byte, whose meaning nobody knows.
    """
    text = data.decode("cp1252", "replace")
    match = STATISTICS.search(text)
    if match and match["dash"] == "—" and "\ufffd" not in text:
        return text, "cp1252"
    text = data.decode("latin-1")
    is_lossy = "without" in (repair(text).charset or "")
    return (text, "latin-1") if is_lossy and STATISTICS.search(text) else None


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


def _doubts(repaired: Repaired) -> list[Doubt]:
    """Return the doubts about the characters of each line."""
    ends = [at for at, character in enumerate(repaired.text) if character == "\n"]
    lost: dict[int, list[Mark]] = {}
    for mark in repaired.marks:
        if mark.candidates:
            lost.setdefault(bisect_left(ends, mark.position) + 1, []).append(mark)
    doubts = [Doubt(line, _describe_loss(marks)) for line, marks in lost.items()]
    for guess in repaired.guesses:
        shown = repaired.text[guess.position]
        what = f"{guess.damaged!r} is read as {shown} only because of its place"
        doubts.append(Doubt(bisect_left(ends, guess.position) + 1, what))
    return sorted(doubts, key=lambda doubt: doubt.line)


def _describe_loss(marks: list[Mark]) -> str:
    if len(marks) == 1:
        mark = marks[0]
        return f"a character is lost: {mark.damaged!r} can have been any of {mark.candidates}"
    pieces = " ".join(repr(mark.damaged) for mark in marks[:3])
    more = ", ..." if len(marks) > 3 else ""
    return f"{len(marks)} characters are lost: {pieces}{more}"
