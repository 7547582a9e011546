"""The pictures, films and sounds of a note."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.formats.media_kinds import kind_of
from sitegen.model import Media
from sitegen.sources.mastodon.activitypub.account import Account
from sitegen.sources.mastodon.activitypub.ids import is_web
from sitegen.sources.mastodon.activitypub.properties import Properties


def media_of(note: Properties, account: Account) -> tuple[Media, ...]:
    """Return the attachments of a note in order, and a film's or article's own file."""
    attached = [a for a in note.records("attachment") if a.kind != "Link"]
    media = [_attachment(a, account) for a in (*attached, *note.records("image"))]
    return (*filter(None, media), *_films(note))


def _attachment(attachment: Properties, account: Account) -> Media | None:
    url = attachment.address("url") or attachment.address("href")
    if not url and not attachment.text("name"):
        account.oddities["attachments without an address"] += 1
        return None
    path = account.files.find_attachment(url) if url else None
    if path is None and account.files.exist:
        account.oddities["attachments whose files are not in the export"] += 1
    return Media(
        kind_of(url or "", attachment.text("mediaType") or attachment.kind),
        path,
        attachment.text("name") or None,
        url,
    )


def _films(note: Properties) -> Iterator[Media]:
    """Return the largest file of a film or sound whose addresses are files (PeerTube)."""
    files = [t for t in note.records("url") if _is_playable(t)]
    if files:
        best = max(files, key=lambda f: f.count("height") or 0)
        url = best.address("href")
        if url and is_web(url):
            yield Media(kind_of(url, best.text("mediaType")), origin=url)


def _is_playable(link: Properties) -> bool:
    return (link.text("mediaType")).startswith(("video/", "audio/"))
