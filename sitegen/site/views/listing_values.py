"""The values of listings that templates see: people, sites, totals, numbered pages."""

from msgspec import Struct

from sitegen.site.views.links import Link


class Person(Struct, frozen=True, array_like=True):
    """A person whom posts mention or answer, by the account `handle`.

    `path` is the site path of the page about the person. `url` is the address of the profile on
    its network, where known. `count` is the number of threads that mention the person and of the
    owner's replies to them, each once. `network` is empty unless people of other networks have the
    same handle.
    """

    handle: str
    path: str
    url: str | None
    count: int
    network: str = ""

    @property
    def name(self) -> str:
        """The handle with "@", and the network if that is needed to tell people apart."""
        name = f"@{self.handle}"
        return f"{name} ({self.network.capitalize()})" if self.network else name


class Host(Struct, frozen=True, array_like=True):
    """A site that posts link to: its host `name`, and its address `url`.

    `path` is the site path of the page about it. `count` is the number of threads with links to it.
    """

    name: str
    path: str
    url: str
    count: int


class Directory(Struct, frozen=True, array_like=True):
    """How a list of names with counts is spread over pages.

    `title` is that of the whole list. `count` is the number of all names on the first page, and 0
    on the pages by name. `folds` says that names with the count 1 are folded away. `initial` is
    that of the names on this page, None on the first page. `initials` lead to the pages by name;
    there are none if all names are on the first page. `numbers` lead to the pages with the same
    initial if they are several.
    """

    title: str
    count: int
    folds: bool
    initial: Link | None = None
    initials: tuple[Link, ...] = ()
    numbers: tuple[Link, ...] = ()


class Tab(Struct, frozen=True, array_like=True):
    """A listing of one kind of posts: its `kind`, such as "replies", and its site path `path`.

    `count` is its number of posts on the first page of a listing, and 0 on others, since a new post
    would change all of them.
    """

    kind: str
    path: str
    count: int = 0


class Totals(Struct, frozen=True, array_like=True):
    """The totals of an archive: its number of `threads` and of `posts`.

    `years` are the first and the last.
    """

    threads: int
    posts: int
    years: tuple[int, int] | None


class Pager(Struct, frozen=True, array_like=True):
    """The position of a page in a listing.

    `number` counts from the oldest page. `total` is the number of pages on the newest page, and 0
    on the others. `newer` and `older` lead to the neighbours. `home` is the site path of the newest
    page, empty on that page and on its neighbour. `jumps` lead to some older pages. `first_day` and
    `last_day` are the days of the oldest and the newest post of the page, such as "2025-09-15";
    both are empty where a post has no date.
    """

    number: int
    total: int
    newer: Link | None
    older: Link | None
    home: str = ""
    jumps: tuple[Link, ...] = ()
    first_day: str = ""
    last_day: str = ""


class ThreadPager(Struct, frozen=True, array_like=True):
    """The position of a page in a long thread.

    `number` counts from the thread's start. `total` is the number of pages on the first and last
    page, and 0 on those between, so that they do not change when the thread grows. `first`,
    `last`, `previous` and `next` lead to other pages of the thread.
    """

    number: int
    total: int
    first: Link
    last: Link | None
    previous: Link | None
    next: Link | None
