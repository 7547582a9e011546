"""The titles of pages and threads, and the summaries of threads, in the language of the site.

Titles that sitegen makes for threads without words are in content/ in English, as part of the
format, and on pages in the language of the site.
"""

from __future__ import annotations

from sitegen.content.format.draft import (
    printable,
    reposted_author,
    shorten,
    title_of,
    title_without_words,
)
from sitegen.languages.language import Language
from sitegen.model import Post
from sitegen.threads.kinds import RETWEET, repeated_handle

MAX_SUMMARY = 200  # characters


def has_no_words(title: str, root: Post) -> bool:
    """Tell whether a thread's title or summary is made by sitegen, from no words of its root."""
    return not (root.text or root.warning) and title == title_without_words(root)


def translate(title: str, root: Post, language: Language) -> str:
    """Return a thread's title or summary, translated if it is made from no words of its root."""
    if not has_no_words(title, root):
        return title
    if root.repost_of:
        author = reposted_author(root)
        if not author:
            return language.text("thread.title_repost_unknown")
        return language.text("thread.title_repost", author=language.isolated(author))
    if not root.created_at:
        return language.text("thread.title_none")
    date = language.moment(root.created_at) or root.created_at
    return language.text("thread.title_date", date=date)


def numbered_title(title: str, number: int, language: Language) -> str:
    """Return the title of a page after the first one of a listing or a long thread."""
    return language.text("page.numbered", title=title, number=number)


def summary(post: Post) -> str:
    """Return the first 200 characters of a post's warning, else of its text, as one line."""
    text = post.warning or post.text
    line = _one_line(text[: 2 * MAX_SUMMARY])
    if len(line) <= MAX_SUMMARY:  # collapsing spaces left too little: use the whole text
        line = _one_line(text)
    return shorten(line, MAX_SUMMARY) if line else title_of(post)


def _one_line(text: str) -> str:
    """Return a text as one line of printable characters."""
    line = text.replace("\n", " ")
    if not line.isprintable():
        return " ".join(printable(text).split())
    return " ".join(line.split()) if "  " in line else line.strip(" ")


def without_marker(post: Post, *texts: str) -> tuple[str, ...]:
    """Return the title and the summary of a repost without the "RT @name:" of X."""
    if not repeated_handle(post):
        return texts
    return tuple([RETWEET.sub("", text, count=1) or text for text in texts])
