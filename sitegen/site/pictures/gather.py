"""Collect the pictures that posts show, reuse cached sizes and resize new pictures.

This precedes planning, since the sizes are part of a page's value and so of its fingerprint.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import accumulate
from pathlib import Path

from sitegen import folders
from sitegen.config.schema import Config
from sitegen.site import urls
from sitegen.site.cache.build_cache import Progress
from sitegen.site.cache.build_state import State
from sitegen.site.pictures import resize, resizer
from sitegen.site.plan.files import media_names
from sitegen.site.plan.library import Library
from sitegen.site.views.pictures import NO_PICTURES, Picture, Pictures, PictureSizes

MIN_THUMBNAIL_WIDTH = 200  # pixels
MAX_THUMBNAIL_BYTES = 60_000  # of a picture that is its own thumbnail


def gather_pictures(
    config: Config, library: Library, last: State, progress: Progress = lambda done, total: None
) -> Pictures:
    """Return the pictures that posts show in all sizes, after resizing new ones.

    Raises OSError for a picture or cache folder that cannot be used, OutputError.
    """
    pictures = _resized(config, library, last, progress)
    return pictures._replace(thumbnails=dict(_thumbnails(library, pictures.shown)))


def _resized(config: Config, library: Library, last: State, progress: Progress) -> Pictures:
    if not config.build.image_sizes:
        return NO_PICTURES
    folder = resize.folder(config)
    paths, cached_files = _shown_paths(library), _cached_names(folder)
    fingerprint = resizer.fingerprint(config.build) if paths else b""
    cached = partial(_cached, library, last, fingerprint, cached_files)
    pictures = {path: sized for path in paths if fingerprint and (sized := cached(path))}
    new = [path for path in paths if path not in pictures] if fingerprint else []
    for path, sized in resize.resize_pictures(new, config, fingerprint) if new else ():
        pictures[path] = sized
        progress(len(pictures) + len(new) - len(paths), len(new))
    if fingerprint or not paths:
        _prune(folder, cached_files, pictures.values())
    return _pictures(config, library, pictures)


def _shown_paths(library: Library) -> list[str]:
    """Return the sorted paths of existing media that posts show."""
    if not library.media:
        return []
    in_posts = {path for entry in library.entries for _, path in entry.media_paths}
    return sorted(in_posts & library.media.keys() - library.published.keys())


def _thumbnails(library: Library, sized: Mapping[str, Picture]) -> Iterator[tuple[str, str | None]]:
    """Yield the path of each picture that threads show, and the site path of its thumbnail."""
    for path in dict.fromkeys(path for entry in library.entries for path in entry.previews):
        detected = library.kinds.detected.get(path)
        address = library.picture_path(path)
        if address and detected and detected.kind == "image":
            versions = sized[path].sizes if path in sized else ()
            yield path, _thumbnail(versions, address, library.media[path][1])


def _thumbnail(versions: Sequence[tuple[int, str]], address: str, size: int) -> str | None:
    """Return the narrowest version that is wide enough, else the file itself if it is small.

    No listing loads a large file. `size` is that of the file in bytes.
    """
    ordered = [path for width, path in versions if width >= MIN_THUMBNAIL_WIDTH]
    if size <= MAX_THUMBNAIL_BYTES:
        ordered.append(address)
    ordered += [path for _, path in reversed(versions)]
    return next(iter(ordered), None)


def _cached(
    library: Library, last: State, fingerprint: bytes, cached_files: Collection[str], path: str
) -> PictureSizes | None:
    """Return the cached sizes of an unchanged picture whose resized files still exist."""
    cached = media_names.cached_file(library, last, path)
    sized = cached.sized if cached else None
    if sized is None or sized.resizer != fingerprint:
        return None
    return sized if all(name in cached_files for _, name in sized.variants) else None


def _pictures(config: Config, library: Library, pictures: Mapping[str, PictureSizes]) -> Pictures:
    folder = resize.folder(config)
    shown: dict[str, Picture] = {}
    files: dict[str, Path] = {}
    warnings = []
    names = (*library.media, *(file.path for file in library.published.values()))
    taken = _taken(names) if pictures else set[str]()
    for path, sized in sorted(pictures.items()):
        versions = tuple(_addresses(path, sized, config.build.image_format, taken))
        files |= {address: folder / name for _, address, name in versions}
        if sized.width:
            sizes = tuple([(width, address) for width, address, _ in versions])
            shown[path] = Picture(path, sized.width, sized.height, sizes)
        if sized.warning:
            warnings.append(f"{library.folder / path}: {sized.warning}")
    return Pictures(shown, files, pictures, warnings=tuple(warnings))


def _taken(media: Iterable[str]) -> set[str]:
    """Return the case-folded paths that media and their folders occupy."""
    return {urls.fold(part) for path in media for part in accumulate(path.split("/"), _joined)}


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}"


def _addresses(
    path: str, sized: PictureSizes, form: str, taken: set[str]
) -> Iterator[tuple[int, str, str]]:
    """Yield width, site path and cached file of each version, except where a path is taken."""
    for width, name in sized.variants:
        address = urls.picture_variant(path, width, form)
        if urls.fold(address) not in taken:
            taken.add(urls.fold(address))
            yield width, address, name


def _cached_names(folder: Path) -> set[str]:
    """Return the names in a cache folder; none for a link, whose target is not ours."""
    try:
        return {*os.listdir(folder)} if folders.is_real_folder(folder) else set()
    except OSError:
        return set()


def _prune(folder: Path, cached_files: Collection[str], used: Iterable[PictureSizes]) -> None:
    """Delete resized pictures that the site no longer uses."""
    if cached_files:
        names = {name for sized in used for _, name in sized.variants}
        for name in set(cached_files) - names:
            with suppress(OSError):
                (folder / name).unlink()
