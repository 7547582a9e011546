"""Who may see a post, by those to whom it is addressed, or by its server's word for it.

"unknown" is what is not said though the format would say it, or said in words that are none of
these; "narrow" is a circle that sitegen has no name for, and that no option lets in.
"""

from __future__ import annotations

from typing import Literal

from sitegen.importers.mastodon.fields import Thing

# The three ways to write one address (https://www.w3.org/TR/activitypub/#public-addressing).
PUBLIC = frozenset(("https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"))
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


def audience(followers: str | None, *things: Thing) -> Audience:
    """Return who sees an activity and its object: where they differ, the fewest.

    The public in `to` is everybody, in `cc` everybody who looks for it. A followers-only post
    goes to the collection of followers. What is addressed to anybody else, or to a list of nobody,
    is private: private mentions are in the outbox as any other post. Where neither says, nobody
    knows.
    """
    addressed = [t for t in things if t.has("to", "cc")]
    return narrower(*[_of(thing, followers) for thing in addressed] or ["unknown"])


def narrower(*audiences: Audience) -> Audience:
    """Return the fewest of those who see a post."""
    return max(audiences, key=_NARROWER.index)


def of_word(word: object) -> Audience:
    """Return who sees what has this word for it; a word that is not known closes."""
    return _WORDS.get(word, "unknown") if isinstance(word, str) else "unknown"


def _of(thing: Thing, followers: str | None) -> Audience:
    to, cc = thing.addresses("to"), thing.addresses("cc")
    if PUBLIC.intersection(to):
        return "public"
    if PUBLIC.intersection(cc):
        return "unlisted"
    if any(a == followers or a.rstrip("/").endswith("/followers") for a in (*to, *cc)):
        return "followers"
    is_list = any(type(thing.values.get(key)) is list for key in ("to", "cc"))
    return "direct" if to or cc or is_list else "unknown"
