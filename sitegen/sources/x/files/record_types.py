"""Types for the records of an X archive: the fields that are read.

X writes numbers and places as strings, which the decoder turns into numbers; ids stay strings.
A field of the wrong type is left out; a record without its required fields is damaged.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

Id = str | int | None
Place = tuple[int, ...] | None

MAX_ID_DIGITS = 25


class Url(Struct, frozen=True, gc=False):
    """A shortened link of a text."""

    url: str | None = None
    expanded_url: str | None = None
    indices: Place = None


class Mention(Struct, frozen=True, gc=False):
    """An account that a text mentions."""

    screen_name: str | None = None
    name: str | None = None
    id_str: Id = None
    indices: Place = None


class Tag(Struct, frozen=True, gc=False):
    """A hashtag, without its sign."""

    text: str | None = None
    indices: Place = None


class Variant(Struct, frozen=True, gc=False):
    """A file of a video."""

    url: str | None = None
    content_type: str | None = None
    bitrate: int | None = None


class Video(Struct, frozen=True, gc=False):
    """The files of a video or an animation."""

    variants: tuple[Variant, ...] | None = None


class Medium(Struct, frozen=True, gc=False):
    """A picture or video, and its short link in the text."""

    type: str | None = None
    url: str | None = None
    expanded_url: str | None = None
    media_url: str | None = None
    media_url_https: str | None = None
    indices: Place = None
    ext_alt_text: str | None = None
    video_info: Video | None = None


class Entities(Struct, frozen=True, gc=False):
    """The entities of a text."""

    urls: tuple[Url, ...] | None = None
    user_mentions: tuple[Mention, ...] | None = None
    hashtags: tuple[Tag, ...] | None = None
    media: tuple[Medium, ...] | None = None


class User(Struct, frozen=True, gc=False):
    """The author of a tweet; archives before 2018 and API responses have it with each tweet."""

    id_str: Id = None
    id: Id = None
    screen_name: str | None = None
    name: str | None = None
    protected: Any = None


class Original(Struct, frozen=True, gc=False):
    """What a tweet, the original of a retweet and the full form of a cut tweet have in common."""

    id_str: Id = None
    id: Id = None
    full_text: str | None = None
    text: str | None = None
    entities: Entities | None = None
    extended_entities: Entities | None = None
    user: User | None = None


class FirstEdit(Struct, frozen=True, gc=False, rename="camel"):
    """All versions of a tweet, oldest first."""

    edit_tweet_ids: tuple[str | int, ...] | None = None


class LaterEdit(Struct, frozen=True, gc=False, rename="camel"):
    """All versions, as a later version than the first states them."""

    edit_control_initial: FirstEdit | None = None


class EditInfo(Struct, frozen=True, gc=False):
    """The versions of a tweet."""

    initial: FirstEdit | None = None
    edit: LaterEdit | None = None


class Tweet(Original, frozen=True, gc=False):
    """A tweet in an archive.

    Fields that say who may see it are Any: an unreadable value there must not be ignored.
    """

    created_at: str | None = None
    lang: str | None = None
    source: str | None = None
    in_reply_to_status_id_str: Id = None
    in_reply_to_status_id: Id = None
    in_reply_to_user_id_str: Id = None
    in_reply_to_user_id: Id = None
    in_reply_to_screen_name: str | None = None
    favorite_count: int | None = None
    retweet_count: int | None = None
    possibly_sensitive: bool | None = None
    community_id_str: Id = None
    community_id: Id = None
    edit_info: EditInfo | None = None
    retweeted_status: Original | None = None
    extended_tweet: Original | None = None
    quoted_status_id_str: Id = None
    quoted_status_id: Id = None
    scopes: Any = None
    trusted_friends_control: Any = None
    exclusive_tweet_control: Any = None
    deleted_at: Any = None
    card: dict[str, Any] | None = None
    coordinates: Any = None
    geo: Any = None
    place: Any = None


class NoteUrl(Struct, frozen=True, gc=False, rename="camel"):
    """A shortened link of a long text."""

    short_url: str | None = None
    expanded_url: str | None = None


class NoteMention(Struct, frozen=True, gc=False, rename="camel"):
    """An account that a long text mentions."""

    screen_name: str | None = None


class NoteCore(Struct, frozen=True, gc=False):
    """A long text. Its positions are not read: their unit is not known."""

    text: str | None = None
    urls: tuple[NoteUrl, ...] | None = None
    mentions: tuple[NoteMention, ...] | None = None
    hashtags: tuple[Tag, ...] | None = None


class Note(Struct, frozen=True, gc=False, rename="camel"):
    """The whole text of a long tweet, under an id of its own."""

    note_tweet_id: Id = None
    created_at: str | None = None
    core: NoteCore | None = None


class Account(Struct, frozen=True, gc=False, rename="camel"):
    """The owner of the archive; the e-mail address and the telephone number are never read."""

    username: str | None = None
    account_id: Id = None
    account_display_name: str | None = None
    created_at: str | None = None
    protected: Any = None
    is_protected: Any = None


class Description(Struct, frozen=True, gc=False):
    """An account's description of itself."""

    bio: str | None = None
    website: str | None = None
    location: str | None = None


class About(Struct, frozen=True, gc=False, rename="camel"):
    """The profile of an account."""

    description: Description | None = None
    avatar_media_url: str | None = None
    header_media_url: str | None = None
    protected: Any = None
    is_protected: Any = None


class Protection(Struct, frozen=True, gc=False, rename="camel"):
    """A change of an account's protection: from then on only followers see it, or everybody."""

    protected_at: str | None = None
    action: str | None = None


class UserDetails(Struct, frozen=True, gc=False):
    """The owner of an archive from before 2018."""

    id: Id = None
    screen_name: str | None = None
    full_name: str | None = None
    bio: str | None = None
    location: str | None = None
    url: str | None = None
    expanded_url: str | None = None
    created_at: str | None = None


class ArticleRange(Struct, frozen=True, gc=False):
    """A range of a paragraph, and the key of its target."""

    key: str | int | None = None
    offset: int | None = None
    length: int | None = None


class ArticleBlock(Struct, frozen=True, gc=False, rename="camel"):
    """A paragraph of an article."""

    text: str | None = None
    entity_ranges: tuple[ArticleRange, ...] | None = None


class ArticleContent(Struct, frozen=True, gc=False, rename="camel"):
    """The paragraphs of an article."""

    blocks: tuple[ArticleBlock, ...] | None = None
    entity_map: Any = None


class Article(Struct, frozen=True, gc=False):
    """A long text with a title; its metadata state whether it was published."""

    id: Id = None
    title: str | None = None
    content: ArticleContent | None = None
    lifecycle: Any = None
    media: Any = None


class ArticleMetadata(Struct, frozen=True, gc=False, rename="camel"):
    """The metadata of an article; the archive does not say of which one."""

    id: Id = None
    article_id: Id = None
    created_at_ms: Id = None
    lifecycle_state: Any = None


def identity(*candidates: Id) -> str | None:
    """Return the first id among candidates as text; ids are digits."""
    for candidate in candidates:
        text = str(candidate) if candidate is not None else ""
        is_number = text.isascii() and text.isdecimal() and len(text) <= MAX_ID_DIGITS
        if is_number and text.strip("0"):
            return text
    return None


def id_of(record: Original | User | None) -> str | None:
    """Return the id of a tweet or user, which is written as text and as a number."""
    return identity(record.id_str, record.id) if record else None
