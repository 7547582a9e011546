"""The layout of an export: the folder where it begins, and the kind of each file.

Exports are often wrapped in other folders, several in one download, or taken apart; only folders
Instagram itself makes are recognised by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

Kind = Literal["profile", "posts", "messages", "other", "unsure"]

# Top-level folders that only an export has.
_TOPS = frozenset((
    "your_instagram_activity", "personal_information", "account_information", "account_history",
    "ads_information", "ads_and_businesses", "apps_and_websites", "connections", "preferences",
    "apps_and_websites_off_of_instagram", "followers_and_following", "information_about_you",
    "logged_information", "login_and_account_creation", "profile_information",
    "security_and_login_information", "story_sticker_interactions", "your_topics",
))  # fmt: skip
# Folders of posts and media: too common as names to identify an export by themselves.
_INNER = frozenset(("content", "media", "threads", "reels", "posts", "profile"))
_ACCOUNT = frozenset(("personal_information", "account_information", "profile_information"))
_MESSAGES = frozenset((
    "messages", "inbox", "direct", "message_requests", "broadcast", "chats", "archived_threads",
    "filtered_threads", "e2ee_cutover",
))  # fmt: skip
_NUMBER = r"(?:[ _-]?\(?\d+\)?)?\.json"
_MESSAGE_FILE = re.compile(rf"(?:messages?|direct|inbox|chats?|secret_conversations){_NUMBER}")
_PROFILE_FILE = re.compile(r".*(?:personal_information|profile)\.json")
_POSTS_FILE = re.compile(
    r"(?:(?:archived_)?posts|reels|igtv(?:_videos)?|media|stories|threads|threads_and_replies"
    rf"|profile_photos|other_content|recently_deleted_content|drafts){_NUMBER}"
)
# instagram-NAME-2026-01-31-AbCdEf, the name that Instagram gives its exports.
OFFICIAL = re.compile(
    r"(?:instagram|threads)-(?P<account>[\w.]{1,30})-(?P<date>\d{4}-\d\d-\d\d)(?:-\w+)?", re.I
)
MAX_NAME = 1024  # characters; no export has longer names, and matching must be fast
_MEDIA_FOLDER = r"(?:.*/)?media/(?:posts|reels|stories|other|profile|igtv|archived_posts)/"
_IN_MEDIA = re.compile(f"{_MEDIA_FOLDER}.+")
_MEDIA_FILE = re.compile(rf"{_MEDIA_FOLDER}(?:.*/)?(?:\d{{6}}/[^/]+|[^/]*_\d{{12,}}[^/]*)")


class Document(Struct, frozen=True):
    """A JSON file of an export: its name in the source, and its kind."""

    name: str
    kind: Kind


def kind_of_document(name: str) -> Kind:
    """Return the kind of a JSON file; "unsure" if only a look inside can decide."""
    *folders, last = name.casefold().split("/")
    if _MESSAGES & set(folders) or _MESSAGE_FILE.fullmatch(last):
        return "messages"
    if _PROFILE_FILE.fullmatch(last):
        return "profile"
    if _POSTS_FILE.fullmatch(last) or (folders and folders[-1] in ("content", "media", "threads")):
        return "posts"
    return "other" if _TOPS & set(folders) else "unsure"


def is_about_account(name: str) -> bool:
    """Return whether a file is below a folder of profiles, whatever its name is."""
    return not _ACCOUNT.isdisjoint(name.casefold().split("/")[:-1])


def is_of_media(name: str) -> bool:
    """Return whether a file is named as only an export's media are: `media/posts/202601/...`."""
    return len(name) < MAX_NAME and _MEDIA_FILE.fullmatch(name) is not None


def is_in_media(name: str) -> bool:
    """Return whether a file is in an export's media folder."""
    return len(name) < MAX_NAME and _IN_MEDIA.fullmatch(name) is not None


def is_inner_folder(folder: str) -> bool:
    """Return whether a folder's name is one inside an export."""
    return folder.casefold() in _INNER | _TOPS


def is_below_other_folder(name: str) -> bool:
    """Return whether a file is below a folder that an export has for other things than posts."""
    return any(_is_top(part) or part.casefold() == "inbox" for part in name.split("/")[:-1])


def by_root(documents: Sequence[Document], names: Iterable[str]) -> dict[str, list[Document]]:
    """Group the JSON files of a source by the root folder of their export.

    Posts, profiles and media show where exports begin; other files, which are only
    counted, belong to the first.
    """
    marked = {root for each in documents if (root := _marked_root(each.name)) is not None}
    homes = {_folder(each.name) for each in documents if each.kind == "profile"}
    telling = [each for each in documents if each.kind in ("posts", "profile")]
    grouped: dict[str, list[Document]] = {}
    for each in telling:
        grouped.setdefault(_root(each.name, marked, homes), []).append(each)
    for root in sorted({n.rpartition("media/")[0].rstrip("/") for n in names if is_in_media(n)}):
        grouped.setdefault(root, [])
    rest = [each for each in documents if each.kind not in ("posts", "profile")]
    grouped.setdefault(min(grouped, default=""), []).extend(rest)
    return grouped


def _marked_root(name: str) -> str | None:
    """Return the folder above the last run of folders that only an export has."""
    folders = name.split("/")[:-1]
    at = next((n for n in range(len(folders), 0, -1) if _is_top(folders[n - 1])), 0)
    if not at:
        return None
    while at > 1 and _is_top(folders[at - 2]):
        at -= 1
    return "/".join(folders[: at - 1])


def _is_top(folder: str) -> bool:
    return folder.casefold() in _TOPS


def _folder(name: str) -> str:
    """Return the folder of a file, without the folders of posts and media at its end."""
    folders = name.split("/")[:-1]
    while folders and folders[-1].casefold() in _INNER:
        folders.pop()
    return "/".join(folders)


def _root(name: str, marked: Iterable[str], homes: Iterable[str]) -> str:
    """Return the root folder of a file's export; files in odd places have one above."""
    root = _marked_root(name)
    if root is not None:
        return root
    folder = _folder(name)
    is_laid_out = folder != name.rpartition("/")[0] or OFFICIAL.match(folder.rpartition("/")[2])
    if is_laid_out or folder in homes:
        return folder
    above = [top for top in marked if not top or f"{folder}/".startswith(f"{top}/")]
    return max(above, key=len, default=folder)
