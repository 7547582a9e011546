"""Shorten threads and profiles for timelines and feeds; their own pages show everything."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from msgspec.structs import replace

from sitegen.content.format.draft import shorten
from sitegen.content.format.stored import StoredPost
from sitegen.model import Author, Card, Facet, Media, Post
from sitegen.site.views.links import MAX_NAME
from sitegen.site.views.summary import MAX_TAGS
from sitegen.site.views.template_values import ProfileView

FACET_COST = 50  # characters of markup counted for each link, picture or other part of a post
MIN_TEXT = 200  # characters that a shortened post keeps at least
MAX_BIO, MAX_DETAILS = 500, 8  # characters and rows of a profile on its later pages
MAX_ALT, MAX_CARD = 500, 200  # characters of an alt text and of a link card's title
MIN_MEDIA, MIN_ALT = 4, 150  # pictures that a shortened post keeps, and characters of an alt text

UNIT = 2_400  # bytes of HTML: a page has room for as many units as posts, and most posts take one
# The bytes of HTML around parts of a post.
POST, LINK, TAG, PICTURE, CARD, ANSWER, REFERENCE = 600, 100, 90, 650, 250, 250, 1_000
LINE_UNIT = 1_700  # the same in a listing
LINE, THUMBNAIL = 420, 250
MAX_BYTES = 3  # of most characters
MAX_TITLE = 300  # characters of a title on other pages than the thread's own
SHORT, FEW_LINKS = 300, 4  # characters and links of a post that takes one unit, without the rest


class Extent(NamedTuple):
    """A limit on what is shown of a thread: number of posts, and characters including markup."""

    posts: int
    characters: int


TIMELINE = Extent(1, 700)
WHOLE_SITE = Extent(500, 20_000)
ONE_LISTING = Extent(20, 2_000)


class Excerpt(NamedTuple):
    """The first posts of a thread, and whether the last one of them is cut."""

    posts: tuple[StoredPost, ...]
    is_cut: bool


def profile_excerpt(view: ProfileView) -> ProfileView:
    """Return a profile shortened for the second and later pages of its threads."""
    profile = view.profile
    excerpt = replace(
        profile,
        bio=_whole_words(profile.bio, MAX_BIO),
        name=profile.name and shorten(profile.name, MAX_NAME),
        pronouns=profile.pronouns and shorten(profile.pronouns, MAX_NAME),
        warning=profile.warning and shorten(profile.warning, MIN_TEXT),
        details=tuple([pair for pair in profile.details if sum(map(len, pair)) <= MAX_BIO])[
            :MAX_DETAILS
        ],
    )
    is_long = len(view.handwritten or "") > MAX_BIO
    if excerpt == profile and not is_long and not view.accounts:
        return view
    label = shorten(view.label, MAX_NAME)
    handwritten = None if is_long else view.handwritten
    return replace(
        view, profile=excerpt, label=label, handwritten=handwritten, accounts=(), is_cut=True
    )


def bio_excerpt(view: ProfileView) -> ProfileView:
    """Return a profile for the list of accounts, with the beginning of a long bio."""
    profile, handwritten = view.profile, view.handwritten
    if len(handwritten or "") > MAX_BIO:
        handwritten = None
    excerpt = replace(
        profile,
        bio=_whole_words(profile.bio, MAX_BIO),
        warning=profile.warning and shorten(profile.warning, MIN_TEXT),
    )
    if (excerpt, handwritten) == (profile, view.handwritten) and len(view.label) <= MAX_NAME:
        return view
    label = shorten(view.label, MAX_NAME)
    return replace(view, profile=excerpt, label=label, handwritten=handwritten, is_cut=True)


def _whole_words(text: str, length: int) -> str:
    """Cut a text at a space, so that no URL is cut in half."""
    if len(text) <= length:
        return text
    return f"{' '.join(text[:length].split(' ')[:-1]).rstrip()}…"


def excerpt(posts: tuple[StoredPost, ...], characters: int) -> Excerpt:
    """Return as many posts as fit into `characters`, or a shortened first post."""
    fitting: list[StoredPost] = []
    for stored in posts:
        cost = _cost(stored)
        if cost > characters:
            if not fitting:
                cut = _cut_post(stored, characters)
                return Excerpt((cut,), _lacks_something(cut, stored))
            break
        characters -= cost
        fitting.append(_without_hidden_mentions(stored))
    return Excerpt(tuple(fitting), False)


def _lacks_something(cut: StoredPost, stored: StoredPost) -> bool:
    """Tell whether a shortened post lacks words, links or media, not only parts of alt texts."""
    post, whole = cut.post, stored.post
    return (
        stored.handwritten is not None
        or (post.text, post.facets, post.warning) != (whole.text, whole.facets, whole.warning)
        or len(post.media) != len(whole.media)
    )


def _without_hidden_mentions(stored: StoredPost) -> StoredPost:
    """Drop the mentions of a post that its text does not show, if it has more than facets."""
    post = stored.post
    if len(post.mentions) <= len(post.facets):
        return stored
    return replace(stored, post=replace(post, mentions=_mentions(post.facets)))


def _mentions(facets: tuple[Facet, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(facet.value for facet in facets if facet.kind == "mention"))


def _cost(stored: StoredPost) -> int:
    """Estimate the characters of a post on a page, including markup."""
    post = stored.post
    card = post.card and post.card.title + post.card.description
    words = (post.warning, stored.handwritten or post.text, card)
    alts = [media.alt or "" for media in post.media]
    parts = 1 + len(post.facets) + len(alts)
    return sum(len(text) for text in (*words, *alts) if text) + FACET_COST * parts


def _cut_post(stored: StoredPost, characters: int) -> StoredPost:
    """Shorten a post; handwritten Markdown becomes plain text."""
    post = stored.post
    warning = None if post.warning is None else shorten(post.warning, MIN_TEXT)
    characters = max(characters - len(warning or ""), MIN_TEXT)
    facets = () if stored.handwritten is not None else post.facets
    text, facets = _cut_text(post.text, facets, characters)
    cut = replace(
        post, text=text, facets=facets, media=tuple(_first_media(post, characters)),
        warning=warning, mentions=_mentions(facets),
        card=post.card and _cut_card(post.card),
    )  # fmt: skip
    return StoredPost(cut, None, stored.hidden)


def _cut_card(card: Card) -> Card:
    title, description = shorten(card.title, MAX_CARD), shorten(card.description, MAX_CARD)
    return replace(card, title=title, description=description)


def _cut_text(
    text: str, facets: tuple[Facet, ...], characters: int
) -> tuple[str, tuple[Facet, ...]]:
    """Cut a text, keeping the facets that fit; a link across the cut becomes plain text."""
    whole_facets: list[Facet] = []
    for facet in sorted(facets):
        if facet.end + FACET_COST * (1 + len(whole_facets)) > characters:
            break
        whole_facets.append(facet)
    end = whole_facets[-1].end if whole_facets else 0
    limit = max(characters - FACET_COST * len(whole_facets), end + 1)
    if limit >= len(text):
        return text, tuple(whole_facets)
    space = text.rfind(" ", end, limit)
    return f"{text[: space if space > end else limit].rstrip()}…", tuple(whole_facets)


def _first_media(post: Post, characters: int) -> Iterator[Media]:
    length = max(MIN_ALT, min(MAX_ALT, characters // MIN_MEDIA))
    for media in post.media[: max(MIN_MEDIA, characters // MAX_ALT)]:
        alt = media.alt if media.alt is None else shorten(media.alt, length)
        yield replace(media, alt=alt)


def count_units(stored: StoredPost) -> int:
    """Return how much room a post takes on the front page, so that no page of it is heavy."""
    post = stored.post
    if _is_short(post) and stored.handwritten is None:
        return 1
    shown = excerpt((stored,), TIMELINE.characters).posts[0]
    return -(-_weigh(shown) // UNIT)


def _is_short(post: Post) -> bool:
    """Tell whether a post certainly takes no more than one unit."""
    return (
        len(post.text) <= SHORT
        and len(post.facets) + len(post.tags) <= FEW_LINKS
        and not (post.media or post.card or post.poll or post.warning or _references(post))
    )


def _references(post: Post) -> int:
    """Return the number of other posts that are shown with a post."""
    return sum([identity is not None for identity in (post.quote_of, post.repost_of)])


def _weigh(stored: StoredPost) -> int:
    """Return about the number of bytes of a post with its markup."""
    post = stored.post
    texts = [
        stored.handwritten or post.text,
        post.warning or "",
        *[facet.value for facet in post.facets],
    ]
    total = POST + LINK * len(post.facets) + TAG * min(len(post.tags), MAX_TAGS)
    for media in post.media:
        total += PICTURE
        texts += [media.alt or ""] * 2  # as a caption too
    if post.card:
        total += CARD
        texts += [post.card.title, post.card.description, *[post.card.url or ""] * 2]
    for option in post.poll.options if post.poll else ():
        total += ANSWER
        texts.append(option.text)
    total += REFERENCE * _references(post)
    return total + sum(map(count_bytes, texts))


def count_line_units(title: str, summary: str, author: Author, media: int) -> int:
    """Return how much room a thread or a post takes in a listing, as `count_units` does."""
    texts = (title, summary, author.name or "", author.handle or "")
    markup = LINE + THUMBNAIL * min(media, MIN_MEDIA)
    if markup + MAX_BYTES * sum(map(len, texts)) <= LINE_UNIT:  # as most do
        return 1
    return -(-(markup + sum([count_bytes(text[:MAX_TITLE]) for text in texts])) // LINE_UNIT)


def count_bytes(text: str) -> int:
    """Return the number of bytes of a text in HTML."""
    return len(escape(text).encode("utf-8", "replace"))
