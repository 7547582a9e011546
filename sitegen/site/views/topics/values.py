"""Topics, and the pictures of them, as templates see them."""

from msgspec import Struct

from sitegen.languages.direction import text_direction


class TopicView(Struct, frozen=True, array_like=True):
    """A topic: its `name`, and the site path `path` of its page.

    `count` is the number of its posts, on the first page of a topic and in lists, else 0. `share`
    is that of all posts of the site, in percent; 0 is less than one percent. `first` and `last` are
    the years of its oldest and its newest post, "" if no time is known.
    """

    name: str
    path: str
    count: int = 0
    share: int = 0
    first: str = ""
    last: str = ""


class YearBar(Struct, frozen=True, array_like=True):
    """The posts of a topic in a year, as a bar.

    `year` is "2019". `path` is the site path of the year's page, "" without one. `count` is the
    number of posts. `at` is the position of the bar from the first year, which is 0; `height` is
    that of the bar in percent of the greatest.
    """

    year: str
    path: str
    count: int
    at: int
    height: int


class KindPart(Struct, frozen=True, array_like=True):
    """The posts of a topic of one kind, as a part of a bar.

    `kind` is "posts", "threads", "replies" or "reposts". `count` is their number. `start` and
    `width` are the place of the part in the bar, in percent of it.
    """

    kind: str
    count: int
    start: float
    width: float


class MapWord(Struct, frozen=True, array_like=True):
    """A topic on a map: its `name`, and the site path `path` of its page.

    `x` and `y` are the middle of its line, and `size` is the size of its letters, in the units of
    the map.
    """

    name: str
    path: str
    x: int
    y: int
    size: int

    @property
    def direction(self) -> str:
        """The direction of the name: "rtl", or "auto" to let browsers decide."""
        return text_direction(None, self.name)


class TopicGroup(Struct, frozen=True, array_like=True):
    """Topics that belong together: the `name` of the group, "" for those that are in none.

    `topics` are those with most posts first. `words` are the same as a map, which is `width` wide
    and `height` high.
    """

    name: str
    topics: tuple[TopicView, ...]
    words: tuple[MapWord, ...]
    width: int
    height: int


class HeldBack(Struct, frozen=True, array_like=True):
    """How many topics are not shown.

    `few` are about too few posts, fewer than `least`; `people` are names of people; `hidden` are
    left out by the person whose site it is.
    """

    few: int
    people: int
    hidden: int
    least: int
