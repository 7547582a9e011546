"""Decide after which posts a long thread goes on on another page, by what a browser has to load.

Pages are filled from the start, and the estimate for a post depends on that post alone. So a
thread that grows keeps the pages that it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import escape

from sitegen.content.format.stored import StoredPost
from sitegen.model import Media, Post
from sitegen.site.markup import code_blocks
from sitegen.site.views.related import MAX_QUOTED

MAX_BYTES = 125_000  # of the posts of a page; with what is around them it has 150,000
FRAME = 800  # bytes of an article, its heading and its footer
PART = 160  # of a link, a version, an answer of a poll and other parts of a post
LINE = 5  # of the end of a line
QUOTE = 3 * MAX_QUOTED + 3 * PART  # of another post that is shown in full
FIGURE = 900  # of a picture in several widths
MARKDOWN, CODE = 3, 20  # how many times as long handwritten text may be as HTML
ENCODED = 3  # the same for an address with other letters than ASCII
ESCAPED = 6  # the same for one character, with all letters encoded


def page_breaks(posts: Sequence[StoredPost]) -> tuple[int, ...]:
    """Return the positions of the posts that begin a page, but the first."""
    if len(posts) == 1 or _fit_certainly(posts):
        return ()
    breaks, used = [], 0
    for at, stored in enumerate(posts):
        size = estimate(stored)
        if used and used + size > MAX_BYTES:
            breaks.append(at)
            used = 0
        used += size
    return tuple(breaks)


def _fit_certainly(posts: Sequence[StoredPost]) -> bool:
    """Tell whether posts fit on one page by a cruder estimate, which is never the smaller one."""
    size = 0
    for stored in posts:
        post = stored.post
        if _is_rare(stored, post):
            size += estimate(stored)
            continue
        size += FRAME + ESCAPED * (len(post.text) + len(post.author.name or ""))
        for facet in post.facets:
            size += PART + ENCODED * ESCAPED * len(facet.value)
        for media in post.media:
            size += FIGURE + ESCAPED * (18 * len(media.path or "") + 2 * len(media.alt or ""))
        if post.quote_of or post.repost_of:
            size += 2 * QUOTE
    return size <= MAX_BYTES


def _is_rare(stored: StoredPost, post: Post) -> bool:
    """Tell whether a post has more than its text, links, media and quotes."""
    return bool(
        stored.handwritten is not None
        or post.elsewhere
        or post.card
        or post.warning
        or post.poll
        or post.history
        or post.also
        or post.uncertain
    )


def estimate(stored: StoredPost) -> int:
    """Estimate the bytes of a post on a page; usually more than it has."""
    post = stored.post
    size = FRAME + _length(post.text) + 2 * len(post.author.name or "")
    if stored.handwritten is not None:
        has_code = code_blocks.names_language(stored.handwritten)
        size += (CODE if has_code else MARKDOWN) * _length(stored.handwritten)
    size += sum([PART + _address(facet.value) for facet in post.facets])
    size += sum([QUOTE for identity in (post.quote_of, post.repost_of) if identity])
    size += sum(map(_figure, post.media))
    return size + _parts(post) if _is_rare(stored, post) else size


def _length(text: str) -> int:
    """Return the bytes of a text in HTML."""
    return len(escape(text).encode("utf-8", "replace")) + LINE * text.count("\n")


def _lengths(texts: Iterable[str | None]) -> int:
    return sum([PART + _length(text or "") for text in texts])


def _address(url: str) -> int:
    return _length(url) if url.isascii() else ENCODED * _length(url)


def _parts(post: Post) -> int:
    """Return the bytes of what few posts have."""
    card, poll = post.card, post.poll
    size = sum([PART + _address(p.url or "") for p in (*post.elsewhere, *post.also)])
    size += _lengths([post.warning, *post.uncertain, *[version.text for version in post.history]])
    if card:
        size += _lengths([card.title, card.description]) + 2 * _address(card.url or "")
    if poll:
        size += _lengths([option.text for option in poll.options])
    return size


def _figure(media: Media) -> int:
    return FIGURE + 6 * _address(media.path or "") + 2 * _length(media.alt or "")
