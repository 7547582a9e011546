"""The values that templates see: frozen, and without access to anything else."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from sitegen.content.post_media import media_block
from sitegen.languages.direction import text_direction
from sitegen.model import Json, Post, Profile
from sitegen.site.markup.references import Reference, Target
from sitegen.site.views import thread_pages
from sitegen.site.views.links import Feed, Link, Tag, Writer
from sitegen.site.views.page_refs import Quoter
from sitegen.site.views.pictures import Picture, Thumbnail
from sitegen.site.views.summary import Entry


class Quoted(Struct, frozen=True, array_like=True):
    """A post that another quotes, reposts or answers.

    `path` is its site path; None outside the archive. `url` is its address on its network. `text`
    is empty where only the address is known. `created_at` is ISO 8601. `media` is its number of
    attachments. `state` says why its source does not have it: "deleted" or "blocked". `lang` is
    the language of the text (BCP 47). `thumbnail` is its first picture, if that is neither
    sensitive nor behind a content warning.
    """

    path: str | None
    url: str | None
    author: Writer | None = None
    text: str = ""
    created_at: str | None = None
    media: int = 0
    state: str | None = None
    lang: str | None = None
    thumbnail: Thumbnail | None = None

    @property
    def direction(self) -> str:
        """The direction of the text: "rtl", or "auto" to let browsers decide."""
        return text_direction(self.lang, self.text)


class PostView(Struct, frozen=True, array_like=True):
    """A post on a page.

    `post` is the post itself; its text is shown with the filter `body`. `handwritten` is the text
    of a post that somebody has edited as Markdown. `path` is the post's permanent site path.
    `anchor` is its id attribute on the thread's page. `quote` is the post that it quotes; `parent`
    is the post that it answers, if that is not above it; `repost` is the post that it repeats.
    `html_lang` is its language (BCP 47). `position` is its number in the thread, from 1. `pictures`
    has the sizes of its pictures, by path. `is_cut` says that only an excerpt is shown.
    `targets` say where the relative addresses in its handwritten text lead. `is_truncated` says
    that its network cut off the end of its text. `is_same_day` says that the post above it on the
    thread's page is of the same day. `step` is its indentation in a conversation, from 0 to 3.
    `quoters` are the posts of the archive that quote it. `is_other` says that it is not of the own
    thread of the first post's author, on the thread's page: somebody else wrote it, or it is below
    a post by somebody else.
    """

    post: Post
    handwritten: str | None
    path: str
    anchor: str
    author: Writer
    quote: Quoted | None
    html_lang: str | None
    position: int
    tag_keys: frozenset[str]
    parent: Quoted | None = None
    repost: Quoted | None = None
    pictures: Mapping[str, Picture] | None = None
    is_cut: bool = False
    targets: tuple[Target, ...] = ()
    is_truncated: bool = False
    is_same_day: bool = False
    step: int = 0
    quoters: tuple[Quoter, ...] = ()
    is_other: bool = False

    @property
    def direction(self) -> str:
        """The direction of the text: "rtl", or "auto" to let browsers decide."""
        return text_direction(self.html_lang, self.post.text)


class ThreadView(Struct, frozen=True, array_like=True):
    """A thread on a page, root first; `posts` are those that the page shows."""

    entry: Entry
    posts: tuple[PostView, ...]
    page_size: int

    @property
    def others(self) -> int:
        """The number of posts on this page that are not of the author's own thread."""
        return sum([view.is_other for view in self.posts]) if self.entry.other_posts else 0

    @property
    def path(self) -> str:
        """The site path of the thread's first page."""
        return self.entry.path

    @property
    def title(self) -> str:
        """The full title of the thread; without one, its first words, which may end with "…"."""
        return self.entry.long_title or self.entry.title

    @property
    def lang(self) -> str | None:
        """The language of the title (BCP 47), if the first post says its own."""
        return self.entry.lang

    @property
    def is_named(self) -> bool:
        """Whether the title differs from how the first post begins, and so has to be shown."""
        return self.entry.is_named

    @property
    def tags(self) -> tuple[Tag, ...]:
        """Links to the thread's tags."""
        return self.entry.tags

    @property
    def rest(self) -> str:
        """The site path of the page with the first post that is not shown."""
        return thread_pages.page_of(self.entry, len(self.posts), self.page_size)

    @property
    def first_tags(self) -> tuple[Tag, ...]:
        """Links to the tags that listings show."""
        return self.entry.first_tags

    @property
    def more_tags(self) -> int:
        """The number of tags that listings leave out."""
        return self.entry.more_tags

    @property
    def created_at(self) -> str | None:
        """The ISO 8601 time of the first post, as its source states it."""
        return self.entry.created_at

    @property
    def network(self) -> str:
        """The network of its posts, such as "bluesky"; `| capitalize` shows it as "Bluesky"."""
        return self.entry.network

    @property
    def count(self) -> int:
        """The total number of posts."""
        return self.entry.count

    @property
    def author(self) -> Writer:
        """The author of the first post."""
        return self.entry.author


class PersonCard(Struct, frozen=True, array_like=True):
    """A person of an institution on its front page.

    `path` is the site path of the person's page. `portrait` is that of a picture. `count` is the
    number of threads by the person `name`.
    """

    name: str
    path: str
    portrait: str | None
    count: int


class ProfileView(Struct, frozen=True, array_like=True):
    """An account or a person.

    `profile` is the profile itself; its bio is shown with the filter `bio`. `handwritten` is
    the bio that somebody has edited as Markdown. `path` is the site path of the page. `label`
    is the name, else the handle. `count` is the number of threads, 0 on the second and later
    pages. `pinned` is the post at the top of the profile. `is_cut` says that the profile is
    shortened here. `own` are the site paths by which authors of posts are known as this
    account or person. `accounts` are those of a person with several.
    """

    profile: Profile
    handwritten: str | None
    path: str
    label: str
    count: int
    feeds: tuple[Feed, ...] = ()
    pinned: Link | None = None
    is_cut: bool = False
    targets: tuple[Target, ...] = ()
    own: tuple[str, ...] = ()
    accounts: tuple["ProfileView", ...] = ()


class Document(Struct, frozen=True, tag="document", array_like=True):
    """A handwritten page in Markdown, shown with the filter `document`.

    `source` is its file in content/. `path` is its site path. `title` is that of its front
    matter, else its first heading. `description` is that of its front matter, or empty. `body`
    is its Markdown. `nav` says whether the menu has it. `date` is ISO 8601. `template` is the
    name in its front matter, if any. `own` has the keys that sitegen does not know. `references`
    are the relative addresses in it; on the page itself, `targets` say where these lead.
    """

    source: str
    path: str
    title: str
    description: str
    body: str
    nav: bool
    date: str | None = None
    warnings: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    targets: tuple[Target, ...] = ()
    template: str = ""
    own: dict[str, Any] = {}  # JSON

    @property
    def fields(self) -> Mapping[str, Any]:
        """The keys of the front matter that sitegen does not know; lists are tuples.

        The name of a picture is its site path.
        """
        paths = {
            target.address: target.path
            for target in self.targets
            if target.path
            and not target.suffix
            and media_block.kind_of(target.address, False) == "image"
        }
        return MappingProxyType({key: _frozen(value, paths) for key, value in self.own.items()})


def _frozen(value: Json, paths: Mapping[str, str]) -> Any:
    """Return a value of front matter that no template can change; `paths` replace addresses."""
    if isinstance(value, list):
        return tuple([_frozen(item, paths) for item in value])
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(item, paths) for key, item in value.items()})
    return paths.get(value, value) if isinstance(value, str) else value


class Credit(Struct, frozen=True, array_like=True):
    """The owner `name` of an account.

    `account` is the site path of the account's page. `path` is that of the person's page.
    """

    account: str
    name: str
    path: str


class SiteView(Struct, frozen=True, array_like=True):
    """What every page knows about the site; a change of any field changes all pages.

    `title` is the site's title, else its owner's name. `description` and `footer` are those of
    the settings. `language` is a BCP 47 tag; `direction` is "ltr" or "rtl". `base_url` is the
    address of the site with a final "/", or empty. `account` is the owner's handle. `nav` is
    the menu. `stylesheets` and `scripts` are the site paths of files to load, in order. `feeds`
    are those of the whole site. `own` are the site paths of the owner's accounts, which need no
    name in listings; `credits` has the accounts of people. `networks` are those of threads and
    profiles. `search` is the site path of the search, empty without one.
    """

    title: str
    description: str
    language: str
    direction: str
    base_url: str
    account: str | None
    own: tuple[str, ...]
    credits: tuple[Credit, ...]
    nav: tuple[Link, ...]
    stylesheets: tuple[str, ...]
    scripts: tuple[str, ...]
    feeds: tuple[Feed, ...]
    footer: str
    networks: tuple[str, ...] = ()
    search: str = ""
