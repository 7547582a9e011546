"""The values that everything else speaks of: posts, threads, profiles.

Frozen, without behaviour beyond themselves, and without imports from sitegen: importers
make them, content writes and reads them, the build renders them.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

FacetKind = Literal["link", "mention", "tag"]
MediaKind = Literal["image", "video", "audio", "file"]
Visibility = Literal["unlisted", "followers", "direct", "unknown"]
Privacy = Literal["public", "private", "unknown"]  # of a whole account; stated, but not readable
Count = Annotated[int, Meta(ge=0)]
Name = Annotated[str, Meta(pattern=r"\S")]
Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


class Author(Struct, frozen=True, omit_defaults=True):
    """Who wrote a post, as far as the source tells: any field may be unknown."""

    handle: str | None = None
    id: str | None = None
    name: str | None = None


class Facet(Struct, frozen=True, order=True):
    """A stretch of a post's text that leads somewhere; start and end count code points."""

    start: int
    end: int
    kind: FacetKind
    value: str


class Media(Struct, frozen=True, omit_defaults=True):
    """A picture, film or sound; without a path only its description was archived.

    `origin` is the name or address that the source gave its file.
    """

    kind: MediaKind
    path: str | None = None
    alt: str | None = None
    origin: str | None = None


class Card(Struct, frozen=True, omit_defaults=True):
    """The preview of a linked page that stood under a post."""

    title: str = ""
    description: str = ""
    url: str | None = None


class Counts(Struct, frozen=True, omit_defaults=True):
    """How a post was received; None where the source does not say."""

    likes: Count | None = None
    reposts: Count | None = None
    replies: Count | None = None
    quotes: Count | None = None


NO_COUNTS = Counts()


class PollOption(Struct, frozen=True):
    """One answer of a poll and its votes, where known."""

    text: str
    votes: Count | None = None


class Poll(Struct, frozen=True):
    """A question with answers; `ends_at` is ISO 8601, `voters` counts people."""

    options: tuple[PollOption, ...]
    ends_at: str | None = None
    voters: Count | None = None


class Version(Struct, frozen=True, omit_defaults=True):
    """What a post said before it was edited, and since when, where known."""

    text: str
    created_at: str | None = None


class Elsewhere(Struct, frozen=True, omit_defaults=True):
    """What is told of a post that another answers, quotes, reposts, or stands for.

    `state` says why it cannot be had: it was deleted, or its author blocked somebody.
    """

    id: Name
    url: str | None = None
    author: Author = Author()
    state: Literal["deleted", "blocked"] | None = None
    network: str | None = None


class Post(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One post, exactly as its source had it.

    `created_at` is ISO 8601 in the source's own precision and zone, or None. `text` holds
    the post's very characters; `facets` say which of them are links, mentions or tags.
    `links`, `mentions` (without "@") and `tags` (without "#") list what the post leads to,
    also where the text does not show it. `cut_links` are link displays whose address the
    source had already shortened away: text, never links. `uncertain` gives the reasons
    why a reader should not take the post's reading for a fact. `edited_at` is when the text
    became what it is, `history` what it was before, oldest first. `elsewhere` tells of the
    posts named by `reply_to`, `repost_of` and `quote_of`, for where the archive has them not.
    `also` lists the same post on other networks. `visibility` is None for a public post, and
    "unknown" where the format says who may see a post and this source does not, or in words
    that sitegen cannot read.
    `vanished` says that the source has the post no more. `extra` keeps fields of the source
    that sitegen has no name for, as JSON.
    """

    id: str
    network: str = ""
    text: str = ""
    created_at: str | None = None
    author: Author = Author()
    reply_to: str | None = None
    repost_of: str | None = None
    quote_of: str | None = None
    facets: tuple[Facet, ...] = ()
    links: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    cut_links: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    card: Card | None = None
    poll: Poll | None = None
    warning: str | None = None
    langs: tuple[str, ...] = ()
    counts: Counts = NO_COUNTS
    url: str | None = None
    uncertain: tuple[str, ...] = ()
    edited_at: str | None = None
    history: tuple[Version, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    also: tuple[Elsewhere, ...] = ()
    visibility: Visibility | None = None
    vanished: bool = False
    extra: tuple[tuple[str, str], ...] = ()


class Thread(Struct, frozen=True):
    """Posts that belong together, root first; its id is the root's."""

    id: str
    network: str
    posts: tuple[Post, ...]


class Profile(Struct, frozen=True):
    """An account. `followed_by` is set when all that is known of it is who follows it.

    Without a handle and a name the source had only the bio; `id` is then derived from it.
    `pinned` is the id of a post, `details` are what it tells of itself as label and text,
    `warning` is why a reader may not want to see it.
    """

    id: str
    network: str
    handle: str | None = None
    name: str | None = None
    bio: str = ""
    url: str | None = None
    avatar: str | None = None
    followed_by: str | None = None
    banner: str | None = None
    website: str | None = None
    pronouns: str | None = None
    pinned: str | None = None
    details: tuple[tuple[str, str], ...] = ()
    warning: str | None = None
