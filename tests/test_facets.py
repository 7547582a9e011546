"""Links of a text are found the same way however many they are, and in one walk."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sitegen.model import Facet
from sitegen.text import facets
from sitegen.text.facets import locate
from sitegen.text.richtext import from_markdown, markdown_writer, to_markdown

PIECES = st.sampled_from(
    ["https://", "http://", "mailto:", "a.b", "a.b/", "/c", ",", "(", " ", "a", "é", "…", "@", "."]
)
words = st.lists(PIECES, max_size=6).map("".join)
texts = st.lists(st.one_of(words, st.just(" ")), max_size=12).map("".join)


@given(texts, st.lists(words, max_size=6))
def test_many_links_are_found_where_few_would_be(text: str, links: list[str]) -> None:
    text += "".join(f" {link}" for link in links)
    found = [
        sorted(find(text, links, bytearray(len(text))))
        for find in (facets._find_separately, facets._find_in_one_pass)
    ]
    assert found[0] == found[1]


def test_links_without_their_schemes_are_found_each() -> None:
    links = [f"https://h{n}.example/a" for n in range(3000)]
    text = " ".join(link.removeprefix("https://") for link in links)
    found = locate(text, links, (), ())
    assert [facet.value for facet in found] == links
    assert found[1] == Facet(13, 25, "link", links[1])


class Read(str):
    """A text that counts how many of its characters are looked at by whoever walks it."""

    looked = 0

    def __new__(cls, text: str) -> Read:
        """Make one of which nothing was looked at."""
        return super().__new__(cls, text)

    def __getitem__(self, at: Any) -> str:
        found = super().__getitem__(at)
        self.looked += len(found)
        return found

    def __contains__(self, other: object) -> bool:
        self.looked += len(self)
        return super().__contains__(other)  # type: ignore[operator]

    def find(self, *args: Any) -> int:
        """Find a text, after all that comes before it."""
        found = super().find(*args)
        start = args[1] if len(args) > 1 else 0
        self.looked += (len(self) if found < 0 else found) - start
        return found

    def count(self, *args: Any) -> int:
        """Count a text, in all of this one."""
        self.looked += len(self)
        return super().count(*args)


def looked_at(count: int) -> int:
    """Return how many characters are looked at to find so many links."""
    links = [f"https://h{n:05}.example/a" for n in range(count)]
    text = Read(" ".join(link.removeprefix("https://") for link in links))
    assert len(locate(text, links, (), ())) == count
    return text.looked


def test_twice_the_links_are_found_in_twice_the_work() -> None:
    assert looked_at(800) <= 2.2 * looked_at(400)


class Pattern:
    """A pattern that counts the characters that it goes through until it finds something."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.looked = 0

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        """Search a text from there on."""
        found = self.pattern.search(text, start)
        self.looked += (found.end() if found else len(text)) - start
        return found


def gone_through(count: int) -> int:
    """Return how many characters are gone through to write a text with so many links."""
    links = [f"https://h{n:05}.example/a" for n in range(count)]
    text = " ".join(link.removeprefix("https://") for link in links) + " `"
    awkward = markdown_writer._EscapeFinder(text)
    pattern = Pattern(awkward.pattern)
    awkward.pattern = pattern  # type: ignore[assignment]
    cursor = 0
    for facet in locate(text, links, (), ()):
        assert "".join(markdown_writer._write_between_links(awkward, cursor, facet.start)) in (
            "",
            " ",
        )
        cursor = facet.end
    return pattern.looked


def test_twice_the_links_are_written_in_twice_the_work() -> None:
    assert gone_through(800) <= 2.2 * gone_through(400)


def test_what_has_to_be_escaped_is_written_so_between_all_links() -> None:
    links = [f"https://h{n}.example/a" for n in range(50)]
    text = " * \n\n\n*_ ".join(links)
    facets_ = locate(text, links, (), ())
    parsed = from_markdown(to_markdown(text, facets_))
    assert parsed is not None
    assert (parsed.text, parsed.facets) == (text, facets_)
