"""Render Markdown with Python-Markdown and common extensions.

These are tables, footnotes, fenced code and definition lists. A list may also start right below
a paragraph, as on code hosts. The HTML is not safe yet: `markdown` sanitises it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.extensions.admonition import AdmonitionProcessor
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.toc import slugify_unicode

from sitegen.site.markup.words import DEFAULT, MarkdownWords

if TYPE_CHECKING:
    from markdown.blockparser import BlockParser
    from markdown.util import Registry

ADMONITION = "admonition"
EXTENSIONS = ("fenced_code", "tables", "sane_lists", "def_list")
LIST_PRIORITY = 45  # above "olist" (40) and "ulist" (30), which take the whole block
ADMONITION_PRIORITY = 105  # the library's own
PARAGRAPH_PRIORITY = 24  # below "deflist" (25), which takes a list under a definition

# As in CommonMark, only the number 1 interrupts a paragraph: "I was born in\n1984. A year".
_BULLET = r"[*+-][ ]+\S"
_NUMBER = r"1\.[ ]+\S"
# Lines that are indented by two spaces or more belong to the list item above them.
_OTHER_LIST = {
    "bullets": re.compile(rf"\n(?=[ ]?{_NUMBER})"),
    "numbers": re.compile(rf"\n(?=[ ]?{_BULLET})"),
    "text": re.compile(rf"\n(?=[ ]{{0,3}}(?:{_BULLET}|{_NUMBER}))"),
}
_FIRST_ITEM = re.compile(r"[ ]{0,3}(?:(?P<bullets>[*+-])|(?P<numbers>\d+\.))[ ]")

# A processor can change only texts with one of its characters; one that is not listed always runs.
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
_CHARACTERS = frozenset().union(*_NEEDS.values())
_KNOWN_MODULES = ("markdown.", __name__)  # an extension may replace a processor by its own
_T = TypeVar("_T")


def raw_html(body: str, extensions: tuple[str, ...] = (), words: MarkdownWords = DEFAULT) -> str:
    """Render Markdown as unsafe HTML.

    Footnotes have the ids `fn-1`, and their references `fnref-1`, `fnref2-1` and so on; the
    number is that of the footnote. Raises RuntimeError where blocks nest too deep, or footnotes
    within each other; later calls are not affected.
    """
    try:
        return _converter(extensions, words).convert(body)
    except Exception:
        _converter.cache_clear()  # its state is not to be trusted
        raise


class _Converter:
    """Converts texts with only those processors of the library that can change them.

    Trying every processor on every block is most of the library's work.
    """

    def __init__(self, extensions: tuple[str, ...], words: MarkdownWords) -> None:
        own = (_Footnotes(SEPARATOR="-", BACKLINK_TITLE=words.footnote_back), _Lists())
        titles = (_AdmonitionTitles(words),) if ADMONITION in extensions else ()
        # Ids of headings in any script; the library's default keeps ASCII only.
        contents = {"toc": {"slugify": slugify_unicode}} if "toc" in extensions else {}
        self.markdown: Any = Markdown(
            extensions=[*EXTENSIONS, *own, *extensions, *titles],
            extension_configs=contents,
            output_format="html",
        )
        self.preprocessors = _steps(self.markdown.preprocessors)
        self.blocks = _steps(self.markdown.parser.blockprocessors)
        self.inlines = _steps(self.markdown.inlinePatterns)

    def convert(self, body: str) -> str:
        """Render one text."""
        markdown, characters = (
            self.markdown,
            {character for character in _CHARACTERS if character in body},
        )
        markdown.preprocessors = _applicable(self.preprocessors, characters)
        markdown.parser.blockprocessors = _applicable(self.blocks, characters)
        markdown.treeprocessors["inline"].inlinePatterns = _applicable(self.inlines, characters)
        html: str = markdown.reset().convert(body)
        return html


def _steps(registry: Registry[_T]) -> list[tuple[_T, str]]:
    """Return the registered processors in order, with the characters of which each needs one."""
    needs = {
        id(registry[name]): characters
        for name, characters in _NEEDS.items()
        if name in registry and type(registry[name]).__module__.startswith(_KNOWN_MODULES)
    }
    return [(step, needs.get(id(step), "")) for step in registry]


def _applicable(steps: list[tuple[_T, str]], characters: set[str]) -> list[_T]:
    return [step for step, needs in steps if not needs or not characters.isdisjoint(needs)]


@functools.cache
def _converter(extensions: tuple[str, ...], words: MarkdownWords) -> _Converter:
    """Return the converter of this process with these additional extensions."""
    return _Converter(extensions, words)


class _Footnotes(FootnoteExtension):
    """Footnotes below the text, with numbered ids whatever their labels."""

    def makeFootnoteId(self, id: str) -> str:  # noqa: A002, N802 - the library's names
        """Return the id of a footnote by its label."""
        return f"fn-{self._number(id)}"

    def makeFootnoteRefId(self, id: str, found: bool = False) -> str:  # noqa: A002, N802
        """Return the id of a reference to a footnote; `found` asks for a new, unique one."""
        return self.unique_ref(f"fnref-{self._number(id)}", found)

    def unique_ref(self, reference: str, found: bool = False) -> str:
        """Return a unique id from a counter; the library's own search is quadratic."""
        if not found:
            return reference
        count = self.found_refs[reference] = self.found_refs.get(reference, 0) + 1
        return reference if count == 1 else reference.replace("-", f"{count}-")

    def makeFootnotesDiv(self, root: Element) -> Element | None:  # noqa: N802
        """Render the footnotes. Raises RecursionError for a nested one, which would get lost."""
        count = len(self.footnotes)
        div = super().makeFootnotesDiv(root)
        if len(self.footnotes) != count:
            raise RecursionError
        return div

    def findFootnotesPlaceholder(self, root: Element) -> None:  # noqa: N802
        """Return None: with a placeholder, the library would remove the paragraph that has it."""

    def _number(self, label: str) -> int:
        return list(self.footnotes).index(label) + 1


class _AdmonitionTitles(Extension):
    """An extension that gives admonitions without a title of their own one in the site's words."""

    def __init__(self, words: MarkdownWords) -> None:
        super().__init__()
        self.titles = dict(words.admonitions)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Replace the block processor of the extension `admonition`."""
        processor = _Admonitions(md.parser, self.titles)
        md.parser.blockprocessors.register(processor, ADMONITION, ADMONITION_PRIORITY)


class _Admonitions(AdmonitionProcessor):
    """The library's admonitions, with these titles by kind."""

    def __init__(self, parser: BlockParser, titles: Mapping[str, str]) -> None:
        super().__init__(parser)
        self.titles = titles

    def get_class_and_title(self, match: re.Match[str]) -> tuple[str, str | None]:
        """Return the classes of a box and its title, None for none."""
        classes, title = super().get_class_and_title(match)
        if match[2] is None:
            title = self.titles.get(classes.split(" ")[0], title)
        return classes, title


class _Lists(Extension):
    """An extension for lists without a blank line above them."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register the block processors."""
        processors = md.parser.blockprocessors
        under_list = _ListStart(md.parser, ("bullets", "numbers"))
        processors.register(under_list, "list_under_list", LIST_PRIORITY)
        under_text = _ListStart(md.parser, ("text",))
        processors.register(under_text, "list_under_text", PARAGRAPH_PRIORITY)


class _ListStart(BlockProcessor):
    """Splits a block at a list that starts below a paragraph or another kind of list."""

    def __init__(self, parser: BlockParser, kinds: tuple[str, ...]) -> None:
        super().__init__(parser)
        self.kinds = kinds

    def test(self, parent: Element, block: str) -> bool:
        """Tell whether a list starts below the first line of a block."""
        return self._start(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Replace the block by its two parts."""
        block = blocks.pop(0)
        start = self._start(block)
        assert start is not None  # noqa: S101 - `test` found it
        blocks[:0] = [block[: start.start()], block[start.end() :]]

    def _start(self, block: str) -> re.Match[str] | None:
        item = _FIRST_ITEM.match(block)
        kind = (item and item.lastgroup) or "text"
        return _OTHER_LIST[kind].search(block) if kind in self.kinds else None
