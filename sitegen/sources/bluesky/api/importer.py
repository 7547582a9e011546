"""Import saved JSON responses of Bluesky's API: feeds, threads, records, accounts, events."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.errors import SourceError
from sitegen.formats.archives import Members
from sitegen.sources import HEAD_BYTES, Attachment, Imported, Options, Source
from sitegen.sources.source_files import head_of, names_ending, read_file

if TYPE_CHECKING:
    from sitegen.sources.bluesky.api.responses import Pages

DESCRIPTION = "answers of Bluesky's API"
# Files of a folder that are checked before the importer rejects it.
MAX_CHECKED_FILES = 64
_ENDINGS = (".json", ".jsonl", ".ndjson", ".har")
_HINT = (
    "save getAuthorFeed of your account, or listRecords with collection=app.bsky.feed.post; "
    "or download the repository (Settings, Account, Export my data)."
)
_SAVE_AGAIN_HINT = "save the page again; is the file cut off?"
_EMPTY_HINT = "leave it out if it is the page after the last post; else ask for the page again."


class BlueskyApi:
    """Reads one response, or a folder or archive of them, in the order of their names."""

    name = "Bluesky API"
    looks_for = "JSON of getAuthorFeed, getPostThread, getPosts, listRecords, getProfile, Jetstream"

    def detect(self, source: Source) -> str | None:
        """Claim JSON that contains records of Bluesky, however wrapped, or a folder with some."""
        if source.members is not None:
            return DESCRIPTION if _has_responses(source.members) else None
        if _is_response(source.head) or _is_last_or_error(source.head) or _is_capture(source):
            return DESCRIPTION
        return None

    def read(self, source: Source, options: Options) -> Imported:
        """Read all pages; of several views of one post the newest counts. Raises SourceError."""
        from sitegen.sources.bluesky.api.post_views import PageConverter
        from sitegen.sources.bluesky.api.responses import Pages
        from sitegen.sources.bluesky.repository import blobs as bluesky_blobs
        from sitegen.sources.bluesky.results import Results

        findings = Results(options.privacy)
        pages = Pages(findings.oddities, options.account)
        if source.members is None:
            _add(pages, source.path.name, read_file(source.path), source.path)
        else:
            _add_all(pages, source.members, source.path, options)
        _check_any(pages, source.path)
        blobs: Mapping[str, Attachment] = (
            bluesky_blobs.within(source.members) if source.members else {}
        )
        PageConverter(pages, findings, options, blobs).read()
        return findings.build_import(DESCRIPTION, blobs)


def _add_all(pages: Pages, members: Members, path: Path, options: Options) -> None:
    """Add the responses and records among files; count the others. Raises SourceError."""
    from sitegen.sources.bluesky.repository.unpacked import Unpacked

    unpacked = Unpacked(members, path, options.account)
    pages.until = unpacked.until
    for name in names_ending(members, *_ENDINGS):
        if unpacked.is_commit(name):
            continue
        data = members.read(name)
        uri = unpacked.uri(name)
        if uri or _is_response(data) or _is_last_or_error(data) or _is_capture_of(data):
            _add(pages, name, data, Path(f"{path}/{name}"), uri)
        else:
            pages.oddities["files that are no answers of Bluesky's API"] += 1


def _add(pages: Pages, name: str, data: bytes, path: Path, uri: str | None = None) -> None:
    """Add one file. Raises SourceError if it is not JSON."""
    from sitegen.formats import lenient_json
    from sitegen.sources.bluesky.api.snake_case import is_snake_case, to_lexicon_case

    try:
        data = lenient_json.to_utf8(data)
        values = lenient_json.read_documents(data)
        for value in to_lexicon_case(values) if is_snake_case(data) else values:
            pages.add(name, value, uri)
    except SourceError as error:
        raise SourceError(error.message, path=path, hint=error.hint) from error
    except ValueError as error:
        raise lenient_json.not_json(error, path, _SAVE_AGAIN_HINT) from error


def _check_any(pages: Pages, path: Path) -> None:
    """Refuse a source without posts, so that it does not look like an account without posts."""
    if pages.has_posts:
        if pages.failed:
            pages.oddities["pages that only report a failure"] += len(pages.failed)
        return
    if pages.failed:
        raise SourceError(
            f"holds no posts: the server answered {pages.failed[0]}",
            path=path,
            hint="ask for the page again.",
        )
    if pages.oddities["pages without posts"] and not pages.others:
        raise SourceError("holds no posts: its list is empty", path=path, hint=_EMPTY_HINT)
    raise SourceError(f"holds no posts{_describe_others(pages)}", path=path, hint=_HINT)


def _describe_others(pages: Pages) -> str:
    """Describe the contents of a source without posts."""
    from sitegen.sources.bluesky.results import RECORD_KINDS

    listed = [bare.at.collection for bare in pages.bare] + [o.kind or "" for o in pages.others]
    kinds = dict.fromkeys(map(RECORD_KINDS.get, listed))
    known = [kind for kind in kinds if kind]
    if known:
        return f" of an account, only other things: {', '.join(known)}"
    nameless = any(item.kind == "app.bsky.feed.post" for item in pages.others)
    return " that can be named: nothing says whose they are and where" if nameless else ""


def _has_responses(members: Members) -> bool:
    from sitegen.sources.bluesky.repository.unpacked import is_record_file

    names = names_ending(members, *_ENDINGS)[:MAX_CHECKED_FILES]
    return any(
        is_record_file(name) or _is_response(head_of(members, name)) for name in names
    ) or any(_is_capture_of(members.read(name)) for name in names if name.lower().endswith(".har"))


def _is_response(data: bytes) -> bool:
    """Return whether JSON with this beginning contains records or accounts of Bluesky."""
    from sitegen.formats import lenient_json
    from sitegen.sources.bluesky.api import shapes
    from sitegen.sources.bluesky.api.snake_case import is_snake_case, to_lexicon_case

    head = lenient_json.to_utf8(data[:HEAD_BYTES])
    if b"at:" not in head and b"app.bsky" not in head and b"did:" not in head:
        return False
    values = lenient_json.read_head(head)
    return shapes.holds_any(to_lexicon_case(values) if is_snake_case(head) else values)


def _is_capture(source: Source) -> bool:
    """Return whether a file is a browser capture with API responses in it."""
    from sitegen.sources import wrappers

    return wrappers.is_capture(source.head) and _is_capture_of(read_file(source.path))


def _is_capture_of(data: bytes) -> bool:
    from sitegen.sources import wrappers

    return wrappers.is_capture(data[:HEAD_BYTES]) and b"/xrpc/" in data


def _is_last_or_error(data: bytes) -> bool:
    """Return whether a page is a last one without posts, or an error."""
    from sitegen.formats import lenient_json

    values = lenient_json.read_head(data[:HEAD_BYTES])
    page = values[0] if len(values) == 1 else None
    if type(page) is not dict:
        return False
    if any(page.get(key) == [] for key in ("feed", "posts", "records")):
        return True
    return type(page.get("error")) is str and type(page.get("message")) is str
