"""Classify the lists in an export's files: which contain posts, and why others do not.

A story is public for a day and then visible only to its author; what its author archived,
deleted or never published is no more public than that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sitegen.model import Json
from sitegen.sources import Reason
from sitegen.sources.meta.exports import media_json
from sitegen.sources.meta.exports.layout import Kind

THREADS, INSTAGRAM = "threads", "instagram"


class Section(Struct, frozen=True):
    """A kind of list: the network and kind of its posts, or why its records are excluded.

    `key` identifies it in its file, if there are many.
    """

    network: str = INSTAGRAM
    kind: str | None = None
    reason: Reason | None = None
    detail: str = ""
    key: str = ""


_STORY = Section(reason="not public", detail="a story, which its network shows for a day")
_ARCHIVED = Section(reason="not public", detail="archived by its author")
_DELETED = Section(reason="deleted by its author")
_DRAFT = Section(reason="draft")
_FOR_FEW = Section(reason="not public", detail="for a circle of its own")
_BY_KEY = {
    "text_post_app_text_posts": Section(THREADS),
    "text_post_app_media_likes": Section(reason="not a post", detail="like"),
    "ig_reels_media": Section(kind="reel"),
    "ig_igtv_media": Section(kind="igtv"),
    "ig_stories": _STORY,
    "ig_archived_post_media": _ARCHIVED,
    "ig_recently_deleted_media": _DELETED,
    "ig_profile_picture": Section(reason="not a post", detail="profile picture"),
    "ig_other_media": Section(reason="unknown kind", detail="other content"),
    "profile_user": Section(reason="not a post", detail="profile"),
    "text_post_app_text_post_app_profile": Section(reason="not a post", detail="profile"),
}
# A word in a key or a file's name that means "not public".
_BY_WORD = (
    *(
        (word, _DRAFT)
        for word in ("draft", "entwurf", "entwürf", "brouillon", "borrador", "rascunho")
    ),
    *((word, _DELETED) for word in ("deleted", "gelöscht", "supprimé", "eliminad", "usunięt")),
    *(
        (word, _ARCHIVED)
        for word in (
            "archived",
            "archiviert",
            "archivier",
            "archivé",
            "archivad",
            "archiviat",
            "arquivad",
            "gearchiveerd",
            "arkiver",
            "arşiv",
            "archiw",
            "архив",
            "アーカイブ",
            "存档",
            "封存",
            "보관",
        )
    ),
    *(
        (word, _STORY)
        for word in (
            "stories",
            "story",
            "historias",
            "histórias",
            "relacje",
            "ストーリー",
            "스토리",
        )
    ),
    *(
        (word, _FOR_FEW)
        for word in (
            "close friends",
            "closefriends",
            "close friend",
            "private",
            "privat",
            "privé",
            "hidden",
            "restricted",
            "subscriber",
            "exclusive",
            "enge freunde",
            "amis proches",
            "mejores amigos",
            "amigos próximos",
            "melhores amigos",
            "amici più stretti",
        )
    ),
    ("repost", Section(reason="not a post", detail="repost")),
)
_OF_2018 = {
    "stories": _STORY,
    "direct": Section(reason="private message"),
    "profile": Section(reason="not a post", detail="profile picture"),
}


def sections(value: Json, name: str) -> Iterator[tuple[Section, list[Any]]]:
    """Yield the lists of a file: a list by itself, or one under each key.

    Meta writes a list of one as the object itself.
    """
    if isinstance(value, list):
        yield _of_list(value, name), value
    elif isinstance(value, dict) and is_record(value):
        yield _of_list([value], name), [value]
    elif isinstance(value, dict):
        for section, records in _by_keys(value):
            yield section if section.reason else _by_place(name) or section, records


def _by_keys(value: dict[str, Json]) -> Iterator[tuple[Section, list[Any]]]:
    if media_json.is_media(value):
        yield from _of_2018(value)
        return
    for key, inner in value.items():
        section = _BY_KEY.get(key) or _by_word(key) or _other(key)
        yield section, inner if isinstance(inner, list) else [inner]


def is_record(value: Json) -> bool:
    """Return whether an object is a post, rather than a file's lists by their keys."""
    return isinstance(value, dict) and "media" in value and not _BY_KEY.keys() & value.keys()


def section_of_unopened(kind: Kind) -> Section:
    """Return the section of a file that is not opened: messages, or things that are no posts."""
    if kind == "messages":
        return Section(reason="private message", detail="not opened")
    return Section(reason="not a post", detail="not opened")


def _of_list(records: list[Any], name: str) -> Section:
    if section := _by_place(name):
        return section
    if any(is_record(record) for record in records):
        return Section()
    return Section(reason="unknown kind") if records else Section()


def _of_2018(value: dict[str, Json]) -> Iterator[tuple[Section, list[Any]]]:
    yield Section(), media_json.records(value)
    for key, inner in value.items():
        if key not in media_json.POSTS:
            records = inner if isinstance(inner, list) else [inner]
            section = _OF_2018.get(key) or _by_word(key) or _other(key)
            yield replace(section, key=key), records


def _by_place(name: str) -> Section | None:
    """Return the section that the name of a file or its folder indicates."""
    return _by_word("/".join(name.split("/")[-2:]))


def _by_word(name: str) -> Section | None:
    plain = unicodedata.normalize("NFKC", name).casefold()
    shown = f"{plain} {re.sub('[_. -]+', ' ', plain)}"
    return next((section for word, section in _BY_WORD if word in shown), None)


def _other(key: str) -> Section:
    words = key.removeprefix("text_post_app_").removeprefix("ig_").replace("_", " ")
    return Section(reason="not a post", detail=words[:60])
