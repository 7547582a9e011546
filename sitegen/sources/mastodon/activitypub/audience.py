"""Decide who may see a post, by its addressees or by its server's own field.

"unknown" means that the audience is missing although the format has it, or in unknown
words; "narrow" is a circle that sitegen has no name for, and that no option includes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from sitegen.sources import stated_visibility
from sitegen.sources.mastodon.activitypub.properties import Properties

# The three ways to write one address (https://www.w3.org/TR/activitypub/#public-addressing).
PUBLIC = frozenset(("https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"))
_ADDRESSED = frozenset([name.casefold() for name in PUBLIC])
Audience = Literal["public", "unlisted", "followers", "unknown", "direct", "narrow"]
_NARROWER: tuple[Audience, ...] = (
    "public", "unlisted", "followers", "unknown", "direct", "narrow",
)  # fmt: skip
# https://docs.joinmastodon.org/entities/Status/#visibility; the others: Pleroma, GoToSocial,
# Pixelfed, and servers with circles.
_WORDS: dict[str, Audience] = {
    "public": "public",
    "unlisted": "unlisted",
    "private": "followers",
    "direct": "direct",
    "local": "narrow",
    "mutuals_only": "narrow",
    "limited": "narrow",
    "list": "narrow",
}
_NARROW = frozenset(
    (stated_visibility.DRAFT, "pending", "scheduled", "future", "trash", "deleted", "hidden")
)
# Where servers put fields of their own; and words of the standard that mean something else.
_OWN = ("pleroma", "akkoma", "friendica", "pixelfed", "misskey", "extensions")
_AS2 = frozenset(("audience", "deleted", "published"))


def audience(followers: str | None, *things: Properties) -> Audience:
    """Return the audience of an activity and its object: if they differ, the narrower one.

    The public collection in `to` means everybody, in `cc` unlisted. A followers-only post
    is addressed to the collection of followers. Any other addressee, or an empty list,
    means private: private mentions are in the outbox like any other post. Without addressees it
    is unknown. Programs may add a field of their own, such as `visibility`, which can only close.
    """
    addressed = [t for t in things if t.has("to", "cc")]
    seen_by = narrower(*[_of(thing, followers) for thing in addressed] or ["unknown"])
    return narrower(seen_by, *map(of_words, things))


def narrower(*audiences: Audience) -> Audience:
    """Return the narrower of two audiences."""
    return max(audiences, key=_NARROWER.index)


def of_word(word: object) -> Audience:
    """Return the audience for a server's word; an unknown word closes."""
    return _WORDS.get(word, "unknown") if isinstance(word, str) else "unknown"


def of_words(thing: Properties) -> Audience:
    """Return the audience of a publicly addressed post, by its other fields."""
    return narrower("public", *[seen_by for _, seen_by in _stated(thing)])


def closing_word(seen_by: Audience, *things: Properties) -> str | None:
    """Return the word that closes a post, or None."""
    return next((w for thing in things for w, stated in _stated(thing) if stated == seen_by), None)


def _stated(thing: Properties) -> Iterator[tuple[str, Audience]]:
    own = [thing.values[key] for key in _OWN if isinstance(thing.values.get(key), dict)]
    for fields in (thing.values, *own):
        for word in stated_visibility.closing_words(
            {k: v for k, v in fields.items() if k not in _AS2}
        ):
            if word not in _ADDRESSED:
                yield word, "narrow" if word in _NARROW else of_word(word)


def _of(thing: Properties, followers: str | None) -> Audience:
    to, cc = thing.addresses("to"), thing.addresses("cc")
    if PUBLIC.intersection(to):
        return "public"
    if PUBLIC.intersection(cc):
        return "unlisted"
    if any(a == followers or a.rstrip("/").endswith("/followers") for a in (*to, *cc)):
        return "followers"
    is_list = any(type(thing.values.get(key)) is list for key in ("to", "cc"))
    return "direct" if to or cc or is_list else "unknown"
