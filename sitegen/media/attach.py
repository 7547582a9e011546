"""Attach a source's media files to its posts and profiles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from sitegen.media.sniffing import Kind, shown_kind
from sitegen.media.store import FOLDER, RejectedFile, StoredFile
from sitegen.model import Media, MediaKind, Post, Profile, Thread
from sitegen.sources import Attachment, Imported

StoreFile = Callable[[Attachment], StoredFile | RejectedFile]


class AttachedImport(Struct, frozen=True):
    """An import with its media stored in content/, each file once, in order of appearance."""

    imported: Imported
    stored: tuple[StoredFile, ...] = ()
    missing: tuple[RejectedFile, ...] = ()


def attach(imported: Imported, store_file: StoreFile) -> AttachedImport:
    """Store the files that posts and profiles show, with `add` or `preview_add` of a store.

    Media without a file in the source, or with one that cannot be shown, lose their path and keep
    their origin. A path within media/ is kept if the source has no such file. Raises OSError if a
    file cannot be written.
    """
    if not imported.attachments:
        return AttachedImport(imported)
    attacher = _Attacher(imported.attachments, store_file)
    threads = tuple([attacher.attach_thread(thread) for thread in imported.threads])
    profiles = tuple([attacher.attach_profile(profile) for profile in imported.profiles])
    return AttachedImport(
        replace(imported, threads=threads, profiles=profiles),
        _stored_files(attacher.results.values()),
        tuple([f for f in attacher.results.values() if isinstance(f, RejectedFile)]),
    )


def kind_of_stored(declared: MediaKind, file: StoredFile) -> MediaKind:
    """Return the kind to show a stored file as, given what its source declares."""
    return shown_kind(declared, Kind(file.kind, file.path.rpartition(".")[2]))


class _Attacher:
    """Attaches the media of one import."""

    def __init__(self, attachments: Mapping[str, Attachment], store_file: StoreFile) -> None:
        self.attachments = attachments
        self.store_file = store_file
        self.results: dict[str, StoredFile | RejectedFile] = {}

    def attach_thread(self, thread: Thread) -> Thread:
        for post in thread.posts:
            if post.media or (post.card and post.card.picture):
                return replace(thread, posts=tuple([self.attach_post(p) for p in thread.posts]))
        return thread

    def attach_post(self, post: Post) -> Post:
        media = tuple([self.attach_media(medium) for medium in post.media])
        card = post.card
        if card and card.picture:
            card = replace(card, picture=self._attach_picture(card.picture))
        return replace(post, media=media, card=card)

    def attach_media(self, media: Media) -> Media:
        if media.path is None or self._is_in_content(media.path):
            return media
        file = self._store(media.path)
        if isinstance(file, StoredFile):
            return replace(media, path=file.path, kind=kind_of_stored(media.kind, file))
        return replace(media, path=None, origin=media.origin or media.path)

    def attach_profile(self, profile: Profile) -> Profile:
        if profile.avatar is None and profile.banner is None:
            return profile
        avatar, banner = self._attach_picture(profile.avatar), self._attach_picture(profile.banner)
        return replace(profile, avatar=avatar, banner=banner)

    def _attach_picture(self, key: str | None) -> str | None:
        if key is None or self._is_in_content(key):
            return key
        file = self._store(key)
        return file.path if isinstance(file, StoredFile) and file.kind == "image" else None

    def _store(self, key: str) -> StoredFile | RejectedFile | None:
        """Store a file when it is first needed; None if the source does not have it."""
        if key not in self.results and key in self.attachments:
            self.results[key] = self.store_file(self.attachments[key])
        return self.results.get(key)

    def _is_in_content(self, path: str) -> bool:
        """Return whether a path is already in content/, as in exported lines."""
        return path not in self.attachments and path.startswith(f"{FOLDER}/")


def _stored_files(results: Iterable[StoredFile | RejectedFile]) -> tuple[StoredFile, ...]:
    stored: dict[str, StoredFile] = {}
    for file in results:
        if isinstance(file, StoredFile):
            stored.setdefault(file.path, file)
    return tuple(stored.values())
