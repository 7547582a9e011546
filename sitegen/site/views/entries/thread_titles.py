"""Decide how a thread is called in listings, in the language of the site."""

from __future__ import annotations

from typing import NamedTuple

from sitegen.content.format.draft import printable, shorten, title_of
from sitegen.languages.direction import html_language
from sitegen.languages.language import Language
from sitegen.model import Post
from sitegen.site.views import titles
from sitegen.site.views.excerpts import MAX_TITLE
from sitegen.threads.kinds import Kind


class ThreadTitles(NamedTuple):
    """The title of a thread, which may be cut, and the `summary` that its line shows.

    `shown` is the title if the line shows it: not if the summary begins with it. `long_title` is
    the full title if the title is cut. `lang` is the language (BCP 47) of the words of both.
    """

    title: str
    summary: str
    shown: str
    long_title: str
    lang: str | None


def thread_titles(heading: str | None, root: Post, kind: Kind, language: Language) -> ThreadTitles:
    """Make the titles of a thread from that of its front matter, else from its first post."""
    own = printable(heading) if heading else title_of(root)
    full = titles.translate(own, root, language)
    summary = titles.translate(titles.summary(root), root, language)
    if kind == "repost":
        full, summary = titles.without_marker(root, full, summary)
    title = shorten(full, MAX_TITLE)
    return ThreadTitles(
        title=title,
        summary=summary,
        shown="" if summary.startswith(title.removesuffix("…")) else title,
        long_title=full if title != full else "",
        lang=None if titles.has_no_words(own, root) else html_language(root.langs),
    )
