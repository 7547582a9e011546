"""The words of a post and where it has them, as the index has both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sitegen.query.characters import character_class


class _Unspaced(dict[str, bool]):
    """Says of words whether they are a character of a script without spaces."""

    def __missing__(self, word: str) -> bool:
        is_one = len(word) == 1 and ord(word) in character_class("unspaced")
        if len(word) == 1:
            self[word] = is_one
        return is_one


_UNSPACED = _Unspaced()


def positions_by_word(words: str) -> dict[str, list[int]]:
    """Return the positions of each word of a post, whose fields have a line each.

    A character of a script without spaces goes with the next one, if that follows directly.
    """
    found: dict[str, list[int]] = {}
    start = 0
    for field in words.split("\n"):
        listed: Sequence[str] = field.split()
        if not field.isascii():
            listed = [*_pairs(listed)]
        for position, word in enumerate(listed, start):
            if word in found:
                found[word].append(position)
            else:
                found[word] = [position]
        start += len(listed) + 1  # no phrase goes from one field to the next
    return found


def _pairs(words: Sequence[str]) -> Iterator[str]:
    """Yield words, each character of a script without spaces with the next one."""
    for word, following in zip(words, (*words[1:], ""), strict=True):
        yield word + following if _UNSPACED[word] and _UNSPACED[following] else word
