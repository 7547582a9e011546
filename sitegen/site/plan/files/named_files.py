"""Find the files of content/ that handwritten texts refer to."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from sitegen.site.markup.references import Reference
from sitegen.site.parsing.items import HiddenFile, Item
from sitegen.site.plan.library import Library
from sitegen.site.scan import MEDIA, Signature

_NEAR_MEDIA = re.compile(r"(?:\.{1,2}/)+(?=media/)")


def references_of(item: Item) -> tuple[Reference, ...]:
    """Return the references of the visible part of a file."""
    return () if isinstance(item, HiddenFile) else item.references


def named_files(library: Library, portraits: Iterable[str]) -> dict[str, Signature]:
    """Return the files, neither Markdown nor media, to which shown texts or settings refer."""
    if not library.others:
        return {}
    found = {find(library, "", address) for address in portraits}
    found |= {
        place
        for source, item in library.items.items()
        for reference in references_of(item)
        if (place := find(library, source, reference.address))
    }
    return {name: stat for name, stat in library.others.items() if name in found}


def find(library: Library, source: str, address: str) -> str | None:
    """Return the file that an address in a file leads to, None if there is no such shown file.

    The address is relative to the file's folder, else to content/. Like one in a post's block, an
    address of media with the wrong number of `../` leads there too.
    """
    places = [*candidates(source, address), *literal(source, address), media_of(address)]
    return next((place for place in places if place and _is_shown(library, place)), None)


def media_of(address: str) -> str | None:
    """Return the path below content/ of an address that leads into media/, by its end."""
    near = _NEAR_MEDIA.sub("", path_of(address))
    return posixpath.normpath(near) if near.startswith(MEDIA) else None


def candidates(source: str, address: str) -> Iterator[str | None]:
    """Yield the files that an address may mean, in this order; None where it leaves content/."""
    for folder in dict.fromkeys((posixpath.dirname(source), "")):
        yield _inside(folder, path_of(address))


def literal(source: str, address: str) -> Iterator[str | None]:
    """Yield the files that an address means if a "%" in it is one of the file's name."""
    path = _without_suffix(address)
    for folder in dict.fromkeys((posixpath.dirname(source), "") if "%" in path else ()):
        yield _inside(folder, path)


def path_of(address: str) -> str:
    """Return the path of a relative address, decoded."""
    return unquote(_without_suffix(address))


def suffix_of(address: str) -> str:
    """Return the query and the fragment of an address as they are written."""
    return address[len(_without_suffix(address)) :]


def _without_suffix(address: str) -> str:
    return re.split("[?#]", address, maxsplit=1)[0]


def _inside(folder: str, path: str) -> str | None:
    """Return a path relative to a folder of content/, None if it leaves content/."""
    if path.startswith("/") or path.endswith("/") or "\0" in path:
        return None
    joined = posixpath.normpath(posixpath.join(folder, path))
    return None if joined == "." or joined.split("/")[0] == ".." else joined


def _is_shown(library: Library, place: str) -> bool:
    if place in library.media or place in library.others:
        return True
    item = library.items.get(place)
    return item is not None and not isinstance(item, HiddenFile)
