"""Read the exports of a download separately, so that facts about one never affect another."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from sitegen import threads
from sitegen.errors import SourceError
from sitegen.model import Post
from sitegen.sources import Attachment, Imported, Options, Source
from sitegen.sources.accounting import Accounting
from sitegen.sources.meta.exports.download_parts import Label, Place, group_parts
from sitegen.sources.meta.exports.exports import Export, exports, places
from sitegen.sources.meta.exports.layout import is_in_media
from sitegen.sources.meta.exports.sections import INSTAGRAM, THREADS
from sitegen.sources.meta.posts.threads import JOINED, JOINED_BY_TIME
from sitegen.sources.meta.reader import ExportReader
from sitegen.sources.stated_visibility import most_restrictive

AS_HTML = ("threads_and_replies.html", "posts_1.html", "reels.html")
_FOUND = {
    (): "a Threads or Instagram export without posts",
    (INSTAGRAM,): "an Instagram export",
    (THREADS,): "a Threads export",
    (INSTAGRAM, THREADS): "a Threads and Instagram export",
}


def read_download(source: Source, options: Options) -> Imported:
    """Read all exports of a source. Raises SourceError."""
    all_exports = exports(source)
    nobody = replace(options, account=None)  # which of several named accounts is meant?
    accounting = Accounting()
    readers = [
        ExportReader(
            source,
            each,
            _with_private_networks(
                nobody if len(all_exports) > 1 and each.named_for else options, each, all_exports
            ),
            accounting,
        )
        for each in all_exports
    ]
    for reader in readers:
        reader.run()
    _refuse_without_posts(source, readers, accounting)
    _raise_if_all_broken(readers, accounting)
    posts = _rename_duplicates([(reader, reader.posts) for reader in readers])
    profiles = tuple([profile for reader in readers for profile in reader.profiles()])
    networks = tuple(sorted(set[str]().union(*(reader.record_keys for reader in readers))))
    attachments: dict[str, Attachment] = {}
    for reader in readers:
        attachments |= reader.attachments
    accounting.note(*[note for reader in readers for note in reader.notes()])
    accounting.oddities.update(_count_oddities(posts))
    return replace(
        accounting.report(_FOUND[networks], threads.group(posts), profiles),
        attachments=attachments,
        privacy=dict(each for reader in readers for each in reader.privacy),
    )


def _with_private_networks(
    options: Options, export: Export, all_exports: Sequence[Export]
) -> Options:
    """Add which networks have a closed account in another export of the download."""
    others = [owner for each in all_exports if each is not export for owner in each.owners.values()]
    if most_restrictive(owner.privacy for owner in others) in ("private", "unknown"):
        return replace(options, closed_beside=options.closed_beside | {INSTAGRAM, THREADS})
    return options


def downloads(sources: Sequence[Source]) -> tuple[tuple[Source, ...], ...]:
    """Group sources by download, each in the order of its parts."""
    found_places = [place for n, source in enumerate(sources) for place in _numbered(n, source)]
    groups = _merge_overlapping(
        {_number(place) for place in group} for group in group_parts(found_places)
    )
    with_posts = {_number(place) for place in found_places if place.posts}
    holders = [group for group in groups if group & with_posts]
    if len(holders) == 1:  # media alone can belong to the only export that is there
        mine = {place.owner for place in found_places if _number(place) in holders[0]}
        groups = _merge_overlapping([*groups, holders[0] | _media_only_sources(found_places, mine)])
    order = {_number(place): (place.number or 0, place.key) for place in reversed(found_places)}
    sorted_groups = (sorted(group, key=lambda n: (order[n], n)) for group in groups)
    rest = ((source,) for n, source in enumerate(sources) if n not in order)
    return (*(tuple([sources[n] for n in group]) for group in sorted_groups), *rest)


def _numbered(number: int, source: Source) -> Iterator[Place]:
    """Yield the places of a source, with its number before their folders."""
    if source.members is None:
        return
    own_places = [*places(source)]
    for place in own_places:
        key = place.key[:1] if len(own_places) == 1 else place.key
        yield replace(place, prefix=f"{number}/{place.prefix}", key=key)


def _number(place: Place) -> int:
    return int(place.prefix.partition("/")[0])


def _media_only_sources(all_places: Sequence[Place], owners: set[str | None]) -> set[int]:
    """Return the sources with media only, unless their name is another account's."""
    with_documents = {_number(place) for place in all_places if place.documents}
    return {
        _number(place)
        for place in all_places
        if _number(place) not in with_documents
        and (place.owner is None or {place.owner} >= owners - {None})
    }


def _merge_overlapping(groups: Iterable[set[int]]) -> list[set[int]]:
    """Merge sets that overlap."""
    united: list[set[int]] = []
    for each in groups:
        touched = [group for group in united if group & each]
        united = [group for group in united if not group & each]
        united.append(each.union(*touched))
    return united


def _refuse_without_posts(
    source: Source, readers: Sequence[ExportReader], accounting: Accounting
) -> None:
    """Raise SourceError for a download as HTML, and for a part without posts."""
    members = source.members
    kinds = {document.kind for r in readers for document in r.export.documents}
    if members is None or kinds & {"posts", "profile"}:
        return
    if any(name.lower().endswith(".html") for name in members.names()):
        raise SourceError(
            "is an export as HTML, which does not hold all that the one as JSON does",
            path=source.path,
            hint='ask Instagram or Threads for the export again, with the format "JSON".',
        )
    has_media = any(is_in_media(name) for name in members.names())
    if has_media or not accounting.records:
        what = "media" if has_media else "files"
        others = _other_parts(source.path)
        raise SourceError(
            f"holds {what} of a Threads or Instagram export, but none of its posts",
            path=source.path,
            hint=f"it is a part of a download: import it together with {others}.",
        )


def _other_parts(path: Path) -> str:
    """Name the other parts beside a part, or say which to look for."""
    base = Label.of(path.name).base
    try:
        names = sorted(sibling.name for sibling in path.absolute().parent.iterdir())
    except OSError:
        names = []
    others = [name for name in names if name != path.name and Label.of(name).base == base]
    return ", ".join(others[:3]) or "the part that has your_instagram_activity/ (often part 1)"


def _raise_if_all_broken(readers: Sequence[ExportReader], accounting: Accounting) -> None:
    """Raise the first error if nothing at all could be read."""
    broken = [error for reader in readers for error in reader.broken]
    excluded = len(accounting.exclusions)
    if broken and excluded == len(broken) and not any(reader.parsed_posts for reader in readers):
        raise broken[0]


def _rename_duplicates(
    posts_by_reader: Sequence[tuple[ExportReader, Sequence[Post]]],
) -> list[Post]:
    """Return all posts; rename those of a later account whose id is already used."""
    taken: set[tuple[str, str]] = set()
    all_posts: list[Post] = []
    for reader, posts in posts_by_reader:
        mark = f"{reader.username}\n{reader.export.places[0].prefix}"
        ending = hashlib.sha256(mark.encode("utf-8", "surrogatepass")).hexdigest()[:4]
        others = {p.id: f"{p.id}-{ending}" for p in posts if (p.network, p.id) in taken}
        own = [
            replace(p, id=others.get(p.id, p.id), reply_to=others.get(p.reply_to or "", p.reply_to))
            for p in posts
        ]
        taken |= {(post.network, post.id) for post in own}
        all_posts += own
    return all_posts


def _count_oddities(posts: Sequence[Post]) -> Counter[str]:
    reasons = [post.uncertain for post in posts]
    media = [medium for post in posts for medium in post.media]
    return +Counter(
        {
            "posts without a time": sum(post.created_at is None for post in posts),
            "media whose file is not in the export": sum(medium.path is None for medium in media),
            "posts joined to a thread by their numbers alone": reasons.count((JOINED,)),
            "posts joined to a thread by their time alone": reasons.count((JOINED_BY_TIME,)),
        }
    )
