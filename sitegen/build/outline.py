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
from sitegen.build.listed import Entry
from sitegen.build.output import Output
from sitegen.build.reading import Found
from sitegen.build.scanning import MEDIA, OnDisk, Signature, has_media
from sitegen.build.state import Known, Made, State
from sitegen.build.theme import Theme
from sitegen.build.values import SiteView
from sitegen.config import Config

Seen = Mapping[str, Signature]
FEW = 50  # edited files, beyond which looking for their names takes longer than planning


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

    `entries` has every thread that a stale page shows. `kept` are the files of the last build that
    the site has still; they and `prints` are whole when all stale pages are found.
    """

    site: Site
    last: State
    view: SiteView
    pages: Iterable[Page]
    entries: Mapping[str, Entry]
    known: dict[str, Known]
    threads: int
    posts: int
    warnings: tuple[str, ...]
    kept: dict[str, Made] = field(default_factory=dict)
    prints: dict[str, Print] = field(default_factory=dict)

    def stale(self) -> Iterator[Page]:
        """Go once through the pages that must be made. Raises AddressError."""
        site, made = self.site, self.last.made
        printer = Printer(self.view, site.config, site.design, self.entries)
        for page in self.pages:
            told = self.prints[page.path] = printer.print_of(page)
            before = made.get(page.path)
            if before is None or not self._holds(page, told, before):
                yield page
            else:
                self.kept[page.path] = before

    def _holds(self, page: Page, told: Print, before: Made) -> bool:
        """Tell whether a file lies as it was left, and would be made of the same."""
        return (
            before.fingerprint == told.fingerprint
            and before.recipe == _recipe(told)
            and before.lies == self.site.target.there.get(page.path)
            and not (page.template == COPY and _is_young(page))
        )

    @property
    def paths(self) -> Collection[str]:
        """Every file of the site."""
        return self.kept.keys() | self.prints.keys()

    def state(self, made: Mapping[str, OnDisk | None], there: Mapping[str, OnDisk]) -> State:
        """Return what the next build may know, once the stale pages are made."""
        new = {
            path: Made(told.fingerprint, lies or there[path], _recipe(told))
            for path, lies in made.items()
            if (told := self.prints[path])
        }
        return State(
            settings=self.site.settings,
            site=self.view if all(map(_is_told, self.prints.values())) else None,
            threads=self.threads,
            posts=self.posts,
            warnings=self.warnings,
            known=self.known,
            made=self.kept | new,
        )


def _recipe(told: Print) -> Raw:
    """Return what a page is made of, where that may have to be known without planning."""
    return Raw(told.encoded) if told.sources and told.encoded else state.NOTHING


def _is_told(told: Print) -> bool:
    """Tell whether a page that shows threads is kept with their names."""
    return bool(told.encoded or not told.sources)


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
    if last.site is None or len(read) > FEW:
        return None
    threads = _in_their_places(last, read)
    if threads is None or not _is_otherwise_the_same(site, last):
        return None
    entries = _Remembered(last.known, threads)
    pages = [page for path in last.naming(threads) if (page := state.page_of(last.made[path]))]
    known = {source: encoded for source in read if (encoded := _known(site, source, read[source]))}
    if len(known) < len(read):
        return None  # one of them could not be kept
    return Outline(
        site=site,
        last=last,
        view=last.site,
        pages=pages,
        entries=entries,
        known=last.known | known,
        threads=last.threads,
        posts=last.posts,
        warnings=last.warnings,
        kept=dict(last.made),
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
