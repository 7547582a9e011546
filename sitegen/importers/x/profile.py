"""Whose archive it is, and what that account says of itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import TypeVar

from msgspec import Struct

from sitegen import richtext
from sitegen.importers.x.files import Manifest
from sitegen.importers.x.media import MediaFiles
from sitegen.importers.x.records import About, Account, Protection, Tweet, identity
from sitegen.importers.x.text import STATUS, media_of, plain
from sitegen.importers.x.times import iso
from sitegen.model import Author, Profile

T = TypeVar("T")


class Owner(Struct, frozen=True):
    """What the archive's files tell of its owner."""

    account: Account = Account()
    about: About = About()
    manifest: Manifest = Manifest()


def author_of(owner: Owner, tweets: Mapping[str, Tweet], named: str | None) -> Author:
    """Return the author of the tweets; `named` is the handle that a person gave.

    Without account.js the tweets themselves tell: the address of one's own picture has the
    handle, and an answer to oneself names whom it answers.
    """
    account, manifest = owner.account, owner.manifest
    handle = account.username or manifest.username
    account_id = identity(account.account_id, manifest.account_id)
    if handle is None:
        handle = _commonest(_own_handles(tweets)) or (named.lstrip("@") if named else None)
    if account_id is None:
        account_id = _commonest(_own_ids(tweets))
    name = account.account_display_name or manifest.display_name
    return Author(handle, account_id, plain(name) if name else None)


def profile_of(owner: Owner, author: Author, files: MediaFiles) -> Profile | None:
    """Return the profile; None where neither a handle nor an id is known."""
    known_by = author.id or author.handle
    if known_by is None:
        return None
    said = owner.about.description
    joined = iso(owner.account.created_at)
    website = said.website.strip() if said and said.website else None
    details = {"Location": plain(said.location) if said and said.location else None}
    details["Joined"] = joined[:10] if joined else None
    return Profile(
        known_by,
        "x",
        handle=author.handle,
        name=author.name,
        bio=plain(said.bio) if said and said.bio else "",
        url=f"https://x.com/{author.handle}" if author.handle else None,
        avatar=files.profile(owner.about.avatar_media_url),
        banner=files.profile(owner.about.header_media_url),
        website=website if website and richtext.safe_url(website) else None,
        details=tuple((label, text) for label, text in details.items() if text),
    )


def is_protected(history: list[Protection]) -> bool:
    """Tell whether only followers see the account's tweets, as its last change says."""
    known = [(iso(p.protected_at), p.action) for p in history]
    dated = sorted((when, action or "") for when, action in known if when)
    return bool(dated) and re.match(r"protect", dated[-1][1], re.IGNORECASE) is not None


def _own_handles(tweets: Mapping[str, Tweet]) -> Counter[str]:
    found: Counter[str] = Counter()
    for tweet_id, tweet in tweets.items():
        for medium in media_of(tweet):
            status = STATUS.fullmatch(medium.expanded_url or "")
            if status and status["id"] == tweet_id:
                found[status["who"]] += 1
        if _answers_itself(tweet, tweets) and tweet.in_reply_to_screen_name:
            found[tweet.in_reply_to_screen_name] += 1
    return found


def _own_ids(tweets: Mapping[str, Tweet]) -> Counter[str]:
    ids = (
        identity(t.in_reply_to_user_id_str) for t in tweets.values() if _answers_itself(t, tweets)
    )
    return Counter(found for found in ids if found)


def _answers_itself(tweet: Tweet, tweets: Mapping[str, Tweet]) -> bool:
    return identity(tweet.in_reply_to_status_id_str, tweet.in_reply_to_status_id) in tweets


def _commonest(counter: Counter[T]) -> T | None:
    return max(counter, key=lambda value: (counter[value], str(value))) if counter else None
