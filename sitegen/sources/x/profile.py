"""The owner of an archive, and the account's profile."""

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
    identity,
)
from sitegen.sources.x.files.times import iso
from sitegen.sources.x.tweets.full_text import media_of, unescape_if_escaped
from sitegen.sources.x.tweets.media import MediaFiles
from sitegen.sources.x.tweets.tweet_text import STATUS
from sitegen.text import richtext

T = TypeVar("T")


class Owner(Struct, frozen=True):
    """The owner as stated by the archive's files."""

    account: Account = Account()
    about: About = About()
    manifest: Manifest = Manifest()


def author_of(owner: Owner, tweets: Mapping[str, Tweet], named: str | None) -> Author:
    """Return the author of the tweets; `named` is the handle that a person gave.

    Without account.js the tweets themselves show it: some name their author, the address of one's
    own picture has the handle, and a reply to oneself names its author.
    """
    account, manifest = owner.account, owner.manifest
    if account.username is None and manifest.username is None:
        account = _account_of(_user(users_of(tweets), account, named), account)
    handle = account.username or manifest.username
    account_id = identity(account.account_id, manifest.account_id)
    if handle is None:
        handle = _commonest(_own_handles(tweets)) or (named.lstrip("@") if named else None)
    if account_id is None:
        account_id = _commonest(_own_ids(tweets))
    name = account.account_display_name or manifest.display_name
    return Author(handle, account_id, unescape_if_escaped(name) if name else None)


def _user(users: Mapping[str, User], account: Account, named: str | None) -> User | None:
    """Return the author of the tweets: as the archive or the person states, or the only one."""
    account_id = identity(account.account_id)
    if account_id and account_id in users:
        return users[account_id]
    wanted = (named or "").lstrip("@").casefold()
    called = [u for u in users.values() if (u.screen_name or "").casefold() == wanted]
    return next(iter(called or (users.values() if len(users) == 1 else ())), None)


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
    known_by = author.id or author.handle
    if known_by is None:
        return None
    description = owner.about.description
    joined = iso(owner.account.created_at)
    website = description.website.strip() if description and description.website else None
    details = {
        "Location": unescape_if_escaped(description.location)
        if description and description.location
        else None
    }
    details["Joined"] = joined[:10] if joined else None
    return Profile(
        known_by,
        "x",
        handle=author.handle,
        name=author.name,
        bio=unescape_if_escaped(description.bio) if description and description.bio else "",
        url=f"https://x.com/{author.handle}" if author.handle else None,
        avatar=files.profile(owner.about.avatar_media_url),
        banner=files.profile(owner.about.header_media_url),
        website=website if website and richtext.is_safe_url(website) else None,
        details=tuple((label, text) for label, text in details.items() if text),
    )


def with_details(account: Account, about: About, details: UserDetails) -> tuple[Account, About]:
    """Add what files of today's shape would state, from those of an archive before 2018."""
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


def is_of(user: User | None, author: Author) -> bool:
    """Return whether a tweet may be an account's: it names that account, or none."""
    if user is None:
        return True
    user_id = identity(user.id_str, user.id)
    if user_id and author.id:
        return user_id == author.id
    if user.screen_name and author.handle:
        return user.screen_name.casefold() == author.handle.casefold()
    return True


def users_of(tweets: Mapping[str, Tweet]) -> dict[str, User]:
    """Return the authors of tweets by id or name; the newest statement counts."""
    users: dict[str, User] = {}
    for tweet_id in sorted(tweets, key=int):
        user = tweets[tweet_id].user
        known_by = user and (identity(user.id_str, user.id) or (user.screen_name or "").casefold())
        if user and known_by:
            users[known_by] = user
    return users


def _own_handles(tweets: Mapping[str, Tweet]) -> Counter[str]:
    handles: Counter[str] = Counter()
    for tweet_id, tweet in tweets.items():
        for medium in media_of(tweet):
            status = STATUS.fullmatch(medium.expanded_url or "")
            if status and status["id"] == tweet_id:
                handles[status["who"]] += 1
        if _answers_itself(tweet, tweets) and tweet.in_reply_to_screen_name:
            handles[tweet.in_reply_to_screen_name] += 1
    return handles


def _own_ids(tweets: Mapping[str, Tweet]) -> Counter[str]:
    ids = (
        identity(t.in_reply_to_user_id_str, t.in_reply_to_user_id)
        for t in tweets.values()
        if _answers_itself(t, tweets)
    )
    return Counter(found for found in ids if found)


def _answers_itself(tweet: Tweet, tweets: Mapping[str, Tweet]) -> bool:
    return identity(tweet.in_reply_to_status_id_str, tweet.in_reply_to_status_id) in tweets


def _commonest(counter: Counter[T]) -> T | None:
    return max(counter, key=lambda value: (counter[value], str(value))) if counter else None
