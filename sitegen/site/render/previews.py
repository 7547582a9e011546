"""Complete the pages of threads and posts with what link previews show: words, author, picture.

Only the posts have it, and planning does not read them.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from sitegen.content.format.draft import TITLE_LENGTH, title_of
from sitegen.languages.language import Language
from sitegen.site.views import titles
from sitegen.site.views.contexts import Page
from sitegen.site.views.links import Writer
from sitegen.site.views.pictures import shows_media
from sitegen.site.views.template_values import PostView, ThreadView

FEDIVERSE = "mastodon"


def of_thread(page: Page, thread: ThreadView, author: Writer) -> Page:
    """Return a page of a thread with its author and the facts about its picture.

    The first page has the beginning of the first post as its description.
    """
    alt, size = _facts(page.image, thread.posts) if page.image else ("", None)
    return replace(
        page,
        description=thread.entry.summary if thread.posts[0].position == 1 else page.description,
        author=_name(author),
        creator=_creator(thread.network, author),
        image_alt=alt,
        image_size=size,
    )


def of_post(page: Page, view: PostView, author: Writer, language: Language) -> Page:
    """Return the page of a post with its own words as the title, its author and its picture.

    There is no sensitive picture and none behind a content warning, whose words are the title.
    """
    post = view.post
    return replace(
        page,
        title=titles.translate(title_of(post), post, language),
        description=_name(author),
        image=page.image if shows_media(post) else None,
    )


def with_card(page: Page, view: PostView, author: Writer, language: Language) -> Page:
    """Return the page of a post with what link previews show besides title and picture."""
    post, image = view.post, page.image
    alt, size = _facts(image, (view,)) if image else ("", None)
    words = titles.summary(post)
    is_whole = len(words) <= TITLE_LENGTH  # in the title, which need not be said again
    return replace(
        page,
        description=page.description if is_whole else words,
        date=post.created_at if language.local(post.created_at) else None,
        author=_name(author),
        creator=_creator(post.network, author),
        image_alt=alt,
        image_size=size,
    )


def _facts(image: str, views: Iterable[PostView]) -> tuple[str, tuple[int, int] | None]:
    """Return the description of a picture and its size in pixels, as far as they are known."""
    for view in views:
        for item in view.post.media:
            if item.path == image:
                known = view.pictures.get(image) if view.pictures else None
                return item.alt or "", (known.width, known.height) if known else None
    return "", None


def _name(author: Writer) -> str:
    return author.name or (f"@{author.handle}" if author.handle else "")


def _creator(network: str, author: Writer) -> str:
    """Return an account as the Fediverse names it; "" if the archive has no full name of it."""
    name, _, server = (author.handle or "").partition("@")
    return f"@{name}@{server}" if network == FEDIVERSE and name and server else ""
