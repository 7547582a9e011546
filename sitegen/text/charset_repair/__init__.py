"""Repair text that was UTF-8 and was decoded as something else.

`repair()` detects the charset, undoes what can be undone, decides by context what lost bytes,
and marks what cannot be known. Undamaged text is returned unchanged. The law:
`repair(text).damaged() == text`, whatever the text.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from sitegen.text.charset_repair.anchors import (
    SIGNS,
    STATISTICS,
    damages,
    restore_signs,
    signs_of,
    spans,
    usual_signs,
)
from sitegen.text.charset_repair.candidates import HOLE, decoder
from sitegen.text.charset_repair.charsets import Charset, charset, names
from sitegen.text.charset_repair.context import choose
from sitegen.text.charset_repair.evidence import fitting, lossless_charset, lossy_charset

__all__ = ["HOLE", "STATISTICS", "Mark", "Repaired", "charset_names", "damage", "repair"]
_MAX_LAYERS = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """A place of the repaired text that is not certain.

    `damaged` is the original text there. `candidates` counts the characters that would have
    produced it: 0 for one that the damage cannot have produced and that was left alone.
    """

    position: int
    damaged: str
    candidates: int


@dataclass(frozen=True, slots=True)
class Repaired:
    """A repaired text, and everything that was done to it.

    `charsets` are the damages, in the order in which they happened. `marks` are the places
    that remain unknown (U+FFFD) or were left alone, `guesses` those that were decided by
    frequency. `kinds` counts the repairs. A text that was assembled from texts
    damaged in different ways has `parts` and no charsets of its own.
    """

    text: str
    charsets: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    guesses: tuple[Mark, ...] = ()
    kinds: tuple[tuple[str, int], ...] = ()
    parts: tuple[Repaired, ...] = ()

    @property
    def charset(self) -> str | None:
        """Return the name of the damage, or None if there was none."""
        names = dict.fromkeys(part.charset for part in self.parts if part.charset)
        return ", then ".join(self.charsets) or " and elsewhere ".join(map(str, names)) or None

    def damaged(self) -> str:
        """Damage the text again, with the original at each mark: return the input."""
        if self.parts:
            return "".join(part.damaged() for part in self.parts)
        if not self.charsets:
            return self.text
        parts, end = [], 0
        for mark in self.marks:
            parts += [damage(self.text[end : mark.position], self.charsets[0]), mark.damaged]
            end = mark.position + 1
        text = "".join([*parts, damage(self.text[end:], self.charsets[0])])
        for name in self.charsets[1:]:
            text = damage(text, name)
        return text


def damage(text: str, name: str) -> str:
    """Return a text damaged by decoding its UTF-8 with a charset. Raises KeyError.

    The names are those of `charset_names()`: `cp1252`, `iso-8859-7 without C1`, ...
    """
    return charset(name).damage(text)


def charset_names() -> tuple[str, ...]:
    """Return the name of every damage that `repair()` knows."""
    return names()


def repair(text: str) -> Repaired:
    """Undo the damage of a text, if any, and report what was done."""
    parts = [text] if text.isascii() else spans(text)
    if len(parts) == 1:
        return _repair(text, _MAX_LAYERS)
    return _joined([_repair(part, _MAX_LAYERS) for part in parts])


def _joined(parts: list[Repaired]) -> Repaired:
    """Join several texts, each with its own damage."""
    marks: list[Mark] = []
    guesses: list[Mark] = []
    kinds: Counter[str] = Counter()
    offset = 0
    for part in parts:
        marks += [replace(mark, position=mark.position + offset) for mark in part.marks]
        guesses += [replace(mark, position=mark.position + offset) for mark in part.guesses]
        kinds.update(dict(part.kinds))
        offset += len(part.text)
    text = "".join(part.text for part in parts)
    counted = tuple(sorted(kinds.items()))
    return Repaired(text, (), tuple(marks), tuple(guesses), counted, tuple(parts))


def _repair(text: str, layers: int) -> Repaired:
    found = None if text.isascii() or not layers else _charset_of(text)
    if found is None:
        return Repaired(text)
    outer = _mend(text, found)
    if outer.marks or not found.lossless:
        return outer
    inner = _repair(outer.text, layers - 1)
    kinds = Counter(dict(inner.kinds)) + Counter(dict(outer.kinds))
    charsets = (*inner.charsets, *outer.charsets)
    return Repaired(inner.text, charsets, inner.marks, inner.guesses, tuple(sorted(kinds.items())))


def _charset_of(text: str) -> Charset | None:
    signs = usual_signs(text)
    if signs == SIGNS:
        return None
    if signs in damages():
        return fitting(text, damages()[signs])
    return lossless_charset(text) or lossy_charset(text)


@dataclass(slots=True)
class _Work:
    """The text under repair, in parts, and the results so far."""

    charset: Charset
    parts: list[str] = field(default_factory=list)
    length: int = 0
    marks: list[Mark] = field(default_factory=list)
    guesses: list[Mark] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)


def _mend(text: str, found: Charset) -> Repaired:
    """Undo one damage."""
    whole = found.undo(text) if found.lossless else None
    if whole is not None:
        number = sum(map(len, re.findall("[^\x00-\x7f]+", whole)))
        return Repaired(whole, (found.name,), kinds=(("exact", number),))
    work, end = _Work(found), 0
    damaged_signs = tuple(map(found.damage, SIGNS))
    for line in STATISTICS.finditer(text):
        if signs_of(line) == damaged_signs:
            _mend_stretch(text[end : line.start()], work, apart=False)
            work.add(restore_signs(line))
            work.kinds["statistics line"] += 1
            end = line.end()
    _mend_tail(text[end:], work, listed=end > 0)
    marks = tuple(sorted(work.marks, key=lambda mark: mark.position))
    kinds = tuple(sorted((+work.kinds).items()))
    return Repaired("".join(work.parts), (found.name,), marks, tuple(work.guesses), kinds)


def _mend_tail(text: str, work: _Work, *, listed: bool) -> None:
    """Repair lines that are independent: `listed` if they follow a list of posts."""
    for index, line in enumerate(text.split("\n")):
        if index:
            work.add("\n")
        _mend_stretch(line, work, apart=listed)


def _mend_stretch(text: str, work: _Work, *, apart: bool) -> None:
    """Repair a stretch of text whose quotation marks belong together."""
    if text.isascii():
        work.add(text)
        return
    reading = decoder(work.charset).read(text)
    chosen = choose(reading.text, reading.holes, apart)
    characters = list(reading.text)
    work.kinds["exact"] += reading.exact
    for hole in reading.holes:
        mark = Mark(work.length + hole.position, hole.damaged, hole.candidates.number)
        choice = chosen.get(hole.position)
        if choice is None:
            work.marks.append(mark)
            continue
        characters[hole.position] = choice.character
        work.kinds[choice.kind] += 1
        if choice.kind == "pin before a place":
            work.guesses.append(mark)
    work.marks += [Mark(work.length + at, reading.text[at], 0) for at in reading.foreign]
    work.add("".join(characters))
