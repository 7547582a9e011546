"""A record of a Threads or Instagram export to a post: times, captions, media, a name for it.

Neither export has ids. A post is named by its minute and a digest of what an author cannot
change: the second and the media's own numbers, or, without media, the second and the text.
Where a picture was taken, and with what, is in the records and is never read.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from sitegen.fields import Record
from sitegen.importers import Attachment
from sitegen.importers.meta.captions import facets
from sitegen.importers.meta.files import Files, kind_of
from sitegen.importers.page.ids import distinct, skeleton
from sitegen.model import Author, Facet, Media, Post, Visibility

_OWN_NUMBER = re.compile(r"(?:^|_)([0-9]{12,})$")
_MILLISECONDS = 100_000_000_000  # as seconds this is the year 5138
UNNAMED_PARENT = "It answers a post that the export does not name."


class Whose(Struct, frozen=True):
    """Whose posts an export holds, on which network, and who might see them."""

    network: str
    author: Author
    visibility: Visibility | None = None


class Read(Struct, frozen=True):
    """A post without a name of its own yet, and the files that it shows."""

    post: Post
    identity: str
    attachments: dict[str, Attachment]


def read_post(record: Record, whose: Whose, files: Files, kind: str | None) -> Read:
    """Read a record: `{media: [{uri, title, creation_timestamp}], title}`. Raises SourceError.

    The caption stands in the record, or in its medium where there is only one; all that differ
    are kept, one below the other.
    """
    media = tuple(record.records("media"))
    second = _second(record, media)
    text = _caption(record, media)
    shown, attachments = _media(media, files)
    stamp = datetime.fromtimestamp(second, UTC).isoformat() if second else None
    found = facets(text)
    post = Post(
        id="",
        network=whose.network,
        text=text,
        created_at=stamp.replace("+00:00", "Z") if stamp else None,
        author=whose.author,
        facets=found,
        links=_values(found, "link"),
        mentions=_values(found, "mention"),
        tags=_values(found, "tag"),
        media=shown,
        visibility=whose.visibility,
        uncertain=(UNNAMED_PARENT,) if _is_reply(media) else (),
        extra=_extra(media, kind),
    )
    return Read(post, _identity(second, text, shown), attachments)


def named(reads: Sequence[Read]) -> list[Post]:
    """Give each post its name, whatever order they come in; return them oldest first."""
    ordered = sorted(reads, key=lambda r: (r.post.created_at or "", r.identity, r.post.text))
    ids = distinct([_id(read) for read in reversed(ordered)])[::-1]
    return [replace(read.post, id=name) for read, name in zip(ordered, ids, strict=True)]


def is_empty(post: Post) -> bool:
    """Tell whether there is nothing of a post to show."""
    return not post.text.strip() and not post.media


def _id(read: Read) -> str:
    minute = re.sub(r"[-:]", "", (read.post.created_at or "")[:16]).lower()
    digest = hashlib.sha256(read.identity.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{minute or 'undated'}-{digest}"


def _identity(second: int | None, text: str, media: Sequence[Media]) -> str:
    names = [_own_number(medium.origin or "") for medium in media]
    return f"{second}\n" + ("\n".join(names) if names else skeleton(text))


def _own_number(uri: str) -> str:
    """Return a medium's number, which ends its file's name in every export; else that name."""
    stem = PurePosixPath(uri.split("?", 1)[0]).stem
    found = _OWN_NUMBER.search(stem)
    return found[1] if found else stem


def _second(record: Record, media: Sequence[Record]) -> int | None:
    """Return when a post was made, in seconds; None where no time is there. Raises SourceError."""
    for part in (record, *media):
        value = part.count("creation_timestamp")
        if value:
            second = value // 1000 if value >= _MILLISECONDS else value
            if second >= _MILLISECONDS:
                raise part.wrong("creation_timestamp", "a time in seconds", value)
            return second
    return None


def _caption(record: Record, media: Sequence[Record]) -> str:
    titles = [part.optional("title") or "" for part in (record, *media)]
    return "\n\n".join(dict.fromkeys(title for title in titles if title.strip()))


def _media(
    media: Sequence[Record], files: Files
) -> tuple[tuple[Media, ...], dict[str, Attachment]]:
    shown: dict[str, Media] = {}
    attachments: dict[str, Attachment] = {}
    for medium in media:
        uri = (medium.optional("uri") or "").strip()
        if not uri or uri in shown:
            continue
        found = files.medium(uri)
        if found:
            attachments[uri] = found
        shown[uri] = Media(kind_of(uri), uri if found else None, origin=uri)
    return tuple(shown.values()), attachments


def _is_reply(media: Sequence[Record]) -> bool:
    apps = [medium.record("text_app_post") for medium in media]
    return any(app.flag("is_reply") for app in apps if app)


def _extra(media: Sequence[Record], kind: str | None) -> tuple[tuple[str, str], ...]:
    """Return what sitegen has no name for; nothing of cameras and places."""
    extra: dict[str, object] = {"kind": kind}
    for medium in media:
        if app := medium.record("text_app_post"):
            extra["is_reply"] = app.flag("is_reply") or None
            control = app.optional("reply_control")
            extra["reply_control"] = control if control != "everyone" else None
        if crossed := medium.record("cross_post_source"):
            extra["cross_post_source"] = crossed.optional("source_app")
    return tuple((k, json.dumps(v, ensure_ascii=False)) for k, v in extra.items() if v)


def _values(found: Sequence[Facet], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f.value for f in found if f.kind == kind))
