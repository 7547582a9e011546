"""Python-Markdown, the measure of all Markdown here, doing no more work than a text asks for.

Of its processors and patterns, those stay away whose signs are not in the text: they could not
match. A property test holds the result against the whole library's.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from markdown.util import Registry

_T = TypeVar("_T")
_BySigns = tuple[tuple[_T, frozenset[str] | None], ...]
# One of these is in every text that a processor can change; a name not listed always runs.
# HTML blocks are cut out with blank lines around them, and so may end a line in two spaces.
_SIGNS: dict[str, Sequence[str]] = {
    "fenced_code_block": "`~",
    "html_block": "<&",
    "indent": ("    ", "<"),
    "code": ("    ", "<"),
    "table": "|",
    "hashheader": "#",
    "setextheader": "=-",
    "hr": "-_*",
    "olist": ".",
    "ulist": "*+-",
    "quote": ">",
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
    "linebreak": ("  \n", "<"),
    "html": "<",
    "entity": "&",
    "em_strong": "*_",
}


_ALL_SIGNS = frozenset().union(*_SIGNS.values())


def raw_html(body: str, extensions: tuple[str, ...]) -> str:
    """Return the HTML of Markdown as the library makes it, which may hold anything.

    Raises RecursionError where lists nest too deep; what comes after it is not affected.
    """
    try:
        return _converter(extensions).convert(body)
    except RecursionError:
        _converter.cache_clear()  # its state is not to be trusted
        raise


class _Converter:
    """A converter that is asked for one text after the other."""

    def __init__(self, extensions: Sequence[str]) -> None:
        from markdown import Markdown

        markdown = Markdown(extensions=list(extensions), output_format="html")
        # The library would go through this list for each element that it makes.
        markdown.block_level_elements = cast(Any, frozenset(markdown.block_level_elements))
        self.markdown = markdown
        self.patterns = markdown.inlinePatterns
        self.preprocessors = _by_signs(markdown.preprocessors)
        self.processors = _by_signs(markdown.parser.blockprocessors)
        self.patterns_by_signs = _by_signs(markdown.inlinePatterns)

    def convert(self, body: str) -> str:
        """Return the HTML of Markdown."""
        markdown: Any = self.markdown
        markdown.inlinePatterns = self.patterns  # without that of emphasis, reset() forgets it
        markdown.reset()
        source = _without_placeholders(body)
        signs = {sign for sign in _ALL_SIGNS if sign in source}
        patterns = _wanted(self.patterns_by_signs, signs)
        markdown.preprocessors = _wanted(self.preprocessors, signs)
        markdown.parser.blockprocessors = _wanted(self.processors, signs)
        markdown.inlinePatterns = markdown.treeprocessors["inline"].inlinePatterns = patterns
        html: str = markdown.convert(body)
        return html


def _by_signs(registry: Registry[_T]) -> _BySigns[_T]:
    """List what is registered in its order, each with the signs without which it is idle."""
    signs = {id(registry[name]): frozenset(s) for name, s in _SIGNS.items() if name in registry}
    return tuple((processor, signs.get(id(processor))) for processor in registry)


def _wanted(processors: _BySigns[_T], signs: set[str]) -> tuple[_T, ...]:
    return tuple([p for p, wanted in processors if wanted is None or not wanted.isdisjoint(signs)])


def _without_placeholders(source: str) -> str:
    """Return the characters that the library reads, of which line ends and tabs are made anew."""
    source = source.replace("\x02", "").replace("\x03", "")
    return source.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)


@functools.cache
def _converter(extensions: tuple[str, ...]) -> _Converter:
    """Return this process's converter."""
    return _Converter(extensions)
