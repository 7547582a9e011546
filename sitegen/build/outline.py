"""What a build is to do: which pages are stale, and what is known of all the others.

Where every edited thread keeps its places, the last plan holds and only the pages that show it
are made again (`patched`). Anything else plans the whole site and compares (`planned`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from msgspec import Raw

from sitegen.build import library, state
from sitegen.build.contexts import Page
from sitegen.build.fingerprints import Print, Printer
from sitegen.build.output import Output
from sitegen.build.reading import Item
from sitegen.build.scanning import MEDIA, OnDisk, Signature
from sitegen.build.state import Known, Made, State
from sitegen.build.theme import Theme
from sitegen.build.values import Entry, SiteView
from sitegen.config import Config

Seen = Mapping[str, Signature]


@dataclass(frozen=True, slots=True)
class Site:
    """What a build is given, besides what it reads."""

    config: Config
    design: Theme
    settings: bytes
    seen: Seen
    target: Output


@dataclass(frozen=True, slots=True)
class Outline:
    """The stale pages with their fingerprints, and all that is known before they are made.

    `kept` are the files that stay as they are; `entries` has every thread that a stale page shows.
    """

    settings: bytes
    view: SiteView
    stale: list[Page]
    prints: Mapping[str, Print]
    entries: Mapping[str, Entry]
    kept: dict[str, Made]
    known: dict[str, Known]
    users: dict[str, list[str]]
    threads: int
    posts: int
    warnings: tuple[str, ...]

    @property
    def paths(self) -> Collection[str]:
        """Every file of the site."""
        return self.kept.keys() | {page.path for page in self.stale}

    def state(self, made: Mapping[str, OnDisk | None], there: Mapping[str, OnDisk]) -> State:
        """Return what the next build may know, once the stale pages are made."""
        new = {
            path: Made(told.fingerprint, now or there[path], _recipe(told))
            for path, now in made.items()
            if (told := self.prints[path])
        }
        return State(
            settings=self.settings,
            site=self.view,
            threads=self.threads,
            posts=self.posts,
            warnings=self.warnings,
            known=self.known,
            made=self.kept | new,
            users=self.users,
        )


def _recipe(told: Print) -> Raw:
    """Return what a page is made of, where that may have to be known without planning."""
    return Raw(told.encoded) if told.sources and told.encoded else state.NOTHING


class _Remembered(dict[str, Entry]):
    """The entries of threads by file: those just read, the others as the last build knew them."""

    def __init__(self, known: Mapping[str, Known], read: Mapping[str, Entry]) -> None:
        super().__init__(read)
        self.known = known

    def __missing__(self, source: str) -> Entry:
        item = state.item_of(self.known[source])
        if not isinstance(item, Entry):
            raise KeyError(source)
        self[source] = item
        return item


def patched(site: Site, last: State, read: Mapping[str, Item]) -> Outline | None:
    """Outline a build in which threads changed but stand where they stood; None for any other."""
    threads = _in_their_places(last, read)
    if threads is None or last.site is None or not _is_otherwise_the_same(site, last):
        return None
    entries = _Remembered(last.known, threads)
    paths = list(dict.fromkeys([p for source in threads for p in last.users.get(source, ())]))
    again = set(paths)
    pages = [page for path in paths if (page := state.page_of(last.made[path]))]
    known = {source: encoded for source in read if (encoded := _known(site, source, read[source]))}
    if len(pages) < len(paths) or len(known) < len(read):
        return None  # one of them could not be kept
    return Outline(
        settings=site.settings,
        view=last.site,
        stale=pages,
        prints=Printer(last.site, site.config, site.design, entries).prints(pages),
        entries=entries,
        kept={path: made for path, made in last.made.items() if path not in again},
        known=last.known | known,
        users=last.users,
        threads=last.threads,
        posts=last.posts,
        warnings=last.warnings,
    )


def planned(site: Site, last: State, read: Mapping[str, Item]) -> Outline:
    """Outline a build by planning the whole site. Raises SitegenError."""
    from sitegen.build.plan import plan as planned

    archive = library.gathered(site.config.content, site.seen, last, read)
    plan = planned(archive, site.config, site.design)
    entries = {entry.source: entry for entry in archive.entries}
    prints = Printer(plan.site, site.config, site.design, entries).prints(plan.pages)
    there = site.target.there
    stale = [p for p in plan.pages if last.is_stale(p.path, prints[p.path].fingerprint, there)]
    again = {page.path for page in stale}
    return Outline(
        settings=site.settings,
        view=plan.site,
        stale=stale,
        prints=prints,
        entries=entries,
        kept={path: last.made[path] for path in prints if path not in again},
        known=_all_known(site, last, read, archive),
        users=_users(prints),
        threads=len(archive.entries),
        posts=sum(entry.count for entry in archive.entries),
        warnings=plan.warnings,
    )


def _in_their_places(last: State, read: Mapping[str, Item]) -> dict[str, Entry] | None:
    """Return the threads that changed, if only threads were read, and each stands as it stood."""
    threads: dict[str, Entry] = {}
    for source, item in read.items():
        known = last.known.get(source)
        before = state.item_of(known) if known else None
        if not (isinstance(item, Entry) and isinstance(before, Entry) and item.stands_as(before)):
            return None
        if item != before:
            threads[source] = item
    return threads


def _is_otherwise_the_same(site: Site, last: State) -> bool:
    """Tell whether neither files came or went, nor settings, media or the site itself changed."""
    seen = site.seen
    return (
        last.settings == site.settings
        and last.known.keys() == seen.keys()
        and all(last.known[s].signature == f for s, f in seen.items() if s.startswith(MEDIA))
        and site.target.holds(last.files())
    )


def _all_known(
    site: Site, last: State, read: Mapping[str, Item], archive: library.Library
) -> dict[str, Known]:
    known = {
        source: made
        for source, item in archive.items.items()
        if (made := _known(site, source, item) if source in read else last.known[source])
    }
    for source, signature in site.seen.items():
        if source.startswith(MEDIA):
            known[source] = Known(signature, state.NOTHING)
    return known


def _known(site: Site, source: str, item: Item) -> Known | None:
    encoded = state.encoded(item)
    return Known(site.seen[source], Raw(encoded)) if encoded else None


def _users(prints: Mapping[str, Print]) -> dict[str, list[str]]:
    """Return the pages that show each thread."""
    users: dict[str, list[str]] = {}
    for path, made in prints.items():
        for source in made.sources:
            if source in users:
                users[source].append(path)
            else:
                users[source] = [path]
    return users
