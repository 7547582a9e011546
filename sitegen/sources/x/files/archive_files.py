"""Find the files of an X archive, and their kinds.

The variable that a file assigns to counts more than its name. But a file has private messages,
deleted tweets or tweets for a circle if either of the two says so.
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
MAX_OTHERS = 500  # files with unknown names that are opened
TWEETS, COMMUNITY, NOTES = "tweets", "community tweets", "note tweets"
DELETED, CIRCLE, ARTICLES = "deleted tweets", "circle tweets", "articles"
METADATA, PROTECTIONS = "article metadata", "protected history"
ACCOUNT, PROFILE, DETAILS, MANIFEST = "account", "profile", "user details", "manifest"
PRIVATE = "private"
POST_KINDS = (TWEETS, COMMUNITY, ARTICLES)
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
_PATTERNS = (
    (re.compile(r"direct_?message|^dms?(?:_|$)|dm_conversation|grok_?chat|encrypted"), PRIVATE),
    (re.compile(r"delet\w*tweets?(?!s?_header)|tweets?_deleted"), DELETED),
    (re.compile(r"circle\w*tweet|tweets?_circle"), CIRCLE),
    (re.compile(r"\Atweets_[0-9]{4}_[0-9]{2}\Z"), TWEETS),  # of a month, before 2018
)
MONTHLY_FILE = re.compile(r"(?:\A|/)[0-9]{4}_[0-9]{2}\.js(?:on)?\Z")
_FILE = re.compile(
    r"(?:.*/)?([^/]+?)(?:-part([0-9]{1,9}))?(?: ?\([0-9]+\)| copy)?\.(?:js|json)(?:\.txt)?",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(r"(?:window\.)?(?:YTD|Grailbird\.data)\.([\w$]+)")
_IS_TWEET = re.compile(r'[{,]\s*"(?:full_text|id_str)"\s*:|\{\s*"tweet"\s*:\s*\{')
_DATA_FOLDERS = ("js", "data", "data/js")


class File(Struct, frozen=True):
    """A file of an archive: its name, its kind, and its part number."""

    name: str
    kind: str
    part: int


def folders_of(members: Members) -> tuple[str, ...]:
    """Return the folders of archives, by their posts or manifests.

    A `data` or `js` below another folder is a part of it. Raises SourceError if posts cannot be
    read.
    """
    kinds = ((name, _recognise(members, name)) for name in _candidates(members))
    folders = {_folder(name, kind) for name, kind in kinds if kind}
    return tuple(sorted(folder for folder in folders if not folders & set(_above(folder))))


def files_of(members: Members, folder: str) -> tuple[File, ...]:
    """Return an archive's files except the manifest, by kind and part. Raises SourceError."""
    files = []
    inside = {folder, *(f"{folder}/{inner}".lstrip("/") for inner in _DATA_FOLDERS)}
    inside |= {f"{above}/tweets".lstrip("/") for above in tuple(inside)}
    for name in members.names():
        match = _FILE.fullmatch(name)
        if match and name.rpartition("/")[0] in inside:
            kind = _kind_of_file(members, name)
            if kind != MANIFEST:
                files.append(File(name, kind, int(match[2] or 0)))
    return tuple(sorted(files, key=_sort_key))


def _sort_key(file: File) -> tuple[str, bool, int, str]:
    """Return the sort key: kind, then monthly files last, which have fewer fields, then part."""
    return file.kind, MONTHLY_FILE.search(file.name) is not None, file.part, file.name


def kind_of(name: str) -> str | None:
    """Return the kind of an archive's file by its name; None for other files."""
    match = _FILE.fullmatch(name)
    return kind_of_name(match[1]) if match else None


def kind_of_name(name: str) -> str:
    """Return the kind for a name such as `note-tweet` or `YTD.note_tweet.part0`."""
    assigned = _ASSIGNED.match(name)
    plain = _snake_case(assigned[1] if assigned else name)
    for pattern, kind in _PATTERNS:
        if pattern.search(plain):
            return kind
    return _KINDS.get(plain.removesuffix("s"), plain.replace("_", " "))


def kind_of_list(file_kind: str, name: str | None) -> str:
    """Return the kind of a list in a file, by its own name unless the file is not public."""
    if file_kind in _CLOSED or name is None:
        return file_kind
    kind = kind_of_name(name)
    is_known = kind in _CLOSED or kind in _KINDS.values() or _ASSIGNED.match(name) is not None
    return kind if is_known else file_kind


def kind_of_beginning(beginning: Beginning | None, file_kind: str) -> str:
    """Return the kind of a file by its beginning; `file_kind` is that of its name."""
    if beginning is None or file_kind in _CLOSED:
        return file_kind
    kind = kind_of_list(file_kind, beginning.name)
    is_stated = kind != file_kind or file_kind in _KINDS.values() or _is_assigned(beginning)
    return TWEETS if not is_stated and _IS_TWEET.search(beginning.value[:HEAD]) else kind


def _is_assigned(beginning: Beginning) -> bool:
    return _ASSIGNED.match(beginning.name or "") is not None


def _candidates(members: Members) -> Iterator[str]:
    """Yield files that may belong to an archive, those with known names first."""
    named: list[str] = []
    others: list[str] = []
    for name in members.names():
        kind = kind_of(name)
        if kind and kind not in _CLOSED:
            (named if kind in (*POST_KINDS, NOTES, MANIFEST) else others).append(name)
    yield from named
    yield from islice(others, MAX_OTHERS)


def _recognise(members: Members, name: str) -> str | None:
    """Return the kind of a file that only X archives have; None for others. Raises SourceError."""
    beginning = _beginning(members, name)
    return recognise(beginning, kind_of(name) or "") if beginning else None


def recognise(beginning: Beginning, file_kind: str) -> str | None:
    """Return the kind of posts in a file with this beginning; None if it has none."""
    kind = kind_of_beginning(beginning, file_kind)
    if kind == MANIFEST:
        return kind if (beginning.name or "").endswith("__THAR_CONFIG") else None
    if kind not in (*POST_KINDS, NOTES):
        return None
    is_ours = _is_assigned(beginning) or _IS_TWEET.search(beginning.value[:HEAD])
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
    is_of_month = kind == TWEETS and last == "tweets" and MONTHLY_FILE.search(name)
    return above if is_of_month else folder


def _above(folder: str) -> Iterator[str]:
    for inner in _DATA_FOLDERS:
        if folder == inner or folder.endswith(f"/{inner}"):
            yield folder.removesuffix(inner).rstrip("/")


def _snake_case(name: str) -> str:
    """Convert a name with hyphens or capitals to snake_case."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.rpartition(".")[2])
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or name.lower()
