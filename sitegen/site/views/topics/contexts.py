"""The contexts of the pages of topics."""

from msgspec import Struct

from sitegen.site.views.links import Link
from sitegen.site.views.listing_values import Pager
from sitegen.site.views.page_refs import EntryRefs
from sitegen.site.views.topics.values import HeldBack, KindPart, TopicGroup, TopicView, YearBar


class TopicContext(Struct, frozen=True, tag=True, array_like=True):
    """A topic and a page of its posts.

    Only its first page has numbers: `years` are those from its first to its last post, `kinds` are
    how it is written about, `liked` are the most liked posts, `related` are topics of the same
    threads. `list_path` is the site path of the list of topics.
    """

    topic: TopicView
    entries: EntryRefs
    pager: Pager
    list_path: str
    years: tuple[YearBar, ...] = ()
    kinds: tuple[KindPart, ...] = ()
    liked: EntryRefs = EntryRefs(())
    related: tuple[Link, ...] = ()


class TopicsContext(Struct, frozen=True, tag=True, array_like=True):
    """The list of topics in their `groups`, their number `count`, and what is `held_back`."""

    groups: tuple[TopicGroup, ...]
    count: int
    held_back: HeldBack


TopicPageContext = TopicContext | TopicsContext
