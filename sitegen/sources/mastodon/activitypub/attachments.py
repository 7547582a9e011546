"""The pictures, films and sounds of a note."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.model import Media, MediaKind
from sitegen.sources.mastodon.activitypub.account import Account
from sitegen.sources.mastodon.activitypub.ids import is_web
from sitegen.sources.mastodon.activitypub.properties import Properties

_KINDS: dict[str, MediaKind] = {"image": "image", "video": "video", "audio": "audio"}
_ENDINGS: dict[str, MediaKind] = {
    **dict.fromkeys(("jpg", "jpeg", "png", "gif", "webp", "avif", "heic", "jxl", "svg"), "image"),
    **dict.fromkeys(("mp4", "m4v", "webm", "mov"), "video"),
    **dict.fromkeys(("mp3", "ogg", "oga", "opus", "flac", "wav", "m4a", "aac"), "audio"),
}  # fmt: skip


def media_of(note: Properties, account: Account) -> tuple[Media, ...]:
    """Return the attachments of a note in order, and a film's or article's own file."""
    attached = [a for a in note.records("attachment") if a.kind != "Link"]
    found = [_attachment(a, account) for a in (*attached, *note.records("image"))]
    return (*filter(None, found), *_films(note))


def _attachment(attachment: Properties, account: Account) -> Media | None:
    url = attachment.address("url") or attachment.address("href")
    if not url and not attachment.text("name"):
        account.oddities["attachments without an address"] += 1
        return None
    path = account.files.attached(url) if url else None
    if path is None and account.files.are_there:
        account.oddities["attachments whose files are not in the export"] += 1
    return Media(_kind(attachment, url or ""), path, attachment.text("name") or None, url)


def _kind(attachment: Properties, url: str) -> MediaKind:
    kind = (attachment.text("mediaType") or attachment.kind).partition("/")[0].lower()
    ending = url.partition("?")[0].rpartition(".")[2].lower()
    return _KINDS.get(kind) or _ENDINGS.get(ending, "file")


def _films(note: Properties) -> Iterator[Media]:
    """Return the largest file of a film or sound whose addresses are files (PeerTube)."""
    files = [t for t in note.records("url") if _is_playable(t)]
    if files:
        best = max(files, key=lambda f: f.count("height") or 0)
        url = best.address("href")
        if url and is_web(url):
            yield Media(_kind(best, url), origin=url)


def _is_playable(link: Properties) -> bool:
    return (link.text("mediaType")).startswith(("video/", "audio/"))
