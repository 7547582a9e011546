"""Parse files and render pages in one process; serialise what it parsed for another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Raw

from sitegen.config.schema import Config
from sitegen.errors import ContentError, SourceError
from sitegen.languages.language import Language
from sitegen.query.accounts import AccountNames
from sitegen.query.facts import PostFacts
from sitegen.selection.collections import CollectionQueries
from sitegen.selection.hide_rules import NO_NAMES, HideRules
from sitegen.selection.thread_matches import ThreadMatcher
from sitegen.selection.topics import TopicMatcher
from sitegen.site.cache.build_state import decode_item, encode
from sitegen.site.output_folder import Output
from sitegen.site.parsing.file_reader import Reader
from sitegen.site.parsing.items import ParsedFiles
from sitegen.site.render.theme import Theme
from sitegen.site.scan import FileStat
from sitegen.site.views.contexts import PUBLISH, SCRIPT, STYLE_SHEET, CopyContext, Page
from sitegen.site.views.summary import Entry
from sitegen.site.views.template_values import SiteView
from sitegen.topics.site_topics import NO_TOPICS, Topics

if TYPE_CHECKING:
    from sitegen.site.render.renderer import Renderer
    from sitegen.site.search.segment import Part, SegmentFiles, SegmentPosts

PageStats = dict[str, FileStat | None]
SerialisedFiles = dict[str, tuple[bytes, bytes] | ContentError]


class Worker:
    """Parses files and renders pages in one process.

    `names` are those of the accounts that `[privacy] hide` may name; `topics` are the site's.
    """

    def __init__(
        self,
        config: Config,
        output: Output,
        theme: Theme,
        language: Language,
        names: AccountNames = NO_NAMES,
        topics: Topics = NO_TOPICS,
    ) -> None:
        self.config = config
        self.output = output
        self.theme = theme
        self.language = language
        self.names = names
        self.topics = topics
        rules = HideRules(config.privacy.hide, language.local, names)
        collections = CollectionQueries(config.collections)
        matcher = ThreadMatcher(collections, TopicMatcher(topics))
        self.reader = Reader(config.content, language, config.markdown.loaded, rules, matcher)
        self._renderer: Renderer | None = None

    @property
    def renderer(self) -> Renderer:
        """The renderer of this process, created on first use after a check of all templates."""
        from sitegen.site.render.renderer import Renderer

        if self._renderer is None:
            self._renderer = Renderer(self.theme, self.config, self.language, self.reader)
            self._renderer.templates.check()
        return self._renderer

    def check_templates(self) -> None:
        """Check all templates, used or not. Raises ThemeError."""
        _ = self.renderer

    def load_templates(self) -> None:
        """Load all templates, used or not. Raises ThemeError."""
        self.renderer.templates.load_all()

    def parse(self, sources: Iterable[str]) -> ParsedFiles:
        """Parse content files, named by their paths in content/."""
        parsed = ParsedFiles()
        for source in sources:
            try:
                item, facts = self.reader.read(source)
                parsed.items[source] = item
                if data := encode(item):
                    parsed.encoded[source] = Raw(data)
                if facts and self.theme.has_search(self.config.build):
                    parsed.searched[source] = Raw(_encode_searched(facts))
            except ContentError as error:
                parsed.errors[source] = error
        return parsed

    def deserialise(self, serialised: SerialisedFiles) -> ParsedFiles:
        """Decode files parsed by another process; parse those that could not be serialised."""
        parsed = ParsedFiles()
        for source, item in serialised.items():
            if isinstance(item, ContentError):
                parsed.errors[source] = item
                continue
            encoded, searched = item
            if not encoded:
                parsed.update(self.parse((source,)))
                continue
            parsed.items[source] = decode_item(Raw(encoded))
            parsed.encoded[source] = Raw(encoded)
            if searched:
                parsed.searched[source] = Raw(searched)
        return parsed

    def index(self, posts: SegmentPosts, part: Part) -> SegmentFiles:
        """Return the files of a part of a segment of the search index."""
        from sitegen.site.search import segment

        return segment.make(posts, part)

    def write(self, files: Mapping[str, bytes]) -> PageStats:
        """Write files; return the `stat` of each, None if the file had these bytes already."""
        return {path: self.output.write(path, data) for path, data in files.items()}

    def render(
        self, site: SiteView, pages: Iterable[Page], entries: Mapping[str, Entry]
    ) -> PageStats:
        """Render pages; return the `stat` of each, None if the file had these bytes already."""
        renderer = self.renderer
        renderer.threads.entries = entries
        return {page.path: self._render(page, site, renderer) for page in pages}

    def _render(self, page: Page, site: SiteView, renderer: Renderer) -> FileStat | None:
        if isinstance(page.context, CopyContext):
            source = Path(page.context.source)
            writers = {
                PUBLISH: self._publish,
                STYLE_SHEET: self._write_style_sheet,
                SCRIPT: self._write_script,
            }
            return writers.get(page.template, self.output.copy)(page.path, source)
        return self.output.write(page.path, renderer.render(page, site))

    def _write_style_sheet(self, path: str, source: Path) -> FileStat | None:
        """Copy a style sheet without its comments."""
        from sitegen.site.outputs import style_sheets

        return self.output.write(path, style_sheets.compact(source.read_bytes()))

    def _write_script(self, path: str, source: Path) -> FileStat | None:
        """Copy the script of posts with the words of the site."""
        from sitegen.site.outputs import scripts

        script = scripts.with_messages(source.read_bytes(), self.language)
        return self.output.write(path, script)

    def _publish(self, path: str, source: Path) -> FileStat | None:
        """Copy a file without its metadata. Raises ContentError."""
        from sitegen.media import publishing

        try:
            pieces = publishing.published_pieces(source)
            if pieces is None:
                return self.output.copy(path, source)
            return self.output.write_pieces(path, pieces)
        except SourceError as error:
            what = "changed while the site was built"
            raise ContentError(what, path=source, hint="build again.") from error


def _encode_searched(facts: Iterable[PostFacts]) -> bytes:
    """Return what the search index has of a thread, encoded."""
    from sitegen.site.search import searched_post

    return searched_post.encode_thread(facts)


def serialise(parsed: ParsedFiles) -> SerialisedFiles:
    """Serialise parsed files for another process; an item without UTF-8 becomes b""."""
    encoded, searched = parsed.encoded, parsed.searched
    return {
        source: (bytes(encoded.get(source, b"")), bytes(searched.get(source, b"")))
        for source in parsed.items
    } | parsed.errors
