"""Who may see a post, by those to whom it is addressed."""

from __future__ import annotations

from typing import Literal

from sitegen.importers.mastodon.fields import Thing

# The three ways to write one address (https://www.w3.org/TR/activitypub/#public-addressing).
PUBLIC = frozenset(("https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"))
Audience = Literal["public", "unlisted", "followers", "direct"]
_NARROWER: tuple[Audience, ...] = ("public", "unlisted", "followers", "direct")


def audience(followers: str | None, *things: Thing) -> Audience:
    """Return who sees an activity and its object: where they differ, the fewest.

    The public in `to` is everybody, in `cc` everybody who looks for it. A followers-only post
    goes to the collection of followers. All else, also what is addressed to nobody, is private:
    private mentions are in the outbox as any other post.
    """
    addressed = [t for t in things if t.has("to", "cc")]
    found = [_NARROWER.index(_of(thing, followers)) for thing in addressed]
    return _NARROWER[max(found, default=3)]


def _of(thing: Thing, followers: str | None) -> Audience:
    to, cc = thing.addresses("to"), thing.addresses("cc")
    if PUBLIC.intersection(to):
        return "public"
    if PUBLIC.intersection(cc):
        return "unlisted"
    if any(a == followers or a.rstrip("/").endswith("/followers") for a in (*to, *cc)):
        return "followers"
    return "direct"
