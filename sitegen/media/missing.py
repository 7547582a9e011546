"""What the media of an archive lack: files that the source had not, and words for pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from msgspec import Struct

from sitegen.content import content_folder
from sitegen.content.content_folder import THREADS
from sitegen.content.format import thread_file
from sitegen.content.format.thread_file import ThreadFile
from sitegen.model import Media, MediaKind, Post

PLAIN_ID = re.compile(r"[\w.@-]{1,120}")
SIZE = re.compile(r"(?::(?:large|orig|small|medium|thumb)|@(?:jpeg|png|webp))$", re.IGNORECASE)
SHOWN = ("image", "video")


class MissingMedia(Struct, frozen=True):
    """A picture, film or sound that a post of the archive shows and whose file is not there.

    `drop` is the name of a file that would mend it; `place_name` always would, and no other.
    `number` counts the post's media from 1, `origin` is how the source named the file.
    """

    file: Path
    line: int
    network: str
    post: str
    number: int
    kind: MediaKind
    origin: str | None
    alt: str | None
    drop: str
    place_name: str


class WithoutAlt(Struct, frozen=True):
    """A picture or film without words for those who cannot see it; `shown` names its file."""

    file: Path
    line: int
    network: str
    post: str
    number: int
    shown: str | None


class Survey(Struct, frozen=True):
    """All that the media of an archive lack, in the order of its files.

    `paths` are those that are there, `origins` what sources call all of them.
    """

    missing: tuple[MissingMedia, ...]
    without_alt: tuple[WithoutAlt, ...]
    paths: frozenset[str]
    origins: frozenset[str]


def survey_media(folder: Path) -> Survey:
    """Look through the threads of a content folder. Raises ContentError."""
    missing: list[MissingMedia] = []
    without_alt: list[WithoutAlt] = []
    paths: set[str] = set()
    origins: set[str] = set()
    for file, post, is_shown in _posts(folder):
        for number, media in enumerate(post.media, 1):
            origins.add(media.origin or media.path or "")
            if media.path and (folder / media.path).is_file():
                paths.add(media.path)
            else:
                missing.append(_missing(file, post, number, media))
            if is_shown and media.kind in SHOWN and not (media.alt or "").strip():
                without_alt.append(_without_alt(file, post, number, media))
    return Survey(tuple(missing), tuple(without_alt), frozenset(paths), frozenset(origins))


def missing(folder: Path) -> tuple[MissingMedia, ...]:
    """Return the media whose files are not there. Raises ContentError."""
    return survey_media(folder).missing


def without_alt(folder: Path) -> tuple[WithoutAlt, ...]:
    """Return the pictures and films of shown posts that have no alt text. Raises ContentError."""
    return survey_media(folder).without_alt


def last_part(origin: str) -> str:
    """Return the file name in what a source calls a file: a path, a name or an address."""
    name = origin.split("?")[0]
    if "://" in name:
        name = unquote(name.split("#")[0])
    parts = [part for part in re.split(r"[/\\]", name) if part]
    return SIZE.sub("", parts[-1]) if parts else ""


def _posts(folder: Path) -> Iterator[tuple[ThreadFile, Post, bool]]:
    """Yield the posts with media; a file without the word is not worth parsing."""
    for path in content_folder.markdown_files(folder / THREADS):
        text = content_folder.read_text(path)
        if "media" not in text:
            continue
        file = thread_file.read(path, text)
        is_whole = not file.is_held_back
        for stored in thread_file.stored_posts(file):
            if stored.post.media:
                yield file, stored.post, is_whole and not stored.hidden


def _missing(file: ThreadFile, post: Post, number: int, media: Media) -> MissingMedia:
    origin = media.origin or media.path
    place = f"{_file_name(post.network, post.id)}-{number}"
    return MissingMedia(
        Path(file.path), file.line_of_post(post.id), post.network, post.id, number, media.kind,
        origin, media.alt, (last_part(origin) if origin else "") or place, place,
    )  # fmt: skip


def _without_alt(file: ThreadFile, post: Post, number: int, media: Media) -> WithoutAlt:
    line, shown = file.line_of_post(post.id), media.path or media.origin
    return WithoutAlt(Path(file.path), line, post.network, post.id, number, shown)


def _file_name(network: str, identity: str) -> str:
    """Return an id as a file can be called, or a few characters that stand for it."""
    if PLAIN_ID.fullmatch(identity):
        return identity
    from sitegen.content.changeset.new_files import short_digest

    return f"post-{short_digest(network, identity)}"
