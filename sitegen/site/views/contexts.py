"""A page to be, and what each page type gives its template: plain values, one class a type.

A context's fields are the variables of its template. It has threads only by the name of
their file, so that a page can be kept and compared without all that it shows.
"""

from functools import cached_property

from msgspec import Struct

from sitegen.site.views.links import Feed, Link, Tag
from sitegen.site.views.summary import EntryRefs, ThreadPart
from sitegen.site.views.template_values import (
    Document,
    Host,
    Month,
    Pager,
    Person,
    ProfileView,
    ThreadPager,
    Totals,
    Year,
)

COPY = "copy"  # instead of a template, where a file is copied


class IndexContext(Struct, frozen=True, tag=True, array_like=True):
    """The index and its older pages: threads with their first posts."""

    threads: tuple[ThreadPart, ...]
    pager: Pager
    profile: ProfileView | None
    totals: Totals | None


class ThreadContext(Struct, frozen=True, tag=True, array_like=True):
    """A page of a thread; `pager` is None where the thread has no other."""

    thread: ThreadPart
    pager: ThreadPager | None
    newer: Link | None
    older: Link | None


class PostContext(Struct, frozen=True, tag=True, array_like=True):
    """A reply's address, which redirects to its place in the thread.

    `thread` is the address of the thread's page. `count` is 0 in a thread of several pages, where
    every new reply would change it.
    """

    thread: str
    target: str
    position: int
    count: int


class TagContext(Struct, frozen=True, tag=True, array_like=True):
    """A page of a tag's threads."""

    tag: Tag
    entries: EntryRefs
    pager: Pager


class TagsContext(Struct, frozen=True, tag=True, array_like=True):
    """The list of tags."""

    tags: tuple[Tag, ...]


class ProfileContext(Struct, frozen=True, tag=True, array_like=True):
    """An account and a page of its threads."""

    profile: ProfileView
    entries: EntryRefs
    pager: Pager


class RedirectContext(Struct, frozen=True, tag=True, array_like=True):
    """An address that something had, such as an account known by its handle: it leads to it."""

    target: Link
    what: str


class ProfilesContext(Struct, frozen=True, tag=True, array_like=True):
    """The list of accounts; `following` are those of which only a bio is known, by whom."""

    profiles: tuple[ProfileView, ...]
    following: tuple[tuple[str, tuple[ProfileView, ...]], ...]


class YearContext(Struct, frozen=True, tag=True, array_like=True):
    """A year's months."""

    year: Year


class MonthContext(Struct, frozen=True, tag=True, array_like=True):
    """A month's threads."""

    month: Month
    entries: EntryRefs
    newer: Link | None
    older: Link | None


class YearsContext(Struct, frozen=True, tag=True, array_like=True):
    """The list of years."""

    years: tuple[Year, ...]


class PersonContext(Struct, frozen=True, tag=True, array_like=True):
    """Somebody mentioned, and a page of the threads that do so."""

    person: Person
    entries: EntryRefs
    pager: Pager


class PeopleContext(Struct, frozen=True, tag=True, array_like=True):
    """The list of people mentioned."""

    people: tuple[Person, ...]


class HostContext(Struct, frozen=True, tag=True, array_like=True):
    """A site that posts lead to, and a page of the threads that do so."""

    host: Host
    entries: EntryRefs
    pager: Pager


class HostsContext(Struct, frozen=True, tag=True, array_like=True):
    """The list of sites that posts lead to."""

    hosts: tuple[Host, ...]


class DocumentsContext(Struct, frozen=True, tag=True, array_like=True):
    """The list of a person's own pages, where they are too many for the menu."""

    documents: tuple[Link, ...]


class DocumentContext(Struct, frozen=True, tag=True, array_like=True):
    """A person's own page."""

    document: Document


class FeedContext(Struct, frozen=True, tag=True, array_like=True):
    """A feed of threads; `home` is the listing that it belongs to."""

    threads: tuple[ThreadPart, ...]
    home: str
    feed: Feed


class SitemapContext(Struct, frozen=True, tag=True, array_like=True):
    """A sitemap, or the list of its parts."""

    paths: tuple[str, ...]


class RobotsContext(Struct, frozen=True, tag=True, array_like=True):
    """Robots.txt: whether there is a sitemap."""

    sitemap: bool


class TextContext(Struct, frozen=True, tag=True, array_like=True):
    """A file that is made, not rendered."""

    text: str


class CopyContext(Struct, frozen=True, tag=True, array_like=True):
    """A file that is copied from `source`; its size and times show when it changed."""

    source: str
    signature: tuple[int, ...]


class EmptyContext(Struct, frozen=True, tag=True, array_like=True):
    """A page that shows nothing of the archive."""


Context = (
    IndexContext
    | ThreadContext
    | PostContext
    | TagContext
    | TagsContext
    | ProfileContext
    | RedirectContext
    | ProfilesContext
    | YearContext
    | MonthContext
    | YearsContext
    | PersonContext
    | PeopleContext
    | HostContext
    | HostsContext
    | DocumentsContext
    | DocumentContext
    | FeedContext
    | SitemapContext
    | RobotsContext
    | TextContext
    | CopyContext
    | EmptyContext
)


class Page(Struct, frozen=True, dict=True, array_like=True):
    """A page to be: where, of which template, from what. `claim` names it in messages.

    Its links are relative to its place; a page that answers at any place has a `base` instead.
    """

    path: str
    template: str
    context: Context
    claim: str
    title: str = ""
    description: str = ""
    feeds: tuple[Feed, ...] = ()
    image: str | None = None
    date: str | None = None
    indexed: bool = True
    base: str = ""

    @cached_property
    def root(self) -> str:
        """What leads from this page to the top of the site: "../../", or `base` if it has one."""
        return self.base or "../" * self.path.count("/")

    @property
    def kind(self) -> str:
        """The template's name without its ending."""
        return self.template.rpartition(".")[0]


def shows_posts(context: Context) -> bool:
    """Tell whether a context shows posts, not only lines about their threads."""
    return isinstance(context, ThreadContext | IndexContext | FeedContext)


def sources(context: Context) -> tuple[str, ...]:
    """Return the files whose threads a context shows, each as often as it does."""
    if isinstance(context, ThreadContext):
        return _part_sources(context.thread)
    if isinstance(context, IndexContext | FeedContext):
        return tuple([source for part in context.threads for source in _part_sources(part)])
    entries = getattr(context, "entries", None)
    return entries.sources if entries else ()


def _part_sources(part: ThreadPart) -> tuple[str, ...]:
    return (part.source, *[source for _, source in part.quoted]) if part.quoted else (part.source,)
