"""The parsed content: an entry for each thread, profiles, documents and media.

Files that did not change since the last build are not read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from operator import attrgetter
from pathlib import Path

from msgspec import Struct

from sitegen.content import content_folder
from sitegen.content.changeset import relocation_journal
from sitegen.content.format.profile_file import StoredProfile
from sitegen.errors import ContentError, SeveralErrors
from sitegen.site import urls
from sitegen.site.cache.build_state import State, item_of
from sitegen.site.scan import COUNTS, MEDIA, Signature, has_media
from sitegen.site.views.file_reader import (
    THREADS,
    Hidden,
    Item,
    Read,
    media_of_profile,
    named_in,
)
from sitegen.site.views.pictures import NONE, Pictures
from sitegen.site.views.summary import Entry, Published
from sitegen.site.views.template_values import Document


class Library(Struct):
    """The archive: entries newest first, profiles, documents, and media by site path.

    `quoted` has the threads of the posts that others quote, repost or answer, by network and id.
    `published` has the media that may not have their own names on the site, by their site paths
    were it so. `hidden` are the hidden posts, by network and id. `left_out` are files whose posts
    are all in others by now.
    """

    folder: Path
    items: dict[str, Item]
    entries: tuple[Entry, ...]
    profiles: tuple[StoredProfile, ...]
    documents: tuple[Document, ...]
    media: dict[str, Signature]
    quoted: dict[tuple[str, str], Entry]
    pictures: Pictures = NONE
    published: Mapping[str, Published] = {}
    left_out: frozenset[str] = frozenset()
    hidden: frozenset[tuple[str, str]] = frozenset()


def changed(seen: Mapping[str, Signature], last: State) -> list[str]:
    """Return the Markdown files that changed since the last build.

    Those of threads are read again if the counts of any post changed.
    """
    before, known = last.seen, last.items
    has_new_counts = _counts_of(before) != _counts_of(seen)
    return [
        source
        for source, signature in seen.items()
        # one without an inode is too young to be known by its signature
        if (
            before.get(source) != signature
            or not signature[2]
            or source not in known
            or (has_new_counts and source.startswith(THREADS))
        )
        and not source.startswith((MEDIA, COUNTS))
    ]


def _counts_of(seen: Mapping[str, Signature]) -> dict[str, Signature]:
    """Return the tables of counts; names are in order, and few come before these."""
    return {name: signature for name, signature in seen.items() if name.startswith(COUNTS)}


def gathered(folder: Path, seen: Mapping[str, Signature], last: State, read: Read) -> Library:
    """Combine the last state with the files just parsed. Raises ContentError for bad names."""
    _refuse_names(folder, seen)
    media = {}
    if has_media(seen):
        media = {source: found for source, found in seen.items() if source.startswith(MEDIA)}
    found = read.items
    items = {
        source: found[source] if source in found else item_of(last.items[source])
        for source in seen
        if source not in media and not source.startswith(COUNTS)
    }
    left_out = _joined(folder, items)
    for source in left_out:
        del items[source]
    return _sorted(folder, items, media, left_out)


def sound(read: Read) -> Read:
    """Return the parsed files, or raise all their errors at once."""
    if read.broken:
        raise SeveralErrors.combine([read.broken[source] for source in sorted(read.broken)])
    return read


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


def _joined(folder: Path, items: Mapping[str, Item]) -> frozenset[str]:
    """Return the files whose posts are all in another file, after an interrupted import."""
    stopped = relocation_journal.read_journal(folder)
    into = items.get(stopped.into) if stopped else None
    if not (stopped and isinstance(into, Entry)):
        return frozenset()
    there = {*into.post_ids}
    leaving = ((name, items.get(name)) for name in stopped.leaving)
    return frozenset(
        [n for n, item in leaving if isinstance(item, Entry) and there.issuperset(item.post_ids)]
    )


def _two_files(identity: str, folder: Path, one: Entry, other: Entry) -> ContentError:
    error = content_folder.duplicate_error(identity, folder / one.source, folder / other.source)
    if relocation_journal.read_journal(folder):
        error.hint = "an import was stopped while posts moved: import again."
    return error


def _sorted(
    folder: Path, items: dict[str, Item], media: dict[str, Signature], left_out: frozenset[str]
) -> Library:
    found = items.values()
    threads = [item for item in found if isinstance(item, Entry)]
    others = [item for item in found if not isinstance(item, Entry)]
    _refuse_doubles(folder, threads)
    return Library(
        folder=folder,
        items=items,
        entries=_newest_first(threads),
        profiles=tuple([item for item in others if isinstance(item, StoredProfile)]),
        documents=tuple([item for item in others if isinstance(item, Document)]),
        media=_shown_media(items, media) if media else media,
        quoted=_quoted(threads),
        left_out=left_out,
        hidden=_hidden(found),
    )


def _newest_first(threads: list[Entry]) -> tuple[Entry, ...]:
    found = sorted(threads, key=attrgetter("path"))
    found.sort(key=attrgetter("when"), reverse=True)  # those of one time stay in their order
    return tuple(found)


def _refuse_doubles(folder: Path, threads: list[Entry]) -> None:
    """Refuse a post that is in two threads. Raises ContentError."""
    identities = set(chain.from_iterable([entry.post_ids for entry in threads]))
    if len(identities) == sum([len(entry.post_ids) for entry in threads]):
        return  # nearly always; else two networks may have the same ids
    found: dict[tuple[str, str], Entry] = {}
    for entry in threads:
        for identity in entry.post_ids:
            other = found.setdefault((entry.network, identity), entry)
            if other is not entry:
                raise _two_files(identity, folder, entry, other)


def _quoted(threads: list[Entry]) -> dict[tuple[str, str], Entry]:
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
    """Return the media without those that only posts, profiles and pages name that are hidden."""
    found = items.values()
    hidden = {path for i in found if isinstance(i, Entry | Hidden) for path in i.hidden_media}
    if not hidden:
        return media
    shown = {path for item in found for path in _media_of(item)}
    return {path: seen for path, seen in media.items() if path not in hidden - shown}


def _media_of(item: Item) -> Iterator[str]:
    """Yield the media that what is shown of a file names."""
    if isinstance(item, Entry):
        yield from (path for _, path in item.media_paths)
        yield from item.named_media
    elif isinstance(item, StoredProfile):
        yield from media_of_profile(item)
    elif isinstance(item, Document):
        yield from named_in(item.body)


def _hidden(items: Iterable[Item]) -> frozenset[tuple[str, str]]:
    """Return the posts that are hidden, by network and id."""
    files = [(item.network, item.ids) for item in items if isinstance(item, Hidden)]
    files += [(i.network, i.hidden_ids) for i in items if isinstance(i, Entry) and i.hidden_ids]
    return frozenset([(network, identity) for network, ids in files for identity in ids])
