"""The extensions of Python-Markdown that `[markdown] extensions` may name.

Whatever an extension makes is sanitised. Those that would be useless after that, or that do what
sitegen does itself, are refused with the reason.
"""

from __future__ import annotations

ALWAYS = ("def_list", "fenced_code", "footnotes", "sane_lists", "tables")
MORE = (
    "abbr", "admonition", "attr_list", "extra", "legacy_em", "md_in_html", "nl2br", "smarty", "toc",
)  # fmt: skip
PREFIX = "markdown.extensions."
_REFUSED = {
    "codehilite": "code is highlighted without it, so delete it.",
    "legacy_attrs": "use attr_list.",
    "meta": "it would read the beginning of texts as keys: use front matter.",
    "wikilinks": "link to files: [words](other.md).",
}


def names(listed: tuple[str, ...]) -> tuple[str, ...]:
    """Return the extensions to load besides `ALWAYS`, each once, in the order of the list."""
    short = [name.removeprefix(PREFIX) for name in listed]
    expanded = ["abbr attr_list md_in_html" if name == "extra" else name for name in short]
    found = dict.fromkeys(" ".join(expanded).split())
    return tuple([name for name in found if name not in ALWAYS])


def find_problem(name: str) -> tuple[str, str] | None:
    """Return what is wrong with an extension, and the hint; None for one that can be loaded."""
    short = name.removeprefix(PREFIX)
    if short in ALWAYS or short in MORE:
        return None
    if short in _REFUSED:
        return f"the extension {short} is not for a site", _REFUSED[short]
    return _find_foreign_problem(name)


def _find_foreign_problem(name: str) -> tuple[str, str] | None:
    """Return the problem with an extension of another package, which is imported for it."""
    from importlib import import_module

    module_name, _, class_name = name.partition(":")
    try:
        module = import_module(module_name)
    except Exception as error:  # whatever the code of the package raises
        reason = "" if isinstance(error, ModuleNotFoundError) else f": {error}"
        return f"the extension {name!r} cannot be imported{reason}", _suggestion(name)
    if not hasattr(module, class_name or "makeExtension"):
        what = f"{name!r} is no extension of Python-Markdown"
        return what, "see its documentation for the name, such as package.module:Class."
    return None


def _suggestion(name: str) -> str:
    from difflib import get_close_matches

    known = sorted((*ALWAYS, *MORE))
    near = get_close_matches(name.removeprefix(PREFIX), known, 1)
    if near:
        return f"did you mean {near[0]}?"
    return f"there is: {', '.join(known)}; install the package of any other."
