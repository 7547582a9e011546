"""What a build is to do: which pages are stale, and what is known of all the others.

Where every edited thread keeps its places, the last plan holds and only the pages that show it
are made again (`patched`). Anything else plans the whole site and compares (`planned`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from msgspec import Raw

from sitegen.build import library, state
from sitegen.build.cache import Progress
from sitegen.build.contexts import COPY, Copied, Page
from sitegen.build.fingerprints import Print, Printer
from sitegen.build.output import Output
from sitegen.build.reading import Found
from sitegen.build.scanning import MEDIA, OnDisk, Signature, has_media
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


@dataclass(slots=True)
class Outline:
    """All that is known before the stale pages are made, and how to find these.

    `entries` has every thread that a stale page shows. Without `users` the plan is new, and then
    `kept` are the files that stay as they are; they and `prints` are whole when all stale pages
    are found.
    """

    site: Site
    last: State
    view: SiteView
    pages: Iterable[Page]
    entries: Mapping[str, Entry]
    known: dict[str, Known]
    users: dict[str, list[int]] | None
    threads: int
    posts: int
    warnings: tuple[str, ...]
    kept: dict[str, Made] = field(default_factory=dict)
    prints: dict[str, Print] = field(default_factory=dict)

    def stale(self) -> Iterator[Page]:
        """Go once through the pages that must be made. Raises AddressError."""
        site, made = self.site, self.last.made
        there = site.target.there
        printer = Printer(self.view, site.config, site.design, self.entries)
        for page in self.pages:
            told = self.prints[page.path] = printer.print_of(page)
            stale = self.last.is_stale(page.path, told.fingerprint, there)
            if stale or (page.template == COPY and _is_young(page)):
                yield page
            else:
                self.kept[page.path] = made[page.path]

    @property
    def paths(self) -> Collection[str]:
        """Every file of the site; where the last plan holds, those that it had."""
        if self.users is not None:
            return self.last.made.keys()
        return self.kept.keys() | self.prints.keys()

    def state(self, made: Mapping[str, OnDisk | None], there: Mapping[str, OnDisk]) -> State:
        """Return what the next build may know, once the stale pages are made."""
        new = {
            path: Made(told.fingerprint, lies or there[path], _recipe(told))
            for path, lies in made.items()
            if (told := self.prints[path])
        }
        # where a plan still holds, so does its order
        now = self.kept | new if self.users is None else self.last.made | new
        return State(
            settings=self.site.settings,
            site=self.view,
            threads=self.threads,
            posts=self.posts,
            warnings=self.warnings,
            known=self.known,
            made=now,
            users=_users(now, self.prints) if self.users is None else self.users,
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


def patched(site: Site, last: State, read: library.Read) -> Outline | None:
    """Outline a build in which threads changed but stand where they stood; None for any other."""
    threads = _in_their_places(last, read)
    if threads is None or last.site is None or not _is_otherwise_the_same(site, last):
        return None
    entries = _Remembered(last.known, threads)
    names = [*last.made]
    paths = list(
        dict.fromkeys([names[n] for source in threads for n in last.users.get(source, ())])
    )
    pages = [page for path in paths if (page := state.page_of(last.made[path]))]
    known = {source: encoded for source in read if (encoded := _known(site, source, read[source]))}
    if len(pages) < len(paths) or len(known) < len(read):
        return None  # one of them could not be kept
    return Outline(
        site=site,
        last=last,
        view=last.site,
        pages=pages,
        entries=entries,
        known=last.known | known,
        users=last.users,
        threads=last.threads,
        posts=last.posts,
        warnings=last.warnings,
    )


def planned(site: Site, last: State, read: library.Read, progress: Progress) -> Outline:
    """Outline a build by planning the whole site, with all its pictures. Raises SitegenError."""
    from sitegen.build.pictures import gathering
    from sitegen.build.plan import plan as planned

    archive = library.gathered(site.config.content, site.seen, last, read)
    archive.pictures = gathering.gathered(site.config, archive, last, progress)
    plan = planned(archive, site.config, site.design)
    return Outline(
        site=site,
        last=last,
        view=plan.site,
        pages=plan.pages,
        entries={entry.source: entry for entry in archive.entries},
        known=_all_known(site, last, read, archive),
        users=None,
        threads=len(archive.entries),
        posts=sum(entry.count for entry in archive.entries),
        warnings=plan.warnings,
    )


def _in_their_places(last: State, read: library.Read) -> dict[str, Entry] | None:
    """Return the threads that changed, if only threads were read, and each stands as it stood."""
    threads: dict[str, Entry] = {}
    for source, (item, _) in read.items():
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
        and not (has_media(seen) and _has_other_media(seen, last))
        and site.target.holds(last.files())
    )


def _has_other_media(seen: Seen, last: State) -> bool:
    """Tell whether a media file changed, or may have; names are the same."""
    media = ((source, found) for source, found in seen.items() if source.startswith(MEDIA))
    return any(not found[2] or last.known[source].signature != found for source, found in media)


def _is_young(page: Page) -> bool:
    """Tell whether a file that is copied may have changed since, and lie as it lay."""
    return isinstance(page.context, Copied) and page.context.signature[2:] == (0,)


def _all_known(
    site: Site, last: State, read: library.Read, archive: library.Library
) -> dict[str, Known]:
    seen, items = site.seen, archive.items
    known = {s: last.known[s] for s in items if s not in read}
    known |= {
        s: Known(seen[s], Raw(f.encoded)) for s, f in read.items() if f.encoded and s in items
    }
    pictures = archive.pictures.known
    for source, signature in seen.items() if has_media(seen) else ():
        if source.startswith(MEDIA):
            known[source] = Known(signature, pictures.get(source, state.NOTHING))
    return known


def _known(site: Site, source: str, found: Found) -> Known | None:
    return Known(site.seen[source], Raw(found.encoded)) if found.encoded else None


def _users(paths: Iterable[str], prints: Mapping[str, Print]) -> dict[str, list[int]]:
    """Return the numbers of the pages that show each thread."""
    users: dict[str, list[int]] = {}
    for number, path in enumerate(paths):
        for source in prints[path].sources:
            if source in users:
                users[source].append(number)
            else:
                users[source] = [number]
    return users
