"""The schema that all of sitegen shares: posts, threads, profiles.

The types are frozen, have no behaviour and import nothing from sitegen: sources produce them,
content/ stores them, the build renders them.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

FacetKind = Literal["link", "mention", "tag"]
MediaKind = Literal["image", "video", "audio", "file"]
Visibility = Literal["unlisted", "followers", "direct", "unknown"]
Privacy = Literal["public", "private", "unknown"]  # of an account; unknown: stated, unreadable
Count = Annotated[int, Meta(ge=0)]
# Published, and checked by whoever reads it: msgspec's own patterns refuse lone surrogates.
Name = Annotated[str, Meta(extra_json_schema={"pattern": r"\S"})]
Time = Annotated[str, Meta(description="ISO 8601, in the precision and zone of the source")]
Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


class Author(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The author of a post, as far as the source states it: any field may be unknown.

    `handle` has no "@". `id` is the account's permanent id on its network. `name` is as shown.
    """

    handle: str | None = None
    id: str | None = None
    name: str | None = None


class Facet(Struct, frozen=True, order=True, forbid_unknown_fields=True):
    """A range of a post's text that is a link, mention or tag; in code points."""

    start: Count
    end: Count
    kind: FacetKind
    value: str


class Media(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """An image, video or sound; without a path only its description was archived.

    `kind` is the kind of the file. `path` is its path below content/ and in the site. `alt`
    describes it. `origin` is the name or URL that the source gave its file.
    """

    kind: MediaKind
    path: str | None = None
    alt: str | None = None
    origin: str | None = None


class Card(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The link preview that was shown below a post: `title`, `description` and `url` of a page.

    `picture` is the path of its picture below content/ and in the site.
    """

    title: str = ""
    description: str = ""
    url: str | None = None
    picture: str | None = None


class Counts(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Engagement counts of a post; None if the source does not state one.

    `likes`, `reposts`, `replies` and `quotes` are numbers of them.
    """

    likes: Count | None = None
    reposts: Count | None = None
    replies: Count | None = None
    quotes: Count | None = None


NO_COUNTS = Counts()


class PollOption(Struct, frozen=True, forbid_unknown_fields=True):
    """One option of a poll: its `text`, and its `votes`, where known."""

    text: str
    votes: Count | None = None


class Poll(Struct, frozen=True, forbid_unknown_fields=True):
    """A poll with its `options`; `ends_at` is ISO 8601; `voters` counts people."""

    options: tuple[PollOption, ...] = ()
    ends_at: str | None = None
    voters: Count | None = None


class Version(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """An earlier `text` of an edited post.

    `created_at` is the time from which it was valid, where known.
    """

    text: str
    created_at: str | None = None


class Elsewhere(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A reference to a post that another replies to, quotes, reposts or is a copy of.

    `id` and `network` identify it; `network` is None for that of the post itself. `url` is its
    address there. `state` says why the post is unavailable: it was deleted, or an author
    blocked the other.
    """

    id: Name
    url: str | None = None
    author: Author = Author()
    state: Literal["deleted", "blocked"] | None = None
    network: str | None = None


class Post(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One post, exactly as its source had it.

    `id` is unique on its `network`. `warning` is its content warning. `sensitive` means that
    its media are to be shown only to who asks for them. `langs` are its languages (BCP 47).
    `url` is its address on its network. `created_at` is ISO 8601 in the source's own precision
    and zone, or None. `text` holds the post's exact characters; `facets` mark which of them are
    links, mentions or tags. `links`, `mentions` (without "@") and `tags` (without "#") list
    what the post refers to, even where the text does not show it. `cut_links` are displayed
    links whose URL the source had already truncated: they are text, never links. `uncertain`
    gives the reasons why the post may have been misread. `edited_at` is when the current text
    was written; `history` has the earlier texts, oldest first. `elsewhere` describes the posts
    named by `reply_to`, `repost_of` and `quote_of`, in case the archive does not have them.
    `also` lists the same post on other networks. `visibility` is None for a public post, and
    "unknown" where the format has a visibility and this source does not state it, or states it
    in words that sitegen cannot read. `vanished` means that the source no longer has the post.
    `extra` keeps the source's fields that have no counterpart here, as JSON.
    """

    id: Name
    network: str = ""
    text: str = ""
    created_at: Time | None = None
    author: Author = Author()
    reply_to: str | None = None
    repost_of: str | None = None
    quote_of: str | None = None
    links: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    card: Card | None = None
    warning: str | None = None
    sensitive: bool = False
    langs: tuple[str, ...] = ()
    counts: Counts = NO_COUNTS
    url: str | None = None
    uncertain: tuple[str, ...] = ()
    poll: Poll | None = None
    cut_links: tuple[str, ...] = ()
    edited_at: Time | None = None
    history: tuple[Version, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    also: tuple[Elsewhere, ...] = ()
    visibility: Visibility | None = None
    vanished: bool = False
    facets: tuple[Facet, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()


class Thread(Struct, frozen=True):
    """The posts of one conversation, root first; its id is the root's."""

    id: str
    network: str
    posts: tuple[Post, ...]


class Profile(Struct, frozen=True):
    """An account. `followed_by` is set when nothing but a follower of it is known.

    `id` is the permanent id on its `network`; if the source had only a bio, without a handle
    and a name, it is derived from the bio. `handle` has no "@". `name` is as shown. `bio` is
    plain text. `url` is its address there. `avatar` and `banner` are paths of pictures below
    content/. `website` and `pronouns` are its own words. `pinned` is the id of a post,
    `details` are the account's own fields as label and text, `warning` is a content warning.
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

    @property
    def author(self) -> Author:
        """The account as posts name it."""
        return Author(self.handle, self.id, self.name)
