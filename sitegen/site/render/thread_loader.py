"""Load the threads that a page shows: replace references by what templates see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from sitegen.config.schema import Config
from sitegen.languages.language import Language
from sitegen.site import urls
from sitegen.site.parsing.file_reader import Posts, Reader
from sitegen.site.render import thread_posts
from sitegen.site.views import post_views, related, thread_pages
from sitegen.site.views.entries import thread_entries
from sitegen.site.views.excerpts import Excerpt, excerpt
from sitegen.site.views.page_refs import EntryRefs, ThreadPart
from sitegen.site.views.pictures import AlbumPicture, PictureRef, PictureRefs
from sitegen.site.views.related import Related
from sitegen.site.views.summary import Entry
from sitegen.site.views.template_values import PostView, Quoted, ThreadView


class ThreadLoader:
    """Loads threads from content/, and keeps what several pages need of them.

    `entries` has every thread that the pages show, by content file.
    """

    def __init__(self, config: Config, language: Language, reader: Reader) -> None:
        self.config = config
        self.language = language
        self.reader = reader
        self.entries: Mapping[str, Entry] = {}
        self.undescribed = language.text("media.no_description")
        self.positions = lru_cache(maxsize=100)(self._positions)
        self.excerpts = lru_cache(maxsize=100)(self._excerpts)
        self.reply_entry = lru_cache(maxsize=5_000)(self._reply_entry)
        self.tag_keys = lru_cache(maxsize=100)(self._tag_keys)

    def load(self, value: Any) -> Any:
        """Replace references to threads in a context by what templates see, read from content/."""
        kind = type(value)
        if kind is ThreadPart:
            return self.thread(value)
        if kind is EntryRefs:
            return self._listed(value)
        if kind is PictureRefs:
            return [self._picture(ref) for ref in value.pictures]
        if kind is tuple:
            return tuple([self.load(v) for v in value])
        return value

    def _listed(self, refs: EntryRefs) -> list[Entry]:
        """Return the entries of a listing; a reply within a thread has one of its own.

        Those without a warning have thumbnails.
        """
        entries = [self.entries[source] for source in refs.sources]
        if refs.positions:
            entries = [
                self.reply_entry(e.source, e.digest, at) if at else e
                for e, at in zip(entries, refs.positions, strict=True)
            ]
        for ref in refs.thumbnails:
            entry = entries[ref.position]
            if entry.warning is None:
                entries[ref.position] = entry.with_thumbnails(ref)
        return entries

    def _picture(self, ref: PictureRef) -> AlbumPicture:
        """Return a picture of an album with its description."""
        entry = self.entries[ref.source]
        alt = dict(zip(entry.previews, entry.descriptions, strict=True)).get(ref.path, "")
        year = ref.day[:4] if ref.day else ""
        return AlbumPicture(ref.small, alt, ref.address, entry.created_at, entry.lang, year)

    def _reply_entry(self, source: str, digest: bytes, at: int) -> Entry:
        """Return the entry of a post within a thread."""
        entry = self.entries[source]
        path = thread_pages.address(entry, at, self.config.build)
        return thread_entries.reply_entry(entry, self.reader.posts(entry), at, path, self.language)

    def thread(self, part: ThreadPart) -> ThreadView:
        """Return the view of a thread, or of a part of it."""
        view = self.post(part)
        if part.characters or view.entry.count == 1:
            return view
        return replace(view, posts=self._in_thread(view.entry, view.posts))

    def post(self, part: ThreadPart) -> ThreadView:
        """Return the view of a thread of which one post is shown, apart from the others."""
        entry = self.entries[part.source]
        return ThreadView(entry, self._views(entry, part), self.config.build.thread_size)

    def _views(self, entry: Entry, part: ThreadPart) -> tuple[PostView, ...]:
        if part.characters:
            shown = self.excerpts(part.source, entry.digest, part.start, part.end, part.characters)
        else:
            shown = Excerpt(self.reader.posts(entry)[part.start : part.end], False)
        relations = self._related(entry, part, shown.posts) if entry.quotes else None
        keys = self.tag_keys(part.source, entry.digest)
        views = post_views.post_views(
            entry, part, shown.posts, relations, keys, self.config.build, self.undescribed
        )
        if shown.is_cut:
            return (*views[:-1], replace(views[-1], is_cut=True))
        return thread_posts.with_quoters(views, part.quoters) if part.quoters else views

    def _in_thread(self, entry: Entry, views: tuple[PostView, ...]) -> tuple[PostView, ...]:
        """Return the posts of a thread's page as they follow one another there."""
        views = thread_posts.with_days(views, self.language)
        if entry.other_posts:
            views = thread_posts.with_others(views, entry.other_posts)
        if not entry.steps:
            return views
        posts, positions = self.reader.posts(entry), self.positions(entry.source, entry.digest)
        size = self.config.build.thread_size
        return tuple(thread_posts.with_steps(views, entry, posts, positions, size))

    def _excerpts(
        self, source: str, digest: bytes, start: int, end: int | None, characters: int
    ) -> Excerpt:
        """Return the excerpt of a thread; cached, since several feeds show the same one."""
        return excerpt(self.reader.posts(self.entries[source])[start:end], characters)

    def _tag_keys(self, source: str, digest: bytes) -> frozenset[str]:
        """Return the normalised tags of a thread."""
        return frozenset([urls.tag_key(name) for name in self.entries[source].tag_names])

    def _related(self, entry: Entry, part: ThreadPart, posts: Posts) -> Iterator[Related]:
        own_positions = self.positions(entry.source, entry.digest)
        pictures = {i: (path, small) for i, path, small in part.quoted_pictures}
        archived = {
            identity: self._archived_post(identity, source, pictures.get(identity))
            for identity, source in part.quoted
        }
        return related.relations(
            posts, own_positions, archived | dict.fromkeys(part.hidden, related.HIDDEN)
        )

    def _archived_post(self, identity: str, source: str, picture: tuple[str, str] | None) -> Quoted:
        """Return the preview of an archived post that another post quotes, reposts or answers.

        `picture` is the path of its first one, and that of a small version.
        """
        quoted = self.entries[source]
        at = self.positions(quoted.source, quoted.digest)[identity]
        path = thread_pages.address(quoted, at, self.config.build)
        return related.archived_post(self.reader.posts(quoted)[at], path, picture)

    def _positions(self, source: str, digest: bytes) -> dict[str, int]:
        """Return the position of each post id; `digest` is the file's, as part of the cache key."""
        return {identity: at for at, identity in enumerate(self.entries[source].post_ids)}
