"""Convert a record of a Threads or Instagram export to a post: times, captions, media, id.

Neither export has ids. A post's id is its minute and a digest of what an author cannot
change: the second and the media's own numbers, or, without media, the second and the text.
Where a picture was taken, and with what, is in the records and is never read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from sitegen.model import Author, Media, Post
from sitegen.sources import Attachment
from sitegen.sources.derived_ids import number_duplicates, skeleton
from sitegen.sources.meta.exports.export_files import Files, medium
from sitegen.sources.meta.exports.record_fields import ExportFields
from sitegen.sources.meta.posts.captions import facets
from sitegen.sources.meta.posts.label_values import Labelled, read_labels
from sitegen.sources.post_parts import extra, targets

_OWN_NUMBER = re.compile(r"(?:^|_)([0-9]{12,})$")
_MILLISECONDS = 100_000_000_000  # as seconds this is the year 5138
UNNAMED_PARENT = "It answers a post that the export does not name."


class PostOwner(Struct, frozen=True):
    """The owner of an export's posts, and the network."""

    network: str
    author: Author


class ParsedPost(Struct, frozen=True):
    """A post without an id, its files, and its labels."""

    post: Post
    identity: str
    attachments: dict[str, Attachment]
    labels: Labelled = Labelled()
    answers: str | None = None


def read_post(record: ExportFields, owner: PostOwner, files: Files, kind: str | None) -> ParsedPost:
    """Read a record: `{media: [{uri, title, creation_timestamp}], title, label_values}`.

    The caption is in the record or in a label, else in the titles of its media: all different
    ones, one below the other.
    """
    media = tuple(record.records("media"))
    labels = read_labels(record)
    second = _second(record, media)
    text, titles = _caption(record, media, labels)
    shown, attachments = _media(media, files)
    stamp = datetime.fromtimestamp(second, UTC).isoformat() if second else None
    caption_links = facets(text)
    answers = _answers(media)
    mentions = targets(caption_links, "mention")
    is_answer = answers is not None and answers.casefold() != _handle(owner)
    post = Post(
        id="",
        network=owner.network,
        text=text,
        created_at=stamp.replace("+00:00", "Z") if stamp else None,
        author=owner.author,
        facets=caption_links,
        links=targets(caption_links, "link"),
        mentions=_with(mentions, answers) if answers and is_answer else mentions,
        tags=targets(caption_links, "tag"),
        media=shown,
        url=labels.url,
        uncertain=(UNNAMED_PARENT,) if answers or _is_reply(media) else (),
        extra=_extra(media, kind, answers, titles),
    )
    return ParsedPost(post, _identity(second, text, shown), attachments, labels, answers)


def assign_ids(parsed_posts: Sequence[ParsedPost]) -> list[ParsedPost]:
    """Give each post its id, independent of the order; return them oldest first."""
    ordered = sorted(parsed_posts, key=lambda r: (r.post.created_at or "", r.identity, r.post.text))
    ids = number_duplicates([_id(read) for read in reversed(ordered)])[::-1]
    posts = [replace(read.post, id=name) for read, name in zip(ordered, ids, strict=True)]
    return [replace(read, post=post) for read, post in zip(ordered, posts, strict=True)]


def is_empty(post: Post) -> bool:
    """Return whether a post has nothing to show."""
    return not post.text.strip() and not post.media


def _handle(owner: PostOwner) -> str:
    return (owner.author.handle or "").casefold()


def _with(mentions: tuple[str, ...], name: str) -> tuple[str, ...]:
    is_there = name.casefold() in {mention.casefold() for mention in mentions}
    return mentions if is_there else (name, *mentions)


def _id(read: ParsedPost) -> str:
    minute = re.sub(r"[-:]", "", (read.post.created_at or "")[:16]).lower()
    digest = hashlib.sha256(read.identity.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{minute or 'undated'}-{digest}"


def _identity(second: int | None, text: str, media: Sequence[Media]) -> str:
    names = [_media_number(medium.origin or "") for medium in media]
    return f"{second}\n" + ("\n".join(names) if names else skeleton(text))


def _media_number(uri: str) -> str:
    """Return a medium's number, which ends its file's name in every export; else the name."""
    stem = PurePosixPath(uri.split("?", 1)[0]).stem
    match = _OWN_NUMBER.search(stem)
    return match[1] if match else stem


def _second(record: ExportFields, media: Sequence[ExportFields]) -> int | None:
    """Return the time of a post in seconds; None if it has none."""
    for part in (record, *media):
        for key in ("creation_timestamp", "timestamp"):
            value = part.count(key) or 0
            second = value // 1000 if value >= _MILLISECONDS else value
            if second >= _MILLISECONDS:
                part.reject(key, "a time", second)
            elif second:
                return second
    return None


def _caption(
    record: ExportFields, media: Sequence[ExportFields], labels: Labelled
) -> tuple[str, list[str]]:
    """Return a post's caption, and the titles of its media that are not in it."""
    own = record.text("title").strip() and record.text("title")
    titles = [*dict.fromkeys(t for each in media if (t := each.text("title")).strip())]
    if caption := own or labels.caption:
        return caption, [title for title in titles if title not in (caption, labels.caption)]
    return "\n\n".join(titles), []


def _media(
    media: Sequence[ExportFields], files: Files
) -> tuple[tuple[Media, ...], dict[str, Attachment]]:
    shown: dict[str, Media] = {}
    attachments: dict[str, Attachment] = {}
    for each in media:
        uri = each.text("uri").strip()
        if not uri or uri in shown:
            continue
        file = medium(files, uri)
        if file.file:
            attachments[file.file.name] = file.file
        shown[uri] = Media(file.kind, file.file.name if file.file else None, origin=uri)
    return tuple(shown.values()), attachments


def _is_reply(media: Sequence[ExportFields]) -> bool:
    return any(each.record("text_app_post").flag("is_reply") for each in media)


def _answers(media: Sequence[ExportFields]) -> str | None:
    """Return the account that a post of Threads answers."""
    names = (each.record("text_app_post").text("in_reply_to_username") for each in media)
    return next((bare for name in names if (bare := name.strip().lstrip("@"))), None)


def _extra(
    media: Sequence[ExportFields], kind: str | None, answers: str | None, titles: list[str]
) -> tuple[tuple[str, str], ...]:
    """Return fields outside the schema, without cameras and places."""
    fields: dict[str, object] = {"kind": kind, "media_titles": titles}
    for each in media:
        app = each.record("text_app_post")
        if app.values:
            fields["is_reply"] = app.flag("is_reply") or None
            fields["in_reply_to_username"] = answers
            control = app.text("reply_control")
            fields["reply_control"] = control if control != "everyone" else None
        if crossed := each.record("cross_post_source").text("source_app"):
            fields["cross_post_source"] = crossed
    return extra(fields)
