"""Index the library by tag, month, person, site and account."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import chain, groupby

from msgspec.structs import replace

from sitegen.config.schema import Config
from sitegen.content.format.draft import shorten
from sitegen.languages.language import Language
from sitegen.site import urls
from sitegen.site.plan import listings
from sitegen.site.plan.accounts import Accounts
from sitegen.site.plan.library import Library
from sitegen.site.plan.listings import Listed
from sitegen.site.plan.pagination import Groups, group_by, group_by_tag
from sitegen.site.plan.quoters import quoters
from sitegen.site.plan.targets import Targets
from sitegen.site.plan.topics.posts import TopicPosts
from sitegen.site.search.order import PlacedPost
from sitegen.site.views.excerpts import FACET_COST, TIMELINE, Extent
from sitegen.site.views.links import MAX_NAME, Feed, Link, feed_links
from sitegen.site.views.listing_values import Tab
from sitegen.site.views.page_refs import Quoter, ThreadPart
from sitegen.site.views.summary import PlacedThread, values_in
from sitegen.site.views.template_values import Document
from sitegen.threads.kinds import LISTING_NAMES, Kind
from sitegen.topics.site_topics import NO_TOPICS, Topics

SearchedPosts = tuple[PlacedPost, ...] | None
MIN_TABS = 2  # kinds


class Indexes:
    """Indexes that several page types need; `searched` are the posts that the search finds."""

    def __init__(
        self,
        library: Library,
        config: Config,
        language: Language,
        searched: SearchedPosts = None,
        topics: Topics = NO_TOPICS,
    ) -> None:
        self.library = library
        self.topics = topics
        self.config = config
        self.language = language
        self.build = config.build
        self.searched = searched
        self.entries: tuple[PlacedThread, ...] = library.entries
        self._position_in = lru_cache(maxsize=100)(_positions)

    @cached_property
    def targets(self) -> Targets:
        """The targets of the addresses in handwritten texts."""
        return self.accounts.targets

    @property
    def thumbnails(self) -> Mapping[str, str | None]:
        """The small versions of pictures, see `Pictures`."""
        return self.library.pictures.thumbnails

    @cached_property
    def by_tag(self) -> Groups:
        """Threads by their normalised tags."""
        return group_by_tag(self.entries)

    @cached_property
    def topic_posts(self) -> TopicPosts:
        """The topics that are shown, and their posts."""
        return TopicPosts(self.topics, self.entries, self.config.topics.min_posts)

    @property
    def topics_path(self) -> str:
        """The site path of the list of topics."""
        return self.free_path(urls.TOPICS, urls.INDEX)

    @cached_property
    def posts(self) -> tuple[Listed, ...]:
        """Every thread's first post and the replies within threads, the newest first."""
        shown = self.config.site.show
        posts = listings.listed_posts(self.entries)
        return tuple([post for post in posts if LISTING_NAMES[post.kind] in shown])

    @cached_property
    def kinds(self) -> dict[Kind, tuple[Listed, ...]]:
        """All posts by their kinds."""
        return listings.by_kind(self.posts)

    @cached_property
    def by_author(self) -> dict[str, tuple[Listed, ...]]:
        """All posts by the page of the account or person who wrote them."""
        moved = self.accounts.moved
        return listings.by_author(self.posts, lambda path: moved.get(path, path))

    @cached_property
    def own_posts(self) -> tuple[Listed, ...]:
        """The posts of the owner, or of the people of an institution; else all posts.

        A post whose author is not known is taken for theirs.
        """
        return tuple([post for post in self.posts if self.is_own(post.author_path)])

    def is_own(self, path: str | None) -> bool:
        """Tell whether the posts of the author with the page at a site path are the site's own."""
        return not self._own_paths or path in self._own_paths

    @cached_property
    def _own_paths(self) -> frozenset[str | None]:
        """The pages of the authors whose posts are the site's own; empty if everybody's are."""
        own = frozenset((None, *self.accounts.own_paths))
        has_posts = len(own) > 1 and any(post.author_path in own for post in self.posts)
        return own if has_posts else frozenset()

    @cached_property
    def front(self) -> tuple[Listed, ...]:
        """The posts of the front page and the pages after it."""
        return self.chosen(self.own_posts)

    def chosen(self, posts: Iterable[Listed]) -> tuple[Listed, ...]:
        """Return the posts of the kinds that the front page has; all posts if there are none."""
        return listings.of_kinds(posts, self.config.site.front)

    def listed_pictures(self, posts: Iterable[Listed]) -> Iterator[tuple[Listed, int, str]]:
        """Yield the listed post, the position and the path of the pictures that the site has."""
        return listings.pictures_of(posts, self.thumbnails) if self.thumbnails else iter(())

    @cached_property
    def site_tabs(self) -> tuple[Tab, ...]:
        """Links to the listings by kind of the whole site."""
        return self.tabs(urls.INDEX, self.kinds)

    def tabs(self, home: str, kinds: Mapping[Kind, Collection[Listed]]) -> tuple[Tab, ...]:
        """Return links to the listings by kind below the one at `home`; none for a single kind."""
        if not self.build.kind_pages:
            return ()
        names = [(LISTING_NAMES[kind], len(posts)) for kind, posts in kinds.items()]
        pictures = len([*self.listed_pictures(chain.from_iterable(kinds.values()))])
        names += [(listings.PICTURES, pictures)] if pictures else []
        if len(names) < MIN_TABS:
            return ()
        paths = [self.free_path(urls.kind_listing(home, name), home) for name, _ in names]
        return tuple([Tab(name, path, n) for (name, n), path in zip(names, paths, strict=True)])

    def free_path(self, path: str, home: str) -> str:
        """Return a site path, or another one if a handwritten page has that already."""
        is_taken = any(urls.fold(document.path) == path for document in self.documents)
        return urls.with_digest(path, home) if is_taken else path

    @cached_property
    def listed_by_date(self) -> tuple[Listed, ...]:
        """The posts of the lists of dates: every thread, and the owner's replies within threads."""
        return tuple(
            [post for post in self.posts if not post.position or self.is_own(post.author_path)]
        )

    @cached_property
    def by_day(self) -> dict[str, tuple[Listed, ...]]:
        """Posts by day, "2025-09-15", the newest day first; those without a date are in none."""
        days: dict[str, list[Listed]] = {}
        for post in self.listed_by_date:
            if post.day:
                days.setdefault(post.day, []).append(post)
        return {day: tuple(days[day]) for day in sorted(days, reverse=True)}

    @cached_property
    def by_month(self) -> dict[str, tuple[Listed, ...]]:
        """Posts by month, "2025-09", the newest month and its newest day first."""
        months = groupby(self.by_day.items(), lambda day: day[0][:7])
        return {name: tuple([p for _, posts in days for p in posts]) for name, days in months}

    @cached_property
    def month_links(self) -> Mapping[str | None, Link]:
        """Links to the pages of months, by month; none if the site has no such pages."""
        return {m: Link(m, urls.month(m)) for m in self.by_month} if self.build.date_pages else {}

    @cached_property
    def by_person(self) -> dict[tuple[str, str], tuple[Listed, ...]]:
        """Threads by the accounts that they mention, and the owner's replies by whom they answer.

        An account is known by its network and its case-folded handle.
        """
        return listings.by_handle(self.listed_by_date)

    @cached_property
    def by_host(self) -> Groups:
        """Threads by the hosts that they link to."""
        return group_by(self.entries, lambda e: e.hosts)

    @cached_property
    def accounts(self) -> Accounts:
        """The accounts of the archive, and their owners."""
        return Accounts(self.library, self.config, self.language)

    @cached_property
    def quoters(self) -> Mapping[str, tuple[Quoter, ...]]:
        """The posts that quote the posts of threads, by content file of the quoted ones."""
        return quoters(self.library, self.build)

    @cached_property
    def networks(self) -> tuple[str, ...]:
        """The networks of threads and profiles."""
        profiles = {stored.profile.network for stored in self.library.profiles}
        return tuple(sorted(profiles.union([entry.network for entry in self.entries])))

    @cached_property
    def introduction(self) -> Document | None:
        """The handwritten `content/index.md`, which introduces the front page."""
        own = (d for d in self.library.documents if d.path == urls.INDEX)
        return next(map(self.targets.with_targets, own), None)

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """The handwritten pages that have an address of their own."""
        return tuple([d for d in self.library.documents if d.path != urls.INDEX])

    @cached_property
    def own_pages(self) -> tuple[Link, ...]:
        """Links to handwritten pages for the menu, those at the top level first."""
        wanted = [document for document in self.documents if document.nav]
        wanted.sort(key=lambda document: document.path.count("/"))  # stable: else in order of files
        return tuple([Link(shorten(d.title, MAX_NAME), d.path) for d in wanted])

    @property
    def title(self) -> str:
        """The site's title: configured, else the owner's name."""
        chosen = self.config.site.title
        owner = self.accounts.owner
        own = shorten(owner.label, MAX_NAME) if owner else ""
        return chosen or own or self.language.text("page.untitled")

    @property
    def years(self) -> tuple[int, int] | None:
        """The first and the last year, if any post has a date."""
        names = [int(month[:4]) for month in self.by_month]
        return (names[-1], names[0]) if names else None

    @property
    def has_sitemap(self) -> bool:
        """Whether there is a sitemap, which needs `base_url`."""
        return self.build.sitemap and bool(self.config.site.base_url)

    def part(self, entry: PlacedThread, start: int = 0, end: int | None = None) -> ThreadPart:
        """Return a reference to posts `start` to before `end` of a thread (default: all)."""
        if not (entry.quotes or entry.media_paths or entry.references or entry.copies):
            return ThreadPart(entry.source, start, end)
        quotes = values_in(entry.quotes, start, end)
        targets = [(i, self.library.quoted.get((entry.network, i))) for i in quotes]
        paths = values_in(entry.media_paths, start, end)
        missing = tuple(path for path in paths if path not in self.library.media)
        quoted = tuple((i, e.source) for i, e in targets if e)
        shown = self.library.pictures.shown
        pictures = tuple([shown[path] for path in dict.fromkeys(paths) if path in shown])
        published = self.library.kinds.published_parts(paths, entry, self.library.published)
        hidden = self._hidden(entry, [i for i, target in targets if not target])
        return ThreadPart(
            entry.source, start, end, quoted, missing, pictures, published, hidden=hidden,
            targets=self.targets.of_posts(entry, start, end),
            quoted_pictures=tuple(self._first_pictures(targets)),
            hidden_copies=entry.hidden_copies(self.library.hidden, start, end),
        )  # fmt: skip

    def page_part(self, entry: PlacedThread, start: int = 0, end: int | None = None) -> ThreadPart:
        """Return a reference to the posts of a thread's page, with those that quote them."""
        part = self.part(entry, start, end)
        listed = self.quoters.get(entry.source)
        if not listed:
            return part
        ids = {*entry.post_ids[start:end]}
        return replace(part, quoters=tuple([quoter for quoter in listed if quoter.post in ids]))

    def _first_pictures(
        self, posts: Iterable[tuple[str, PlacedThread | None]]
    ) -> Iterator[tuple[str, str, str]]:
        """Yield id, path and thumbnail of the first picture of posts in these threads."""
        for identity, thread in posts:
            if thread and thread.previews:
                at = self._position_in(thread.post_ids)[identity]
                for path in thread.open_pictures(at):
                    small = self.thumbnails.get(path)
                    if small:
                        yield identity, path, small
                        break

    def _hidden(self, entry: PlacedThread, ids: Iterable[str]) -> tuple[str, ...]:
        hidden = self.library.hidden
        return tuple([i for i in ids if (entry.network, i) in hidden]) if hidden else ()

    def preview_image(self, entry: PlacedThread, candidates: Iterable[str]) -> str | None:
        """Return the site path of the first of some media of a thread that is a picture, if any."""
        kinds = self.library.kinds
        pictures = (path for path in candidates if kinds.kind_of(path, entry) == "image")
        return self.library.picture_path(next(pictures, None))

    def timeline_part(self, post: Listed) -> ThreadPart:
        """Return a reference to the excerpt of a post for the timeline."""
        part = self.part(post.thread, post.position, post.position + TIMELINE.posts)
        return replace(part, characters=TIMELINE.characters)

    def feed_part(self, entry: PlacedThread, extent: Extent) -> ThreadPart:
        """Return a reference to the excerpt of a thread for a feed."""
        size = min(self.build.thread_size, extent.posts)
        part = self.part(entry, 0, size if entry.count > size else None)
        paths = part.missing[: extent.characters // FACET_COST]
        return replace(
            part, missing=paths, pictures=(), characters=extent.characters, quoted_pictures=()
        )

    def feeds(self, path: str, title: str) -> tuple[Feed, ...]:
        """Return links to the feeds of a listing."""
        return feed_links(path, title, self.build.json_feeds)


def _positions(identities: tuple[str, ...]) -> dict[str, int]:
    return {identity: at for at, identity in enumerate(identities)}
