"""Explain why a template failed, in the words of docs/theme-reference.md."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

from jinja2 import StrictUndefined
from jinja2.environment import TemplateModule
from jinja2.exceptions import (
    TemplateNotFound,
    TemplateRuntimeError,
    TemplatesNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.utils import missing

CORRECT = "correct the template."
MAX_NAMES = 12
MACRO = "template"  # Jinja's name for frames of a traceback that are no block and no whole file
WORDS: dict[type[Any], str] = {
    bool: "true or false",
    bytes: "bytes",
    dict: "the mapping",
    float: "a number",
    int: "a number",
    list: "a list",
    MappingProxyType: "the front matter",  # template_values.Document has the only ones
    str: "a text",
    tuple: "a list",
    type(None): "none",
}


class Explanation(NamedTuple):
    """What went wrong in a template, and how to correct it."""

    what: str
    hint: str = CORRECT


class Place(NamedTuple):
    """The file and line of a mistake; `caller` is the line of another file that led there."""

    path: str | None
    line: int | None
    caller: str = ""


class MissingNameError(UndefinedError):
    """A template has read a name that a value (or the template itself) does not have."""

    def __init__(self, message: str, value: object, name: object) -> None:
        super().__init__(message)
        self.value = value
        self.name = name


class Missing(StrictUndefined):
    """An undefined value whose error says what was read of which value."""

    __slots__ = ()

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: type[TemplateRuntimeError] = UndefinedError,
    ) -> None:
        error: Any = exc if hint else partial(MissingNameError, value=obj, name=name)
        super().__init__(hint, obj, name, error)


def explain(error: Exception, variables: Iterable[str], templates: Iterable[str]) -> Explanation:
    """Explain an error of a template that has these variables, of a theme with these templates."""
    if isinstance(error, MissingNameError):
        if error.value is missing:
            return _no_variable(str(error.name), list(variables))
        return _no_name(error.value, error.name)
    if isinstance(error, AttributeError) and error.name:
        return _no_name(error.obj, error.name)
    if isinstance(error, TemplateNotFound):
        return _no_template(error, list(templates))
    return Explanation(f"{type(error).__name__}: {error}")


def place(error: Exception, files: Collection[str]) -> Place:
    """Return the line of a template that failed, and in a macro the line that called it."""
    import traceback

    if isinstance(error, TemplateSyntaxError):
        return Place(error.filename, error.lineno)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in files]
    if not frames:
        return Place(None, None)
    last = frames[-1]
    callers = [f for f in frames if f.name != MACRO]
    is_called = last.name == MACRO and callers and callers[-1].filename != last.filename
    caller = f"{callers[-1].filename}:{callers[-1].lineno}" if is_called else ""
    return Place(last.filename, last.lineno, caller)


def _no_variable(name: str, known: list[str]) -> Explanation:
    what = f"there is no variable {name}"
    if name in known:
        return Explanation(what, f"give it to the macro: {name} is a variable of the page alone.")
    near = difflib.get_close_matches(name, known, 1)
    return Explanation(what, f"did you mean {near[0]}?" if near else CORRECT)


def _no_name(value: object, name: object) -> Explanation:
    """Explain why a value has no field, key, macro or element of this name."""
    if isinstance(value, TemplateModule):
        known = [key for key in vars(value) if not key.startswith("_")]
        return _unknown(f"{value.__name__} has no macro {name}", str(name), known)
    word = WORDS.get(type(value)) or type(value).__name__
    if not isinstance(name, str):
        return Explanation(f"{word} has no element {name}")
    what = f"{word} has no field {name}"
    if isinstance(value, Mapping):
        return _unknown(what, name, [str(key) for key in value])
    if type(value) in WORDS:
        return Explanation(what)
    known = [key for key in dir(value) if not key.startswith("_")]
    near = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]}?" if near else f"see {word} in docs/theme-reference.md."
    return Explanation(what, hint)


def _no_template(error: TemplateNotFound, known: list[str]) -> Explanation:
    names = error.templates if isinstance(error, TemplatesNotFound) else [str(error.name)]
    what = f"there is no template {' or '.join(map(str, names))}"
    near = [match for name in names for match in _near_templates(str(name), known)]
    if near:
        return Explanation(what, f"did you mean {' or '.join(dict.fromkeys(near))}?")
    return Explanation(what, "write it, or name another.")


def _near_templates(name: str, known: list[str]) -> list[str]:
    """Return the most similar names; for "THEME/NAME", those of other themes' NAME first."""
    stems = {other.removesuffix(".html"): other for other in known}  # the ending makes all similar
    close = difflib.get_close_matches(name.removesuffix(".html"), stems, 2, 0.7)
    near = [stems[stem] for stem in close]
    _, slash, own_name = name.partition("/")
    if not slash:
        return near
    same = [other for other in near or known if other.partition("/")[2] == own_name]
    return same or near


def _unknown(what: str, name: str, known: list[str]) -> Explanation:
    near = difflib.get_close_matches(name, known, 1)
    if near:
        return Explanation(what, f"did you mean {near[0]}?")
    more = ", …" if len(known) > MAX_NAMES else ""
    has = f"it has: {', '.join(known[:MAX_NAMES])}{more}." if known else "it has none."
    return Explanation(what, has)
