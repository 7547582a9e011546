"""Inspect media: what their bytes say they are, and names under which no browser runs them as code.

The result for each file is cached until the file changes.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Raw, Struct, msgpack

from sitegen.media.active_content import Inspection, SafeName, inspect
from sitegen.media.sniffing import Kind
from sitegen.site import urls
from sitegen.site.cache import build_state
from sitegen.site.cache.build_state import State
from sitegen.site.plan.library import Library
from sitegen.site.views.pictures import PictureSizes
from sitegen.site.views.summary import PublishedFile


class MediaFile(Struct, frozen=True, array_like=True):
    """The cached facts about a media file: picture sizes, a safe name if needed, and its kind."""

    sized: PictureSizes | None = None
    safe_name: SafeName | None = None
    kind: Kind | None = None


_decoder = msgpack.Decoder(MediaFile | None)


def cached_file(library: Library, last: State, path: str) -> MediaFile | None:
    """Return the cached facts of a media file, if it is unchanged."""
    item, signature = last.items.get(path), library.media[path]
    if item is None or last.files.get(path) != signature or not signature[2]:
        return None  # also for a file too young for its signature to be trusted
    file: MediaFile | None = _decoder.decode(item)
    return file


def inspect_media(library: Library, last: State) -> dict[str, Inspection]:
    """Inspect each media file that has changed. Raises OSError for one that cannot be read."""
    inspections: dict[str, Inspection] = {}
    for path in library.media:
        cached = cached_file(library, last, path)
        known = Inspection(cached.kind, cached.safe_name) if cached else None
        inspections[path] = known or inspect(library.folder / path)
    return inspections


def published_files(inspections: Mapping[str, Inspection]) -> dict[str, PublishedFile]:
    """Return path, kind and reason of each renamed file; all paths are unique."""
    taken = {urls.fold(path) for path in inspections}
    files: dict[str, PublishedFile] = {}
    for source, (_, safe) in inspections.items():
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
    inspections: Mapping[str, Inspection], sized: Mapping[str, PictureSizes]
) -> dict[str, Raw]:
    """Encode the facts about each media file for the cache."""
    return {
        path: Raw(build_state.encode(MediaFile(sized.get(path), safe, kind)))
        for path, (kind, safe) in inspections.items()
    }
