"""Inspect the files to copy: under which names they are published, and which must not be.

No browser may run one as code. The result for each file is cached until the file changes.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Raw, Struct, msgpack
from msgspec.structs import replace

from sitegen.errors import ContentError, SourceError
from sitegen.media.active_content import Inspection, SafeName, inspect
from sitegen.media.sniffing import Kind
from sitegen.site import urls
from sitegen.site.cache import build_state
from sitegen.site.cache.build_state import State
from sitegen.site.plan.library import Library
from sitegen.site.plan.media_kinds import PublishedFile
from sitegen.site.views.pictures import PictureSizes


class MediaFile(Struct, frozen=True, array_like=True):
    """The cached facts about a file: picture sizes, a safe name if it needs one, and its kind.

    `private` is the reason why a file outside of media/ must not be published.
    """

    sized: PictureSizes | None = None
    safe_name: SafeName | None = None
    kind: Kind | None = None
    private: str | None = None

    @property
    def inspection(self) -> Inspection:
        """What the bytes of the file say."""
        return Inspection(self.kind, self.safe_name)


_decoder = msgpack.Decoder(MediaFile | None)


def cached_file(library: Library, last: State, path: str) -> MediaFile | None:
    """Return the cached facts of a file to copy, if it is unchanged."""
    item = last.items.get(path)
    signature = library.media.get(path) or library.named[path]
    if item is None or last.files.get(path) != signature or not signature[2]:
        return None  # also for a file too young for its signature to be trusted
    file: MediaFile | None = _decoder.decode(item)
    return file


def inspect_files(library: Library, last: State) -> dict[str, MediaFile]:
    """Return the facts about each file to copy.

    Raises OSError for a file that cannot be read, ContentError for one that changes meanwhile.
    """
    files: dict[str, MediaFile] = {}
    for path in library.media:
        cached = cached_file(library, last, path)
        files[path] = cached or _media_file(inspect(library.folder / path))
    for path in library.named:
        files[path] = cached_file(library, last, path) or _inspect(library, path)
    return files


def _media_file(inspection: Inspection, private: str | None = None) -> MediaFile:
    return MediaFile(None, inspection.safe_name, inspection.kind, private)


def _inspect(library: Library, path: str) -> MediaFile:
    from sitegen.media import publishing

    place = library.folder / path
    try:
        return _media_file(inspect(place), publishing.reason_to_withhold(place))
    except SourceError as error:
        what = "changed while the site was built"
        raise ContentError(what, path=place, hint="build again.") from error


def published_files(files: Mapping[str, MediaFile]) -> dict[str, PublishedFile]:
    """Return path, kind and reason of each renamed file; all paths are unique."""
    taken = {urls.fold(path) for path in files}
    published: dict[str, PublishedFile] = {}
    for source, file in files.items():
        safe = file.safe_name
        if safe is None or file.private:
            continue
        folder, slash, _ = source.rpartition("/")
        path = f"{folder}{slash}{safe.name}"
        if urls.fold(path) in taken:
            path = urls.with_digest(path, source)
        taken.add(urls.fold(path))
        published[source] = PublishedFile(path, safe.kind, safe.reason)
    return published


def private_files(files: Mapping[str, MediaFile]) -> dict[str, str]:
    """Return the files that must not be published, and the reasons."""
    return {path: file.private for path, file in files.items() if file.private}


def encode_files(
    files: Mapping[str, MediaFile], sized: Mapping[str, PictureSizes]
) -> dict[str, Raw]:
    """Encode the facts about each file for the cache."""
    return {
        path: Raw(build_state.encode(replace(file, sized=sized.get(path))))
        for path, file in files.items()
    }
