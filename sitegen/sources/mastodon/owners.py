"""Who acted in an item of a list: all names of that account."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sitegen.sources.mastodon import shapes
from sitegen.sources.mastodon.activitypub.ids import handle
from sitegen.sources.mastodon.activitypub.properties import Properties
from sitegen.sources.mastodon.statuses import handle_of


def names(value: Any) -> tuple[str, ...]:
    """Return all names of the account that posted an item, folded; the first is unique.

    Empty if it is not stated, or if nothing was posted.
    """
    all_names: tuple[str | None, ...]
    if type(value) is not dict:
        return ()
    if shapes.is_status(value):
        owner = Properties(value, Counter()).record("account")
        handles = (
            handle_of(owner, ""),
            owner.optional("url"),
            owner.optional("acct"),
            owner.optional("username"),
        )
        all_names = (*handles, owner.identifier("id"))
    elif shapes.is_item(value):
        thing = Properties(shapes.compact(value), Counter())
        actor = thing.address("actor") or thing.address("attributedTo")
        all_names = (handle(actor or ""), actor)
    else:
        return ()
    return tuple([name.casefold() for name in all_names if name])
