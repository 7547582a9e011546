"""The files of an X archive: where they are, what they hold, and how many records.

Each is JavaScript, `window.YTD.<kind>.part<N> = [...]`; some are kept without the assignment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from sitegen.errors import SourceError
from sitegen.importers import Members

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
HEAD = 4096
MOST_COUNTED = 1_000_000
TWEETS, COMMUNITY, NOTES = "tweets", "community tweets", "note tweets"
DELETED, CIRCLE, ARTICLES = "deleted tweets", "circle tweets", "articles"
PRIVATE = "private"
_KINDS = {
    "tweet": TWEETS,
    "community_tweet": COMMUNITY,
    "note_tweet": NOTES,
    "deleted_tweet": DELETED,
    "deleted_note_tweet": DELETED,
    "twitter_circle_tweet": CIRCLE,
    "circle_tweet": CIRCLE,
    "article": ARTICLES,
}
_IS_PRIVATE = re.compile(r"direct_message|^dm_|grok_chat|encrypted")
_ASSIGNMENT = re.compile(rb"\s*(?:window\.)?([A-Za-z_]\w*(?:\.\w+)*)\s*=\s*(?=[\[{])")
_TWEET = re.compile(
    rb'\s*\[\s*(?:\]\s*;?\s*\Z|\{\s*"(?:tweet"\s*:|\w+"\s*:[\s\S]*"(?:full_text|id_str)"))'
)
_NAME = re.compile(r"(?:.*/)?([\w-]+?)(?:-part(\d+))?\.(?:js|json)", re.IGNORECASE)
_STRING_OR_COMMA = re.compile(rb'"(?:[^"\\]|\\.)*"|,(?=\s*[\]}])', re.DOTALL)
_SPACE = re.compile(r"[\s,]*")


class File(Struct, frozen=True):
    """A file of the archive: its name, what it holds and which part of that."""

    name: str
    kind: str
    part: int


class Manifest(Struct, frozen=True):
    """What manifest.js says: whose archive it is, if it is whole, and each file's records."""

    account_id: str | None = None
    username: str | None = None
    display_name: str | None = None
    is_partial: bool = False
    counts: dict[str, int] = {}


class Content(Struct, frozen=True):
    """The records of a file, each as JSON; `damaged` says where it is cut off or broken."""

    records: tuple[bytes | msgspec.Raw, ...]
    damaged: str | None = None


def folders_of(members: Members) -> tuple[str, ...]:
    """Return the folders with an archive's data, by its tweets or its manifest.

    Raises SourceError where these cannot be read.
    """
    found: dict[str, set[str]] = {}
    for name in members.names():
        match = _NAME.fullmatch(name)
        if match and (_kind(match[1]) == TWEETS or _plain(match[1]) == "manifest"):
            found.setdefault(name.rpartition("/")[0], set()).add(name)
    return tuple(
        f for f, names in sorted(found.items()) if any(_is_ours(members, n) for n in names)
    )


def files_of(members: Members, folder: str) -> tuple[File, ...]:
    """Return the archive's files but the manifest, those of one kind in the order of parts."""
    found = []
    for name in members.names():
        match = _NAME.fullmatch(name)
        if match and name.rpartition("/")[0] == folder and _plain(match[1]) != "manifest":
            found.append(File(name, _kind(match[1]), int(match[2] or 0)))
    return tuple(sorted(found, key=lambda file: (file.kind, file.part, file.name)))


def content_of(members: Members, file: File) -> Content:
    """Read a file's records. Raises SourceError where its bytes cannot be had."""
    body = _body(members.read(file.name))
    try:
        return Content(tuple(msgspec.json.decode(body, type=list[msgspec.Raw])))
    except (msgspec.DecodeError, UnicodeDecodeError):
        mended = _without_last_commas(body)
    try:
        return Content(tuple(msgspec.json.decode(mended, type=list[msgspec.Raw])))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _as_far_as_it_goes(mended)


def manifest_of(members: Members, folder: str) -> Manifest:
    """Read manifest.js; what it does not say, or says wrongly, is empty."""
    name = f"{folder}/manifest.js" if folder else "manifest.js"
    if name not in members.find("manifest.js"):
        return Manifest()
    try:
        said = msgspec.json.decode(_body(members.read(name)))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, SourceError):
        return Manifest()
    user, archive = _object(said, "userInfo"), _object(said, "archiveInfo")
    return Manifest(
        account_id=_text(user, "accountId"),
        username=_text(user, "userName"),
        display_name=_text(user, "displayName"),
        is_partial=archive.get("isPartialArchive") in (True, "true"),
        counts=dict(_counts(said, folder)),
    )


def counted(members: Members, file: File, manifest: Manifest) -> int | None:
    """Return how many records a file that is not read has, as the manifest says; None unknown."""
    count = manifest.counts.get(file.name)
    is_possible = count is not None and count * 2 <= members.size(file.name) <= 1 << 40
    return count if is_possible and (count or 0) <= MOST_COUNTED else None


def _counts(said: Any, folder: str) -> Iterator[tuple[str, int]]:
    """Go through the files that a manifest lists, by their names among the members."""
    above = folder.removesuffix("data").removesuffix("/")
    for kind in _object(said, "dataTypes").values():
        files = kind.get("files") if isinstance(kind, dict) else None
        for file in files if isinstance(files, list) else []:
            name, count = _text(file, "fileName"), _text(file, "count")
            if name and count and re.fullmatch(r"[0-9]{1,12}", count):
                yield (f"{above}/{name}" if above else name), int(count)


def kind_of(name: str) -> str | None:
    """Return what a file of the archive holds, by its name; None for what is no such file."""
    match = _NAME.fullmatch(name)
    return _kind(match[1]) if match else None


def _object(value: Any, key: str) -> dict[str, Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _text(value: Any, key: str) -> str | None:
    found = value.get(key) if isinstance(value, dict) else None
    return str(found) if isinstance(found, str | int) and str(found) else None


def _plain(name: str) -> str:
    return name.lower().replace("-", "_")


def _kind(name: str) -> str:
    plain = _plain(name)
    if _IS_PRIVATE.search(plain):
        return PRIVATE
    return _KINDS.get(plain.removesuffix("s"), plain.replace("_", " "))


def _is_ours(members: Members, name: str) -> bool:
    """Tell by its first bytes whether a file is of an X archive. Raises SourceError."""
    with members.open(name) as file:
        head = file.read(HEAD).removeprefix(BYTE_ORDER_MARK)
    assigned = _ASSIGNMENT.match(head)
    if assigned:
        return assigned[1].startswith(b"YTD.") or assigned[1] == b"__THAR_CONFIG"
    return _TWEET.match(head) is not None


def _body(data: bytes) -> memoryview:
    """Return the JSON of a file, without a copy of it: it may be large."""
    start = len(BYTE_ORDER_MARK) if data.startswith(BYTE_ORDER_MARK) else 0
    assigned = _ASSIGNMENT.match(data, start, start + HEAD)
    end = len(data)
    while end and data[end - 1] in b" \t\r\n;":
        end -= 1
    return memoryview(data)[assigned.end() if assigned else start : end]


def _without_last_commas(body: memoryview) -> bytes:
    """Leave out commas after which nothing comes."""
    return _STRING_OR_COMMA.sub(lambda m: b"" if m[0] == b"," else m[0], body)


def _as_far_as_it_goes(body: bytes) -> Content:
    """Read the records up to where a file is cut off or broken."""
    text = body.decode("utf-8", "surrogateescape")
    read = json.JSONDecoder().raw_decode
    found: list[bytes] = []
    place = _SPACE.match(text, 1).end() if text.startswith("[") else len(text)  # type: ignore[union-attr]
    while place < len(text) and text[place] != "]":
        try:
            _, end = read(text, place)
        except (ValueError, RecursionError):
            return Content(tuple(found), f"what comes after record {len(found)}")
        found.append(text[place:end].encode("utf-8", "surrogateescape"))
        place = _SPACE.match(text, end).end()  # type: ignore[union-attr]
    is_whole = place < len(text) and not text[place + 1 :].strip()
    return Content(tuple(found), None if is_whole else f"what comes after record {len(found)}")
