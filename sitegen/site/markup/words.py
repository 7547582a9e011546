"""The words that rendered Markdown has of its own, in the language of the site."""

from __future__ import annotations

from typing import NamedTuple

from sitegen.languages.language import Language
from sitegen.site.markup.sanitise import ADMONITIONS


class MarkdownWords(NamedTuple):
    """The title of a link back from a footnote, `{}` its number, and titles of admonitions by kind.

    A kind without a title is called by its name, as in Python-Markdown. The default words are for
    reading the addresses in a text alone; pages have those of `words_of`.
    """

    footnote_back: str = "{}"
    admonitions: tuple[tuple[str, str], ...] = ()


DEFAULT = MarkdownWords()


def words_of(language: Language) -> MarkdownWords:
    """Return the words in a language."""
    return MarkdownWords(
        footnote_back=language.pattern("page.footnote_back").replace("{number}", "{}"),
        admonitions=tuple([(kind, language.text(f"admonition.{kind}")) for kind in ADMONITIONS]),
    )
