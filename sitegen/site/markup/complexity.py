"""Detect, in linear time, Markdown on which Python-Markdown would take minutes.

For some constructs it searches for the end from each start, or rescans a block at each line. Each
inline element, such as a link, costs a copy of its whole block, each block a copy of the list of
those after it, and fenced code a copy of the text. Ordinary texts stay far below these limits; a
text above one is shown as plain text.
"""

from __future__ import annotations

import re
from collections import Counter

from sitegen.text.code_samples import FENCE

MAX_UNCLOSED = 64  # unclosed brackets, nested elements
MAX_BLOCK_LINES = 2_000
MAX_DEPTH = 24  # nested lists and quotes
MAX_FOOTNOTES = 2_000  # definitions and references
MAX_COPIED = 3_000_000_000  # characters, or blocks in lists

# The content of fenced code is not parsed.
_FENCED = re.compile(rf"{FENCE}\n.*?(?<=\n)\1[ ]*$", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(rf"{FENCE}$", re.MULTILINE)
_ESCAPE = re.compile(r"\\.", re.DOTALL)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_INLINE_MARKS = "\\`*_[<&"
_BRACKET = re.compile(r"\]\(|[\[\])>]|<(?=[A-Za-z/!?])")
_OPENS = {"[": "[", "](": "(", "<": "<"}
_CLOSES = {"]": "[", ")": "(", ">": "<"}
_MARKERS = re.compile(r"^(?:[ \t]*(?:>|[-+*:](?=\s)|\d{1,9}[.)](?=\s)))+", re.MULTILINE)
_MARKER = re.compile(r">|[-+*:]|\d+[.)]")
_INDENT = re.compile(rf"^(?:[ ]{{4}}|[ ]*\t){{{MAX_DEPTH}}}[ \t]*(?=\S)", re.MULTILINE)
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?=[\s/>])")
_CODE = re.compile(r"^(?: {4}|\t).*$|(?P<ticks>`{1,3})[^`\n]*(?P=ticks)", re.MULTILINE)
# Void elements, and those that the next element closes implicitly.
_CLOSED_BY_OTHERS = frozenset(
    (
        "area", "base", "br", "caption", "col", "colgroup", "dd", "dt", "embed", "hr", "img",
        "input", "li", "link", "meta", "optgroup", "option", "p", "param", "rp", "rt", "source",
        "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
    )
)  # fmt: skip


def is_too_complex(body: str) -> bool:
    """Tell whether the nesting or the unclosed brackets of a text exceed the limits."""
    if _has_many_fences(body):
        return True
    body = _FENCED.sub("", body)
    if _INDENT.search(body) or body.count("[^") > MAX_FOOTNOTES:
        return True
    if any(len(_MARKER.findall(m[0])) > MAX_DEPTH for m in _MARKERS.finditer(body)):
        return True
    if _count_copied(_BLANK_LINE.split(body)) > MAX_COPIED:
        return True
    body = _ESCAPE.sub("", body)
    return any(map(_is_complex_block, _BLANK_LINE.split(body))) or _has_open_tags(body)


def _has_many_fences(body: str) -> bool:
    """Tell whether there are too many code fences, or too many that are unclosed.

    The end of each is searched to the text's end.
    """
    fences = list(_FENCE.finditer(body))
    if len(fences) * len(body) > MAX_COPIED:
        return True
    last = {fence[1]: fence.start() for fence in fences if not fence[2]}
    unclosed = 0
    inside = None
    for fence in fences:
        if inside is not None:
            inside = None if fence[1] == inside and not fence[2] else inside
        elif last.get(fence[1], -1) > fence.start():
            inside = fence[1]
        else:
            unclosed += 1
    return unclosed > MAX_UNCLOSED


def _count_copied(blocks: list[str]) -> int:
    """Return how many characters and blocks are copied at most, for inline elements and blocks."""
    inline = sum([len(block) * sum(map(block.count, _INLINE_MARKS)) for block in blocks])
    return inline + len(blocks) ** 2


def _is_complex_block(block: str) -> bool:
    """Tell whether a block has too many lines or unclosed brackets."""
    if block.count("\n") > MAX_BLOCK_LINES or block.count("<!") + block.count("<?") > MAX_UNCLOSED:
        return True
    unclosed = {"[": 0, "(": 0, "<": 0}
    for match in _BRACKET.finditer(block):
        bracket = match[0]
        if bracket[0] in _CLOSES:
            closed = _CLOSES[bracket[0]]
            unclosed[closed] = max(0, unclosed[closed] - 1)
        if bracket in _OPENS:
            unclosed[_OPENS[bracket]] += 1
            if unclosed[_OPENS[bracket]] > MAX_UNCLOSED:
                return True
    return False


def _has_open_tags(body: str) -> bool:
    """Tell whether too many HTML elements are nested or unclosed.

    An HTML parser reopens unclosed elements in each following paragraph.
    """
    total = 0
    depth: Counter[str] = Counter()
    for tag in _TAG.finditer(_CODE.sub("", body)):
        name = tag["name"].lower()
        if name in _CLOSED_BY_OTHERS or (tag["close"] and not depth[name]):
            continue
        step = -1 if tag["close"] else 1
        depth[name] += step
        total += step
        if total > MAX_UNCLOSED:
            return True
    return False
