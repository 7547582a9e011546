"""The page of a single post of a thread: what its template sees, and what link previews show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen.config.schema import Build
from sitegen.content.format.draft import shorten
from sitegen.content.format.stored import StoredPost
from sitegen.site.views import related, thread_pages
from sitegen.site.views.summary import Entry
from sitegen.site.views.template_values import PostView, Quoted, ThreadView

MAX_PARENT = 60  # characters of the post that another answers
MAX_THREAD = 40  # characters of the title of the thread


class PostInThread(Struct, frozen=True, array_like=True):
    """A post of a thread after the first, on a page of its own.

    `thread` has this post alone. `thread_title` is its title, shortened. `view` is the post.
    `parent` is the post of the thread that it answers, with its words shortened; None if those are
    the title. `place` is the site path of the post on the page of the thread. `total` is the number
    of posts; it is 0 for a thread of several pages, where each new reply would change the pages of
    all its posts. `previous` and `next` are the site paths of the neighbours in the thread; `next`
    is None for the last post.
    """

    thread: ThreadView
    thread_title: str
    view: PostView
    parent: Quoted | None
    place: str
    total: int
    previous: str
    next: str | None


def post_in_thread(
    thread: ThreadView, posts: Sequence[StoredPost], positions: Mapping[str, int], build: Build
) -> PostInThread:
    """Return what the page of a post shows; `posts` are all of the thread, `thread` has this one.

    `positions` maps the ids of the thread's posts to their positions.
    """
    (view,) = thread.posts
    entry, at = thread.entry, view.position - 1
    answered = positions.get(view.post.reply_to or "")
    if answered == 0 and not thread.is_named:
        answered = None  # its words are the title
    parent = None if answered is None else _shortened(entry, posts[answered], answered, build)
    return PostInThread(
        thread=thread,
        thread_title=shorten(thread.title, MAX_THREAD),
        view=view,
        parent=parent,
        place=thread_pages.place(entry, at, build.thread_size),
        total=0 if thread_pages.has_pages(entry, build.thread_size) else entry.count,
        previous=thread_pages.address(entry, at - 1, build),
        next=thread_pages.address(entry, at + 1, build) if at + 1 < entry.count else None,
    )


def _shortened(entry: Entry, stored: StoredPost, at: int, build: Build) -> Quoted:
    """Return a post of the thread as the page of another shows it."""
    quoted = related.archived_post(stored, thread_pages.address(entry, at, build))
    return replace(quoted, text=shorten(" ".join(quoted.text.split()), MAX_PARENT))
