"""Render Markdown with Python-Markdown and the extensions that people expect.

These are tables, footnotes, fenced code and definition lists. A list may also start right under
a paragraph, as on code hosts. The HTML is not safe yet: `markdown` sanitises it.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, TypeVar
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteExtension

if TYPE_CHECKING:
    from markdown.blockparser import BlockParser
    from markdown.util import Registry

EXTENSIONS = ("fenced_code", "tables", "sane_lists", "def_list")
LIST_PRIORITY = 45  # above "olist" (40) and "ulist" (30), which take the whole block
PARAGRAPH_PRIORITY = 24  # below "deflist" (25), which takes a list under a definition

# As in CommonMark, only the number 1 starts a list amid a text: "I was born in\n1984. A year".
_BULLET = r"[*+-][ ]+\S"
_NUMBER = r"1\.[ ]+\S"
# Lines that are indented by two spaces or more belong to the list item above them.
_OTHER_LIST = {
    "bullets": re.compile(rf"\n(?=[ ]?{_NUMBER})"),
    "numbers": re.compile(rf"\n(?=[ ]?{_BULLET})"),
    "text": re.compile(rf"\n(?=[ ]{{0,3}}(?:{_BULLET}|{_NUMBER}))"),
}
_FIRST_ITEM = re.compile(r"[ ]{0,3}(?:(?P<bullets>[*+-])|(?P<numbers>\d+\.))[ ]")

# One of these characters is in every text that a step of the library can change; a step that is
# not named always runs.
_NEEDS = {
    "fenced_code_block": "`~",
    "html_block": "<&",
    "table": "|",
    "hashheader": "#",
    "setextheader": "=-",
    "hr": "-_*",
    "list_under_list": "*+-.",
    "olist": ".",
    "ulist": "*+-",
    "deflist": ":",
    "list_under_text": "*+-.",
    "quote": ">",
    "footnote": "[",
    "reference": "[",
    "backtick": "`",
    "escape": "\\",
    "link": "[",
    "image_link": "[",
    "image_reference": "[",
    "short_reference": "[",
    "short_image_ref": "[",
    "autolink": "<",
    "automail": "<",
    "html": "<",
    "entity": "&",
}
_SIGNS = frozenset().union(*_NEEDS.values())
_T = TypeVar("_T")


def raw_html(body: str, extensions: tuple[str, ...] = ()) -> str:
    """Return the HTML of Markdown, which may hold anything.

    Footnotes have the ids `fn-1`, and their references `fnref-1`, `fnref2-1` and so on; the
    number is that of the footnote. Raises RuntimeError where blocks nest too deep, or footnotes
    within each other; later calls are not affected.
    """
    try:
        return _converter(extensions).convert(body)
    except Exception:
        _converter.cache_clear()  # its state is not to be trusted
        raise


class _Converter:
    """Converts one text after the other, with only those steps that can change it.

    The library tries each on every piece of a text, which is most of its work.
    """

    def __init__(self, extensions: tuple[str, ...]) -> None:
        own = (_Footnotes(SEPARATOR="-"), _Lists())
        self.markdown: Any = Markdown(
            extensions=[*EXTENSIONS, *own, *extensions], output_format="html"
        )
        self.preprocessors = _steps(self.markdown.preprocessors)
        self.blocks = _steps(self.markdown.parser.blockprocessors)
        self.inlines = _steps(self.markdown.inlinePatterns)

    def convert(self, body: str) -> str:
        """Return the HTML of Markdown."""
        markdown, signs = self.markdown, {sign for sign in _SIGNS if sign in body}
        markdown.preprocessors = _needed(self.preprocessors, signs)
        markdown.parser.blockprocessors = _needed(self.blocks, signs)
        markdown.treeprocessors["inline"].inlinePatterns = _needed(self.inlines, signs)
        html: str = markdown.reset().convert(body)
        return html


def _steps(registry: Registry[_T]) -> list[tuple[_T, str]]:
    """List what is registered in its order, each with the characters of which it needs one."""
    needs = {id(registry[name]): signs for name, signs in _NEEDS.items() if name in registry}
    return [(step, needs.get(id(step), "")) for step in registry]


def _needed(steps: list[tuple[_T, str]], signs: set[str]) -> list[_T]:
    return [step for step, needs in steps if not needs or not signs.isdisjoint(needs)]


@functools.cache
def _converter(extensions: tuple[str, ...]) -> _Converter:
    """Return this process's converter with these extensions besides the usual ones."""
    return _Converter(extensions)


class _Footnotes(FootnoteExtension):
    """Footnotes whose ids are plain, whatever their labels, and below the text, never in it."""

    def makeFootnoteId(self, id: str) -> str:  # noqa: A002, N802 - the library's names
        """Return the id of a footnote by its label."""
        return f"fn-{self._number(id)}"

    def makeFootnoteRefId(self, id: str, found: bool = False) -> str:  # noqa: A002, N802
        """Return the id of a footnote's reference: of the next one where that was `found`."""
        return self.unique_ref(f"fnref-{self._number(id)}", found)

    def unique_ref(self, reference: str, found: bool = False) -> str:
        """Return the id of a reference by counting; the library tries one number after another."""
        if not found:
            return reference
        count = self.found_refs[reference] = self.found_refs.get(reference, 0) + 1
        return reference if count == 1 else reference.replace("-", f"{count}-")

    def makeFootnotesDiv(self, root: Element) -> Element | None:  # noqa: N802
        """Return the footnotes. Raises RecursionError where one holds another, which got lost."""
        count = len(self.footnotes)
        div = super().makeFootnotesDiv(root)
        if len(self.footnotes) != count:
            raise RecursionError
        return div

    def findFootnotesPlaceholder(self, root: Element) -> None:  # noqa: N802
        """Find no place for the footnotes: the library would remove the paragraph that has it."""

    def _number(self, label: str) -> int:
        return list(self.footnotes).index(label) + 1


class _Lists(Extension):
    """Lists that need no blank line above them."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register the block processors."""
        processors = md.parser.blockprocessors
        under_list = _ListStart(md.parser, ("bullets", "numbers"))
        processors.register(under_list, "list_under_list", LIST_PRIORITY)
        under_text = _ListStart(md.parser, ("text",))
        processors.register(under_text, "list_under_text", PARAGRAPH_PRIORITY)


class _ListStart(BlockProcessor):
    """Split a block where a list starts in it: under a paragraph, or under another kind of list."""

    def __init__(self, parser: BlockParser, kinds: tuple[str, ...]) -> None:
        super().__init__(parser)
        self.kinds = kinds

    def test(self, parent: Element, block: str) -> bool:
        """Tell whether a list starts below the first line of a block."""
        return self._start(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Make two blocks of one."""
        block = blocks.pop(0)
        start = self._start(block)
        assert start is not None  # noqa: S101 - `test` found it
        blocks[:0] = [block[: start.start()], block[start.end() :]]

    def _start(self, block: str) -> re.Match[str] | None:
        item = _FIRST_ITEM.match(block)
        kind = (item and item.lastgroup) or "text"
        return _OTHER_LIST[kind].search(block) if kind in self.kinds else None
