"""Summaries of threads for planning and listings, cached between builds."""

from typing import NamedTuple

from msgspec import Struct

from sitegen.model import Author, MediaKind
from sitegen.site.views.links import Tag, Writer, tag, writer
from sitegen.site.views.pictures import Picture

MAX_TAGS = 20  # of a thread in a listing: each of its tags has a page with this line
Positioned = tuple[tuple[int, str], ...]  # each with its post's place in the thread, from 0


class PlacedThread(Struct, frozen=True, array_like=True):
    """The facts that decide on which pages a thread is, and where on them.

    `others` are who wrote in it besides its first author, `quotes` the posts that it quotes,
    reposts, or answers although they are not in it, `warnings` name what in its file nobody reads.
    `former_ids` are those by which its posts had addresses before their own were known.
    `named_media` are those that a person's Markdown names; `hidden_media` those that its hidden
    posts name, whose ids are `hidden_ids`.
    """

    source: str
    network: str
    id: str
    path: str
    title: str
    created_at: str | None
    when: float
    month: str | None
    count: int
    post_ids: tuple[str, ...]
    former_ids: Positioned
    tag_names: tuple[str, ...]
    root_author: Author
    others: tuple[Author, ...]
    mentions: tuple[str, ...]
    hosts: tuple[str, ...]
    quotes: Positioned
    media_paths: Positioned
    named_media: tuple[str, ...]
    hidden_media: tuple[str, ...]
    hidden_ids: tuple[str, ...]
    image: str | None
    warnings: tuple[str, ...]

    @property
    def authors(self) -> tuple[Author, ...]:
        """Everybody who wrote in the thread, its first author first."""
        return (self.root_author, *self.others) if self.others else (self.root_author,)


class Entry(PlacedThread, frozen=True, tag="thread", array_like=True):
    """A thread in a listing: what decides on its places, and what its line says.

    `is_named` says whether its title is more than how its first post begins.
    `digest` is of the file it came from: whatever is shown of the thread follows from it.
    `is_repost` says that its summary is what somebody else wrote. `long_title` is its title
    where that is too long for other pages than its own.
    """

    digest: bytes
    summary: str
    is_named: bool
    media: int
    lang: str | None
    uncertain: bool
    warning: str | None
    is_repost: bool = False
    long_title: str = ""

    @property
    def tags(self) -> tuple[Tag, ...]:
        """The thread's tags, where they lead to."""
        return tuple([tag(name) for name in self.tag_names])

    @property
    def first_tags(self) -> tuple[Tag, ...]:
        """As many of the tags as listings show."""
        return tuple([tag(name) for name in self.tag_names[:MAX_TAGS]])

    @property
    def more_tags(self) -> int:
        """How many tags it has besides."""
        return max(0, len(self.tag_names) - MAX_TAGS)

    @property
    def author(self) -> Writer:
        """Who wrote the first post, as readers see them."""
        return writer(self.network, self.root_author)

    def has_same_placement(self, other: PlacedThread) -> bool:
        """Tell whether two versions of a thread have the same places on the same pages."""
        return all(getattr(self, name) == getattr(other, name) for name in PLACEMENT_FIELDS)


PLACEMENT_FIELDS = PlacedThread.__struct_fields__


class EntryRefs(Struct, frozen=True, array_like=True):
    """A reference in a context to the entries of these files, looked up when rendering."""

    sources: tuple[str, ...]


class PublishedFile(NamedTuple):
    """Where a media file is on the site that may not have its own name, and what it is there."""

    path: str
    kind: MediaKind
    reason: str


class ThreadPart(Struct, frozen=True, array_like=True):
    """A reference in a context to posts of a thread, which are read when the page is rendered.

    They are those from `start` to before `end`, counted from 0; without any, the whole thread.
    `quoted` are the files of the posts that they quote, repost or answer, by the id of that post;
    `missing` are their media that have no file, `pictures` what is known of the others;
    `published` are those that have another name on the site, with that and what they are there.
    `characters` is how much of the posts is shown, 0 for all. `hidden` are the quoted posts, by
    their ids, of which nothing may be said.
    """

    source: str
    start: int = 0
    end: int | None = None
    quoted: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    published: tuple[tuple[str, str, MediaKind], ...] = ()
    characters: int = 0
    hidden: tuple[str, ...] = ()
