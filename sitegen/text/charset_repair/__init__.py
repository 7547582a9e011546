"""Repair text that was UTF-8 and was decoded as something else.

`repair()` detects the charset, undoes what can be undone, decides by context what lost bytes,
and marks what remains unknown. Undamaged text is returned unchanged. For every text,
`repair(text).damaged() == text`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from sitegen.text.charset_repair.anchors import (
    SIGNS,
    STATISTICS,
    charsets_by_signs,
    most_common_signs,
    read_signs,
    restore_signs,
    split_by_signs,
)
from sitegen.text.charset_repair.candidates import HOLE, get_decoder
from sitegen.text.charset_repair.charsets import Charset, charset_names, get_charset
from sitegen.text.charset_repair.context import choose
from sitegen.text.charset_repair.evidence import best_explanation, lossless_charset, lossy_charset

__all__ = ["HOLE", "STATISTICS", "Mark", "Repaired", "charset_names", "damage", "repair"]
_MAX_LAYERS = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """A place of the repaired text that is not certain.

    `damaged` is the text of the input there. `candidates` counts the characters that would have
    produced it: 0 if the damage cannot have produced it, so that it was left unchanged.
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
        """Return the input: the text damaged again, with the original text at each mark."""
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
    return get_charset(name).damage(text)


def repair(text: str) -> Repaired:
    """Undo the damage of a text, if there is any, and report every repair."""
    parts = [text] if text.isascii() else split_by_signs(text)
    if len(parts) == 1:
        return _repair(text, _MAX_LAYERS)
    return _join_parts([_repair(part, _MAX_LAYERS) for part in parts])


def _join_parts(parts: list[Repaired]) -> Repaired:
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
    charset = None if text.isascii() or not layers else _detect_charset(text)
    if charset is None:
        return Repaired(text)
    outer = _undo_damage(text, charset)
    if outer.marks or not charset.is_lossless:
        return outer
    inner = _repair(outer.text, layers - 1)
    kinds = Counter(dict(inner.kinds)) + Counter(dict(outer.kinds))
    charsets = (*inner.charsets, *outer.charsets)
    return Repaired(inner.text, charsets, inner.marks, inner.guesses, tuple(sorted(kinds.items())))


def _detect_charset(text: str) -> Charset | None:
    signs = most_common_signs(text)
    if signs == SIGNS:
        return None
    if signs in charsets_by_signs():
        return best_explanation(text, charsets_by_signs()[signs])
    return lossless_charset(text) or lossy_charset(text)


@dataclass(slots=True)
class _RepairState:
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


def _undo_damage(text: str, charset: Charset) -> Repaired:
    """Undo the damage by one charset."""
    original = charset.undo(text) if charset.is_lossless else None
    if original is not None:
        count = sum(map(len, re.findall("[^\x00-\x7f]+", original)))
        return Repaired(original, (charset.name,), kinds=(("exact", count),))
    state, end = _RepairState(charset), 0
    damaged_signs = tuple(map(charset.damage, SIGNS))
    for line in STATISTICS.finditer(text):
        if read_signs(line) == damaged_signs:
            _repair_stretch(text[end : line.start()], state, in_list=False)
            state.add(restore_signs(line))
            state.kinds["statistics line"] += 1
            end = line.end()
    _repair_lines(text[end:], state, in_list=end > 0)
    marks = tuple(sorted(state.marks, key=lambda mark: mark.position))
    kinds = tuple(sorted((+state.kinds).items()))
    return Repaired("".join(state.parts), (charset.name,), marks, tuple(state.guesses), kinds)


def _repair_lines(text: str, state: _RepairState, *, in_list: bool) -> None:
    """Repair independent lines; `in_list` if they follow a list of posts."""
    for index, line in enumerate(text.split("\n")):
        if index:
            state.add("\n")
        _repair_stretch(line, state, in_list=in_list)


def _repair_stretch(text: str, state: _RepairState, *, in_list: bool) -> None:
    """Repair a stretch of text whose quotation marks belong together."""
    if text.isascii():
        state.add(text)
        return
    reading = get_decoder(state.charset).read(text)
    choices = choose(reading.text, reading.holes, in_list)
    characters = list(reading.text)
    state.kinds["exact"] += reading.exact
    for hole in reading.holes:
        mark = Mark(state.length + hole.position, hole.damaged, hole.candidates.number)
        choice = choices.get(hole.position)
        if choice is None:
            state.marks.append(mark)
            continue
        characters[hole.position] = choice.character
        state.kinds[choice.kind] += 1
        if choice.kind == "pin before a place":
            state.guesses.append(mark)
    state.marks += [Mark(state.length + at, reading.text[at], 0) for at in reading.foreign]
    state.add("".join(characters))
