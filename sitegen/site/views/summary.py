"""Summaries of threads, cached between builds: what planning and listings need."""

from bisect import bisect_left
from collections.abc import Container
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from sitegen.content.format.draft import TITLE_LENGTH, printable, shorten
from sitegen.languages.direction import text_direction
from sitegen.model import Author, MediaKind
from sitegen.selection.collections import CollectionMatch
from sitegen.selection.topics import TopicMatch
from sitegen.site.markup.references import Reference
from sitegen.site.views.insights.received import Received
from sitegen.site.views.links import Tag, Writer, tag, writer
from sitegen.site.views.page_refs import ThumbnailRefs
from sitegen.site.views.pictures import Thumbnail, Thumbnails
from sitegen.threads.kinds import Kind

MAX_STEP = 3  # of the indentation of a reply below the post that it answers
# Of a thread on the front page: the number of its tags, and of the characters of several.
MAX_TAGS, MAX_TAG_CHARACTERS = 8, 100
Positioned = tuple[tuple[int, str], ...]  # each with its post's position in the thread, from 0


class PlacedReply(NamedTuple):
    """A post within a thread that answers somebody else's post.

    `position` counts from 0. `when` is its time in seconds since 1970; `day`, "2025-09-15", and
    `hour` are those of the site's clock, None where they are not known. `author` wrote it. `units`
    is its size on the front page, `line_units` that in listings. `lang` is its language (BCP 47).
    """

    position: int
    when: float
    day: str | None
    author: Author
    units: int
    line_units: int
    hour: int | None = None
    lang: str | None = None


class Quotation(Struct, frozen=True, array_like=True):
    """That the post at a position of a thread, from 0, quotes the post with the id `post`.

    `author` and `created_at` are those of the quoting post.
    """

    at: int
    post: str
    author: Author
    created_at: str | None


class PlacedThread(Struct, frozen=True, array_like=True):
    """The facts about a thread that decide on which pages it is, and where on them.

    `source` is its file in content/. `network` is that of its posts; `id` is that of the first.
    `path` is the site path of the thread's page. `title` may be cut. `created_at` is the ISO 8601
    time of the first post; `when` is the same in seconds since 1970; `day` is the day on the site's
    clock, "2025-09-15". `kind` is the kind of the first post, "post", "thread", "reply" or
    "repost"; `replies` are the posts after it that answer somebody else's. `likes` are those of the
    most liked post, `liked` is its position. `count` is the number of posts; `post_ids` are their
    ids. `tag_names` are its tags. `mentions` and `hosts` are the accounts and the sites that it
    refers to. `others` are the authors other than `root_author`. `quotes` are the posts outside the
    thread that it quotes, reposts or answers. `former_ids` are derived ids of posts, used before
    their real ids were known. `named_media` are those that handwritten Markdown refers to;
    `hidden_media` and `hidden_ids` are those of hidden posts. `copies_of_hidden` has network and id
    of the copies of these. `previews` are the media that link
    previews may show, the best first; `stated_kinds` has path and kind of media that are not stated
    to be what their names say. `warnings` are about misspelt keys. `names_language` says that a
    post may have code to highlight; `references` are the relative addresses in handwritten texts.
    `lang` is the language (BCP 47) of the first post's words, from which the title is made.
    `quotations` are the quotes among `quotes`. `page_breaks` are the positions of posts that begin
    a page since those before fill one. `units` is the size of the first post on the front
    page, `line_units` that of the thread in listings; both are 1 for most. `answered` are the
    handles of the authors whom replies answer, as far as they are known. `matches` are the posts
    that the site's collections may have. `times` are those of the posts after the first, in seconds
    since 1970; that of a post without a time is below all others. `hour` is that of the first post
    on the site's clock, None where only the day is known. `received` is what its posts received:
    likes, reposts, replies. `topics` are those about topics, by the
    names of these in addresses. `copies` are position, network and id of the copies of posts.
    `other_posts` are the positions of posts that are not of its author's own thread: by somebody
    else, or below a post by somebody else. `placed_hosts` are its sites with the positions of posts
    that link there, if it has such posts. `placed_tags` are its tags with those of the posts that
    have them, likewise. `folded` are the positions of posts whose media are sensitive, or behind a
    content warning: another post may show the same files.
    """

    source: str
    network: str
    id: str
    path: str
    title: str
    created_at: str | None
    when: float
    day: str | None
    kind: Kind
    replies: tuple[PlacedReply, ...]
    likes: int
    liked: int
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
    copies_of_hidden: tuple[tuple[str, str], ...]
    previews: tuple[str, ...]
    stated_kinds: tuple[tuple[str, MediaKind], ...]
    warnings: tuple[str, ...]
    names_language: bool
    references: tuple[Reference, ...]
    lang: str | None
    quotations: tuple[Quotation, ...]
    page_breaks: tuple[int, ...]
    units: int
    line_units: int
    answered: Positioned
    matches: tuple[CollectionMatch, ...]
    times: tuple[float, ...]
    hour: int | None
    received: tuple[Received, ...]
    topics: tuple[TopicMatch, ...]
    copies: tuple[tuple[int, str, str], ...]
    placed_hosts: Positioned
    placed_tags: Positioned
    other_posts: tuple[int, ...]
    folded: tuple[int, ...]

    def open_pictures(self, position: int) -> tuple[str, ...]:
        """Return the files of a post that listings may show if they are pictures, each once."""
        if not self.previews or position in self.folded:
            return ()
        own = dict.fromkeys(values_in(self.media_paths, position, position + 1))
        return tuple([path for path in own if path in self.previews])

    def hidden_copies(
        self, hidden: Container[tuple[str, str]], start: int = 0, end: int | None = None
    ) -> tuple[tuple[str, str], ...]:
        """Return network and id of the copies that are hidden of posts `start` to before `end`."""
        stop = self.count if end is None else end
        named = [(network, i) for at, network, i in self.copies if start <= at < stop]
        return tuple([each for each in named if each in hidden])

    @property
    def length(self) -> int:
        """The number of posts of its author's own thread, without those of a conversation."""
        return self.count - len(self.other_posts)

    @property
    def month(self) -> str | None:
        """The month of the first post, "2025-09"."""
        return self.day and self.day[:7]

    @property
    def authors(self) -> tuple[Author, ...]:
        """All authors of the thread, the first post's author first."""
        return (self.root_author, *self.others) if self.others else (self.root_author,)


def values_in(positioned: Positioned, start: int, end: int | None) -> list[str]:
    """Return the values of the posts from `start` to before `end`."""
    first = bisect_left(positioned, (start,))
    last = len(positioned) if end is None else bisect_left(positioned, (end,))
    return [value for _, value in positioned[first:last]]


class Entry(PlacedThread, frozen=True, tag="thread", array_like=True):
    """A thread in a listing: its placement, and what its line shows.

    `digest` is that of the file and the counts, and covers everything shown of the thread.
    `summary` is the beginning of the first post. `is_named` says whether the title differs from it.
    `media` counts the attachments of all posts. `uncertain` says that a post may have been misread.
    `warning` is the content warning of the first post. `other` is the handle or name of the author
    whom a reply answers or a repost repeats, as far as the source states it. `long_title` is the
    full title if `title` is cut. `steps` are the indentations of the posts of a conversation:
    MAX_STEP + 1 for any deeper one; empty if no post is indented. `descriptions` are the alt texts
    of `previews`, perhaps cut. `own_likes` and `own_replies` are those of the first post, 0 where
    none are known, and of a repost, which has none of its own. `thumbnails` are the pictures that
    listings show, if there are any: each listing sets them, since they depend on the files.
    """

    digest: bytes
    summary: str
    is_named: bool
    media: int
    uncertain: bool
    warning: str | None
    other: str = ""
    long_title: str = ""
    steps: tuple[int, ...] = ()
    descriptions: tuple[str, ...] = ()
    own_likes: int = 0
    own_replies: int = 0
    thumbnails: Thumbnails | None = None

    @property
    def is_repost(self) -> bool:
        """Whether somebody else wrote the summary."""
        return self.kind == "repost"

    @property
    def direction(self) -> str:
        """The direction of title and summary: "rtl", or "auto" to let browsers decide."""
        return text_direction(self.lang, self.summary)

    @property
    def tags(self) -> tuple[Tag, ...]:
        """Links to the thread's tags."""
        return tuple([tag(name) for name in self.tag_names])

    @property
    def first_tags(self) -> tuple[Tag, ...]:
        """Links to the tags that listings show."""
        return tuple([tag(name) for name in _first_names(self.tag_names)])

    @property
    def more_tags(self) -> int:
        """The number of tags that listings leave out."""
        return len(self.tag_names) - len(_first_names(self.tag_names))

    @property
    def author(self) -> Writer:
        """The author of the first post."""
        return writer(self.network, self.root_author)

    def with_thumbnails(self, refs: ThumbnailRefs) -> "Entry":
        """Return the entry of a line with pictures, whose digest covers them, too.

        A picture whose alt text the line shows as its words has none.
        """
        alts = dict(zip(self.previews, self.descriptions, strict=True))
        files = [(small, alts.get(path, "")) for path, small in refs.files]
        shown = tuple([Thumbnail(path, "" if self._is_said(alt) else alt) for path, alt in files])
        thumbnails = Thumbnails(shown, refs.more)
        return replace(self, digest=self.digest + repr(thumbnails).encode(), thumbnails=thumbnails)

    def _is_said(self, alt: str) -> bool:
        """Tell whether the line shows an alt text as its words, since the post has none."""
        return shorten(" ".join(printable(alt).split()), TITLE_LENGTH) == self.summary

    def has_same_placement(self, other: PlacedThread) -> bool:
        """Tell whether two versions of a thread have the same position on the same pages."""
        return all(getattr(self, name) == getattr(other, name) for name in PLACEMENT_FIELDS)


def _first_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the first tags that have room on the front page."""
    if len(names) <= 1:
        return names
    room, count = MAX_TAG_CHARACTERS, 0
    for name in names[:MAX_TAGS]:
        room -= len(name)
        if room < 0 and count:
            break
        count += 1
    return names[:count]


PLACEMENT_FIELDS = PlacedThread.__struct_fields__
