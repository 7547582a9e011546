"""Convert between a post's exact characters and safe Markdown.

`to_markdown` writes a small subset of CommonMark in which every renderer, and Python-Markdown
with nl2br, shows exactly the characters of the post; `from_markdown` reads that subset back
and detects when a person wrote more than it.

The subset: a line break is two spaces and a line end, a blank line a new paragraph, a link
`<url>` or `[display](url)`; everything else is text, with backslash escapes for the
characters that both dialects allow them for, and numeric entities for the rest. Whether a
character is escaped depends on its position, so that ordinary posts remain readable.
"""

from __future__ import annotations

from sitegen.text.facets import LocatedFacets, is_safe_url, locate, locate_with_inputs
from sitegen.text.richtext.markdown_reader import Parsed, from_markdown, plain
from sitegen.text.richtext.markdown_writer import to_markdown

__all__ = [
    "LocatedFacets",
    "Parsed",
    "from_markdown",
    "is_safe_url",
    "locate",
    "locate_with_inputs",
    "plain",
    "to_markdown",
]
