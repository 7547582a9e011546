"""Plan a whole site, where the plan of the last build is not valid any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Raw

from sitegen.site.cache.build_cache import Progress
from sitegen.site.cache.build_state import State
from sitegen.site.incremental import loss_guard, search_index
from sitegen.site.incremental.search_index import IndexFiles, Known
from sitegen.site.incremental.staleness import BuildInputs, UpdatePlan
from sitegen.site.parsing.items import ParsedFiles
from sitegen.site.pictures import gather
from sitegen.site.plan import library, media_kinds
from sitegen.site.plan.files import media_names, named_files
from sitegen.site.plan.site_plan import plan as plan_pages
from sitegen.site.search import order
from sitegen.site.search.segment import IndexTask


def plan_site(
    site: BuildInputs,
    last: State,
    parsed: ParsedFiles,
    progress: Progress,
    begin_index: Callable[[Sequence[IndexTask]], None],
) -> UpdatePlan:
    """Plan the whole site, including resized pictures. Raises SitegenError.

    `begin_index` is called with what is to be made of the search index, before pages are planned.
    """
    archive = library.load_library(
        site.config.content, site.files, last, parsed, site.config.site.show
    )
    archive.links = frozenset([*site.links, *site.other_links])
    stored = loss_guard.count_posts(archive.items.values())
    loss_guard.refuse_loss(site.config, stored, last, site.min_share, site.output.owned)
    archive.named = named_files.named_files(
        archive, [person.portrait for person in site.config.people]
    )
    published = media_names.inspect_files(archive, last)
    archive.published = media_names.published_files(published)
    archive.private = media_names.private_files(published)
    archive.kinds = media_kinds.kinds({p: f.inspection for p, f in published.items()})
    archive.pictures = gather.gather_pictures(site.config, archive, last, progress)
    has_search = site.theme.has_search(site.config.build)
    posts = order.ordered(archive.entries) if has_search else None
    index = search_index.plan_index(posts, archive, site.config)
    searched = _searched(last, parsed, archive)
    known = Known(last, IndexFiles(last, site.output, site.reading), parsed.items.keys())
    index_update = search_index.plan_update(index, searched, known)
    begin_index(index_update.tasks if index_update else ())
    plan = plan_pages(archive, site.config, site.theme, site.language, posts, site.topics)
    return UpdatePlan(
        site=site,
        last=last,
        view=plan.site,
        pages=plan.pages,
        entries={entry.source: entry for entry in archive.entries},
        items=_items(last, parsed, archive)
        | media_names.encode_files(published, archive.pictures.known),
        threads=len(archive.entries),
        posts=sum(entry.count for entry in archive.entries),
        stored=stored,
        warnings=(*_link_warnings(site), *plan.warnings),
        index_update=index_update and index_update.with_topics(plan.topics, posts),
        searched=searched,
    )


def _link_warnings(site: BuildInputs) -> Iterator[str]:
    for link in site.links:
        place = site.config.content / link
        yield f"{place}: is a link, and is left out; put the file or the folder itself there"


def _searched(last: State, parsed: ParsedFiles, archive: library.Library) -> dict[str, Raw]:
    """Return what the search index has of threads, encoded: also of kinds that are not shown.

    Their files are not read again when `[site] show` has their kind.
    """
    cached = (source for source in last.searched if source not in parsed.items)
    kept = {source: last.searched[source] for source in cached if source in archive.items}
    return kept | parsed.searched


def _items(last: State, parsed: ParsedFiles, archive: library.Library) -> dict[str, Raw]:
    """Return the parsed content files, encoded for the next build's cache."""
    items = dict(parsed.encoded)
    if last.items:
        cached = last.items
        items |= {source: cached[source] for source in archive.items if source not in parsed.items}
    for left_out in archive.left_out:
        items.pop(left_out, None)
    return items
