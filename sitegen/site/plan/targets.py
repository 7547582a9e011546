"""Decide where the addresses in handwritten texts lead on the site."""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from msgspec.structs import replace

from sitegen.config.schema import Config
from sitegen.site import url_encoding, urls
from sitegen.site.markup.references import Reference, Target
from sitegen.site.parsing.items import HiddenFile, Item, ProfileItem
from sitegen.site.plan.files import named_files
from sitegen.site.plan.library import Library
from sitegen.site.views import thread_pages
from sitegen.site.views.summary import Entry, PlacedThread
from sitegen.site.views.template_values import Document

_POST_FRAGMENT = re.compile(r"(?:post[- ])?(?P<id>.+)", re.DOTALL)
_SPECIAL = re.compile("[#:]")  # in the name of a file, not in the path of a page


class Place(NamedTuple):
    """A place of the site: a site path, None for none, and an encoded suffix."""

    path: str | None
    suffix: str = ""


NOWHERE = Place(None)


class Targets:
    """Finds the targets of addresses; `moved` maps profile paths to those that replace them."""

    def __init__(self, library: Library, config: Config, moved: Mapping[str, str]) -> None:
        self.library = library
        self.build = config.build
        self.moved = moved
        self._places: dict[tuple[str, str], Place] = {}

    def of_posts(self, entry: PlacedThread, start: int, end: int | None) -> tuple[Target, ...]:
        """Return the targets of the posts from `start` to before `end` of a thread."""
        if not entry.references:
            return ()
        last = entry.count if end is None else end
        return self.of(entry.source, tuple(r for r in entry.references if start <= r.at < last))

    def of(self, source: str, references: Collection[Reference]) -> tuple[Target, ...]:
        """Return the targets of references in a file."""
        addresses = dict.fromkeys([reference.address for reference in references])
        return tuple([Target(address, *self.place(source, address)) for address in addresses])

    def with_targets(self, document: Document) -> Document:
        """Return a page with targets in place of references, whose lines do not change it."""
        if not document.references:
            return document
        targets = self.of(document.source, document.references)
        return replace(document, references=(), targets=targets)

    def place(self, source: str, address: str) -> Place:
        """Return the place that an address in a file leads to."""
        key = source, address
        if key not in self._places:
            self._places[key] = self._find(source, address)
        return self._places[key]

    def _find(self, source: str, address: str) -> Place:
        file = named_files.find(self.library, source, address)
        suffix = named_files.suffix_of(address)
        if file is None:
            page = site_path(self.library.items[source], address)
            return Place(page, suffix) if page else NOWHERE
        item = self.library.items.get(file)
        if item is None:
            return NOWHERE if file in self.library.private else self._file(file, suffix)
        return self._page(item, suffix)

    def _file(self, file: str, suffix: str) -> Place:
        """Return the place of a copied file; what has a meaning in addresses is encoded here."""
        published = self.library.published.get(file)
        path = published.path if published else file
        special = _SPECIAL.search(path)
        if special is None:
            return Place(path, suffix)
        name = url_encoding.percent_encode(path[special.end() :]).replace("#", "%23")
        return Place(path[: special.start()], f"%{ord(special[0]):X}{name}{suffix}")

    def _page(self, item: Item, suffix: str) -> Place:
        if isinstance(item, Entry):
            return self._thread(item, suffix.partition("#")[2])
        if isinstance(item, ProfileItem) and self.build.profile_pages:
            path = urls.profile(item.profile.network, item.profile.id)
            return Place(self.moved.get(path, path), suffix)
        return Place(item.path, suffix) if isinstance(item, Document) else NOWHERE

    def _thread(self, entry: Entry, fragment: str) -> Place:
        """Return the page of a thread, or the address of the post that the fragment names."""
        if not fragment:
            return Place(entry.path)
        name = unquote(fragment)
        known = {identity: at for at, identity in reversed([*enumerate(entry.post_ids)])}
        anchors = {urls.anchor(identity): at for identity, at in known.items()}
        found = _POST_FRAGMENT.fullmatch(name)
        at = known.get(name, anchors.get(name))
        if at is None and found:
            at = known.get(found["id"])
        return NOWHERE if at is None else Place(thread_pages.address(entry, at, self.build))


def site_path(item: Item, address: str) -> str | None:
    """Return the path of a page that an address of the site itself means, else None.

    Such addresses (`tags.html`) are relative to the page, not to its file.
    """
    path = named_files.path_of(address)
    if not path.endswith(urls.ENDINGS):
        return None
    own = "" if isinstance(item, ProfileItem | HiddenFile) else item.path
    if isinstance(item, ProfileItem):
        own = urls.profile(item.profile.network, item.profile.id)
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(own), path))
    return None if joined.split("/")[0] == ".." or path.startswith("/") else joined


def unresolved(
    targets: Targets, site_paths: Callable[[], Collection[str]]
) -> Iterator[tuple[str, int, str]]:
    """Yield file, line and problem of each address that leads nowhere."""
    library = targets.library
    for source, item in sorted(library.items.items()):
        named = {path for _, path in item.media_paths} if isinstance(item, Entry) else set()
        for reference in named_files.references_of(item):
            file = named_files.find(library, source, reference.address)
            place = targets.place(source, reference.address)
            if reference.is_field and file is None:
                if _is_missing_picture(reference.address, site_paths):
                    yield source, reference.line, _missing(library, source, reference)
            elif file is None and place.path is None:
                missing = {*named_files.candidates(source, reference.address)}
                missing.add(named_files.media_of(reference.address))
                if not missing & named:
                    yield source, reference.line, _missing(library, source, reference)
            elif file is None and place.path not in site_paths():
                yield source, reference.line, f"there is no page {place.path} on the site"
            elif place.path is None and file:
                yield source, reference.line, _unreachable(targets, file, reference)
            elif file and _is_far(library, source, file, reference.address):
                right = posixpath.relpath(file, posixpath.dirname(source) or ".")
                yield (
                    source,
                    reference.line,
                    (f"the address {reference.address} should be {right}, which was meant"),
                )


def _is_missing_picture(value: str, site_paths: Callable[[], Collection[str]]) -> bool:
    """Tell whether a field names a picture that neither content/ nor the site has.

    A value with spaces may be a sentence that ends with a name.
    """
    return " " not in value and value not in site_paths()


def _is_far(library: Library, source: str, file: str, address: str) -> bool:
    """Tell whether an address leads to a file by its end only."""
    near = (*named_files.candidates(source, address), *named_files.literal(source, address))
    return file not in near


def _missing(library: Library, source: str, reference: Reference) -> str:
    """Describe an address without a file, and name a file that may be meant."""
    path = named_files.path_of(reference.address)
    places = [place for place in named_files.candidates(source, reference.address) if place]
    instead = _shown_instead(reference)
    if path.endswith("/"):
        return f"{path} is a folder{instead}; name a file"
    if not places:
        return f"{path} is outside of content/{instead}"
    for place in places:
        if link := next((link for link in library.links if f"{place}/".startswith(f"{link}/")), ""):
            return f"{link} is a link{instead}; put the file itself there"
    near = _nearest(library, places)
    cure = f"; did you mean {_address(near, source)}?" if near else ""
    return f"there is no {places[0]}{instead}{cure}"


def _shown_instead(reference: Reference) -> str:
    """Describe what a text shows in place of a file; "" for a field, which a template shows."""
    if reference.is_field:
        return ""
    return f", so its {'description' if reference.is_picture else 'text'} is shown instead"


def _nearest(library: Library, places: list[str]) -> str | None:
    """Return a shown file with the same name elsewhere, or a similar name in the same folder."""
    shown = [name for name, item in library.items.items() if not isinstance(item, HiddenFile)]
    known = [*library.media, *library.others, *shown]
    name = posixpath.basename(places[0].replace("\\", "/")).casefold()
    same = [each for each in known if posixpath.basename(each).casefold() == name]
    if same:
        return min(same, key=lambda each: (-_ratio(each, places[0]), each))
    folders = {posixpath.dirname(place) for place in places}
    beside = [each for each in known if posixpath.dirname(each) in folders]
    return next(iter(difflib.get_close_matches(places[0], beside, 1, 0.7)), None)


def _ratio(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def _address(file: str, source: str) -> str:
    address = posixpath.relpath(file, posixpath.dirname(source) or ".")
    return f"<{address}>" if " " in address else address


def _unreachable(targets: Targets, file: str, reference: Reference) -> str:
    """Describe an address whose file exists but has no place on the site."""
    if reason := targets.library.private.get(file):
        return f"{file} is not published: {reason}"
    if isinstance(targets.library.items.get(file), ProfileItem):
        return f"{file} has no page, since profile_pages is off; its text is shown instead"
    fragment = unquote(reference.address.partition("#")[2])
    return f"there is no post {fragment} in {file}, so its text is shown instead"
