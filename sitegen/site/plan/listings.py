"""List posts by their kinds: for the front page, for the whole site, and for each account."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import NamedTuple

from sitegen.model import Author
from sitegen.site import urls
from sitegen.site.plan.pagination import thumbnail_refs
from sitegen.site.views.page_refs import EntryRefs
from sitegen.site.views.summary import PlacedThread
from sitegen.threads.kinds import LISTING_NAMES, Kind


class Listed(NamedTuple):
    """A post in a listing: its thread, its position there from 0, its time, kind and author.

    `day` is that of its time on the site's clock, "2025-09-15", and `hour` the hour, None where
    only the day is known. `lang` is the language of its words. `units` is its size on the front
    page, `line_units` that in listings.
    """

    thread: PlacedThread
    position: int
    when: float
    day: str | None
    kind: Kind
    author: Author
    units: int
    line_units: int
    hour: int | None = None
    lang: str | None = None

    @property
    def author_path(self) -> str | None:
        """The site path of the page of the author's account."""
        return urls.author_profile(self.thread.network, self.author)


PICTURES = "pictures"  # the name of the listing of pictures


def listed_posts(entries: Iterable[PlacedThread]) -> tuple[Listed, ...]:
    """Return each thread's first post, and the posts within threads that are replies.

    The newest is first, as `entries` are.
    """
    entries = tuple(entries)
    roots = [
        Listed(e, 0, e.when, e.day, e.kind, e.root_author, e.units, e.line_units, e.hour, e.lang)
        for e in entries
    ]
    within = [reply for entry in entries if entry.replies for reply in _replies_within(entry)]
    if within:
        roots = sorted([*roots, *within], key=attrgetter("when"), reverse=True)  # stable
    return tuple(roots)


def _replies_within(entry: PlacedThread) -> Iterator[Listed]:
    for reply in reversed(entry.replies):
        yield Listed(
            entry,
            reply.position,
            reply.when,
            reply.day,
            "reply",
            reply.author,
            reply.units,
            reply.line_units,
            reply.hour,
            reply.lang,
        )


def by_kind(posts: Iterable[Listed]) -> dict[Kind, tuple[Listed, ...]]:
    """Group posts by their kinds, in the order of the tabs; kinds without posts are left out."""
    groups: dict[Kind, list[Listed]] = {kind: [] for kind in LISTING_NAMES}
    for post in posts:
        groups[post.kind].append(post)
    return {kind: tuple(listed) for kind, listed in groups.items() if listed}


def by_author(
    posts: Iterable[Listed], home_of: Callable[[str], str]
) -> dict[str, tuple[Listed, ...]]:
    """Group posts by the page of their author; `home_of` returns that of an account."""
    groups: dict[str, list[Listed]] = {}
    for post in posts:
        if path := post.author_path:
            groups.setdefault(home_of(path), []).append(post)
    return {path: tuple(listed) for path, listed in groups.items()}


def by_handle(posts: Iterable[Listed]) -> dict[tuple[str, str], tuple[Listed, ...]]:
    """Group posts by the accounts that they mention or answer: network and case-folded handle."""
    groups: dict[tuple[str, str], list[Listed]] = {}
    for post in posts:
        for handle in _handles_of(post):
            groups.setdefault((post.thread.network, handle), []).append(post)
    return {account: tuple(listed) for account, listed in groups.items()}


def _handles_of(post: Listed) -> Iterable[str]:
    """Return the case-folded handles that a thread mentions, and the one that a reply answers."""
    thread = post.thread
    if not thread.mentions and not thread.answered:
        return ()
    handles = [] if post.position else [mention.casefold() for mention in thread.mentions]
    handles += [handle.casefold() for at, handle in thread.answered if at == post.position]
    return dict.fromkeys(handles)


def of_kinds(posts: Iterable[Listed], names: Collection[str]) -> tuple[Listed, ...]:
    """Return the posts of kinds such as "replies"; all posts if there are none of these kinds."""
    posts = tuple(posts)
    return tuple([post for post in posts if LISTING_NAMES[post.kind] in names]) or posts


def refs(posts: Iterable[Listed], thumbnails: Mapping[str, str | None]) -> EntryRefs:
    """Return references to posts for a page's context; `thumbnails` are those of the site."""
    posts = tuple(posts)
    positions = tuple([post.position for post in posts])
    sources = tuple([post.thread.source for post in posts])
    small = thumbnail_refs([_pictures(post) for post in posts], thumbnails)
    return EntryRefs(sources, positions if any(positions) else (), small)


def _pictures(post: Listed) -> Collection[str]:
    """Return the pictures that the line of a post may show: a reply's own, else the thread's."""
    thread, at = post.thread, post.position
    return thread.open_pictures(at) if at else thread.previews


def pictures_of(
    posts: Iterable[Listed], known: Container[str]
) -> Iterator[tuple[Listed, int, str]]:
    """Yield post, position in its thread and path of the `known` pictures of posts, in their order.

    A thread's own are those of all its posts but the replies within it. Pictures behind a content
    warning and those of reposts are left out.
    """
    for post in posts:
        thread = post.thread
        if not thread.previews or post.kind == "repost":
            continue
        for at in (post.position,) if post.position else _own_positions(thread):
            for path in thread.open_pictures(at):
                if path in known:
                    yield post, at, path


def _own_positions(thread: PlacedThread) -> Iterable[int]:
    """Return the positions of posts with media, but of the replies within a thread."""
    others = {reply.position for reply in thread.replies}
    return dict.fromkeys([at for at, _ in thread.media_paths if at not in others])


def line_units(lines: Iterable[Listed | PlacedThread]) -> tuple[int, ...]:
    """Return the sizes of posts or threads in listings."""
    return tuple([line.line_units for line in lines])


def threads_of(posts: Iterable[Listed]) -> Iterator[PlacedThread]:
    """Yield the threads of posts, each once."""
    seen: set[str] = set()
    for post in posts:
        if post.thread.source not in seen:
            seen.add(post.thread.source)
            yield post.thread
