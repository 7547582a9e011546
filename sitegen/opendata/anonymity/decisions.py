"""What an anonymous export does with each field of a post; a field without a decision fails a test.

KEPT: as it is. DROPPED: left out. CUT: less exact. COMMON: only values that enough posts have.
PSEUDONYM: a stable pseudonym. SCRUBBED: a text in which `texts.py` replaces names and addresses.
"""

from __future__ import annotations

from typing import Literal

Decision = Literal["kept", "dropped", "cut", "common", "pseudonym", "scrubbed"]

# By the path of a field in a line of JSON; "extra" is any field outside the schema.
DECISIONS: dict[str, Decision] = {
    "id": "pseudonym",
    "network": "kept",  # but a pseudonym where it is an address or a name
    "thread": "pseudonym",
    "position": "kept",
    "author.handle": "pseudonym",
    "author.id": "pseudonym",
    "author.name": "dropped",
    "created_at": "cut",  # to the day on the clock of the site
    "text": "scrubbed",
    "reply_to": "pseudonym",
    "repost_of": "pseudonym",
    "quote_of": "pseudonym",
    "links": "pseudonym",  # behind the host, where that is common
    "mentions": "pseudonym",
    "tags": "common",
    "media.kind": "kept",
    "media.path": "dropped",
    "media.alt": "scrubbed",
    "media.origin": "dropped",
    "card.title": "scrubbed",
    "card.description": "scrubbed",
    "card.url": "pseudonym",
    "card.picture": "dropped",
    "warning": "scrubbed",
    "sensitive": "kept",
    "langs": "common",
    "counts.likes": "kept",
    "counts.reposts": "kept",
    "counts.replies": "kept",
    "counts.quotes": "kept",
    "url": "dropped",
    "uncertain": "dropped",  # free words about one record of one source
    "poll.options.text": "scrubbed",
    "poll.options.votes": "kept",
    "poll.ends_at": "cut",
    "poll.voters": "kept",
    "cut_links": "dropped",
    "edited_at": "cut",
    "history.text": "scrubbed",
    "history.created_at": "cut",
    "elsewhere.id": "pseudonym",
    "elsewhere.url": "dropped",
    "elsewhere.author.handle": "pseudonym",
    "elsewhere.author.id": "pseudonym",
    "elsewhere.author.name": "dropped",
    "elsewhere.state": "kept",
    "elsewhere.network": "kept",
    "also.id": "pseudonym",
    "also.url": "dropped",
    "also.author.handle": "pseudonym",
    "also.author.id": "pseudonym",
    "also.author.name": "dropped",
    "also.state": "kept",
    "also.network": "kept",
    "visibility": "kept",  # public and unlisted posts only are there
    "vanished": "dropped",  # who deleted a post does not want it pointed out
    "facets.start": "kept",  # of the scrubbed text
    "facets.end": "kept",
    "facets.kind": "kept",
    "facets.value": "pseudonym",  # or a common tag
    "topics": "common",
    "extra": "dropped",
}
