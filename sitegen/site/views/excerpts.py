"""Excerpts of threads for timelines and feeds.

A link to the rest is below what was cut. Pages of threads show all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace

from sitegen.content.format.draft import shorten
from sitegen.content.format.stored import StoredPost
from sitegen.model import Facet, Media, Post
from sitegen.site.views.links import MAX_NAME
from sitegen.site.views.template_values import ProfileView

FACET = 50  # characters that a link costs besides its text, and any other part of a post
SHORTEST_TEXT = 200  # characters of a post that is cut, whatever hangs on it
MAX_BIO, MAX_DETAILS = 500, 8  # characters and lines of a profile where its later threads are
MAX_ALT, MAX_CARD = 500, 200  # characters of a picture's description and a card's title


class Extent(NamedTuple):
    """The most that is shown of a thread: posts, and characters including markup."""

    posts: int
    characters: int


TIMELINE = Extent(1, 5_000)
WHOLE_SITE = Extent(500, 20_000)
ONE_LISTING = Extent(20, 2_000)


class Excerpt(NamedTuple):
    """The first posts of a thread, and whether the last one of them is cut."""

    posts: tuple[StoredPost, ...]
    is_cut: bool


def profile_beginning(view: ProfileView) -> ProfileView:
    """Return as much of an account as the later pages of its threads show."""
    profile = view.profile
    excerpt = replace(
        profile,
        bio=_whole_words(profile.bio, MAX_BIO),
        name=profile.name and shorten(profile.name, MAX_NAME),
        pronouns=profile.pronouns and shorten(profile.pronouns, MAX_NAME),
        warning=profile.warning and shorten(profile.warning, SHORTEST_TEXT),
        details=tuple([pair for pair in profile.details if sum(map(len, pair)) <= MAX_BIO])[
            :MAX_DETAILS
        ],
    )
    is_long = len(view.handwritten or "") > MAX_BIO
    if excerpt == profile and not is_long:
        return view
    label = shorten(view.label, MAX_NAME)
    handwritten = None if is_long else view.handwritten
    return replace(view, profile=excerpt, label=label, handwritten=handwritten, is_cut=True)


def _whole_words(text: str, length: int) -> str:
    """Cut a text before the word that does not fit, which may be an address."""
    if len(text) <= length:
        return text
    return f"{' '.join(text[:length].split(' ')[:-1]).rstrip()}…"


def excerpt(posts: tuple[StoredPost, ...], characters: int) -> Excerpt:
    """Return as many posts as fit, or the beginning of the first."""
    shown: list[StoredPost] = []
    for stored in posts:
        cost = _cost(stored)
        if cost > characters:
            if not shown:
                return Excerpt((_cut(stored, characters),), True)
            break
        characters -= cost
        shown.append(_shown(stored))
    return Excerpt(tuple(shown), False)


def _shown(stored: StoredPost) -> StoredPost:
    """Return a post without the mentions that its text does not show, where these are many."""
    post = stored.post
    if len(post.mentions) <= len(post.facets):
        return stored
    return replace(stored, post=replace(post, mentions=_mentioned(post.facets)))


def _mentioned(facets: tuple[Facet, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(facet.value for facet in facets if facet.kind == "mention"))


def _cost(stored: StoredPost) -> int:
    """Estimate the characters of a post on a page, including markup."""
    post = stored.post
    words = (post.warning, stored.handwritten or post.text, post.card and post.card.title)
    alts = [media.alt or "" for media in post.media]
    parts = 1 + len(post.facets) + len(alts)
    return sum(len(text) for text in (*words, *alts) if text) + FACET * parts


def _cut(stored: StoredPost, characters: int) -> StoredPost:
    """Return the beginning of a post, as plain text where a person wrote other Markdown."""
    post = stored.post
    warning = None if post.warning is None else shorten(post.warning, SHORTEST_TEXT)
    characters = max(characters - len(warning or ""), SHORTEST_TEXT)
    facets = () if stored.handwritten is not None else post.facets
    text, facets = _beginning(post.text, facets, characters)
    cut = replace(
        post, text=text, facets=facets, media=tuple(_media(post, characters)), warning=warning,
        mentions=_mentioned(facets),
        card=post.card and replace(post.card, title=shorten(post.card.title, MAX_CARD)),
    )  # fmt: skip
    return StoredPost(cut, None, stored.hidden)


def _beginning(
    text: str, facets: tuple[Facet, ...], characters: int
) -> tuple[str, tuple[Facet, ...]]:
    """Return the beginning of a text with its whole links; a link that is cut is only text."""
    whole: list[Facet] = []
    for facet in sorted(facets):
        if facet.end + FACET * (1 + len(whole)) > characters:
            break
        whole.append(facet)
    end = whole[-1].end if whole else 0
    most = max(characters - FACET * len(whole), end + 1)
    if most >= len(text):
        return text, tuple(whole)
    space = text.rfind(" ", end, most)
    return f"{text[: space if space > end else most].rstrip()}…", tuple(whole)


def _media(post: Post, characters: int) -> Iterator[Media]:
    for media in post.media[: max(1, characters // MAX_ALT)]:
        alt = media.alt if media.alt is None else shorten(media.alt, MAX_ALT)
        yield replace(media, alt=alt)
