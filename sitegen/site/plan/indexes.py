"""Index the library by tag, month, person, site and account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Any

from msgspec.structs import asdict, replace

from sitegen.config.schema import Config
from sitegen.content.format.draft import printable, shorten
from sitegen.content.format.profile_file import StoredProfile
from sitegen.languages.language import Language
from sitegen.model import Author, MediaKind, Profile
from sitegen.site import urls
from sitegen.site.plan.library import Library
from sitegen.site.plan.pagination import group_by
from sitegen.site.views import thread_pages
from sitegen.site.views.excerpts import FACET_COST, TIMELINE, Extent
from sitegen.site.views.links import MAX_NAME, Feed, Link
from sitegen.site.views.summary import PlacedThread, ThreadPart
from sitegen.site.views.template_values import ProfileView
from sitegen.site.views.thread_pages import values_in

Index = dict[Any, tuple[PlacedThread, ...]]
Handle = tuple[str, str]  # network and case-folded handle
ATOM = "application/atom+xml"
JSON = "application/feed+json"


class Indexes:
    """Indexes that several page types need, each computed on first use."""

    def __init__(self, library: Library, config: Config, language: Language) -> None:
        self.library = library
        self.config = config
        self.language = language
        self.build = config.build
        self.entries: tuple[PlacedThread, ...] = library.entries

    @cached_property
    def by_tag(self) -> Index:
        """Threads by their normalised tags."""
        result: dict[str, list[PlacedThread]] = {}
        by_spelling: dict[str, list[PlacedThread]] = {}
        for entry in self.entries:
            for name in entry.tag_names:
                threads = by_spelling.get(name)
                if threads is None:
                    threads = by_spelling[name] = result.setdefault(urls.tag_key(name), [])
                threads.append(entry)
        return {key: tuple(threads) for key, threads in result.items()}

    @cached_property
    def by_month(self) -> Index:
        """Threads by month, "2025-09"; those without a date are in none."""
        result: dict[str, list[PlacedThread]] = {}
        for month, entries in groupby(self.entries, attrgetter("month")):  # in order of time
            if month:
                result.setdefault(month, []).extend(entries)
        return {month: tuple(threads) for month, threads in result.items()}

    @cached_property
    def by_person(self) -> Index:
        """Threads by the accounts that they mention."""
        return group_by(self.entries, _mentioned_people)

    @cached_property
    def by_host(self) -> Index:
        """Threads by the hosts that they link to."""
        return group_by(self.entries, lambda e: e.hosts)

    @cached_property
    def by_account(self) -> Index:
        """Threads by the accounts that wrote in them."""
        moved = self.moved
        if not moved:
            return self._by_writer
        return group_by(
            self.entries, lambda e: dict.fromkeys(moved.get(p, p) for p in _author_paths(e))
        )

    @cached_property
    def moved(self) -> dict[str, str]:
        """Profile paths of accounts known only by handle, mapped to that of the account's id."""
        handle_only: dict[str, Handle] = {}
        with_id: dict[Handle, set[str]] = {}
        for network, account, handle, path in self._handles():
            key = network, handle.casefold()
            if account and account != handle:
                with_id.setdefault(key, set()).add(path)
            else:
                handle_only[path] = key
        for path in set[str]().union(*with_id.values()):
            handle_only.pop(path, None)
        return {
            path: min(with_id[k]) for path, k in handle_only.items() if len(with_id.get(k, ())) == 1
        }

    def _handles(self) -> Iterator[tuple[str, str | None, str, str]]:
        """Yield network, id, handle and profile path of each account with a handle."""
        for stored in self.library.profiles:
            p = stored.profile
            if p.handle:
                yield p.network, p.id, p.handle, urls.profile(p.network, p.id)
        for path, (network, author) in self._writers.items():
            if author.handle:
                yield network, author.id, author.handle, path

    @cached_property
    def _by_writer(self) -> Index:
        return group_by(self.entries, _author_paths)

    @cached_property
    def _writers(self) -> dict[str, tuple[str, Author]]:
        """Network and author by profile path, as in the newest thread of each."""
        result: dict[str, tuple[str, Author]] = {}
        for entry in self.entries:
            for author in entry.authors:
                path = urls.author_profile(entry.network, author)
                if path and path not in result:
                    result[path] = entry.network, author
        return result

    @cached_property
    def networks(self) -> tuple[str, ...]:
        """The networks of threads and profiles."""
        profiles = {stored.profile.network for stored in self.library.profiles}
        return tuple(sorted(profiles.union([entry.network for entry in self.entries])))

    @cached_property
    def own_pages(self) -> tuple[Link, ...]:
        """Links to handwritten pages for the menu, those at the top level first."""
        wanted = [document for document in self.library.documents if document.nav]
        wanted.sort(key=lambda document: document.path.count("/"))  # stable: else in order of files
        return tuple([Link(shorten(d.title, MAX_NAME), d.path) for d in wanted])

    @property
    def title(self) -> str:
        """The site's title: configured, else the owner's name."""
        chosen = self.config.site.title
        own = shorten(self.owner.label, MAX_NAME) if self.owner else ""
        return chosen or own or self.language.text("page.untitled")

    @property
    def years(self) -> tuple[int, int] | None:
        """The first and the last year, if any post has a date."""
        names = sorted(int(month[:4]) for month in self.by_month)
        return (names[0], names[-1]) if names else None

    @property
    def has_sitemap(self) -> bool:
        """Whether there is a sitemap, which needs `base_url`."""
        return self.build.sitemap and bool(self.config.site.base_url)

    def part(self, entry: PlacedThread, start: int = 0, end: int | None = None) -> ThreadPart:
        """Return a reference to posts `start` to before `end` of a thread (default: all)."""
        if not entry.quotes and not entry.media_paths:
            return ThreadPart(entry.source, start, end)
        quotes = values_in(entry.quotes, start, end)
        targets = [(i, self.library.quoted.get((entry.network, i))) for i in quotes]
        paths = values_in(entry.media_paths, start, end)
        missing = tuple(path for path in paths if path not in self.library.media)
        quoted = tuple((i, e.source) for i, e in targets if e)
        shown = self.library.pictures.shown
        pictures = tuple([shown[path] for path in dict.fromkeys(paths) if path in shown])
        published = self._published(paths)
        hidden = self._hidden(entry, [i for i, target in targets if not target])
        return ThreadPart(
            entry.source, start, end, quoted, missing, pictures, published, hidden=hidden
        )

    def _hidden(self, entry: PlacedThread, ids: Iterable[str]) -> tuple[str, ...]:
        hidden = self.library.hidden
        return tuple([i for i in ids if (entry.network, i) in hidden]) if hidden else ()

    def _published(self, paths: Iterable[str]) -> tuple[tuple[str, str, MediaKind], ...]:
        published = self.library.published
        if not published:
            return ()
        named = [(path, published[path]) for path in dict.fromkeys(paths) if path in published]
        return tuple([(path, file.path, file.kind) for path, file in named])

    def picture_path(self, path: str | None) -> str | None:
        """Return the site path of a picture; None if it is missing or not a picture."""
        if path not in self.library.media:
            return None
        file = self.library.published.get(path)
        if file is None:
            return path
        return file.path if file.kind == "image" else None

    def timeline_part(self, entry: PlacedThread) -> ThreadPart:
        """Return a reference to the excerpt of a thread for the timeline."""
        return replace(self.part(entry, 0, TIMELINE.posts), characters=TIMELINE.characters)

    def feed_part(self, entry: PlacedThread, extent: Extent) -> ThreadPart:
        """Return a reference to the excerpt of a thread for a feed."""
        size = min(self.build.thread_size, extent.posts)
        part = self.part(entry, 0, size if entry.count > size else None)
        paths = part.missing[: extent.characters // FACET_COST]
        return replace(part, missing=paths, pictures=(), characters=extent.characters)

    def feeds(self, path: str, title: str) -> tuple[Feed, ...]:
        """Return links to the feeds of a listing."""
        atom = Feed(title, urls.feed(path, "xml"), ATOM)
        wanted = self.build.json_feeds
        if wanted == "none" or (wanted == "site" and path != urls.INDEX):
            return (atom,)
        return (atom, Feed(title, urls.feed(path, "json"), JSON))

    @cached_property
    def profiles(self) -> tuple[ProfileView, ...]:
        """All accounts, those with most threads first, whether they have a profile file or not."""
        result = {urls.profile(s.profile.network, s.profile.id): s for s in self.library.profiles}
        for path, (network, author) in self._writers.items():
            if path not in result:
                identity = author.id or author.handle or ""
                profile = Profile(identity, network, author.handle, author.name)
                result[path] = StoredProfile(profile, None, False)
        for path, home in self.moved.items():
            result[home] = _merge_profiles(result[home], result.pop(path))
        views = [self._view(stored, path) for path, stored in result.items()]
        return tuple(sorted(views, key=lambda v: (-v.count, v.label.casefold(), v.path)))

    def _view(self, stored: StoredProfile, path: str) -> ProfileView:
        profile = stored.profile
        avatar, banner = self.picture_path(profile.avatar), self.picture_path(profile.banner)
        if (avatar, banner) != (profile.avatar, profile.banner):
            profile = replace(profile, avatar=avatar, banner=banner)
        handle = f"@{profile.handle}" if profile.handle else self.language.text("profile.unnamed")
        label = (printable(profile.name) if profile.name else "") or handle
        count = len(self.by_account.get(path, ()))
        feeds = self.feeds(path, label) if self.build.profile_feeds and count else ()
        pinned = self._pinned.get((profile.network, profile.pinned)) if profile.pinned else None
        return ProfileView(profile, stored.handwritten, path, label, count, feeds, pinned)

    @cached_property
    def _pinned(self) -> dict[tuple[str, str | None], Link]:
        """Links to the pinned posts that the archive has, by network and id."""
        wanted = {(s.profile.network, s.profile.pinned) for s in self.library.profiles}
        names = {identity for _, identity in wanted if identity}
        return {
            (entry.network, identity): Link(
                entry.title, thread_pages.address(entry, at, self.build)
            )
            for entry in (self.entries if names else ())
            if not names.isdisjoint(entry.post_ids)
            for at, identity in enumerate(entry.post_ids)
            if (entry.network, identity) in wanted
        }

    @cached_property
    def owner(self) -> ProfileView | None:
        """The owner of the archive: the configured account, else the author of most threads."""
        wanted = self.config.site.account.removeprefix("@").casefold()
        if wanted:
            named = (v for v in self.profiles if (v.profile.handle or "").casefold() == wanted)
            return next(named, None)
        likely = self.profiles[0] if self.profiles else None
        nobody = Author()
        signed = sum([entry.root_author != nobody for entry in self.entries])
        return likely if likely and likely.count * 2 > signed else None


def _merge_profiles(first: StoredProfile, second: StoredProfile) -> StoredProfile:
    """Merge two profiles of an account; values of the first take precedence."""
    pictures, second_fields = asdict(first.profile), asdict(second.profile)
    profile = replace(
        first.profile, **{k: v for k, v in second_fields.items() if v and not pictures[k]}
    )
    has_bio = first.profile.bio or first.handwritten is not None
    return StoredProfile(profile, first.handwritten if has_bio else second.handwritten, False)


def _mentioned_people(entry: PlacedThread) -> Iterable[tuple[str, str]]:
    if not entry.mentions:
        return ()
    return dict.fromkeys((entry.network, mention.casefold()) for mention in entry.mentions)


def _author_paths(entry: PlacedThread) -> Iterable[str]:
    if not entry.others:
        path = urls.author_profile(entry.network, entry.root_author)
        return (path,) if path else ()
    return dict.fromkeys([p for a in entry.authors if (p := urls.author_profile(entry.network, a))])
