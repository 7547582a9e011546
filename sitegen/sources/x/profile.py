"""Determine the owner of an archive, and the profile of the account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TypeVar

from msgspec import Struct

from sitegen.model import Author, Profile
from sitegen.sources.x.files.manifest import Manifest
from sitegen.sources.x.files.record_types import (
    About,
    Account,
    Description,
    Tweet,
    User,
    UserDetails,
    id_of,
    identity,
)
from sitegen.sources.x.files.times import iso
from sitegen.sources.x.tweets.full_text import media_of, unescape_if_escaped
from sitegen.sources.x.tweets.media import MediaFiles
from sitegen.sources.x.tweets.tweet_text import STATUS
from sitegen.text import richtext

T = TypeVar("T")


class Owner(Struct, frozen=True):
    """The archive's owner, as its files state."""

    account: Account = Account()
    about: About = About()
    manifest: Manifest = Manifest()


def author_of(owner: Owner, tweets: Mapping[str, Tweet], named: str | None) -> Author:
    """Return the author of the tweets; `named` is the handle in the options.

    Without account.js the tweets themselves show it: they name their author, the address of an
    own picture has the handle, and a reply to an own tweet names its author.
    """
    account, manifest = owner.account, owner.manifest
    if account.username is None and manifest.username is None:
        account = _account_of(_user(users_of(tweets), account, named), account)
    handle = account.username or manifest.username
    account_id = identity(account.account_id, manifest.account_id)
    if handle is None:
        handle = _most_common(_own_handles(tweets)) or (named.lstrip("@") if named else None)
    if account_id is None:
        account_id = _most_common(_own_ids(tweets))
    name = account.account_display_name or manifest.display_name
    return Author(handle, account_id, unescape_if_escaped(name) if name else None)


def _user(users: Mapping[str, User], account: Account, named: str | None) -> User | None:
    """Return the author of the tweets: the account's owner, the named user, or the only one."""
    account_id = identity(account.account_id)
    if account_id and account_id in users:
        return users[account_id]
    handle = (named or "").lstrip("@").casefold()
    namesakes = [u for u in users.values() if (u.screen_name or "").casefold() == handle]
    return next(iter(namesakes or (users.values() if len(users) == 1 else ())), None)


def _account_of(user: User | None, account: Account) -> Account:
    if user is None:
        return account
    return Account(
        user.screen_name,
        identity(account.account_id, user.id_str, user.id),
        account.account_display_name or user.name,
        account.created_at,
    )


def profile_of(owner: Owner, author: Author, files: MediaFiles) -> Profile | None:
    """Return the profile; None if neither a handle nor an id is known."""
    profile_id = author.id or author.handle
    if profile_id is None:
        return None
    description = owner.about.description or Description()
    website = (description.website or "").strip()
    details = {
        "Location": unescape_if_escaped(description.location or ""),
        "Joined": (iso(owner.account.created_at) or "")[:10],
    }
    return Profile(
        profile_id,
        "x",
        handle=author.handle,
        name=author.name,
        bio=unescape_if_escaped(description.bio or ""),
        url=f"https://x.com/{author.handle}" if author.handle else None,
        avatar=files.profile(owner.about.avatar_media_url),
        banner=files.profile(owner.about.header_media_url),
        website=website if website and richtext.is_safe_url(website) else None,
        details=tuple((label, text) for label, text in details.items() if text),
    )


def add_details(account: Account, about: About, details: UserDetails) -> tuple[Account, About]:
    """Complete the account and profile from the files of an archive before 2018."""
    if details == UserDetails():
        return account, about
    if account == Account():
        account = Account(
            details.screen_name, identity(details.id), details.full_name, details.created_at
        )
    if about == About():
        website = details.expanded_url or details.url
        about = About(Description(details.bio, website, details.location))
    return account, about


def may_be_by(user: User | None, author: Author) -> bool:
    """Return whether a tweet may be an account's, because it names that account or none."""
    if user is None:
        return True
    user_id = id_of(user)
    if user_id and author.id:
        return user_id == author.id
    if user.screen_name and author.handle:
        return user.screen_name.casefold() == author.handle.casefold()
    return True


def users_of(tweets: Mapping[str, Tweet]) -> dict[str, User]:
    """Return the authors of tweets by id or handle, as their newest tweets name them."""
    users: dict[str, User] = {}
    for tweet_id in sorted(tweets, key=int):
        user = tweets[tweet_id].user
        key = user and (id_of(user) or (user.screen_name or "").casefold())
        if user and key:
            users[key] = user
    return users


def _own_handles(tweets: Mapping[str, Tweet]) -> Counter[str]:
    handles: Counter[str] = Counter()
    for tweet_id, tweet in tweets.items():
        for medium in media_of(tweet):
            status = STATUS.fullmatch(medium.expanded_url or "")
            if status and status["id"] == tweet_id:
                handles[status["who"]] += 1
        if _is_self_reply(tweet, tweets) and tweet.in_reply_to_screen_name:
            handles[tweet.in_reply_to_screen_name] += 1
    return handles


def _own_ids(tweets: Mapping[str, Tweet]) -> Counter[str]:
    ids = (
        identity(t.in_reply_to_user_id_str, t.in_reply_to_user_id)
        for t in tweets.values()
        if _is_self_reply(t, tweets)
    )
    return Counter(user_id for user_id in ids if user_id)


def _is_self_reply(tweet: Tweet, tweets: Mapping[str, Tweet]) -> bool:
    return identity(tweet.in_reply_to_status_id_str, tweet.in_reply_to_status_id) in tweets


def _most_common(counter: Counter[T]) -> T | None:
    return max(counter, key=lambda value: (counter[value], str(value))) if counter else None
