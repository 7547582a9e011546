"""Repair XML as people write it: remove document types, fix entity names and "&"."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.entities import html5

_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_BARE = re.compile(r"&(?!#[0-9]{1,8};|#[xX][0-9A-Fa-f]{1,6};|(?:amp|lt|gt|quot|apos);)")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31};)")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_XML = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))


def without_document_type(text: str, faults: dict[str, int]) -> str:
    """Remove the document type, whose entities no feed needs."""
    start = re.search(r"<[A-Za-z_]", text)
    head = text[: start.start()] if start else text
    at = head.upper().find("<!DOCTYPE")
    if at < 0:
        return text
    end = _end_of_type(text, at)
    if "<!ENTITY" in text[at:end].upper():
        faults["declarations of entities, left out"] = text[at:end].upper().count("<!ENTITY")
    return text[:at] + text[end:]


def _end_of_type(text: str, at: int) -> int:
    """Return the end of a document type: the ">" outside of quotes and brackets."""
    depth, quote = 0, ""
    for sign in re.finditer(r"[\[\]>\"']", text[at:]):
        character = sign[0]
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "[]":
            depth += 1 if character == "[" else -1
        elif depth <= 0:
            return at + sign.end()
    return len(text)


def repair_text(text: str, faults: dict[str, int]) -> str:
    """Repair obvious faults, and count them: HTML's entity names, bare "&", control characters."""
    parts = _CDATA.split(text)
    for at in range(0, len(parts), 2):
        parts[at] = _substitute(_NAMED, _character, parts[at], "names of HTML characters", faults)
        parts[at] = _substitute(_BARE, lambda _: "&amp;", parts[at], 'a bare "&"', faults)
    return _substitute(
        _FORBIDDEN, lambda _: "", "".join(parts), "control characters, left out", faults
    )


def _substitute(
    pattern: re.Pattern[str],
    replacement: Callable[[re.Match[str]], str],
    text: str,
    what: str,
    faults: dict[str, int],
) -> str:
    repaired = pattern.sub(replacement, text)
    if repaired != text:
        changed = sum(replacement(match) != match[0] for match in pattern.finditer(text))
        fault = f"XML that is wrong: {what}"
        faults[fault] = faults.get(fault, 0) + changed
    return repaired


def _character(name: re.Match[str]) -> str:
    return name[0] if name[1] in _XML else html5.get(name[1], name[0])
