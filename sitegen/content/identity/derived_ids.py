"""What sources without ids know of posts whose own ids are known from other sources.

Such a source names a post by its minute and text. Once another source has the post, its own id
wins, whichever source came first: the derived id is noted in `also`, so that a build leads from
the address that it gave to the post, and of what the page said only counts stay, and attachments
that no other source has. During an import both are taken out of the posts that it brings, and put
back at its end: then it does not matter which source came first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen.content.changeset.new_files import Key
from sitegen.content.changeset.pending import Pending
from sitegen.content.changeset.provenance import Sources
from sitegen.content.format.draft import Parts, digest, post_parts
from sitegen.content.imported.stamps import Stamp
from sitegen.content.merge import thread_merge
from sitegen.content.merge.parts import COUNTS, Merged, height, is_part_untouched
from sitegen.model import Json, Post

DERIVED = re.compile(r"\d{8}t\d{4}-[0-9a-f]{8}(-\d+)?")
QUOTED = re.compile(rb'"(\d{8}t\d{4}-[0-9a-f]{8}(?:-\d+)?)"')
ALSO = "also"
ATTACHMENTS = ("card", "media")


class Addition(Struct, frozen=True):
    """What a source without ids knows of a post: by which ids, and parts with their states."""

    key: Key
    ids: tuple[str, ...]
    parts: Mapping[str, tuple[Json, Stamp]] = {}


class Renaming(Struct, frozen=True):
    """The own ids of derived posts that content/ has, and what pages add to posts.

    `noted` are the posts of content/ that note a derived id.
    """

    own: Mapping[Key, str] = {}
    additions: tuple[Addition, ...] = ()
    noted: frozenset[Key] = frozenset()

    @property
    def is_any(self) -> bool:
        """Whether posts have or had derived ids."""
        return bool(self.own or self.additions or self.noted)


def is_derived(identity: str) -> bool:
    """Tell whether a post's id was made of its minute and text."""
    return identity[8:9] == "t" and DERIVED.fullmatch(identity) is not None


def addition(key: Key, post: Post, stamp: Stamp) -> Addition:
    """Return what a post with a derived id adds to the one that it is."""
    parts = post_parts(post, post.author)
    known = {name: (parts[name], stamp) for name in (COUNTS, *ATTACHMENTS) if name in parts}
    return Addition(key, (post.id,), known)


def of_stored(key: Key, identity: str, post: Merged, seen: Mapping[str, Stamp]) -> Addition:
    """Return what an untouched post of content/ with a derived id adds to the one that it is."""
    known = {
        name: (post.parts[name], stamp)
        for name, stamp in seen.items()
        if name in post.parts and is_part_untouched(post, name)
    }
    return Addition(key, (identity,), known)


class Additions:
    """What pages add to the posts of a folder, while an import goes on."""

    def __init__(self, files: Pending, sources: Sources, found: Iterable[Addition]) -> None:
        self._files = files
        self._sources = sources
        self._found = [*found]

    def add(self, found: Addition) -> None:
        """Take down what else a page adds."""
        self._found.append(found)

    def take_out(self, keys: Iterable[Key]) -> None:
        """Take out of posts what pages added, until all else is merged. Raises ContentError."""
        for path, names in _by_file(keys, self._files):
            file = self._files.file(path)
            posts = thread_merge.posts_of(file)
            posts |= {name: self._bare(key, posts[name]) for key in names if (name := key[1])}
            text = thread_merge.with_posts(file, posts, thread_merge.deleted_from(file))
            self._files.change(file, text)

    def put_back(self) -> None:
        """Let posts have what pages add to them. Raises ContentError."""
        by_key: dict[Key, list[Addition]] = defaultdict(list)
        for found in self._found:
            by_key[found.key].append(found)
        for path, keys in _by_file(by_key, self._files):
            file = self._files.file(path)
            posts = thread_merge.posts_of(file)
            posts |= {key[1]: self._with(key, posts[key[1]], by_key[key]) for key in keys}
            text = thread_merge.with_posts(file, posts, thread_merge.deleted_from(file))
            self._files.change(file, text)

    def _bare(self, key: Key, post: Merged) -> Merged:
        """Return a post without what pages added, which is taken down."""
        seen = self._sources.seen(key)
        given = {n: at for n, at in seen.pages.items() if n in post.parts}
        given = {name: at for name, at in given.items() if is_part_untouched(post, name)}
        places = _noted(post.parts) if is_part_untouched(post, ALSO) else []
        parts = {name: (post.parts[name], at) for name, at in given.items()}
        self._found.append(Addition(key, tuple(_ids(places)), parts))
        self._sources.note_pages(key, {})
        post = _without(post, given)
        return with_places(post, _others(post.parts)) if places else post

    def _with(self, key: Key, post: Merged, found: Sequence[Addition]) -> Merged:
        seen = self._sources.seen(key)
        pages = dict(seen.pages)
        names = (COUNTS,) if seen.at.is_whole else (COUNTS, *ATTACHMENTS)
        for name in names:
            offers = [each.parts[name] for each in found if name in each.parts]
            if name in pages and name in post.parts:
                offers.append((post.parts[name], pages[name]))
            if offers and _may_have(post, name, pages):
                value, pages[name] = max(offers, key=_newest)
                post = _with_part(post, name, value)
        self._sources.note_pages(key, pages)
        return noting(post, [identity for each in found for identity in each.ids])


def noting(post: Merged, ids: Iterable[str]) -> Merged:
    """Return a post whose line notes derived ids, unless a person changed what it notes."""
    if not is_part_untouched(post, ALSO):
        return post
    known = _ids(_noted(post.parts))
    listed: list[Json] = [{"id": identity} for identity in sorted({*known, *ids})]
    return with_places(post, [*_others(post.parts), *listed])


def _by_file(keys: Iterable[Key], files: Pending) -> Iterator[tuple[str, list[Key]]]:
    """Go through files, sorted, with those of some posts that each has."""
    found: dict[str, list[Key]] = defaultdict(list)
    for key in keys:
        if path := files.of_post.get(key):
            found[path].append(key)
    for path in sorted(found):
        yield path, found[path]


def _newest(offer: tuple[Json, Stamp]) -> tuple[str, str, tuple[int, str]]:
    """Sort by the state of the source; of one state, the higher counts are the newer ones."""
    value, at = offer
    return at.as_of, at.kind, height(value)


def _may_have(post: Merged, name: str, pages: Mapping[str, Stamp]) -> bool:
    """Tell whether a part may be a page's: none has it, nor did a person change or delete it."""
    return is_part_untouched(post, name) and (name in pages or name not in post.parts)


def _with_part(post: Merged, name: str, value: Json) -> Merged:
    parts, written = post.parts | {name: value}, post.written | {name: digest(value)}
    return replace(post, parts=parts, written=written)


def _without(post: Merged, names: Iterable[str]) -> Merged:
    gone = {*names}
    parts = {name: value for name, value in post.parts.items() if name not in gone}
    written = {name: value for name, value in post.written.items() if name not in gone}
    return replace(post, parts=parts, written=written)


def with_places(post: Merged, places: list[Json]) -> Merged:
    """Return a post whose line lists other places, or none."""
    return _with_part(post, ALSO, places) if places else _without(post, (ALSO,))


def _noted(parts: Parts) -> list[Json]:
    return [place for place in _places(parts) if _is_note(place)]


def _others(parts: Parts) -> list[Json]:
    return [place for place in _places(parts) if not _is_note(place)]


def _places(parts: Parts) -> list[Json]:
    found = parts.get(ALSO)
    return found if isinstance(found, list) else []


def _is_note(place: Json) -> bool:
    """Tell whether a place is no other one: a derived id without network and address."""
    return isinstance(place, dict) and place.keys() == {"id"} and is_derived(str(place["id"]))


def _ids(places: Iterable[Json]) -> list[str]:
    return [str(place["id"]) for place in places if isinstance(place, dict)]
