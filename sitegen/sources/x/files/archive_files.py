"""Find the files of an X archive and their kinds, by content more than by name.

What a file assigns to counts more than its name, except that a file is private, deleted or for
few if either of them says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from sitegen.errors import SourceError
from sitegen.formats.archives import Members
from sitegen.sources.source_files import head_of
from sitegen.sources.x.files.javascript import Beginning, beginning_of

HEAD = 16_384
MAX_OTHERS = 500  # files that are opened although their names say nothing
TWEETS, COMMUNITY, NOTES = "tweets", "community tweets", "note tweets"
DELETED, CIRCLE, ARTICLES = "deleted tweets", "circle tweets", "articles"
METADATA, PROTECTIONS = "article metadata", "protected history"
ACCOUNT, PROFILE, DETAILS, MANIFEST = "account", "profile", "user details", "manifest"
PRIVATE = "private"
OF_POSTS = (TWEETS, COMMUNITY, ARTICLES)
_CLOSED = (PRIVATE, DELETED, CIRCLE)
_KINDS = {
    "tweet": TWEETS,
    "community_tweet": COMMUNITY,
    "note_tweet": NOTES,
    "article": ARTICLES,
    "article_metadata": METADATA,
    "article_metadatum": METADATA,
    "account": ACCOUNT,
    "profile": PROFILE,
    "protected_history": PROTECTIONS,
    "user_detail": DETAILS,
    "manifest": MANIFEST,
    "thar_config": MANIFEST,
}
_IS_PRIVATE = re.compile(r"direct_?message|^dms?(?:_|$)|dm_conversation|grok_?chat|encrypted")
_IS_DELETED = re.compile(r"delet\w*tweets?(?!s?_header)|tweets?_deleted")
_IS_FOR_FEW = re.compile(r"circle\w*tweet|tweets?_circle")
OF_MONTH = re.compile(r"(?:\A|/)[0-9]{4}_[0-9]{2}\.js(?:on)?\Z")
_TWEETS_OF_MONTH = re.compile(r"tweets_[0-9]{4}_[0-9]{2}")
_FILE = re.compile(
    r"(?:.*/)?([^/]+?)(?:-part([0-9]{1,9}))?(?: ?\([0-9]+\)| copy)?\.(?:js|json)(?:\.txt)?",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(r"(?:window\.)?(?:YTD|Grailbird\.data)\.([\w$]+)")
_IS_TWEET = re.compile(r'[{,]\s*"(?:full_text|id_str)"\s*:|\{\s*"tweet"\s*:\s*\{')
_INSIDE = ("js", "data", "data/js")


class File(Struct, frozen=True):
    """A file of the archive: its name, its kind, and the number of its part."""

    name: str
    kind: str
    part: int


def folders_of(members: Members) -> tuple[str, ...]:
    """Return the folders with an archive's data, by its posts or its manifest.

    A `data` or `js` below another one is a part of it. Raises SourceError if these
    cannot be read.
    """
    found = {
        _folder(name, kind) for name in _candidates(members) if (kind := _claimed(members, name))
    }
    return tuple(sorted(f for f in found if not found & set(_above(f))))


def files_of(members: Members, folder: str) -> tuple[File, ...]:
    """Return the archive's files except the manifest, those of one kind in the order of parts.

    Raises SourceError.
    """
    found = []
    inside = {folder, *(f"{folder}/{inner}".lstrip("/") for inner in _INSIDE)}
    inside |= {f"{above}/tweets".lstrip("/") for above in tuple(inside)}
    for name in members.names():
        match = _FILE.fullmatch(name)
        if match and name.rpartition("/")[0] in inside:
            kind = _kind_of_file(members, name)
            if kind != MANIFEST:
                found.append(File(name, kind, int(match[2] or 0)))
    return tuple(sorted(found, key=_place))


def _place(file: File) -> tuple[str, bool, int, str]:
    """Return the sort key: monthly files of an archive before 2018 say less than later files."""
    return file.kind, OF_MONTH.search(file.name) is not None, file.part, file.name


def kind_of(name: str) -> str | None:
    """Return the kind of a file of the archive by its name; None for other files."""
    match = _FILE.fullmatch(name)
    return kind_called(match[1]) if match else None


def kind_called(name: str) -> str:
    """Return the kind for a name such as `note-tweet` or `YTD.note_tweet.part0`."""
    assigned = _ASSIGNED.match(name)
    plain = _plain(assigned[1] if assigned else name)
    if _IS_PRIVATE.search(plain):
        return PRIVATE
    if _IS_DELETED.search(plain):
        return DELETED
    if _IS_FOR_FEW.search(plain):
        return CIRCLE
    if _TWEETS_OF_MONTH.fullmatch(plain):
        return TWEETS
    return _KINDS.get(plain.removesuffix("s"), plain.replace("_", " "))


def kind_between(file_kind: str, name: str | None) -> str:
    """Return the kind of a list in a file: that of its own name, unless the file is more closed."""
    if file_kind in _CLOSED or name is None:
        return file_kind
    kind = kind_called(name)
    is_known = kind in _CLOSED or kind in _KINDS.values() or _ASSIGNED.match(name) is not None
    return kind if is_known else file_kind


def kind_of_beginning(beginning: Beginning | None, file_kind: str) -> str:
    """Return the kind of a file by its beginning; `file_kind` is that of its name."""
    if beginning is None or file_kind in _CLOSED:
        return file_kind
    kind = kind_between(file_kind, beginning.name)
    is_stated = kind != file_kind or file_kind in _KINDS.values() or _ytd(beginning)
    return TWEETS if not is_stated and _IS_TWEET.search(beginning.value[:HEAD]) else kind


def _ytd(beginning: Beginning) -> bool:
    return _ASSIGNED.match(beginning.name or "") is not None


def _candidates(members: Members) -> Iterator[str]:
    """Yield the files that may belong to an archive, those with fitting names first."""
    named: list[str] = []
    others: list[str] = []
    for name in members.names():
        kind = kind_of(name)
        if kind and kind not in _CLOSED:
            (named if kind in (*OF_POSTS, NOTES, MANIFEST) else others).append(name)
    yield from named
    yield from islice(others, MAX_OTHERS)


def _claimed(members: Members, name: str) -> str | None:
    """Return the kind of a file that only an X archive has; None for others. Raises SourceError."""
    beginning = _beginning(members, name)
    return claims(beginning, kind_of(name) or "") if beginning else None


def claims(beginning: Beginning, file_kind: str) -> str | None:
    """Return the kind of posts in a file with this beginning, None if it has none."""
    kind = kind_of_beginning(beginning, file_kind)
    if kind == MANIFEST:
        return kind if (beginning.name or "").endswith("__THAR_CONFIG") else None
    if kind not in (*OF_POSTS, NOTES):
        return None
    is_ours = _ytd(beginning) or _IS_TWEET.search(beginning.value[:HEAD])
    is_empty = file_kind == TWEETS and re.fullmatch(r"\[\s*\]\s*;?\s*", beginning.value)
    return kind if is_ours or is_empty else None


def _kind_of_file(members: Members, name: str) -> str:
    kind = kind_of(name) or ""
    if kind in _CLOSED:
        return kind  # private files are not opened, not even to see their beginning
    return kind_of_beginning(_beginning(members, name), kind)


def _beginning(members: Members, name: str) -> Beginning | None:
    try:
        return beginning_of(head_of(members, name, HEAD))
    except SourceError:
        if kind_of(name) in (TWEETS, COMMUNITY, NOTES):
            raise
        return None  # it may not be the archive's


def _folder(name: str, kind: str) -> str:
    """Return the archive's folder: monthly files are in a subfolder, `tweets`."""
    folder = name.rpartition("/")[0]
    above, _, last = folder.rpartition("/")
    is_of_month = kind == TWEETS and last == "tweets" and OF_MONTH.search(name)
    return above if is_of_month else folder


def _above(folder: str) -> Iterator[str]:
    for inner in _INSIDE:
        if folder == inner or folder.endswith(f"/{inner}"):
            yield folder.removesuffix(inner).rstrip("/")


def _plain(name: str) -> str:
    """Return a name in snake_case, whether it had hyphens or capitals."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.rpartition(".")[2])
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or name.lower()
