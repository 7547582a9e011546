"""Find the stale pages of a build.

If every edited thread stays on the same pages, the last plan is valid, and only the pages that
show it are rendered (`plan_patch`). Otherwise `whole_site` plans all pages, and the fingerprint of
each is compared with the last one. Most edits need no part of that, so it is loaded when it is
used.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Raw, Struct

from sitegen.config.schema import Config
from sitegen.languages.language import Language
from sitegen.site.cache import build_state
from sitegen.site.cache.build_state import OutputRecord, State
from sitegen.site.cache.fingerprints import Fingerprinter, PageFingerprint
from sitegen.site.incremental import loss_guard
from sitegen.site.output_folder import Output
from sitegen.site.parsing.items import ParsedFiles
from sitegen.site.render.theme import Theme
from sitegen.site.scan import FileStat, Signature, has_files_to_copy, is_markdown
from sitegen.site.search.records import DIRECTORY_FILE, IndexRecord
from sitegen.site.views.contexts import COPIES, CopyContext, Page
from sitegen.site.views.summary import Entry
from sitegen.site.views.template_values import SiteView
from sitegen.topics.site_topics import Topics

if TYPE_CHECKING:
    from sitegen.query.accounts import AccountNames
    from sitegen.site.incremental.search_index import Index, IndexUpdate
    from sitegen.site.search.segment import IndexParts

Signatures = dict[str, Signature]
MAX_PATCH_FILES = 50  # edited files; with more, planning is faster than searching the saved pages


class BuildInputs(NamedTuple):
    """The inputs of a build, apart from the text of content files.

    `names` are those of the accounts that `[privacy] hide` may name. `reading` is the fingerprint
    of what decides how content files are read, `settings` that of what decides what pages show.
    """

    config: Config
    theme: Theme
    language: Language
    names: AccountNames
    topics: Topics
    reading: bytes
    settings: bytes
    files: Signatures
    output: Output
    links: tuple[str, ...] = ()
    other_links: tuple[str, ...] = ()
    min_share: float = 0.0


class UpdatePlan(Struct):
    """The plan of a build, which finds its stale pages.

    `entries` has every thread that a stale page shows. `outputs`, `fingerprints` and
    `is_serialisable` (whether the state can name the threads on each page) are complete once
    `stale` is exhausted. A patch starts with the `outputs` and `stats` of the last build.
    `searched` has the posts of the search index by content file, encoded; `index_update` is what is
    left to do for it, and `record` what is saved of it then. A patch has an `edited_index` instead,
    the changed files.
    """

    site: BuildInputs
    last: State
    view: SiteView
    pages: Iterable[Page]
    entries: Mapping[str, Entry]
    items: dict[str, Raw]
    threads: int
    posts: int
    warnings: tuple[str, ...]
    stored: int = 0
    index_update: IndexUpdate | None = None
    searched: dict[str, Raw] = {}
    record: IndexRecord | None = None
    edited_index: Mapping[str, bytes] = {}
    outputs: dict[str, OutputRecord] = {}
    stats: dict[str, FileStat] = {}
    fingerprints: dict[str, PageFingerprint] = {}
    is_serialisable: bool = True

    def stale(self) -> Iterator[Page]:
        """Yield the pages that must be rendered; call it once. Raises AddressError."""
        site, last = self.site, self.last
        fingerprinter = Fingerprinter(
            self.view, site.config, site.theme, site.language, self.entries
        )
        for page in self.pages:
            fingerprint = self.fingerprints[page.path] = fingerprinter.fingerprint(page)
            self.is_serialisable = self.is_serialisable and fingerprint.is_serialisable
            previous = last.outputs.get(page.path)
            self.outputs[page.path] = fingerprint.record
            if previous != fingerprint.record or not self._is_unchanged_on_disk(page):
                yield page

    def _is_unchanged_on_disk(self, page: Page) -> bool:
        previous = self.last.stats[page.path]
        may_have_changed = page.template in COPIES and _may_have_changed(page)
        return previous == self.site.output.existing.get(page.path) and not may_have_changed

    @property
    def paths(self) -> Collection[str]:
        """The site paths of all output files."""
        return self.outputs.keys()

    def stats_of(self, outputs: Mapping[str, FileStat | None]) -> dict[str, FileStat]:
        """Return the `stat` of every output file, given those of the rendered ones."""
        existing = self.site.output.existing
        return self.stats | {
            path: outputs.get(path) or existing[path]
            for path in (*self.fingerprints, *self._index_paths)
        }

    @property
    def _index_paths(self) -> frozenset[str]:
        return self.record.paths if self.record else frozenset()

    def finish_index(self, made: IndexParts) -> Mapping[str, bytes]:
        """Return the files of the search index that may have changed, given their parts.

        Its directory is not among them, see `finish_directory`.
        """
        if self.index_update is None:
            return self.edited_index
        files, self.record = self.index_update.finish(made)
        self.outputs |= dict.fromkeys(self.record.paths, OutputRecord(b""))
        return files

    def finish_directory(self, written: Container[str]) -> Mapping[str, bytes]:
        """Return the directory of the search index, if there is one, after all other files.

        `written` are the site paths of those that this build wrote.
        """
        if self.record is None:
            return {}
        known = self.last.index.results if self.last.index else ()
        self.record = self.record.with_results(known, written, self.site.output.read)
        return {DIRECTORY_FILE: self.record.directory()}

    def state(self, stats: dict[str, FileStat]) -> State:
        """Return the state to save, given the `stat` of every output file."""
        return State(
            settings=self.site.settings,
            reading=self.site.reading,
            site=self.view if self.is_serialisable else None,
            threads=self.threads,
            posts=self.posts,
            warnings=self.warnings,
            files=self.site.files,
            items=self.items,
            outputs=self.outputs,
            stats=stats,
            stored=self.stored,
            posts_after_purge=loss_guard.posts_after_purge(self.site.config),
            searched=self.searched,
            index=self.record,
            topics=self.site.topics if self.site.config.build.topics else None,
        )


class _CachedEntries(dict[str, Entry]):
    """Entries by content file: those just parsed, and others decoded on demand from the cache."""

    def __init__(self, items: Mapping[str, Raw], parsed: Mapping[str, Entry]) -> None:
        super().__init__(parsed)
        self.cached_items = items

    def __missing__(self, source: str) -> Entry:
        item = build_state.decode_item(self.cached_items[source])
        if not isinstance(item, Entry):
            raise KeyError(source)
        self[source] = item
        return item


def plan_patch(site: BuildInputs, last: State, parsed: ParsedFiles) -> UpdatePlan | None:
    """Plan a build in which edited threads stay on the same pages; return None for any other."""
    all_encoded = len(parsed.encoded) == len(parsed.items)
    if last.site is None or len(parsed.items) > MAX_PATCH_FILES or not all_encoded:
        return None
    threads = _unmoved_threads(last, parsed)
    if threads is None or not _is_rest_unchanged(site, last):
        return None
    entries = _CachedEntries(last.items, threads)
    pages = [
        page
        for path in last.paths_showing(threads)
        if (page := build_state.decode_page(last.outputs[path]))
    ]
    index = _edit_index(site, last, parsed, pages) if last.index else None
    if index is None and last.index:
        return None
    return UpdatePlan(
        site=site,
        last=last,
        view=last.site,
        pages=pages,
        entries=entries,
        items=last.items | parsed.encoded,
        threads=last.threads,
        posts=last.posts,
        warnings=last.warnings,
        stored=last.stored or 0,
        outputs=dict(last.outputs),
        stats=last.stats,
        searched=last.searched | parsed.searched,
        record=index.record if index else None,
        edited_index=index.files if index else {},
    )


def _edit_index(
    site: BuildInputs, last: State, parsed: ParsedFiles, pages: list[Page]
) -> Index | None:
    """Return the search index after the edits; None if more changed than words and keys."""
    from sitegen.site.incremental import search_edits

    return search_edits.edit_index(last, parsed, pages, site.output)


def _unmoved_threads(last: State, parsed: ParsedFiles) -> dict[str, Entry] | None:
    """Return the changed threads if nothing else changed and each stays on the same pages."""
    threads: dict[str, Entry] = {}
    for source, item in parsed.items.items():
        cached = last.items.get(source)
        previous = build_state.decode_item(cached) if cached else None
        if not (
            isinstance(item, Entry)
            and isinstance(previous, Entry)
            and item.has_same_placement(previous)
        ):
            return None
        if item != previous:
            threads[source] = item
    return threads


def _is_rest_unchanged(site: BuildInputs, last: State) -> bool:
    """Tell whether the set of files, the settings, files to copy and output are all unchanged."""
    files = site.files
    return (
        last.settings == site.settings
        and last.reading == site.reading
        and last.files.keys() == files.keys()
        and not (has_files_to_copy(files) and _has_changed_files(files, last))
        and site.output.matches(last.stats)
    )


def _has_changed_files(files: Signatures, last: State) -> bool:
    """Tell whether a file to copy has changed or is too young to tell."""
    copied = ((source, found) for source, found in files.items() if not is_markdown(source))
    return any(not found[2] or last.files[source] != found for source, found in copied)


def _may_have_changed(page: Page) -> bool:
    """Tell whether a file to copy is too young for its signature to be trusted."""
    return isinstance(page.context, CopyContext) and page.context.signature[2:] == (0,)
