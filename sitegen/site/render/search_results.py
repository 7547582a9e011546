"""Write the files of posts that a page of search results loads, see docs/search-index.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from msgspec import json
from msgspec.structs import replace

from sitegen.config.schema import Build
from sitegen.content.format.draft import shorten
from sitegen.languages.direction import html_language
from sitegen.languages.language import Language
from sitegen.model import Post
from sitegen.query.facts import other_texts
from sitegen.site import url_encoding
from sitegen.site.parsing.file_reader import Reader
from sitegen.site.render.thread_loader import ThreadLoader
from sitegen.site.search import addresses
from sitegen.site.search.searched_post import KINDS, without_surrogates
from sitegen.site.views import thread_pages
from sitegen.site.views.entries.thread_entries import name_of, other_author
from sitegen.site.views.links import Writer, writer
from sitegen.site.views.search.contexts import ResultsContext
from sitegen.site.views.summary import Entry
from sitegen.threads.kinds import Kind, Kinds, spread, without_marker

MAX_CHARACTERS = 2_000  # of a text
DAY = len("2025-09-15")
MINUTE = len("2025-09-15T08:30")
FOLDER = "thread/"  # of the address of every post


class Result(NamedTuple):
    """What a result shows of a post, in the order of the file; few have the last fields."""

    address: str
    text: str
    author: int
    time: str
    kind: int
    language: str = ""
    likes: int | None = None
    media: int = 0
    thumbnail: str = ""
    other: str = ""
    other_texts: tuple[str, ...] = ()
    warning: str | None = None

    def up_to_the_last_known(self) -> tuple[object, ...]:
        """Return the fields without those at the end that have their default."""
        end = len(self)
        while end > REQUIRED and self[end - 1] == DEFAULTS[end - 1 - REQUIRED]:
            end -= 1
        return self[:end]


DEFAULTS = tuple(Result._field_defaults.values())
REQUIRED = len(Result._fields) - len(DEFAULTS)


class _Thread(NamedTuple):
    """A thread that results show, with the kinds of its posts."""

    entry: Entry
    posts: list[Post]
    kinds: tuple[Kind, ...]


class ResultsWriter:
    """Writes files of posts for the results of a search.

    `credited` returns an author with the name and page of the person who owns the account.
    """

    def __init__(
        self, threads: ThreadLoader, reader: Reader, language: Language, build: Build,
        credited: Callable[[Writer], Writer],
    ) -> None:  # fmt: skip
        self.threads = threads
        self.reader = reader
        self.language = language
        self.build = build
        self.credited = credited

    def file(self, context: ResultsContext) -> bytes:
        """Return a file of posts. Raises ContentError if content has changed."""
        authors: dict[tuple[str, Writer], int] = {}
        results = [result.up_to_the_last_known() for result in self._results(context, authors)]
        known = [
            (author.name or "", author.handle or "", url_encoding.iri(author.path or ""), network)
            for network, author in authors
        ]
        data = (known, results)
        name = addresses.results(context.number)
        try:
            return addresses.script(name, json.encode(data))
        except UnicodeEncodeError:
            return addresses.script(name, json.encode(without_surrogates(data)))

    def _results(
        self, context: ResultsContext, authors: dict[tuple[str, Writer], int]
    ) -> Iterator[Result]:
        thumbnails = dict(context.thumbnails)
        threads: dict[str, _Thread] = {}  # each once: it may have thousands of posts
        refs = zip(context.entries.sources, context.entries.positions, strict=True)
        for place, (source, at) in enumerate(refs):
            thread = threads.get(source) or threads.setdefault(source, self._thread(source))
            post = thread.posts[at]
            author = post.network, self.credited(writer(thread.entry.network, post.author))
            yield self._result(
                thread, at, authors.setdefault(author, len(authors)),
                thumbnail=thumbnails.get(place, ""),
                other="" if place in context.hidden else self._other(thread, at),
            )  # fmt: skip

    def _thread(self, source: str) -> _Thread:
        entry = self.threads.entries[source]
        posts = [stored.post for stored in self.reader.posts(entry)]
        if len(posts) == 1:
            return _Thread(entry, posts, (entry.kind,))
        replies = tuple([reply.position for reply in entry.replies])
        return _Thread(entry, posts, spread(Kinds(entry.kind, replies, entry.other_posts), posts))

    def _result(
        self, thread: _Thread, at: int, author: int, *, thumbnail: str, other: str
    ) -> Result:
        entry, post = thread.entry, thread.posts[at]
        shown = replace(post, media=()) if post.sensitive else post
        others = [*other_texts(shown)][bool(post.warning) :]
        return Result(
            address=url_encoding.iri(thread_pages.address(entry, at, self.build)).removeprefix(
                FOLDER
            ),
            text=shorten(without_marker(post).text, MAX_CHARACTERS),
            author=author,
            time=self._time(post.created_at if at else entry.created_at),
            kind=KINDS.index(thread.kinds[at]),
            language=html_language(post.langs) or "",
            thumbnail=url_encoding.iri(thumbnail),
            warning=post.warning,
            other_texts=tuple([text for text in others if text]),
            likes=post.counts.likes,
            media=len(post.media),
            other=other,
        )

    def _other(self, thread: _Thread, at: int) -> str:
        """Return how the author whom a post answers or repeats is called, "" if not known."""
        post, kind, entry = thread.posts[at], thread.kinds[at], thread.entry
        if kind == "reply" and at and post.reply_to:
            above = self.threads.positions(entry.source, entry.digest).get(post.reply_to)
            if above is not None:
                return name_of(thread.posts[above].author)
        return other_author(post, kind)

    def _time(self, written: str | None) -> str:
        """Return a time on the clock of the site, to the minute; "" if it is not known."""
        moment = self.language.local(written)
        if moment is None or written is None:
            return ""
        return moment.isoformat()[: DAY if len(written) <= DAY else MINUTE]
