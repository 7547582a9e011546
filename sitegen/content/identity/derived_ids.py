"""Derived ids: posts of sources without ids, whose own ids are known from other sources.

A derived id is made from a post's minute and text. Once another source has the post, its own id
wins, whichever source came first. The derived id is recorded in `also`, so that a build can
redirect its old URL to the post. Of the page's data only the counts stay, and attachments that no
other source has. An import first removes both from the posts that it has and restores them at
its end, so that the order of sources does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from sitegen.content.changeset.file_changes import FileChanges
from sitegen.content.changeset.new_files import Key
from sitegen.content.changeset.provenance import Provenance
from sitegen.content.format.draft import Parts, post_parts
from sitegen.content.format.recorded import COUNTS
from sitegen.content.identity.derived_id_form import is_derived
from sitegen.content.imported.stamps import Stamp
from sitegen.content.merge import rewrite
from sitegen.content.merge.post_parts import PostParts, count_rank
from sitegen.content.post_media import media_parts
from sitegen.content.post_media.media_parts import ALT, MEDIA
from sitegen.model import Json, Post

ALSO = "also"
ATTACHMENTS = ("card", MEDIA)


class Addition(Struct, frozen=True):
    """What a source without ids knows of a post: its derived ids, and parts with their states."""

    key: Key
    ids: tuple[str, ...]
    parts: Mapping[str, tuple[Json, Stamp]] = {}


class RenamePlan(Struct, frozen=True):
    """The own ids of posts that content/ has by derived ids, and what pages add to posts.

    `with_derived_ids` are the posts of content/ that list a derived id.
    """

    own: Mapping[Key, str] = {}
    additions: tuple[Addition, ...] = ()
    with_derived_ids: frozenset[Key] = frozenset()

    @property
    def is_any(self) -> bool:
        """Whether posts have or had derived ids."""
        return bool(self.own or self.additions or self.with_derived_ids)


def addition(key: Key, post: Post, stamp: Stamp) -> Addition:
    """Return what a post with a derived id adds to the same post with its own id."""
    parts = _with_whole_media(post_parts(post, post.author))
    known = {name: (parts[name], stamp) for name in (COUNTS, *ATTACHMENTS) if name in parts}
    return Addition(key, (post.id,), known)


def stored_addition(
    key: Key, identity: str, post: PostParts, seen: Mapping[str, Stamp]
) -> Addition:
    """Return what an untouched stored post with a derived id adds to the post with its own id."""
    parts = _with_whole_media(post.parts)
    known = {
        name: (parts[name], stamp)
        for name, stamp in seen.items()
        if name in parts and _is_untouched(post, name)
    }
    return Addition(key, (identity,), known)


class Additions:
    """What pages add to the posts of a folder, during an import."""

    def __init__(
        self, files: FileChanges, sources: Provenance, additions: Iterable[Addition]
    ) -> None:
        self._files = files
        self._sources = sources
        self._additions = [*additions]

    def add(self, new: Addition) -> None:
        """Add an addition."""
        self._additions.append(new)

    def take_out(self, keys: Iterable[Key]) -> None:
        """Remove what pages added to posts, until all else is merged. Raises ContentError."""
        for path, names in _by_file(keys, self._files):
            file = self._files.file(path)
            posts = rewrite.posts_of(file)
            posts |= {
                name: self._remove_page_parts(key, posts[name]) for key in names if (name := key[1])
            }
            self._files.change(rewrite.with_posts(file, posts))

    def put_back(self) -> None:
        """Restore what pages add to posts. Raises ContentError."""
        by_key: dict[Key, list[Addition]] = defaultdict(list)
        for found in self._additions:
            by_key[found.key].append(found)
        for path, keys in _by_file(by_key, self._files):
            file = self._files.file(path)
            posts = rewrite.posts_of(file)
            posts |= {key[1]: self._add_page_parts(key, posts[key[1]], by_key[key]) for key in keys}
            self._files.change(rewrite.with_posts(file, posts))

    def _remove_page_parts(self, key: Key, post: PostParts) -> PostParts:
        """Remove from a post what pages added, and record it."""
        seen = self._sources.seen(key)
        given = {n: at for n, at in seen.pages.items() if n in post.parts}
        given = {name: at for name, at in given.items() if _is_untouched(post, name)}
        places = _derived_places(post.parts) if post.is_untouched(ALSO) else []
        whole = _with_whole_media(post.parts)
        parts = {name: (whole[name], at) for name, at in given.items()}
        self._additions.append(Addition(key, tuple(_ids(places)), parts))
        self._sources.record_page_parts(key, {})
        post = _without(post, given)
        return with_places(post, _other_places(post.parts)) if places else post

    def _add_page_parts(
        self, key: Key, post: PostParts, additions: Sequence[Addition]
    ) -> PostParts:
        seen = self._sources.seen(key)
        pages = dict(seen.pages)
        names = (COUNTS,) if seen.at.is_whole else (COUNTS, *ATTACHMENTS)
        whole = _with_whole_media(post.parts)
        for name in names:
            offers = [each.parts[name] for each in additions if name in each.parts]
            if name in pages and name in post.parts:
                offers.append((whole[name], pages[name]))
            if offers and _may_use_page(post, name, pages):
                value, pages[name] = max(offers, key=_newest)
                post = _with_part(post, name, value)
        self._sources.record_page_parts(key, pages)
        return add_derived_ids(post, [identity for each in additions for identity in each.ids])


def add_derived_ids(post: PostParts, ids: Iterable[str]) -> PostParts:
    """Add derived ids to a post's line, unless a person changed its list."""
    if not post.is_untouched(ALSO):
        return post
    known = _ids(_derived_places(post.parts))
    listed: list[Json] = [{"id": identity} for identity in sorted({*known, *ids})]
    return with_places(post, [*_other_places(post.parts), *listed])


def _by_file(keys: Iterable[Key], files: FileChanges) -> Iterator[tuple[str, list[Key]]]:
    """Yield files, sorted, each with its posts among the given ones."""
    found: dict[str, list[Key]] = defaultdict(list)
    for key in keys:
        if path := files.of_post.get(key):
            found[path].append(key)
    for path in sorted(found):
        yield path, found[path]


def _newest(offer: tuple[Json, Stamp]) -> tuple[str, str, tuple[int, str]]:
    """Sort by the state of the source; for equal states, higher counts are newer."""
    value, at = offer
    return at.as_of, at.kind, count_rank(value)


def _may_use_page(post: PostParts, name: str, pages: Mapping[str, Stamp]) -> bool:
    """Return whether a page may set a part: no other source has it and no person edited it."""
    return _is_untouched(post, name) and (name in pages or name not in post.parts)


def _with_whole_media(parts: Parts) -> Parts:
    """Return parts whose list of media has the alt texts, as one offer of a page."""
    return parts | {MEDIA: media_parts.to_list(parts)} if MEDIA in parts else parts


def _is_untouched(post: PostParts, name: str) -> bool:
    """Return whether no person edited a part; media are one part with their alt texts."""
    alts = _alts(post) if name == MEDIA else ()
    return all(post.is_untouched(each) for each in (name, *alts))


def _alts(post: PostParts) -> list[str]:
    return [name for name in {**post.parts, **post.recorded} if name.startswith(ALT)]


def _with_part(post: PostParts, name: str, value: Json) -> PostParts:
    new = media_parts.from_list(value) if name == MEDIA else {name: value}
    post = _without(post, (MEDIA,)) if name == MEDIA else post
    return post.write_all(new)


def _without(post: PostParts, names: Iterable[str]) -> PostParts:
    gone = {*names}
    return post.without(gone | {*_alts(post)} if MEDIA in gone else gone)


def with_places(post: PostParts, places: list[Json]) -> PostParts:
    """Replace the list of places in a post's line; an empty list removes it."""
    return _with_part(post, ALSO, places) if places else _without(post, (ALSO,))


def _derived_places(parts: Parts) -> list[Json]:
    return [place for place in _places(parts) if _is_derived_place(place)]


def _other_places(parts: Parts) -> list[Json]:
    return [place for place in _places(parts) if not _is_derived_place(place)]


def _places(parts: Parts) -> list[Json]:
    found = parts.get(ALSO)
    return found if isinstance(found, list) else []


def _is_derived_place(place: Json) -> bool:
    """Return whether a place is just a derived id, without network and URL."""
    return isinstance(place, dict) and place.keys() == {"id"} and is_derived(str(place["id"]))


def _ids(places: Iterable[Json]) -> list[str]:
    return [str(place["id"]) for place in places if isinstance(place, dict)]
