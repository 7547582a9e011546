"""Fit the headings of a text into the outline of the page that shows it.

A page has one `<h1>`, which is its title.
"""

from __future__ import annotations

import html as entities
import re

IN_PAGES = 2  # the level of the highest heading in a page's text, below its title
IN_POSTS = 3  # the same in a post, below its date
LOWEST = 6
_TITLE = re.compile(r"<(h[1-6])([^>]*)>([^<]*)</\1>\n*")
_TAG = re.compile(r'<(/?)h([1-6])(?=[ >])|<[^">]*(?:"[^"]*"[^">]*)*>')


def lower(html: str, highest: int) -> str:
    """Lower all headings of sanitised HTML alike, so that none is above the level `highest`."""
    if "<h" not in html:
        return html
    steps = highest - min(_levels(html), default=highest)
    if steps <= 0:
        return html

    def lowered(tag: re.Match[str]) -> str:
        return f"<{tag[1]}h{min(LOWEST, int(tag[2]) + steps)}" if tag[2] else tag[0]

    return _TAG.sub(lowered, html)


def without_title(html: str, title: str) -> str:
    """Remove a heading at the start that only repeats the title; its id stays as a target.

    If others are as high, they are parts of the page and it is the first of them.
    """
    heading = _TITLE.match(html)
    if heading is None or entities.unescape(heading[3]).strip() != title:
        return html
    if min(_levels(html[heading.end() :]), default=LOWEST + 1) <= int(heading[1][1]):
        return html
    target = f"<div{heading[2]}></div>\n" if heading[2] else ""
    return target + html[heading.end() :]


def _levels(html: str) -> list[int]:
    return [int(tag[2]) for tag in _TAG.finditer(html) if tag[2]]
