"""Reduce texts to what is the same in all copies of a post: damaged, or on other networks."""

from __future__ import annotations

import re

MIN_CHARACTERS = 12  # what is shorter, such as "Good morning", is often repeated
_NOT_ASCII_WORDS = re.compile(r"[^A-Za-z0-9]+")
_LINKS = re.compile(r"(https?://|www\.)\S+|\b[\w-]+(\.[\w-]+)+/\S*|@[\w.-]+(@[\w.-]+)?")
_NO_LETTERS = re.compile(r"[\W_]+")


def skeleton(text: str) -> str:
    """Return the part of a text that survives any damage, in lower case."""
    bare = _NOT_ASCII_WORDS.sub("", text).lower()
    if len(bare) >= MIN_CHARACTERS:
        return bare
    return "".join(c.lower() if c.isascii() else "." for c in text if _counts(c))


def letters(text: str) -> str:
    """Return the letters and digits of a text, without links and mentions, case-folded.

    They are the same on each network to which a post was sent.
    """
    return _NO_LETTERS.sub("", _LINKS.sub(" ", text)).casefold()


def _counts(character: str) -> bool:
    return character.isalnum() if character.isascii() else not character.isspace()
