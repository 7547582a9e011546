"""Attach to posts and profiles the files that their source has for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from sitegen.media.store import FOLDER, RejectedFile, StoredFile
from sitegen.model import Media, MediaKind, Post, Profile, Thread
from sitegen.sources import Attachment, Imported

Take = Callable[[Attachment], StoredFile | RejectedFile]
# Containers of video that may have only sound: then the source knows better.
EITHER = (".mp4", ".mov", ".webm", ".mkv", ".ogg")


class AttachedImport(Struct, frozen=True):
    """An import whose media are stored in content/, each file once, in order of appearance."""

    imported: Imported
    stored: tuple[StoredFile, ...] = ()
    missing: tuple[RejectedFile, ...] = ()


def attach(imported: Imported, take: Take) -> AttachedImport:
    """Store all files that posts and profiles show; `take` is a store's `take` or `measure`.

    Media without a file in the source, or with one that cannot be shown, lose their path and keep
    their origin; a path within media/ stays if the source has no such file. Raises OSError if a
    file cannot be written.
    """
    if not imported.attachments:
        return AttachedImport(imported)
    attacher = _Attacher(imported.attachments, take)
    threads = tuple([attacher.thread(thread) for thread in imported.threads])
    profiles = tuple([attacher.profile(profile) for profile in imported.profiles])
    return AttachedImport(
        replace(imported, threads=threads, profiles=profiles),
        _unique(attacher.found.values()),
        tuple([f for f in attacher.found.values() if isinstance(f, RejectedFile)]),
    )


def shown_kind(declared: MediaKind, file: StoredFile) -> MediaKind:
    """Return the kind of media of a file; its bytes override the source, except for sound."""
    is_sound = declared == "audio" and file.kind == "video" and file.path.endswith(EITHER)
    return declared if is_sound else file.kind


class _Attacher:
    """Attaches the media of one import."""

    def __init__(self, attachments: Mapping[str, Attachment], take: Take) -> None:
        self.attachments = attachments
        self.take = take
        self.found: dict[str, StoredFile | RejectedFile] = {}

    def thread(self, thread: Thread) -> Thread:
        for post in thread.posts:
            if post.media:
                return replace(thread, posts=tuple([self.post(p) for p in thread.posts]))
        return thread

    def post(self, post: Post) -> Post:
        if not post.media:
            return post
        return replace(post, media=tuple([self.media(media) for media in post.media]))

    def media(self, media: Media) -> Media:
        if media.path is None or self._is_there(media.path):
            return media
        file = self.file(media.path)
        if isinstance(file, StoredFile):
            return replace(media, path=file.path, kind=shown_kind(media.kind, file))
        return replace(media, path=None, origin=media.origin or media.path)

    def profile(self, profile: Profile) -> Profile:
        if profile.avatar is None and profile.banner is None:
            return profile
        avatar, banner = self._picture(profile.avatar), self._picture(profile.banner)
        return replace(profile, avatar=avatar, banner=banner)

    def _picture(self, key: str | None) -> str | None:
        if key is None or self._is_there(key):
            return key
        file = self.file(key)
        return file.path if isinstance(file, StoredFile) and file.kind == "image" else None

    def file(self, key: str) -> StoredFile | RejectedFile | None:
        """Store a file when it is first needed; None if the source does not have it."""
        if key not in self.found and key in self.attachments:
            self.found[key] = self.take(self.attachments[key])
        return self.found.get(key)

    def _is_there(self, path: str) -> bool:
        """Return whether a path is already in content/, as in exported lines."""
        return path not in self.attachments and path.startswith(f"{FOLDER}/")


def _unique(found: Iterable[StoredFile | RejectedFile]) -> tuple[StoredFile, ...]:
    stored: dict[str, StoredFile] = {}
    for file in found:
        if isinstance(file, StoredFile):
            stored.setdefault(file.path, file)
    return tuple(stored.values())
