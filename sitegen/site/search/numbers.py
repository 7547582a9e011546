"""Lists of numbers as text: one to four characters each, which JSON need not escape.

A number is little-endian: its last character has a value below `FINAL`; the others have values
from there on. The number is the sum of the values, each times `BASE` to the power of its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import sub

ALPHABET = "".join([chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"\\'])
FINAL = 62
BASE = len(ALPHABET) - FINAL
SEPARATOR = " "  # between two lists
MAX_CACHED = 70_000  # numbers of posts and positions; likes may be any number


class _Written(dict[int, str]):
    """Maps numbers to their characters."""

    def __missing__(self, number: int) -> str:
        rest, characters = number, ""
        while rest >= FINAL:
            place = FINAL + (rest - FINAL) % BASE
            characters += ALPHABET[place]
            rest = (rest - place) // BASE
        characters += ALPHABET[rest]
        if number < MAX_CACHED:
            self[number] = characters
        return characters


_WRITTEN = _Written()
_VALUES = {character: value for value, character in enumerate(ALPHABET)}


def encode(numbers: Iterable[int]) -> str:
    """Return a list of numbers, none below 0, as text."""
    return "".join(map(_WRITTEN.__getitem__, numbers))


def decode(text: str) -> list[int]:
    """Return the numbers of a list."""
    numbers, number, power = [], 0, 1
    for character in text:
        value = _VALUES[character]
        number += value * power
        if value < FINAL:
            numbers.append(number)
            number, power = 0, 1
        else:
            power *= BASE
    return numbers


def encode_ascending(numbers: Sequence[int]) -> str:
    """Return ascending numbers as text: the first, and how many lie between each and the next."""
    if len(numbers) == 1:
        return _WRITTEN[numbers[0]]
    return encode([numbers[0], *[gap - 1 for gap in map(sub, numbers[1:], numbers)]])


def decode_ascending(text: str) -> list[int]:
    """Return the ascending numbers of a list."""
    numbers, last = [], -1
    for gap in decode(text):
        last += gap + 1
        numbers.append(last)
    return numbers


def encode_occurrences(posts: Sequence[int], positions: Sequence[int]) -> tuple[str, str]:
    """Return where a word is, as text: the list of its posts, and that of its positions in them.

    Both arguments are ascending, with an entry of each for every occurrence.
    """
    if len(posts) == 1:  # as of most words
        return _WRITTEN[posts[0]], _WRITTEN[2 * positions[0]]
    codes = [2 * position for position in positions]
    different = [*dict.fromkeys(posts)]
    if len(different) < len(posts):
        for at, (post, following) in enumerate(pairwise(posts)):
            if post == following:
                codes[at] += 1
                codes[at + 1] = 2 * (positions[at + 1] - positions[at] - 1)
    return encode_ascending(different), encode(codes)


def decode_occurrences(posts: str, positions: str) -> dict[int, list[int]]:
    """Return the positions of a word in each of its posts, from both lists of the word."""
    found: dict[int, list[int]] = {}
    codes = iter(decode(positions))
    for post in decode_ascending(posts):
        own: list[int] = []
        found[post] = own
        for code in codes:
            own.append(code // 2 + (own[-1] + 1 if own else 0))
            if code % 2 == 0:
                break
    return found
