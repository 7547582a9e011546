"""Which pictures a site has in which sizes: what is known of them stays known, the rest is made.

What a page needs of its pictures is known before it is planned, so that it is in the page's
value: another size is another page.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
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
from sitegen.site.plan import media_names
from sitegen.site.plan.library import Library
from sitegen.site.views.pictures import NONE, Picture, Pictures, Sized


def gathered(
    config: Config, library: Library, last: State, progress: Progress = lambda done, total: None
) -> Pictures:
    """Return the pictures that posts show, in all sizes; those that are new are made now.

    Raises OSError when one, or the cache, cannot be used; OutputError.
    """
    if not config.build.image_sizes:
        return NONE
    folder = resize.folder(config)
    paths, stored = _shown(library), _listed(folder)
    mark = resizer.mark(config.build) if paths else b""
    known = partial(_known, library, last, mark, stored)
    pictures = {path: sized for path in paths if mark and (sized := known(path))}
    new = [path for path in paths if path not in pictures] if mark else []
    for path, sized in resize.made(new, config, mark) if new else ():
        pictures[path] = sized
        progress(len(pictures) + len(new) - len(paths), len(new))
    if mark or not paths:
        _prune(folder, stored, pictures.values())
    return _pictures(config, library, pictures)


def _shown(library: Library) -> list[str]:
    """Return the media that posts show and that are there, in order."""
    if not library.media:
        return []
    named = {path for entry in library.entries for _, path in entry.media_paths}
    return sorted(named & library.media.keys() - library.published.keys())


def _known(
    library: Library, last: State, mark: bytes, stored: Collection[str], path: str
) -> Sized | None:
    """Return what the last build knew of a picture, if it is that one and nothing is lost."""
    known = media_names.known(library, last, path)
    sized = known.sized if known else None
    if sized is None or sized.mark != mark:
        return None
    return sized if all(name in stored for _, name in sized.variants) else None


def _pictures(config: Config, library: Library, found: Mapping[str, Sized]) -> Pictures:
    folder = resize.folder(config)
    shown: dict[str, Picture] = {}
    files: dict[str, Path] = {}
    warnings = []
    names = (*library.media, *(file.path for file in library.published.values()))
    taken = _taken(names) if found else set[str]()
    for path, sized in sorted(found.items()):
        sizes = tuple(_addresses(path, sized, config.build.image_format, taken))
        files |= {address: folder / name for _, address, name in sizes}
        if sized.width:
            named = tuple([(width, address) for width, address, _ in sizes])
            shown[path] = Picture(path, sized.width, sized.height, named)
        if sized.warning:
            warnings.append(f"{library.folder / path}: {sized.warning}")
    return Pictures(shown, files, found, tuple(warnings))


def _taken(media: Iterable[str]) -> set[str]:
    """Return what the names of media take, their folders' too."""
    return {urls.fold(part) for path in media for part in accumulate(path.split("/"), _joined)}


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}"


def _addresses(
    path: str, sized: Sized, form: str, taken: set[str]
) -> Iterator[tuple[int, str, str]]:
    """Go through the smaller versions with their addresses; a name that is taken stays so."""
    for width, name in sized.variants:
        address = urls.smaller(path, width, form)
        if urls.fold(address) not in taken:
            taken.add(urls.fold(address))
            yield width, address, name


def _listed(folder: Path) -> set[str]:
    """Return the names in a folder of the cache; of a link none, for its files are another's."""
    try:
        return {*os.listdir(folder)} if folders.is_real_folder(folder) else set()
    except OSError:
        return set()


def _prune(folder: Path, stored: Collection[str], used: Iterable[Sized]) -> None:
    """Delete what no picture of the site has any more."""
    if stored:
        names = {name for sized in used for _, name in sized.variants}
        for name in set(stored) - names:
            with suppress(OSError):
                (folder / name).unlink()
