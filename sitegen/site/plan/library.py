"""Combine parsed and cached content files into a `Library`.

Files that have not changed since the last build are taken from its state.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from itertools import chain
from operator import attrgetter
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.content import content_folder
from sitegen.content.changeset import relocation_journal
from sitegen.errors import ContentError, SeveralErrors
from sitegen.site import urls
from sitegen.site.cache.build_state import State, decode_item
from sitegen.site.parsing.items import HiddenFile, Item, ParsedFiles, ProfileItem
from sitegen.site.parsing.named_media import media_names_in, media_of_profile
from sitegen.site.plan.media_kinds import NO_KINDS, MediaKinds, PublishedFile
from sitegen.site.scan import (
    MEDIA,
    Signature,
    has_files_to_copy,
    is_markdown,
    is_other,
)  # fmt: skip
from sitegen.site.views.pictures import NO_PICTURES, Pictures
from sitegen.site.views.summary import Entry
from sitegen.site.views.template_values import Document
from sitegen.threads.kinds import LISTING_NAMES

ALL_KINDS = frozenset(LISTING_NAMES.values())


class Library(Struct):
    """The content of a site: entries newest first, profiles, documents, and media by path.

    `quoted` maps network and id of a quoted, reposted or answered post to its thread. `published`
    maps the paths of media that must be renamed to their published files. `kinds` are those of the
    bytes of media. `hidden` has network and id of hidden posts. `left_out` names files whose posts
    an interrupted import moved elsewhere.

    `others` are files that are neither Markdown nor media, `named` those that shown texts refer to.
    `private` has the reasons why some must not be published. `links` are symbolic links.
    """

    folder: Path
    items: dict[str, Item]
    entries: tuple[Entry, ...]
    profiles: tuple[ProfileItem, ...]
    documents: tuple[Document, ...]
    media: dict[str, Signature]
    quoted: dict[tuple[str, str], Entry]
    pictures: Pictures = NO_PICTURES
    published: Mapping[str, PublishedFile] = {}
    kinds: MediaKinds = NO_KINDS
    left_out: frozenset[str] = frozenset()
    hidden: frozenset[tuple[str, str]] = frozenset()
    others: Mapping[str, Signature] = {}
    named: Mapping[str, Signature] = {}
    private: Mapping[str, str] = {}
    links: frozenset[str] = frozenset()

    def picture_path(self, path: str | None) -> str | None:
        """Return the site path of a picture; None if it is missing or not a picture."""
        if path is None or path in self.private:
            return None
        if path not in self.media and path not in self.named:
            return None
        file = self.published.get(path)
        if file is None:
            return path if self.kinds.is_picture(path) else None
        return file.path if file.kind == "image" else None


def load_library(
    folder: Path,
    files: Mapping[str, Signature],
    last: State,
    parsed: ParsedFiles,
    kinds: Collection[str] = ALL_KINDS,
) -> Library:
    """Combine the last state with the files just parsed. Raises ContentError.

    Threads whose first post is not of one of `kinds`, such as "replies", are left out.
    """
    _refuse_names(folder, files)
    media, others = {}, {}
    if has_files_to_copy(files):
        media = {name: files[name] for name in files if name.startswith(MEDIA)}
        others = {name: files[name] for name in files if is_other(name)}
    parsed_items = parsed.items
    items = {
        source: parsed_items[source] if source in parsed_items else decode_item(last.items[source])
        for source in files
        if is_markdown(source)
    }
    left_out = _relocated_files(folder, items)
    for source in left_out:
        del items[source]
    if not {*kinds} >= ALL_KINDS:
        items = {source: _without_kinds(item, kinds) for source, item in items.items()}
    archive = _build_library(folder, items, media, left_out)
    archive.others = others
    return archive


def _without_kinds(item: Item, kinds: Collection[str]) -> Item:
    """Return a thread of another kind as a file that is not published, anything else unchanged."""
    if not isinstance(item, Entry) or LISTING_NAMES[item.kind] in kinds:
        return item
    media = (*_media_of(item), *item.hidden_media)
    ids = (*item.post_ids, *item.hidden_ids)
    copies = tuple([(network, identity) for _, network, identity in item.copies])
    return HiddenFile(item.source, media, item.network, ids, (*copies, *item.copies_of_hidden))


def _refuse_names(folder: Path, names: Iterable[str]) -> None:
    if urls.is_name("".join(names)):
        return
    problems = [
        ContentError(
            f"{name!r} is not a name for a file of a site",
            path=folder,
            hint="give it another name, without control characters and in UTF-8.",
        )
        for name in names
        if not urls.is_name(name)
    ]
    raise SeveralErrors.combine(problems)


def _relocated_files(folder: Path, items: Mapping[str, Item]) -> frozenset[str]:
    """Return the files whose posts an interrupted import has already written to another file."""
    relocation = relocation_journal.read_journal(folder)
    into = items.get(relocation.into) if relocation else None
    if not (relocation and isinstance(into, Entry)):
        return frozenset()
    arrived = {*into.post_ids}
    emptied = ((name, items.get(name)) for name in relocation.leaving)
    return frozenset(
        [n for n, item in emptied if isinstance(item, Entry) and arrived.issuperset(item.post_ids)]
    )


def _duplicate_error(identity: str, folder: Path, first: Entry, other: Entry) -> ContentError:
    error = content_folder.duplicate_error(identity, folder / first.source, folder / other.source)
    if relocation_journal.read_journal(folder):
        error.hint = "an import was stopped while posts moved: import again."
    return error


def _build_library(
    folder: Path, items: dict[str, Item], media: dict[str, Signature], left_out: frozenset[str]
) -> Library:
    parsed_items = items.values()
    threads = [item for item in parsed_items if isinstance(item, Entry)]
    others = [item for item in parsed_items if not isinstance(item, Entry)]
    _refuse_duplicates(folder, threads)
    hidden = _hidden_ids(parsed_items)
    if hidden:
        threads = [_without_hidden_authors(entry, hidden) for entry in threads]
    return Library(
        folder=folder,
        items=items,
        entries=_newest_first(threads),
        profiles=tuple([item for item in others if isinstance(item, ProfileItem)]),
        documents=tuple([item for item in others if isinstance(item, Document)]),
        media=_shown_media(items, media) if media else media,
        quoted=_quoted_threads(threads),
        left_out=left_out,
        hidden=hidden,
    )


def _newest_first(threads: list[Entry]) -> tuple[Entry, ...]:
    ordered = sorted(threads, key=attrgetter("path"))
    ordered.sort(key=attrgetter("when"), reverse=True)  # stable: ties stay in order of path
    return tuple(ordered)


def _refuse_duplicates(folder: Path, threads: list[Entry]) -> None:
    """Refuse a post that is in two threads. Raises ContentError."""
    identities = set(chain.from_iterable([entry.post_ids for entry in threads]))
    if len(identities) == sum([len(entry.post_ids) for entry in threads]):
        return  # the usual case; else two networks may use the same id
    owners: dict[tuple[str, str], Entry] = {}
    for entry in threads:
        for identity in entry.post_ids:
            other = owners.setdefault((entry.network, identity), entry)
            if other is not entry:
                raise _duplicate_error(identity, folder, entry, other)


def _quoted_threads(threads: list[Entry]) -> dict[tuple[str, str], Entry]:
    wanted = {(entry.network, i) for entry in threads if entry.quotes for _, i in entry.quotes}
    names = {identity for _, identity in wanted}
    return {
        (entry.network, identity): entry
        for entry in (threads if names else ())
        if not names.isdisjoint(entry.post_ids)
        for identity in entry.post_ids
        if (entry.network, identity) in wanted
    }


def _shown_media(items: Mapping[str, Item], media: dict[str, Signature]) -> dict[str, Signature]:
    """Return the media except those that only hidden posts, profiles and pages refer to."""
    parsed_items = items.values()
    hidden = {
        path for i in parsed_items if isinstance(i, Entry | HiddenFile) for path in i.hidden_media
    }
    if not hidden:
        return media
    shown = {path for item in parsed_items for path in _media_of(item)}
    return {path: stat for path, stat in media.items() if path not in hidden - shown}


def _media_of(item: Item) -> Iterator[str]:
    """Yield the media that the visible part of a file refers to."""
    if isinstance(item, Entry):
        yield from (path for _, path in item.media_paths)
        yield from item.named_media
    elif isinstance(item, ProfileItem):
        yield from media_of_profile(item)
    elif isinstance(item, Document):
        yield from media_names_in(item.body)
        if item.template:  # which may show what its own keys name
            yield from media_names_in(str([*item.own.values()]))


def _without_hidden_authors(entry: Entry, hidden: Container[tuple[str, str]]) -> Entry:
    """Return the entry of a thread without the authors of hidden posts that it answers or repeats.

    If the first post does, its digest differs, since pages show it in another way.
    """
    positions = {at for at, i in entry.quotes if (entry.network, i) in hidden}
    if entry.answered and positions:
        known = tuple([(at, handle) for at, handle in entry.answered if at not in positions])
        entry = replace(entry, answered=known)
    if not entry.other or 0 not in positions:
        return entry
    return replace(entry, other="", digest=entry.digest + b"without author")


def _hidden_ids(items: Iterable[Item]) -> frozenset[tuple[str, str]]:
    """Return network and id of all hidden posts, and of their copies that are no shown posts."""
    parsed = [*items]
    hidden = [item for item in parsed if isinstance(item, HiddenFile)]
    partly = [item for item in parsed if isinstance(item, Entry) and item.hidden_ids]
    own = {(item.network, identity) for item in hidden for identity in item.ids}
    own |= {(item.network, identity) for item in partly for identity in item.hidden_ids}
    copies = {copy for item in hidden for copy in item.copies}
    copies |= {copy for item in partly for copy in item.copies_of_hidden}
    shown = (item for item in parsed if copies and isinstance(item, Entry))
    copies -= {(item.network, identity) for item in shown for identity in item.post_ids}
    return frozenset(own | copies)
