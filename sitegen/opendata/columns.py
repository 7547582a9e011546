"""The columns of CSV and Parquet files: a post as flat values.

Names, order and types are stable; new columns come last. What a column cannot hold, such as the
earlier texts of an edited post, is in JSON lines only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, Literal, NamedTuple

from sitegen import timestamps
from sitegen.errors import OutputError
from sitegen.selection.queried_posts import Selected

# "time" is ISO 8601 in CSV; lists have the same length and order within "media" and "poll".
Type = Literal["text", "number", "flag", "time", "day", "texts", "numbers"]
Value = str | int | bool | tuple[str | None, ...] | tuple[int | None, ...] | None
MAX_INTEGER = 2**63 - 1


class Column(NamedTuple):
    """A column: its name, type and description, and its value for a post."""

    name: str
    type: Type
    description: str
    value: Callable[[Any], Value]


Row = Sequence[Value]


def row_of(columns: Sequence[Column], record: object) -> Row:
    """Return the values of a record. Raises OutputError for a number of more than 64 bits."""
    values = [column.value(record) for column in columns]
    for column, value in zip(columns, values, strict=True):
        if column.type in ("number", "numbers"):
            _check_numbers(column.name, value)
    return values


def _check_numbers(name: str, value: Value) -> None:
    for number in value if isinstance(value, tuple) else (value,):
        if isinstance(number, int) and number > MAX_INTEGER:
            what = f"{name} is {number}, which is more than tables can hold"
            raise OutputError(what, hint="correct the post, or export JSON lines.")


def _of_post(path: str) -> Callable[[Selected], Any]:
    return attrgetter(f"post.{path}")


def _time(name: str) -> Callable[[Selected], str | None]:
    """Return the getter of a time, which is unknown if it is not ISO 8601."""

    def value(selected: Selected) -> str | None:
        time: str | None = getattr(selected.post, name)
        return time if time is not None and timestamps.is_iso(time) else None

    return value


def _card(name: str) -> Callable[[Selected], str | None]:
    def value(selected: Selected) -> str | None:
        card = selected.post.card
        return getattr(card, name) or None if card else None

    return value


def _media(name: str) -> Callable[[Selected], tuple[str | None, ...]]:
    return lambda selected: tuple([getattr(medium, name) for medium in selected.post.media])


def _poll_texts(selected: Selected) -> tuple[str | None, ...]:
    poll = selected.post.poll
    return tuple([option.text for option in poll.options]) if poll else ()


def _poll_votes(selected: Selected) -> tuple[int | None, ...]:
    poll = selected.post.poll
    return tuple([option.votes for option in poll.options]) if poll else ()


def _visibility(selected: Selected) -> str:
    return selected.post.visibility or "public"


POST_COLUMNS = (
    Column("id", "text", "the post, on its network", _of_post("id")),
    Column("network", "text", "the network", _of_post("network")),
    Column("thread", "text", "the id of the first post of its thread", attrgetter("thread")),
    Column("position", "number", "its position in the thread, from 1", attrgetter("position")),
    Column("kind", "text", "post, thread, reply or repost", attrgetter("kind")),
    Column("author_handle", "text", "the handle of the author", _of_post("author.handle")),
    Column("author_id", "text", "the author's id on the network", _of_post("author.id")),
    Column("author_name", "text", "the author's name", _of_post("author.name")),
    Column("created_at", "time", "when it was written", _time("created_at")),
    Column("edited_at", "time", "when the current text was written", _time("edited_at")),
    Column("text", "text", "exactly the characters of the post", _of_post("text")),
    Column("warning", "text", "the content warning", _of_post("warning")),
    Column("reply_to", "text", "the id of the post that it answers", _of_post("reply_to")),
    Column("repost_of", "text", "the id of the post that it repeats", _of_post("repost_of")),
    Column("quote_of", "text", "the id of the post that it quotes", _of_post("quote_of")),
    Column("links", "texts", "addresses that it links to", _of_post("links")),
    Column("mentions", "texts", "handles that it mentions", _of_post("mentions")),
    Column("tags", "texts", "its tags", _of_post("tags")),
    Column("langs", "texts", "its languages (BCP 47)", _of_post("langs")),
    Column("media_kinds", "texts", "image, video, audio or file of each medium", _media("kind")),
    Column("media_paths", "texts", "the file of each medium", _media("path")),
    Column("media_alts", "texts", "the description of each medium", _media("alt")),
    Column("sensitive", "flag", "whether its media are sensitive", _of_post("sensitive")),
    Column("card_title", "text", "the title of its link preview", _card("title")),
    Column("card_description", "text", "the words of its link preview", _card("description")),
    Column("card_url", "text", "the address of its link preview", _card("url")),
    Column("poll_options", "texts", "the options of its poll", _poll_texts),
    Column("poll_votes", "numbers", "the votes for each option", _poll_votes),
    Column("likes", "number", "how many like it", _of_post("counts.likes")),
    Column("reposts", "number", "how many repeat it", _of_post("counts.reposts")),
    Column("replies", "number", "how many answer it", _of_post("counts.replies")),
    Column("quotes", "number", "how many quote it", _of_post("counts.quotes")),
    Column("url", "text", "its address on the network", _of_post("url")),
    Column("visibility", "text", "public, unlisted, followers, direct, unknown", _visibility),
    Column("vanished", "flag", "whether its source no longer has it", _of_post("vanished")),
    Column("topics", "texts", "topics that it is about, by its words", attrgetter("topics")),
)

# What an anonymous export never has; its times are days.
_NOT_ANONYMOUS = frozenset(("author_id", "author_name", "media_paths", "url", "vanished"))
ANONYMOUS_COLUMNS = tuple(
    column._replace(type="day") if column.type == "time" else column
    for column in POST_COLUMNS
    if column.name not in _NOT_ANONYMOUS
)

# Where a line of JSON has what a column has, if not under the same name; None: it has it not.
JSON_PATHS: dict[str, str | None] = {
    "kind": None,
    "author_handle": "author.handle",
    "author_id": "author.id",
    "author_name": "author.name",
    "media_kinds": "media.kind",
    "media_paths": "media.path",
    "media_alts": "media.alt",
    "card_title": "card.title",
    "card_description": "card.description",
    "card_url": "card.url",
    "poll_options": "poll.options.text",
    "poll_votes": "poll.options.votes",
    "likes": "counts.likes",
    "reposts": "counts.reposts",
    "replies": "counts.replies",
    "quotes": "counts.quotes",
}
# What a line of JSON has only where it says something.
OPTIONAL_IN_JSON = frozenset(
    ("edited_at", "sensitive", "poll_options", "poll_votes", "visibility", "vanished")
)
