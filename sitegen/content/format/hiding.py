"""Hiding: the keys `hide`, `draft` and `visibility`, which keep content out of the site.

A misspelt key, or one of another generator with the same meaning, is an error: what somebody wants
hidden must not be published because of how they wrote it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from sitegen.content.format import front_matter
from sitegen.errors import ContentError
from sitegen.exchange import privacy_words
from sitegen.model import Json
from sitegen.text import spelling

_FENCE = re.compile(r"[-\u2010-\u2015\u2212]{2,}|\+{3}|;;;|```|\{\s*(?:[\"']|$)")
_KEY = re.compile(r"""["']?(?P<key>[^\W_][\w -]{1,20}?)["']?[ \t]*[:=]""")
_QUOTED_KEY = re.compile(r"""["']([^\W_][\w -]{1,20})["']\s*:""")
_SETTING = re.compile(
    r"""(?:<!--\s*)?[:.{\s]*["']?(?P<key>[^\W_][\w -]{1,20}?)["']?\s*[:=]+
    \s*["']?(?P<value>[\w -]*?)["']?\s*[,;}]?\s*(?:\#.*|--+>)?""",
    re.VERBOSE,
)
_CODE = re.compile(r"\s*(?:```|~~~)")
_INDENTED = ("    ", "\t")
_MAX_LINES = 60
HIDE, DRAFT, VISIBILITY = privacy_words.HIDE, privacy_words.DRAFT, privacy_words.VISIBILITY
OPEN = ("public", "unlisted")
CLOSED = ("followers", "direct", "unknown", "private")
TEMPLATE = "template"
_CURE = {
    HIDE: "write hide: true or hide: false.",
    DRAFT: "write draft: true or draft: false.",
    VISIBILITY: f"write visibility: with one of {', '.join(OPEN + CLOSED)}.",
}
_OF_A_POST = (HIDE, DRAFT)
# Keys whose values are written by sitegen or a source: nothing in them hides anything.
_DATA = frozenset(("posts", "written", "account", "details", "tags", "title"))


def is_hidden(line: Mapping[str, Json], path: str) -> bool:
    """Return whether `hide` or `draft` in a post's line hides it. Raises ContentError."""
    values = [_is_set(line, key, path, None) for key in _OF_A_POST if key in line]
    extra = line.get("extra")
    more = extra if isinstance(extra, dict) else {}
    return any(values) or any(more.get(key) not in (None, False) for key in _OF_A_POST)


def is_closed(line: Mapping[str, Json]) -> bool:
    """Return whether a post's visibility hides it, which `hide: false` beside it prevents."""
    extra = line.get("extra")
    more = extra if isinstance(extra, dict) else {}
    closes = line.get(VISIBILITY) in CLOSED or more.get(VISIBILITY) in CLOSED
    return closes and line.get(HIDE) is not False


def is_held_back(fields: Mapping[str, Json], path: str, head: str) -> bool:
    """Return whether front matter keeps what it describes out of the site.

    Raises ContentError with the line of a key that may be meant to hide and does not.
    """
    for key, value in fields.items():
        if problem := _problem(key, value):
            what, hint = problem
            line = front_matter.line_of(head, key)
            raise ContentError(what, path=path, line=line, hint=hint)
    values = [_is_set(fields, key, path, head) for key in _OF_A_POST if key in fields]
    return any(values) or fields.get(VISIBILITY) in CLOSED


def is_page_held_back(fields: Mapping[str, Json], path: str, head: str) -> bool:
    """Return whether the front matter of a page of one's own keeps it out of the site.

    A page may name its template. Raises ContentError as `is_held_back` does.
    """
    others = {key: value for key, value in fields.items() if key != TEMPLATE}
    return is_held_back(others, path, head)


def refuse_lost_head(text: str, path: str, before: str = "") -> None:
    """Check that no front matter is mistaken for text; the text comes after `before`.

    Front matter begins with `---` in the first line; other generators use `+++`. In a block that
    is fenced like front matter, any hiding key counts; elsewhere, a line that contains nothing
    else. Raises ContentError.
    """
    if "\0" in text:
        raise ContentError("not UTF-8", path=path, line=1, hint="save it as UTF-8.")
    body = text.lstrip()
    lines = body.splitlines(keepends=True)[:_MAX_LINES]
    first = next(filter(None, map(_visible, lines)), "")
    is_fenced = not before and _FENCE.match(first) is not None
    at = before.count("\n") + text.count("\n", 0, len(text) - len(body)) + 1
    judged = map(_has_key, lines) if is_fenced else _find_settings(lines)
    for line, is_lost in zip(lines, judged, strict=True):
        if is_lost:
            what = f"{_visible(line)!r} hides nothing, since it is in no front matter"
            hint = "let the file begin with a line `---`, and end the front matter with another."
            raise ContentError(what, path=path, line=at, hint=hint)
        at += line.count("\n")


def _has_key(line: str) -> bool:
    """Return whether a line of a fenced block has a key that may be meant to hide."""
    shown = _visible(line)
    found = _KEY.match(shown)
    keys = [*_QUOTED_KEY.findall(shown), *([found["key"]] if found else [])]
    return any(spelling.find_nearest(key, privacy_words.KEYS) for key in keys)


def _find_settings(lines: Iterable[str]) -> Iterator[bool]:
    """Yield for each line of a text whether it is a setting that hides; code does not count.

    In the lines before any other text, keys of other generators and misspelt ones count too.
    """
    is_code, is_leading = False, True
    for line in lines:
        shown = _visible(line)
        is_code ^= _CODE.match(line) is not None
        setting = None if is_code or line.startswith(_INDENTED) else _SETTING.fullmatch(shown)
        is_leading = is_leading and (setting is not None or not shown)
        closes = privacy_words.may_close if is_leading else privacy_words.closes
        yield setting is not None and closes(setting["key"], setting["value"])


def _visible(line: str) -> str:
    """Return a line without surrounding spaces and invisible characters."""
    if line.isascii() and line.isprintable():
        return line.strip()
    return "".join([c for c in line if c == "\t" or unicodedata.category(c)[0] != "C"]).strip()


def _is_set(fields: Mapping[str, Json], key: str, path: str, head: str | None) -> bool:
    value = fields[key]
    if isinstance(value, bool):
        return value
    line = None if head is None else front_matter.line_of(head, key)
    what = f"{key}: {value!r} is neither true nor false"
    raise ContentError(what, path=path, line=line, hint=_CURE[key])


def _problem(key: str, value: Json) -> tuple[str, str] | None:
    """Return the problem with a front matter key, and the hint; None if there is none."""
    if key in _DATA or key in _OF_A_POST:
        return None
    if key == TEMPLATE:
        hint = "delete the line; templates/thread.html overrides the template of all threads."
        return "template has no effect on threads and profiles", hint
    if key == VISIBILITY:
        is_known = value is None or value in (*OPEN, *CLOSED)
        return None if is_known else (f"visibility: {value!r} is not known", _CURE[VISIBILITY])
    if key in front_matter.ORDINARY:
        return _nested_problem(key, value)
    if meant := privacy_words.misspelled_key(key, value):
        return f"{key!r} may be meant for {meant!r}, and hides nothing", _CURE[meant]
    return _nested_problem(key, value)


def _nested_problem(key: str, value: Json) -> tuple[str, str] | None:
    """Return the problem with a privacy key inside the value of another key, and the hint."""
    for name, inner in _nested_items(value):
        meant = spelling.fold(name)
        is_ours = meant in privacy_words.KEYS and (
            meant == VISIBILITY or inner not in (False, None)
        )
        if is_ours or privacy_words.asks_for_privacy(name, inner):
            cure = _CURE.get(meant, _CURE[HIDE])
            return f"{name!r} within {key!r} hides nothing", f"put it at the top: {cure}"
    return None


def _nested_items(value: Json) -> Iterator[tuple[str, Json]]:
    """Yield all keys and values nested in a value, without recursion."""
    stack = [value]
    while stack:
        at = stack.pop()
        if isinstance(at, dict):
            yield from at.items()
            stack.extend(at.values())
        elif isinstance(at, list):
            stack.extend(at)
