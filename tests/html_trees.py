"""Pages as trees of elements, several times faster than a parser that mends what is wrong in HTML.

`test_sites` shows that pages have no parse error.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import html5lib

WITHOUT_END = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)


class _Builder(HTMLParser):
    """Builds the tree of a page whose every element is closed where it was opened."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tree = ET.TreeBuilder()
        self.opened: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tree.start(tag, {name: value or "" for name, value in attrs})
        if tag in WITHOUT_END:
            self.tree.end(tag)
        else:
            self.opened.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tree.start(tag, {name: value or "" for name, value in attrs})
        self.tree.end(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.opened or self.opened.pop() != tag:
            raise ValueError(f"</{tag}> closes nothing, in line {self.getpos()[0]}")
        self.tree.end(tag)

    def handle_data(self, data: str) -> None:
        if self.opened:
            self.tree.data(data)


def parse(page: str) -> ET.Element:
    """Return the root element of a page, as html5lib does but for namespaces.

    Raises ValueError where an end tag is missing or has no start tag.
    """
    if "<body" not in page:  # as in redirects, which leave out what HTML lets them
        root = html5lib.parse(page, namespaceHTMLElements=False)
        assert isinstance(root, ET.Element)
        return root
    builder = _Builder(page)
    if builder.opened:
        raise ValueError(f"<{builder.opened[-1]}> is not closed")
    return builder.tree.close()
