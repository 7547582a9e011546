"""Survey the media of an archive: missing files and alt text, and files that nothing names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, unquote

from msgspec import Struct

from sitegen.content import content_folder
from sitegen.content.content_folder import THREADS
from sitegen.content.format import thread_file
from sitegen.content.format.stored import stored_posts
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.post_media import media_block
from sitegen.media import active_content
from sitegen.media.sniffing import shown_kind
from sitegen.model import Media, MediaKind, Post

SAFE_ID = re.compile(r"[\w.@-]{1,120}")
SIZE_SUFFIX = re.compile(
    r"(?::(?:large|orig|small|medium|thumb)|@(?:jpeg|png|webp))$", re.IGNORECASE
)
PLAIN_NAME = re.compile(r'media/([^\s<>()"\\]+)')
VISUAL_KINDS = ("image", "video")


class MissingMedia(Struct, frozen=True):
    """An image, video or sound of a post whose file is missing.

    `suggested_name` is a file name that would match it; `exact_name` matches only this one.
    `number` counts the post's media from 1, `origin` is the source's name of the file.
    """

    file: Path
    line: int
    network: str
    post: str
    number: int
    kind: MediaKind
    origin: str | None
    alt: str | None
    suggested_name: str
    exact_name: str


class WithoutAlt(Struct, frozen=True):
    """An image or video without a description; `shown` names its file."""

    file: Path
    line: int
    network: str
    post: str
    number: int
    shown: str | None


class Survey(Struct, frozen=True):
    """The media of an archive that lack a file or a description, in the order of its files.

    `paths` are the existing files, `origins` the sources' names of all media.
    """

    missing: tuple[MissingMedia, ...]
    without_alt: tuple[WithoutAlt, ...]
    paths: frozenset[str]
    origins: frozenset[str]


def survey_media(folder: Path) -> Survey:
    """Survey the threads of a content folder. Raises ContentError."""
    missing: list[MissingMedia] = []
    without_alt: list[WithoutAlt] = []
    paths: set[str] = set()
    origins: set[str] = set()
    for file, post, is_shown in _posts_with_media(folder):
        if post.card and post.card.picture and (folder / post.card.picture).is_file():
            paths.add(post.card.picture)
        for number, media in enumerate(post.media, 1):
            origins.add(media.origin or media.path or "")
            if media.path and (folder / media.path).is_file():
                paths.add(media.path)
            else:
                missing.append(_describe_missing(file, post, number, media))
            if is_shown and not (media.alt or "").strip() and _is_visual(folder, media):
                without_alt.append(_describe_without_alt(file, post, number, media))
    return Survey(tuple(missing), tuple(without_alt), frozenset(paths), frozenset(origins))


def unnamed_files(folder: Path, portraits: Iterable[str]) -> tuple[str, ...]:
    """Return the media files, as paths in a content folder, that no Markdown file there names.

    `portraits` are those that the settings name. A build publishes the others all the same, since
    templates may name them. Raises ContentError, OSError.
    """
    media = folder / content_folder.MEDIA
    files = [path for path in media.rglob("*") if path.is_file() and not path.is_symlink()]
    names = {path.relative_to(media).as_posix() for path in files}
    left = {name for name in names if "/." not in f"/{name}"}
    left -= {portrait.removeprefix(f"{content_folder.MEDIA}/") for portrait in portraits}
    for text in _texts_with_media(folder):
        left.difference_update(PLAIN_NAME.findall(text))
    for text in _texts_with_media(folder) if left else ():  # whose names are written in other ways
        left -= {name for name in left if _is_named(name, text)}
    return tuple(sorted([f"{content_folder.MEDIA}/{name}" for name in left]))


def _texts_with_media(folder: Path) -> Iterator[str]:
    for path in content_folder.markdown_files(folder):
        text = content_folder.read_text(path)
        if f"{content_folder.MEDIA}/" in text:
            yield text


def _is_named(name: str, text: str) -> bool:
    """Tell whether a text has the name of a file, as it is, in an address, or in JSON."""
    return name in text or quote(name) in text or json.dumps(name)[1:-1] in text


def origin_file_name(origin: str) -> str:
    """Return the file name in a source's path, name or URL of a file."""
    name = origin.split("?")[0]
    if "://" in name:
        name = unquote(name.split("#")[0])
    parts = [part for part in re.split(r"[/\\]", name) if part]
    return SIZE_SUFFIX.sub("", parts[-1]) if parts else ""


def _posts_with_media(folder: Path) -> Iterator[tuple[ThreadFile, Post, bool]]:
    """Yield the posts with media; files without the word "media" are not parsed."""
    for path in content_folder.markdown_files(folder / THREADS):
        text = content_folder.read_text(path)
        if "media" not in text:
            continue
        file = thread_file.read(path, text)
        is_whole = not file.is_held_back
        for stored in stored_posts(file):
            if stored.post.media or stored.post.card:
                yield file, stored.post, is_whole and not stored.hidden


def _is_visual(folder: Path, media: Media) -> bool:
    """Return whether a build shows a medium as an image or video. Raises OSError."""
    kind = media.kind
    if media.path and (folder / media.path).is_file():
        detected = active_content.inspect(folder / media.path).kind
        kind = shown_kind(kind, detected) if detected else kind
    return kind in VISUAL_KINDS


def _describe_missing(file: ThreadFile, post: Post, number: int, media: Media) -> MissingMedia:
    origin = media.origin or media.path
    exact_name = f"{_id_as_file_name(post.network, post.id)}-{number}"
    return MissingMedia(
        Path(file.path), file.line_of_post(post.id), post.network, post.id, number, media.kind,
        origin, media.alt, (origin_file_name(origin) if origin else "") or exact_name, exact_name,
    )  # fmt: skip


def _describe_without_alt(file: ThreadFile, post: Post, number: int, media: Media) -> WithoutAlt:
    name, shown_name = media_block.name_of(media.path), media.path or media.origin
    line = file.line_of_medium(post.id, name) if name else file.line_of_post(post.id)
    return WithoutAlt(Path(file.path), line, post.network, post.id, number, shown_name)


def _id_as_file_name(network: str, identity: str) -> str:
    """Return an id if it can be a file name, otherwise a short digest of it."""
    if SAFE_ID.fullmatch(identity):
        return identity
    from sitegen.content.changeset.new_files import short_digest

    return f"post-{short_digest(network, identity)}"
