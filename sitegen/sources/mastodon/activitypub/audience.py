"""Determine the audience of a post from its addressees and its server's own fields.

"unknown" means that the audience is missing although the format states it, or is an unknown word;
"narrow" is a circle that sitegen has no name for. No option includes it.
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
# Objects for servers' own fields; and fields of the standard with another meaning.
_OWN = ("pleroma", "akkoma", "friendica", "pixelfed", "misskey", "extensions")
_AS2 = frozenset(("audience", "deleted", "published"))


def audience(followers: str | None, *objects: Properties) -> Audience:
    """Return the audience of an activity and its object: if they differ, the narrower one.

    The public collection in `to` means public, in `cc` unlisted. A followers-only post
    is addressed to the collection of followers. Any other addressee, or an empty list,
    means private: private mentions are in the outbox like any other post. Without addressees it
    is unknown. A field of the server's own, such as `visibility`, can only narrow the audience.
    """
    addressed = [t for t in objects if t.has("to", "cc")]
    seen_by = narrower(
        *[_audience_of_addressees(fields, followers) for fields in addressed] or ["unknown"]
    )
    return narrower(seen_by, *map(audience_of_fields, objects))


def narrower(*audiences: Audience) -> Audience:
    """Return the narrowest of several audiences."""
    return max(audiences, key=_NARROWER.index)


def audience_of_word(word: object) -> Audience:
    """Return the audience for a server's word; "unknown" for an unknown word."""
    return _WORDS.get(word, "unknown") if isinstance(word, str) else "unknown"


def audience_of_fields(fields: Properties) -> Audience:
    """Return the audience that the other fields of a publicly addressed post state."""
    return narrower("public", *[seen_by for _, seen_by in _stated_audiences(fields)])


def closing_word(seen_by: Audience, *objects: Properties) -> str | None:
    """Return the word that states this audience, or None."""
    return next(
        (w for fields in objects for w, stated in _stated_audiences(fields) if stated == seen_by),
        None,
    )


def _stated_audiences(fields: Properties) -> Iterator[tuple[str, Audience]]:
    own = [fields.values[key] for key in _OWN if isinstance(fields.values.get(key), dict)]
    for values in (fields.values, *own):
        for word in stated_visibility.closing_words(
            {k: v for k, v in values.items() if k not in _AS2}
        ):
            if word not in _ADDRESSED:
                yield word, "narrow" if word in _NARROW else audience_of_word(word)


def _audience_of_addressees(fields: Properties, followers: str | None) -> Audience:
    to, cc = fields.addresses("to"), fields.addresses("cc")
    if PUBLIC.intersection(to):
        return "public"
    if PUBLIC.intersection(cc):
        return "unlisted"
    if any(a == followers or a.rstrip("/").endswith("/followers") for a in (*to, *cc)):
        return "followers"
    is_list = any(type(fields.values.get(key)) is list for key in ("to", "cc"))
    return "direct" if to or cc or is_list else "unknown"
