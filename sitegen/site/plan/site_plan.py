"""Plan the site: every output file as a `Page` value, before anything is rendered.

Two pages with the same path are an error that names both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple, NoReturn

from sitegen.config.schema import Config
from sitegen.content import content_folder
from sitegen.content.format.profile_file import StoredProfile
from sitegen.content.post_media import media_block
from sitegen.errors import AddressError
from sitegen.languages.language import Language
from sitegen.selection.topics import TopicMatcher
from sitegen.site import root_files, url_encoding, urls
from sitegen.site.markup import code_blocks
from sitegen.site.parsing.items import HiddenFile
from sitegen.site.plan import page_types
from sitegen.site.plan.indexes import Indexes, SearchedPosts
from sitegen.site.plan.library import Library
from sitegen.site.plan.page_types import MENU_SIZE, has_insights, insights_path
from sitegen.site.plan.page_types.machine_files import search_path
from sitegen.site.plan.targets import unresolved
from sitegen.site.render.theme import (
    HIGHLIGHT_STYLE,
    INSIGHTS_STYLE,
    TOPICS_STYLE,
    VARIABLES,
    Theme,
    folders,
)
from sitegen.site.root_files import RootFiles
from sitegen.site.search.topics import SearchedTopic, searched_topics
from sitegen.site.views import contexts
from sitegen.site.views.contexts import COPY, PUBLISH, SCRIPT, STYLE_SHEET, Page
from sitegen.site.views.links import Link
from sitegen.site.views.template_values import SiteView
from sitegen.topics.site_topics import NO_TOPICS, Topics

ASSET = "asset"


class Plan(NamedTuple):
    """The planned site, and warnings about its content.

    `pages` can be iterated once, since a large site's pages do not fit into memory. `topics` are
    those that the search knows.
    """

    site: SiteView
    pages: Iterator[Page]
    warnings: tuple[str, ...]
    topics: tuple[SearchedTopic, ...]


def plan(
    library: Library, config: Config, theme: Theme, language: Language,
    searched: SearchedPosts = None, topics: Topics = NO_TOPICS,
) -> Plan:  # fmt: skip
    """Plan every output file. Raises ContentError if a page names a template that is missing.

    `searched` are the posts of the search index in its order, None for a site without a search.
    Iterating raises AddressError if two pages have the same path, ThemeError if templates of the
    theme are missing.
    """
    indexes = Indexes(library, config, language, searched, topics)
    if searched is None:
        theme = theme.without_search(config.static)
    if has_highlighted_code(library):
        stylesheets = theme.stylesheets_with_highlighting()
    else:
        stylesheets = theme.stylesheets()
        theme = theme.without_sheet(HIGHLIGHT_STYLE, config.static)
    if not (config.build.topics and indexes.topic_posts.shown):
        theme = theme.without_sheet(TOPICS_STYLE, config.static)
    page_types.require_templates(indexes, theme.templates)
    own = root_files.find(config)

    def listed() -> Iterator[Page]:
        made = chain(page_types.all_pages(indexes), assets(library, theme, config.static))
        yield from (page for page in made if not _is_replaced(page, own))
        yield from root_pages(own)

    site = site_view(indexes, stylesheets)
    if not has_insights(indexes, site.nav):
        theme = theme.without_sheet(INSIGHTS_STYLE, config.static)
    missing = (*missing_media(library), *missing_avatars(library))
    references = unresolved(indexes.targets, cache(lambda: {page.path for page in listed()}))
    warnings = (
        *language.warnings,
        *indexes.accounts.warnings,
        *missing,
        *[f"{library.folder / file}:{line}: {what}" for file, line, what in references],
        *renamed_media(library),
        *library.pictures.warnings,
        *(f"{link}: is a link, and is left out; put the file itself there" for link in own.links),
        *misspelt(library),
        *unknown_topics(config, topics),
    )
    file = folders(config)[-1] / "theme.toml"

    def templated() -> Iterator[Page]:
        return page_types.with_templates(listed, theme.templates, file)

    shown = searched_topics(indexes.topic_posts.shown, topics.topics)
    return Plan(site, without_collisions(templated), warnings, shown)


def assets(library: Library, theme: Theme, own: Path) -> Iterator[Page]:
    """Generate the files to copy: media, resized pictures, static files of site and theme.

    `own` is the folder of the site's own static files, which are published as they are.
    """
    for path, signature in library.media.items():
        context = contexts.CopyContext(str(library.folder / path), tuple(signature))
        renamed = library.published.get(path)
        yield Page(renamed.path if renamed else path, COPY, context, path)
    for path, signature in library.named.items():
        if path not in library.private:
            context = contexts.CopyContext(str(library.folder / path), tuple(signature))
            renamed = library.published.get(path)
            yield Page(
                renamed.path if renamed else path, PUBLISH, context, f"{library.folder.name}/{path}"
            )
    for path, made in library.pictures.files.items():
        yield Page(path, COPY, contexts.CopyContext(str(made), ()), f"the smaller picture {path}")
    for path, source in theme.static.items():
        stat = source.stat()
        context = contexts.CopyContext(str(source), (stat.st_mtime_ns, stat.st_size))
        is_sheet = source.suffix == ".css" and not source.is_relative_to(own)
        kind = SCRIPT if path == urls.POSTS_SCRIPT else STYLE_SHEET if is_sheet else COPY
        yield Page(path, kind, context, f"the static file {source}")
    if theme.variables:
        yield Page(
            VARIABLES, ASSET, contexts.TextContext(theme.variables), "the CSS variables of the site"
        )
    yield Page(urls.NO_JEKYLL, ASSET, contexts.TextContext(""), ".nojekyll")


def root_pages(own: RootFiles) -> Iterator[Page]:
    """Generate the files to copy to the top of the site."""
    for path, source in own.files.items():
        stat = source.stat()
        context = contexts.CopyContext(str(source), (stat.st_mtime_ns, stat.st_size))
        yield Page(path, COPY, context, f"the file {source}")


def _is_replaced(page: Page, own: RootFiles) -> bool:
    """Tell whether the site has its own file in place of one that hosts request by name."""
    return page.path in urls.HOST_FILES and page.path in own.files


def has_highlighted_code(library: Library) -> bool:
    """Tell whether a shown text may have code whose language it names."""
    if any(map(attrgetter("names_language"), library.entries)):
        return True
    bodies = [document.body for document in library.documents]
    bodies += [profile.handwritten for profile in library.profiles if profile.handwritten]
    return any(map(code_blocks.names_language, bodies))


def without_collisions(listed: Callable[[], Iterable[Page]]) -> Iterator[Page]:
    """Yield pages whose paths are unique, even on a case-insensitive file system.

    Nor may a file have the path of a folder. `listed` is called again to name a collision.
    """
    paths: set[str] = set()
    folders: set[str] = set()
    for page in listed():
        path = urls.fold(page.path)
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            if folder in paths:
                _refuse(page, folder, listed())
            folder = folder.rpartition("/")[0]
        if path in paths or path in folders:
            _refuse(page, path, listed())
        paths.add(path)
        yield page


def _refuse(page: Page, claimed: str, listed: Iterable[Page]) -> NoReturn:
    """Raise AddressError that names a page and the first other one with a colliding path."""
    other = next(o for o in listed if f"{urls.fold(o.path)}/".startswith(f"{claimed}/"))
    path = other.path if len(other.path) < len(page.path) else page.path
    what = f"{page.claim} and {other.claim} both claim {path}"
    raise AddressError(what, hint="rename one of them.")


def site_view(indexes: Indexes, stylesheets: tuple[str, ...]) -> SiteView:
    """Return the values that every template sees as `site`."""
    site, build, accounts = indexes.config.site, indexes.build, indexes.accounts
    return SiteView(
        title=indexes.title,
        description=site.description,
        language=site.language,
        direction=indexes.language.direction,
        base_url=url_encoding.base(site.base_url),
        account=accounts.owner.profile.handle if accounts.owner else None,
        own=accounts.owner_paths,
        credits=accounts.credits,
        nav=navigation(indexes),
        stylesheets=stylesheets,
        scripts=(),
        feeds=indexes.feeds(urls.INDEX, indexes.title) if build.site_feeds else (),
        footer=site.footer,
        networks=indexes.networks,
        search=search_path(indexes) if indexes.searched is not None else "",
    )


def navigation(indexes: Indexes) -> tuple[Link, ...]:
    """Return the menu: links to non-empty taxonomies and to handwritten pages."""
    build, text = indexes.build, indexes.language.text

    def any_has(name: str) -> bool:  # cheaper than building the index
        return any(map(attrgetter(name), indexes.entries))

    insights = insights_path(indexes)
    topics = Link(text("menu.topics"), indexes.topics_path)
    listed = (
        (indexes.searched is not None, Link(text("menu.search"), search_path(indexes))),
        (indexes.config.collections, Link(text("menu.collections"), urls.COLLECTIONS)),
        (build.date_pages and any_has("day"), Link(text("menu.dates"), urls.DATES)),
        (build.topics and indexes.topic_posts.shown, topics),
        (build.tag_pages and any_has("tag_names"), Link(text("menu.tags"), urls.TAGS)),
        (
            build.people_pages and (any_has("mentions") or indexes.by_person),
            Link(text("menu.people"), urls.PEOPLE),
        ),
        (build.host_pages and any_has("hosts"), Link(text("menu.sites"), urls.HOSTS)),
        (
            build.profile_pages and indexes.accounts.profiles,
            Link(text("menu.profiles"), urls.PROFILES),
        ),
        (insights, Link(text("menu.insights"), insights)),
    )
    own = indexes.own_pages
    if len(own) > MENU_SIZE:
        own = (*own[:MENU_SIZE], Link(text("menu.documents"), urls.DOCUMENTS))
    return (*(link for wanted, link in listed if wanted), *own)


def missing_media(library: Library) -> Iterator[str]:
    """Yield a warning for each missing media file that a thread refers to."""
    for entry in [entry for entry in library.entries if entry.media_paths]:
        missing = [path for _, path in entry.media_paths if path not in library.media]
        place = library.folder / entry.source
        text = content_folder.read_text(str(place)) if missing else ""
        numbers = media_block.lines_naming_files(missing, text)
        for path in missing:
            yield f"{place}:{numbers[path]}: there is no {path}; its description is shown instead"


def renamed_media(library: Library) -> Iterator[str]:
    """Yield a warning for each media file that is published under another name."""
    for path, file in library.published.items():
        place = library.folder / path
        use = ", to be downloaded" if file.kind == "file" else ""
        yield f"{place}: {file.reason}, so it is published as {file.path}{use}"


def misspelt(library: Library) -> Iterator[str]:
    """Yield a warning for each misspelt key in front matter."""
    for source, item in sorted(library.items.items()):
        for warning in () if isinstance(item, HiddenFile) else item.warnings:
            yield f"{library.folder / source}:{warning}"


def unknown_topics(config: Config, topics: Topics) -> Iterator[str]:
    """Yield a warning for each topic that a collection names and the site does not know."""
    if not config.collections:
        return
    from sitegen.query import parser  # few sites have collections

    known = TopicMatcher(topics)
    what = "there is no such topic" if config.build.topics else "[build] topics is false"
    for collection in config.collections:
        for name in parser.parse(collection.query).values_of("topic"):
            if not known.is_known(name):
                place = f"{config.file}:{collection.line}: [[collection]] {collection.title}"
                yield f"{place} asks for topic:{name}, but {what}; `sitegen topics` lists them"


def missing_avatars(library: Library) -> Iterator[str]:
    """Yield a warning for each missing picture that a profile refers to."""
    for source, item in library.items.items():
        profile = item.profile if isinstance(item, StoredProfile) else None
        for path in (profile.avatar, profile.banner) if profile else ():
            if path and path not in library.media:
                yield f"{library.folder / source}: there is no {path}; no picture is shown"
