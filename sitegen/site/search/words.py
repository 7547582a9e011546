"""The words of a post and where it has them, as the index has both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sitegen.query.characters import character_class


class _Unspaced(dict[str, bool]):
    """Says of characters whether they are of a script without spaces."""

    def __missing__(self, character: str) -> bool:
        self[character] = ord(character) in character_class("unspaced")
        return self[character]


_UNSPACED = _Unspaced()


def positions_by_word(words: str) -> dict[str, list[int]]:
    """Return the positions of each word of a post."""
    found: dict[str, list[int]] = {}
    for start, listed in numbered_fields(words):
        for position, word in enumerate(listed, start):
            if word in found:
                found[word].append(position)
            else:
                found[word] = [position]
    return found


def numbered_fields(words: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the words of each field of a post, and the position of the first of them.

    A field is a line. A character of a script without spaces goes with the next one, if that
    follows directly. No phrase goes from one field to the next.
    """
    start = 0
    for field in words.split("\n"):
        listed = field.split() if field.isascii() else _with_pairs(field.split())
        yield start, listed
        start += len(listed) + 1


def _with_pairs(words: list[str]) -> list[str]:
    """Return words, each character of a script without spaces with the next one."""
    unspaced = {word for word in words if len(word) == 1 and _UNSPACED[word]}
    if not unspaced:
        return words
    return [
        word + after if word in unspaced and after in unspaced else word
        for word, after in zip(words, [*words[1:], ""], strict=True)
    ]
