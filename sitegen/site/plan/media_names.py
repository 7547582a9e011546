"""Choose the names under which media are published, so that no browser runs them as code.

The result for each file is cached until the file changes.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Raw, Struct, msgpack

from sitegen.media.active_content import SafeName, safe_name
from sitegen.site import urls
from sitegen.site.cache import build_state
from sitegen.site.cache.build_state import State
from sitegen.site.plan.library import Library
from sitegen.site.views.pictures import PictureSizes
from sitegen.site.views.summary import PublishedFile


class MediaFile(Struct, frozen=True, array_like=True):
    """The cached facts about a media file: picture sizes, and a safe name if it needs one."""

    sized: PictureSizes | None = None
    safe_name: SafeName | None = None


_decoder = msgpack.Decoder(MediaFile | None)


def cached_file(library: Library, last: State, path: str) -> MediaFile | None:
    """Return the cached facts of a media file, if it is unchanged."""
    item, signature = last.items.get(path), library.media[path]
    if item is None or last.files.get(path) != signature or not signature[2]:
        return None  # also for a file too young for its signature to be trusted
    file: MediaFile | None = _decoder.decode(item)
    return file


def safe_names(library: Library, last: State) -> dict[str, SafeName | None]:
    """Return the safe name of each media file, None where it keeps its own name.

    Raises OSError for a file that cannot be read.
    """
    names: dict[str, SafeName | None] = {}
    for path in library.media:
        cached = cached_file(library, last, path)
        names[path] = cached.safe_name if cached else safe_name(library.folder / path)
    return names


def published_files(safe_names: Mapping[str, SafeName | None]) -> dict[str, PublishedFile]:
    """Return path, kind and reason of each renamed file; all paths are unique."""
    taken = {urls.fold(path) for path in safe_names}
    files: dict[str, PublishedFile] = {}
    for source, safe in safe_names.items():
        if safe is None:
            continue
        folder, slash, _ = source.rpartition("/")
        path = f"{folder}{slash}{safe.name}"
        if urls.fold(path) in taken:
            path = urls.with_digest(path, source)
        taken.add(urls.fold(path))
        files[source] = PublishedFile(path, safe.kind, safe.reason)
    return files


def encode_files(
    safe_names: Mapping[str, SafeName | None], sized: Mapping[str, PictureSizes]
) -> dict[str, Raw]:
    """Encode the facts about each media file for the cache."""
    return {
        path: Raw(build_state.encode(MediaFile(sized.get(path), safe)))
        for path, safe in safe_names.items()
    }
