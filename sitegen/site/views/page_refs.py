"""References of pages to threads and posts, which are read when a page is rendered."""

from msgspec import Struct

from sitegen.model import MediaKind
from sitegen.site.markup.references import Target
from sitegen.site.views.links import Writer
from sitegen.site.views.pictures import Picture


class ThumbnailRefs(Struct, frozen=True, array_like=True):
    """The thumbnails of a line in a listing, and how many pictures are `more`.

    `position` is that of the line, from 0. Each of `files` is the path of a picture in `previews`,
    and the site path of its small version.
    """

    position: int
    files: tuple[tuple[str, str], ...]
    more: int


class EntryRefs(Struct, frozen=True, array_like=True):
    """References to entries by content file, resolved when a page is rendered.

    `positions` are those of the posts to list, from 0; if empty, these are the first posts.
    """

    sources: tuple[str, ...]
    positions: tuple[int, ...] = ()
    thumbnails: tuple[ThumbnailRefs, ...] = ()


class Quoter(Struct, frozen=True, array_like=True):
    """A post that quotes the post with the id `post`.

    `path` is its permanent site path. `author` is its author. `created_at` is its time (ISO 8601).
    """

    post: str
    path: str
    author: Writer
    created_at: str | None


class ThreadPart(Struct, frozen=True, array_like=True):
    """A reference to posts of a thread, which are read when the page is rendered.

    The posts are those from `start` to before `end`, counted from 0. `quoted` has id and content
    file of posts that they quote, repost or answer; `hidden` has the ids of those that must not be
    shown. `missing` are paths of media without a file, `pictures` the sizes of the others;
    `published` has path, published path and kind of those that are renamed, or not what they are
    stated to be. `characters` limits an excerpt; 0 is no limit. `targets` say where the relative
    addresses in handwritten texts lead. `quoters` are the posts of the archive that quote these.
    `quoted_pictures` has id, path and thumbnail of the first picture of posts among `quoted`.
    `hidden_copies` has network and id of copies of the posts that must not be shown.
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
    targets: tuple[Target, ...] = ()
    quoters: tuple[Quoter, ...] = ()
    quoted_pictures: tuple[tuple[str, str, str], ...] = ()
    hidden_copies: tuple[tuple[str, str], ...] = ()
