"""Sentences with links: a message whose placeholders are links or plain text."""

from __future__ import annotations

from string import Formatter

from sitegen.languages.language import Language
from sitegen.site.views.insights.values import Sentence
from sitegen.site.views.links import Link


def sentence(
    language: Language, key: str, count: int | None = None, **values: Link | int | str
) -> Sentence:
    """Return a message in parts, with links in the place of their placeholders.

    A link without a path is a name without a page. `count` chooses the plural. Raises LookupError
    for an unknown key or placeholder.
    """
    known = values if count is None else {"count": count, **values}
    parts = []
    for text, name, _, _ in Formatter().parse(language.pattern(key, count)):
        if text:
            parts.append(Link(text, ""))
        if name is not None:
            parts.append(_part(known[name], language))
    return tuple(parts)


def _part(value: Link | int | str, language: Language) -> Link:
    if isinstance(value, Link):
        return value if value.path else Link(language.isolated(value.title), "")
    return Link(language.number(value) if isinstance(value, int) else value, "")
