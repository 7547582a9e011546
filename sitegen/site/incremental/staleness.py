"""Find the stale pages of a build.

If every edited thread keeps its places on the same pages, the last plan holds, and only the
pages that show it are rendered (`patched`). Otherwise the whole site is planned and compared
(`planned`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec import Raw, Struct

from sitegen.config.schema import Config
from sitegen.site.cache import build_state
from sitegen.site.cache.build_cache import Progress
from sitegen.site.cache.build_state import Made, State
from sitegen.site.cache.fingerprints import Print, Printer
from sitegen.site.incremental import loss_guard
from sitegen.site.output_folder import Output
from sitegen.site.plan import library
from sitegen.site.render.theme import Theme
from sitegen.site.scan import MEDIA, OnDisk, Signature, has_media
from sitegen.site.views.contexts import COPY, Copied, Page
from sitegen.site.views.file_reader import Read
from sitegen.site.views.summary import Entry
from sitegen.site.views.template_values import SiteView

Seen = dict[str, Signature]
FEW = 50  # edited files, beyond which looking for their names takes longer than planning


class Site(NamedTuple):
    """The inputs of a build other than the contents of files."""

    config: Config
    design: Theme
    settings: bytes
    seen: Seen
    target: Output
    links: tuple[str, ...] = ()
    min_share: float = 0.0


class Outline(Struct):
    """The plan of a build, and the way to its stale pages.

    `entries` has every thread that a stale page shows. `made` has what every page is made
    from, and `is_serialisable` whether each names the threads that it shows; they and `prints` are
    whole when all stale pages are found. Where the last plan holds, `made` has its pages from the
    start, and `stats` their `stat`.
    """

    site: Site
    last: State
    view: SiteView
    pages: Iterable[Page]
    entries: Mapping[str, Entry]
    items: dict[str, Raw]
    threads: int
    posts: int
    warnings: tuple[str, ...]
    stored: int = 0
    made: dict[str, Made] = {}
    stats: dict[str, OnDisk] = {}
    prints: dict[str, Print] = {}
    is_serialisable: bool = True

    def stale(self) -> Iterator[Page]:
        """Go through the pages that must be rendered, once. Raises AddressError."""
        site, last = self.site, self.last
        printer = Printer(self.view, site.config, site.design, self.entries)
        for page in self.pages:
            fingerprint = self.prints[page.path] = printer.print_of(page)
            self.is_serialisable = self.is_serialisable and fingerprint.is_kept
            before = last.made.get(page.path)
            self.made[page.path] = fingerprint.made
            if before != fingerprint.made or not self._is_unchanged_on_disk(page):
                yield page

    def _is_unchanged_on_disk(self, page: Page) -> bool:
        before = self.last.stats[page.path]
        is_young = page.template == COPY and _is_young(page)
        return before == self.site.target.there.get(page.path) and not is_young

    @property
    def paths(self) -> Collection[str]:
        """Every file of the site."""
        return self.made.keys()

    def stats_of(self, made: Mapping[str, OnDisk | None]) -> dict[str, OnDisk]:
        """Return the `stat` of every file of the site, once the stale ones are written."""
        there = self.site.target.there
        return self.stats | {path: made.get(path) or there[path] for path in self.prints}

    def state(self, stats: dict[str, OnDisk]) -> State:
        """Return the state for the next build, given the `stat` of every file of the site."""
        return State(
            settings=self.site.settings,
            site=self.view if self.is_serialisable else None,
            threads=self.threads,
            posts=self.posts,
            warnings=self.warnings,
            seen=self.site.seen,
            items=self.items,
            made=self.made,
            stats=stats,
            stored=self.stored,
            purge=loss_guard.purge_of(self.site.config),
        )


class _Remembered(dict[str, Entry]):
    """Entries of threads by file: those just parsed, the others decoded from the last state."""

    def __init__(self, items: Mapping[str, Raw], read: Mapping[str, Entry]) -> None:
        super().__init__(read)
        self.items_before = items

    def __missing__(self, source: str) -> Entry:
        item = build_state.item_of(self.items_before[source])
        if not isinstance(item, Entry):
            raise KeyError(source)
        self[source] = item
        return item


def patched(site: Site, last: State, read: Read) -> Outline | None:
    """Plan a build in which threads changed but kept their places; None for any other."""
    all_kept = len(read.encoded) == len(read.items)
    if last.site is None or len(read.items) > FEW or not all_kept:
        return None
    threads = _in_their_places(last, read)
    if threads is None or not _is_otherwise_the_same(site, last):
        return None
    entries = _Remembered(last.items, threads)
    pages = [
        page for path in last.naming(threads) if (page := build_state.page_of(last.made[path]))
    ]
    return Outline(
        site=site,
        last=last,
        view=last.site,
        pages=pages,
        entries=entries,
        items=last.items | read.encoded,
        threads=last.threads,
        posts=last.posts,
        warnings=last.warnings,
        stored=last.stored or 0,
        made=dict(last.made),
        stats=last.stats,
    )


def planned(site: Site, last: State, read: Read, progress: Progress) -> Outline:
    """Plan the whole site, with all its pictures. Raises SitegenError."""
    from sitegen.site.pictures import gather
    from sitegen.site.plan import media_names
    from sitegen.site.plan.site_plan import plan as planned

    archive = library.gathered(site.config.content, site.seen, last, read)
    stored = loss_guard.posts_in(archive.items.values())
    loss_guard.refuse_loss(site.config, stored, last, site.min_share, site.target.owned)
    names = media_names.names(archive, last)
    archive.published = media_names.published(names)
    archive.pictures = gather.gathered(site.config, archive, last, progress)
    plan = planned(archive, site.config, site.design)
    return Outline(
        site=site,
        last=last,
        view=plan.site,
        pages=plan.pages,
        entries={entry.source: entry for entry in archive.entries},
        items=_items(last, read, archive) | media_names.encoded(names, archive.pictures.known),
        threads=len(archive.entries),
        posts=sum(entry.count for entry in archive.entries),
        stored=stored,
        warnings=(*_left_out(site), *plan.warnings),
    )


def _left_out(site: Site) -> Iterator[str]:
    for link in site.links:
        place = site.config.content / link
        yield f"{place}: is a link, and is left out; put the file or the folder itself there"


def _in_their_places(last: State, read: Read) -> dict[str, Entry] | None:
    """Return the changed threads, if nothing else changed and each kept its places."""
    threads: dict[str, Entry] = {}
    for source, item in read.items.items():
        known = last.items.get(source)
        before = build_state.item_of(known) if known else None
        if not (isinstance(item, Entry) and isinstance(before, Entry) and item.stands_as(before)):
            return None
        if item != before:
            threads[source] = item
    return threads


def _is_otherwise_the_same(site: Site, last: State) -> bool:
    """Tell whether no file was added or removed, and settings, media and output are unchanged."""
    seen = site.seen
    return (
        last.settings == site.settings
        and last.seen.keys() == seen.keys()
        and not (has_media(seen) and _has_other_media(seen, last))
        and site.target.holds(last.stats)
    )


def _has_other_media(seen: Seen, last: State) -> bool:
    """Tell whether a media file changed or may have changed; the names are the same."""
    media = ((source, found) for source, found in seen.items() if source.startswith(MEDIA))
    return any(not found[2] or last.seen[source] != found for source, found in media)


def _is_young(page: Page) -> bool:
    """Tell whether a copied file is too young for its signature to be trusted."""
    return isinstance(page.context, Copied) and page.context.signature[2:] == (0,)


def _items(last: State, read: Read, archive: library.Library) -> dict[str, Raw]:
    """Return the parsed files of the content except media, encoded."""
    items = dict(read.encoded)
    if last.items:
        known = last.items
        items |= {source: known[source] for source in archive.items if source not in read.items}
    for left_out in archive.left_out:
        items.pop(left_out, None)
    return items
