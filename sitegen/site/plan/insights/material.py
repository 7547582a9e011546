"""What insights are made of: the posts of a site or an account, and where their pages are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple, TypeVar

from msgspec import Struct

from sitegen.config.schema import Build
from sitegen.content.format.draft import shorten
from sitegen.languages.language import Language
from sitegen.model import MediaKind
from sitegen.site import urls
from sitegen.site.plan.listings import Listed
from sitegen.site.plan.topics.posts import TopicPosts
from sitegen.site.views import thread_pages
from sitegen.site.views.insights.received import Received
from sitegen.site.views.links import MAX_NAME, Link
from sitegen.site.views.summary import PlacedThread, Positioned

Key = TypeVar("Key", str, tuple[str, str])
MIN_ITEMS = 12  # of which a chart is worth drawing


class Gain(NamedTuple):
    """What a post received: its thread, and its numbers."""

    thread: PlacedThread
    received: Received


class Places(NamedTuple):
    """Where the pages are that insights lead to.

    `build` are the settings that leave pages out. `months` has links to the pages of months, `tabs`
    the site paths of the listings by kind. `people` have pages, by network and case-folded handle.
    `page` is the site path of the insights.
    """

    build: Build
    months: Mapping[str | None, Link]
    tabs: Mapping[str, str]
    people: Container[tuple[str, str]]
    page: str

    def month(self, name: str) -> str:
        """Return the site path of the page of a month; "" if there is none."""
        return self.months[name].path if name in self.months else ""

    def year(self, name: str) -> str:
        """Return the site path of the page of a year; "" if there is none."""
        has_page = any(month and month.startswith(f"{name}-") for month in self.months)
        return urls.year(name) if has_page else ""

    def post(self, thread: PlacedThread, position: int) -> str:
        """Return the address of a post of a thread."""
        return thread_pages.address(thread, position, self.build)

    def person(self, network: str, handle: str) -> str:
        """Return the site path of the page of a person; "" if there is none."""
        return urls.person(network, handle) if (network, handle) in self.people else ""

    def host(self, name: str) -> str:
        """Return the site path of the page of a linked site; "" if there are no such pages."""
        return urls.host(name) if self.build.host_pages else ""

    def tag(self, name: str) -> str:
        """Return the site path of the page of a tag; "" if there are no such pages."""
        return urls.tag(name) if self.build.tag_pages else ""

    def table(self, name: str) -> str:
        """Return the site path of the CSV file of a table."""
        return urls.insights_table(self.page, name)


def _is_part(position: int, post: Listed) -> bool:
    """Tell whether a post of a thread is a reply within it, or of the thread that a post begins."""
    return position == post.position if post.position else position not in post.thread.other_posts


class Material(Struct, frozen=True, dict=True):
    """What the insights of a site or an account are made of.

    `posts` are those to count, the newest first: first posts of threads, and replies within.
    `find_gains` returns what all posts of the same authors received, the newest first.
    `shown_media` are the paths of files that the site has, `kind_of` tells what a file of a thread
    is shown as. `topic_posts` are the topics that the site shows.
    """

    posts: tuple[Listed, ...]
    find_gains: Callable[[], list[Gain]]
    shown_media: Container[str]
    kind_of: Callable[[str, PlacedThread], MediaKind]
    topic_posts: TopicPosts
    places: Places
    language: Language

    @cached_property
    def gains(self) -> list[Gain]:
        """What all posts of the same authors received, the newest first."""
        return self.find_gains()

    @cached_property
    def threads(self) -> list[PlacedThread]:
        """The threads that the authors began."""
        return [post.thread for post in self.posts if not post.position]

    @cached_property
    def by_month(self) -> dict[str, list[Listed]]:
        """The posts with a date by their month, "2025-09"."""
        months: dict[str, list[Listed]] = {}
        for post in self.posts:
            if post.day:
                months.setdefault(post.day[:7], []).append(post)
        return months

    @cached_property
    def by_topic(self) -> Mapping[str, tuple[Listed, ...]]:
        """The posts about each topic that is shown, by the topic's name in addresses."""
        return self.topic_posts.lines(self.posts)

    @cached_property
    def hosts(self) -> dict[str, int]:
        """How many threads link to each site, the most linked first."""
        return count_each(
            self._own(lambda thread: thread.hosts, lambda thread: thread.placed_hosts)
        )

    @cached_property
    def tags(self) -> list[str]:
        """The tags of the posts, each once a thread."""
        return [*self._own(lambda thread: thread.tag_names, lambda thread: thread.placed_tags)]

    def _own(
        self,
        names: Callable[[PlacedThread], tuple[str, ...]],
        placed: Callable[[PlacedThread], Positioned],
    ) -> Iterator[str]:
        """Yield what the authors' own posts name, each once a thread, whoever began that."""
        found: dict[tuple[str, str], None] = {}
        for post in self.posts:
            thread = post.thread
            if post.kind == "repost":
                continue
            own = names(thread) if not thread.other_posts else [
                name for at, name in placed(thread) if _is_part(at, post)
            ]  # fmt: skip
            found.update(dict.fromkeys([(thread.source, name) for name in own]))
        return (name for _, name in found)

    @cached_property
    def answered(self) -> dict[tuple[str, str], int]:
        """How many replies each account got: by network and case-folded handle."""
        folded = [(network, handle.casefold()) for network, handle in self._answered_handles]
        return count_each(folded)

    @cached_property
    def _answered_handles(self) -> list[tuple[str, str]]:
        return answered_handles(self.posts)

    @cached_property
    def _answered_labels(self) -> dict[tuple[str, str], str]:
        """How each of these accounts is called; on several networks, with the network's name."""
        networks: dict[str, set[str]] = {}
        for network, handle in self._answered_handles:
            networks.setdefault(handle.casefold(), set()).add(network)
        labels: dict[tuple[str, str], str] = {}
        for network, handle in self._answered_handles:
            name, folded = f"@{shorten(handle, MAX_NAME)}", handle.casefold()
            is_shared = len(networks[folded]) > 1
            label = f"{name} ({network.capitalize()})" if is_shared else name
            labels.setdefault((network, folded), label)
        return labels

    def account_label(self, network: str, handle: str) -> str:
        """Return how an account is called that replies answer, given its case-folded handle."""
        return self._answered_labels[network, handle]


def count_each(items: Iterable[Key]) -> dict[Key, int]:
    """Return how often each item occurs, the most frequent first, and equal ones by name."""
    counts = Counter(items)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def answered_handles(posts: Iterable[Listed]) -> list[tuple[str, str]]:
    """Return network and handle of whom each reply answers, as far as it is known."""
    wanted: dict[str, tuple[PlacedThread, set[int]]] = {}
    for post in posts:
        if post.kind == "reply" and post.thread.answered:
            wanted.setdefault(post.thread.source, (post.thread, set()))[1].add(post.position)
    return [
        (thread.network, handle)
        for thread, positions in wanted.values()
        for at, handle in thread.answered
        if at in positions
    ]
