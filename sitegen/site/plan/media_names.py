"""Names under which media are published: their own, unless a browser might run them as code.

What is known of a file is kept from build to build, for as long as it is the same file.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Raw, Struct, msgpack

from sitegen.media.active_content import SafeName, safe_name
from sitegen.site import urls
from sitegen.site.cache import build_state
from sitegen.site.cache.build_state import State
from sitegen.site.plan.library import Library
from sitegen.site.views.pictures import Sized
from sitegen.site.views.summary import Published


class MediaFile(Struct, frozen=True, array_like=True):
    """What is known of a media file: its sizes, if it is a picture, and how it is to be called."""

    sized: Sized | None = None
    safe_name: SafeName | None = None


_decoder = msgpack.Decoder(MediaFile | None)


def known(library: Library, last: State, path: str) -> MediaFile | None:
    """Return the cached facts of a media file, if it is unchanged."""
    item, signature = last.items.get(path), library.media[path]
    if item is None or last.seen.get(path) != signature or not signature[2]:
        return None  # as with texts, one too young is looked at again
    found: MediaFile | None = _decoder.decode(item)
    return found


def names(library: Library, last: State) -> dict[str, SafeName | None]:
    """Return the published name of each media file, None for its own name.

    Raises OSError for a file that cannot be read.
    """
    found: dict[str, SafeName | None] = {}
    for path in library.media:
        before = known(library, last, path)
        found[path] = before.safe_name if before else safe_name(library.folder / path)
    return found


def published(names: Mapping[str, SafeName | None]) -> dict[str, Published]:
    """Return the places of the files that may not have their own names; no two have the same."""
    taken = {urls.fold(path) for path in names}
    found: dict[str, Published] = {}
    for source, name in names.items():
        if name is None:
            continue
        folder, slash, _ = source.rpartition("/")
        path = f"{folder}{slash}{name.name}"
        if urls.fold(path) in taken:
            path = urls.marked(path, source)
        taken.add(urls.fold(path))
        found[source] = Published(path, name.kind, name.reason)
    return found


def encoded(names: Mapping[str, SafeName | None], sized: Mapping[str, Sized]) -> dict[str, Raw]:
    """Return the facts of each media file to cache."""
    return {
        path: Raw(build_state.encoded(MediaFile(sized.get(path), name)))
        for path, name in names.items()
    }
