"""The titles of pages and threads in the language of the site.

Titles that sitegen makes for threads without words are in content/ in English, as part of the
format, and on pages in the language of the site.
"""

from __future__ import annotations

from sitegen.content.format.draft import reposted_author, title_without_words
from sitegen.languages.language import Language
from sitegen.model import Post


def translate(title: str, root: Post, language: Language) -> str:
    """Return a thread's title or summary, translated if it is made from no words of its root."""
    if root.text or root.warning or title != title_without_words(root):
        return title
    if root.repost_of:
        author = reposted_author(root)
        if not author:
            return language.text("thread.title_repost_unknown")
        return language.text("thread.title_repost", author=author)
    if not root.created_at:
        return language.text("thread.title_none")
    date = language.moment(root.created_at) or root.created_at
    return language.text("thread.title_date", date=date)


def numbered_title(title: str, number: int, language: Language) -> str:
    """Return the title of a page after the first one of a listing or a long thread."""
    return language.text("page.numbered", title=title, number=number)
