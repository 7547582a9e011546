"""Fit the headings of a text into the outline of the page that shows it.

A page has one `<h1>`, which is its title.
"""

from __future__ import annotations

import html as entities
import re

IN_PAGES = 2  # the level of the highest heading in a page's text, below its title
IN_POSTS = 3  # the same in a post, below its date
LOWEST = 6
_MAY_BEGIN = re.compile(r"\s*(?:#|<h[1-6]|[^\n]*\n(?:=+|-+)[ ]*(?:\n|\Z))")
_FIRST = re.compile(r"<(h[1-6])([^>]*)>(.*?)</\1>\n*", re.DOTALL)
_NOT_ITS_WORDS = re.compile(r'<sup id="fnref.*?</sup>', re.DOTALL)  # the number of a footnote
_PICTURE = re.compile(r'<img\b[^>]*? alt="([^"]*)"[^>]*>')
_ANY_TAG = re.compile(r'<[^">]*(?:"[^"]*"[^">]*)*>')
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


def may_begin(markdown: str) -> bool:
    """Tell, at little cost, whether a Markdown text may begin with a heading."""
    return _MAY_BEGIN.match(markdown) is not None


def first_words(html: str) -> str:
    """Return the words of the heading at the start of sanitised HTML; "" if it has none.

    A picture is its description.
    """
    heading = _FIRST.match(html)
    return _words(heading[3]) if heading else ""


def title_html(html: str, title: str) -> str:
    """Return what is in a heading at the start that only repeats the title; "" without one."""
    heading = _title(html, title)
    return heading[3] if heading else ""


def without_title(html: str, title: str) -> str:
    """Remove a heading at the start that only repeats the title; its id stays as a target."""
    heading = _title(html, title)
    if heading is None:
        return html
    target = f"<div{heading[2]}></div>\n" if heading[2] else ""
    return target + html[heading.end() :]


def _title(html: str, title: str) -> re.Match[str] | None:
    """Return the heading at the start that only repeats the title, if there is one.

    If others are as high, they are parts of the page and it is the first of them.
    """
    heading = _FIRST.match(html)
    if heading is None or _words(heading[3]) != title:
        return None
    others = min(_levels(html[heading.end() :]), default=LOWEST + 1)
    return heading if others > int(heading[1][1]) else None


def _words(html: str) -> str:
    """Return the words in sanitised HTML without markup, as one line."""
    shown = _PICTURE.sub(r"\1", _NOT_ITS_WORDS.sub("", html))
    return " ".join(entities.unescape(_ANY_TAG.sub("", shown)).split())


def _levels(html: str) -> list[int]:
    return [int(tag[2]) for tag in _TAG.finditer(html) if tag[2]]
