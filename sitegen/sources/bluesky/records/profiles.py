"""Profiles: an account's record (`app.bsky.actor.profile`), or the API's view of it."""

from __future__ import annotations

from msgspec.structs import replace

from sitegen.model import Author, Profile
from sitegen.sources import at_uris
from sitegen.sources.at_uris import NETWORK
from sitegen.sources.bluesky.records.embeds import account as account_of
from sitegen.sources.bluesky.records.labels import labels
from sitegen.sources.bluesky.records.posts import Account
from sitegen.sources.bluesky.records.record_fields import RecordFields, blob
from sitegen.text.facets import is_safe_url


def unknown_profile(author: Author) -> Profile:
    """Return a profile of which only the names are known."""
    identity = author.id or author.handle or ""
    url = f"{at_uris.SITE}/profile/{author.handle or identity}"
    return Profile(identity, NETWORK, author.handle, author.name, url=url)


def profile(record: RecordFields, account: Account) -> Profile:
    """Read an account's own record."""
    name = record.text("displayName") or None
    files = [blob(record.record(key)) for key in ("avatar", "banner")]
    avatar, banner = (cid if cid and cid in account.blobs else None for cid in files)
    stated = _profile(record, replace(account.author, name=name), labels(record).warning)
    return replace(stated, avatar=avatar, banner=banner)


def profile_of_view(view: RecordFields) -> Profile | None:
    """Read the API's view of an account; return None if it names no account."""
    author = account_of(view)
    if not author.id or not at_uris.is_did(author.id):
        return None
    return _profile(view, author, labels(RecordFields({}, view.oddities), view).warning)


def merge(first: Profile, later: Profile) -> Profile:
    """Merge two views of an account; the second one's fields take precedence."""
    names = ("handle", "name", "website", "pronouns", "pinned", "avatar", "banner", "warning")
    known = {n: value for n in (*names, "bio") if (value := getattr(later, n))}
    return replace(first, **known, url=later.url if later.handle else first.url)


def _profile(fields: RecordFields, author: Author, warning: str | None) -> Profile:
    pinned = at_uris.address(fields.record("pinnedPost").text("uri"))
    website = fields.text("website") or None
    if website and not is_safe_url(website):
        fields.oddities["websites without a web address left out"] += 1
        website = None
    return replace(
        unknown_profile(author),
        bio=fields.text("description"),
        website=website,
        pronouns=fields.text("pronouns") or None,
        pinned=pinned.post_id if pinned and pinned.collection == at_uris.POST else None,
        warning=warning,
    )
