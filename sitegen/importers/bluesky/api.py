"""Answers of Bluesky's API saved as JSON: feeds, threads, posts, records, accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.errors import SourceError
from sitegen.importers import Attachment, Imported, Members, Options, Source

if TYPE_CHECKING:
    from sitegen.importers.bluesky.pages import Pages

FOUND = "answers of Bluesky's API"
# How many files of a folder are looked at before it is taken for something else.
LOOKED_AT = 64
_FIRST = re.compile(
    rb"""\s*(?:\[\s*)?\{\s*"(?:feed|thread|posts|records|profiles|post|uri|cid|did|value|record
    |\$type|cursor|likes|follows|followers|subject|hasOtherReplies)"\s*:""",
    re.VERBOSE,
)
_EMPTY = re.compile(rb'\s*\{\s*"(?:feed|posts|records)"\s*:\s*\[\s*\]')
_ERROR = re.compile(rb'\s*\{\s*"error"\s*:\s*"[A-Za-z]+"\s*,\s*"message"\s*:\s*"')


class BlueskyApi:
    """Reads one answer, or a folder or archive of them, in the order of their names."""

    name = "Bluesky API"
    looks_for = "JSON of getAuthorFeed, getPostThread, getPosts, listRecords or getProfile"

    def detect(self, source: Source) -> str | None:
        """Claim JSON that speaks of records on Bluesky, or a folder with some."""
        if source.members is None:
            is_known = _is_answer(source.head) or _tells_little(source.head)
            return FOUND if is_known else None
        return FOUND if _holds_answers(source.members) else None

    def read(self, source: Source, options: Options) -> Imported:
        """Read all pages; of several views of one post the newest counts. Raises SourceError."""
        from sitegen.importers.bluesky import blobs as bluesky_blobs
        from sitegen.importers.bluesky.findings import Findings
        from sitegen.importers.bluesky.pages import Pages
        from sitegen.importers.bluesky.views import Reader

        findings = Findings()
        pages = Pages(findings.odd)
        for name, data in _files(source):
            _add(pages, name, data, source)
        _check_any(pages, source.path)
        blobs: Mapping[str, Attachment] = (
            bluesky_blobs.within(source.members) if source.members else {}
        )
        Reader(pages, findings, options, blobs).read()
        return findings.imported(FOUND, blobs)


def _files(source: Source) -> Iterator[tuple[str, bytes]]:
    if source.members is not None:
        for name in _named(source.members):
            yield name, source.members.read(name)
        return
    try:
        yield source.path.name, source.path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise SourceError(
            f"cannot be read: {reason}", path=source.path, hint="check the path."
        ) from error


def _add(pages: Pages, name: str, data: bytes, source: Source) -> None:
    """Take a page apart; in a folder other files may be none. Raises SourceError."""
    from sitegen.importers.bluesky.pages import parsed

    if source.members is not None and not (_is_answer(data) or _tells_little(data)):
        pages.odd["files that are no answers of Bluesky's API"] += 1
        return
    try:
        for value in parsed(data):
            pages.add(name, value)
    except ValueError as error:
        path = f"{source.path}/{name}" if source.members is not None else source.path
        raise SourceError(
            f"is no JSON: {getattr(error, 'msg', error)}",
            path=path,
            line=getattr(error, "lineno", None),
            hint="save the page again; is the file cut off?",
        ) from error


def _check_any(pages: Pages, path: Path) -> None:
    """Make sure that a source which only tells of failures is not taken for an empty one."""
    found = (pages.posts, pages.reposts, pages.bare, pages.others, pages.profiles)
    if pages.failed and not any(found):
        raise SourceError(
            f"holds no posts: the server answered {pages.failed[0]}",
            path=path,
            hint="ask for the page again.",
        )
    if pages.failed:
        pages.odd["pages that tell only of a failure"] += len(pages.failed)


def _holds_answers(members: Members) -> bool:
    return any(_is_answer(_head(members, name)) for name in _named(members)[:LOOKED_AT])


def _named(members: Members) -> list[str]:
    return [name for name in members.names() if name.lower().endswith((".json", ".jsonl"))]


def _head(members: Members, name: str) -> bytes:
    with members.open(name) as file:
        return file.read(8192)


def _is_answer(head: bytes) -> bool:
    """Tell whether JSON that begins so speaks of Bluesky's records or accounts."""
    start = head.removeprefix(b"\xef\xbb\xbf")
    if not start.lstrip().startswith((b"{", b"[")):
        return False
    names_app, names_record = b'"app.bsky.' in head, b'"at://' in head
    if names_app and names_record:
        return True
    is_account = b'"did:' in head and b'"handle"' in head
    return _FIRST.match(start) is not None and (names_app or names_record or is_account)


def _tells_little(head: bytes) -> bool:
    """Tell whether a page is one of the last, without posts, or tells of a failure."""
    start = head.removeprefix(b"\xef\xbb\xbf")
    return bool(_EMPTY.match(start) or _ERROR.match(start))
