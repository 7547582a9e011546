"""Planned pages and the context of each page type: plain values, one class per type.

A context's fields are the variables of its template. It refers to threads by their content file,
so that a page can be saved and compared without the posts that it shows.
"""

from functools import cached_property

from msgspec import Struct

from sitegen.site.views.collections.contexts import CollectionPageContext
from sitegen.site.views.dates.contexts import DateContext
from sitegen.site.views.dates.values import Dates
from sitegen.site.views.insights.contexts import InsightsPageContext
from sitegen.site.views.links import Feed, Link, Tag
from sitegen.site.views.listing_values import (
    Directory,
    Host,
    Pager,
    Person,
    Tab,
    ThreadPager,
    Totals,
)
from sitegen.site.views.page_refs import EntryRefs, ThreadPart
from sitegen.site.views.pictures import PictureRefs
from sitegen.site.views.search.contexts import ResultsContext, SearchPageContext
from sitegen.site.views.template_values import Document, PersonCard, ProfileView
from sitegen.site.views.topics.contexts import TopicPageContext

COPY = "copy"  # in place of a template, for a file to copy
PUBLISH = "publish"  # the same, for a file to copy without its metadata
STYLE_SHEET = "style sheet"  # the same, for one of a theme to copy without its comments
SCRIPT = "script"  # the same, for that of posts, to copy with the words of the site
COPIES = (COPY, PUBLISH, STYLE_SHEET, SCRIPT)


class IndexContext(Struct, frozen=True, tag=True, array_like=True):
    """The index and its older pages.

    `threads` are shown with one post each. `tabs` lead to the listings by kind. Only the index
    has the owner's `profile` (None for an institution), the `totals`, the `introduction` from
    `content/index.md`, the `people` of an institution, and posts to begin with: the most `liked`
    and the `longest` threads.
    """

    threads: tuple[ThreadPart, ...]
    pager: Pager
    profile: ProfileView | None
    totals: Totals | None
    introduction: Document | None = None
    people: tuple[PersonCard, ...] = ()
    tabs: tuple[Tab, ...] = ()
    liked: EntryRefs = EntryRefs(())
    longest: EntryRefs = EntryRefs(())


class KindContext(Struct, frozen=True, tag=True, array_like=True):
    """A listing of one kind of posts, `kind`, such as "replies".

    `tabs` lead to the listings of the other kinds. `profile` is the account whose posts these are,
    None for those of the whole site. `count` is the number of posts.
    """

    kind: str
    tabs: tuple[Tab, ...]
    profile: Link | None
    count: int
    entries: EntryRefs
    pager: Pager


class AlbumContext(Struct, frozen=True, tag=True, array_like=True):
    """A page of pictures.

    `tabs` lead to the listings by kind. `profile` is the account whose pictures these are, None for
    those of the whole site. `count` is the number of pictures. `years` lead to those of each year.
    """

    tabs: tuple[Tab, ...]
    profile: Link | None
    count: int
    years: tuple[Link, ...]
    pictures: PictureRefs
    pager: Pager


class ThreadContext(Struct, frozen=True, tag=True, array_like=True):
    """A page of a thread.

    `pager` is None if the thread has one page. `newer` and `older` lead to the neighbours in time.
    `month` leads to the page of its month, "2025-09". `jumps` lead to posts of a long thread.
    """

    thread: ThreadPart
    pager: ThreadPager | None
    newer: Link | None
    older: Link | None
    month: Link | None = None
    jumps: tuple[Link, ...] = ()


class PostContext(Struct, frozen=True, tag=True, array_like=True):
    """A post of a thread after the first, at its permanent address.

    `thread` has this post alone. Its template receives the fields of `PostInThread`.
    """

    thread: ThreadPart


class TagContext(Struct, frozen=True, tag=True, array_like=True):
    """A tag and a page of its threads."""

    tag: Tag
    entries: EntryRefs
    pager: Pager


class TagsContext(Struct, frozen=True, tag=True, array_like=True):
    """The list of tags, or a page of it; `directory` leads to the others."""

    tags: tuple[Tag, ...]
    directory: Directory


class ProfileContext(Struct, frozen=True, tag=True, array_like=True):
    """An account and a page of its posts; `tabs` lead to its listings by kind.

    `insights` is the site path of its insights on the newest page, empty if there are none.
    """

    profile: ProfileView
    entries: EntryRefs
    pager: Pager
    tabs: tuple[Tab, ...] = ()
    insights: str = ""


class RedirectContext(Struct, frozen=True, tag=True, array_like=True):
    """A redirect from a former address, such as that of an account known by its handle.

    `what` is "account" or "post".
    """

    target: Link
    what: str


class ProfilesContext(Struct, frozen=True, tag=True, array_like=True):
    """The list of accounts, or a page of it.

    `following` has accounts with only a bio, by the handle of who follows them. `numbers` lead to
    the pages of the list if they are several.
    """

    profiles: tuple[ProfileView, ...]
    following: tuple[tuple[str, tuple[ProfileView, ...]], ...]
    numbers: tuple[Link, ...] = ()


class PersonContext(Struct, frozen=True, tag=True, array_like=True):
    """A person mentioned or answered, and a page of the threads and replies that do."""

    person: Person
    entries: EntryRefs
    pager: Pager


class PeopleContext(Struct, frozen=True, tag=True, array_like=True):
    """People mentioned or answered, or a page of them; `directory` leads to the others."""

    people: tuple[Person, ...]
    directory: Directory


class HostContext(Struct, frozen=True, tag=True, array_like=True):
    """A site that posts link to, and a page of the threads that do so."""

    host: Host
    entries: EntryRefs
    pager: Pager


class HostsContext(Struct, frozen=True, tag=True, array_like=True):
    """A page of the list of sites that posts link to; `directory` leads to the others."""

    hosts: tuple[Host, ...]
    directory: Directory


class DocumentsContext(Struct, frozen=True, tag=True, array_like=True):
    """The list of handwritten pages, or a page of it; `numbers` lead to all if they are several."""

    documents: tuple[Link, ...]
    numbers: tuple[Link, ...] = ()


class DocumentContext(Struct, frozen=True, tag=True, array_like=True):
    """A handwritten page."""

    document: Document


class FeedContext(Struct, frozen=True, tag=True, array_like=True):
    """A feed of threads; `home` is the site path of its listing."""

    threads: tuple[ThreadPart, ...]
    home: str
    feed: Feed


class SitemapContext(Struct, frozen=True, tag=True, array_like=True):
    """A sitemap of site paths, or the index of its parts."""

    paths: tuple[str, ...]


class RobotsContext(Struct, frozen=True, tag=True, array_like=True):
    """robots.txt, with a link to the sitemap if there is one."""

    sitemap: bool


class TextContext(Struct, frozen=True, tag=True, array_like=True):
    """A text file that needs no template."""

    text: str


class CopyContext(Struct, frozen=True, tag=True, array_like=True):
    """A file copied from the path `source`; `signature` shows when that changes."""

    source: str
    signature: tuple[int, ...]


class EmptyContext(Struct, frozen=True, tag=True, array_like=True):
    """A page without content from the archive."""


TaxonomyContext = (
    TagContext | TagsContext | PersonContext | PeopleContext | HostContext | HostsContext
)
Context = (
    IndexContext
    | KindContext
    | AlbumContext
    | ThreadContext
    | PostContext
    | TaxonomyContext
    | ProfileContext
    | RedirectContext
    | ProfilesContext
    | DateContext
    | CollectionPageContext
    | InsightsPageContext
    | TopicPageContext
    | DocumentsContext
    | DocumentContext
    | FeedContext
    | SitemapContext
    | RobotsContext
    | TextContext
    | CopyContext
    | EmptyContext
    | SearchPageContext
)


class Page(Struct, frozen=True, dict=True, array_like=True):
    """A page as it is planned and rendered.

    `path` is its site path. Links are relative to that, or to `base` for a page that hosts
    serve at any address. `template` is the name of its template. `context` has the variables of
    the template, and `claim` describes the page in errors. `title` is the page's own, without
    that of the site, and empty on the index. `description` is for search engines and link
    previews. `feeds` are those of this page alone. `image` is the site path of a picture for
    link previews. `date` is the time of a thread (ISO 8601). `indexed` says whether search
    engines may list it. `author` is the name of who wrote the thread or the post. `creator` is the
    same account as the Fediverse names it, such as "@ada@social.example". `image_alt` describes the
    picture. `image_size` is its width and height in pixels. Threads and posts have these last four,
    if known, for link previews: without `base_url` they are empty. `dates` leads listings to years.
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
    author: str = ""
    creator: str = ""
    image_alt: str = ""
    image_size: tuple[int, int] | None = None
    dates: Dates | None = None

    @cached_property
    def root(self) -> str:
        """The prefix of links from this page to site paths: "../../", or `base` if it has one."""
        return self.base or "../" * self.path.count("/")

    @cached_property
    def kind(self) -> str:
        """The page type: the template without its ending; "document" for all handwritten pages."""
        if isinstance(self.context, DocumentContext):
            return "document"
        return self.template.rpartition(".")[0]


def shows_posts(context: Context) -> bool:
    """Tell whether a context shows posts, not only listing entries."""
    return isinstance(
        context, ThreadContext | PostContext | IndexContext | FeedContext | ResultsContext
    )
