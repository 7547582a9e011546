"""The library, sorted as readers look for things: by tag, month, person, site, account."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from msgspec.structs import replace

from sitegen.build import urls
from sitegen.build.library import Library
from sitegen.build.listings import by
from sitegen.build.sections import within
from sitegen.build.values import Feed, Listed, Part, ProfileView
from sitegen.config import Config
from sitegen.content.draft import printable
from sitegen.content.profile_file import StoredProfile
from sitegen.model import Author, Profile

Shelf = dict[Any, tuple[Listed, ...]]
ATOM = "application/atom+xml"
JSON = "application/feed+json"


class Shelves:
    """What several page types need of the library, found once."""

    def __init__(self, library: Library, config: Config) -> None:
        self.library = library
        self.config = config
        self.build = config.build
        self.entries: tuple[Listed, ...] = library.entries

    @cached_property
    def by_tag(self) -> Shelf:
        """Threads by the keys of their tags."""
        return by(self.entries, lambda e: [urls.tag_key(name) for name in e.tag_names])

    @cached_property
    def by_month(self) -> Shelf:
        """Threads by month, "2025-09"; those without a date stand nowhere."""
        return by(self.entries, lambda e: (e.month,) if e.month else ())

    @cached_property
    def by_person(self) -> Shelf:
        """Threads by the accounts that they mention."""
        return by(self.entries, _people)

    @cached_property
    def by_host(self) -> Shelf:
        """Threads by the sites that they lead to."""
        return by(self.entries, lambda e: e.hosts)

    @cached_property
    def by_account(self) -> Shelf:
        """Threads by the accounts that wrote in them."""
        return by(self.entries, _accounts)

    @property
    def title(self) -> str:
        """The site's title; one that nobody chose gives way to the owner's name."""
        chosen = self.config.site.title
        return chosen or (self.owner.label if self.owner else "Archive")

    @property
    def years(self) -> tuple[int, int] | None:
        """The first and the last year, if any post has a date."""
        names = sorted(int(month[:4]) for month in self.by_month)
        return (names[0], names[-1]) if names else None

    @property
    def has_sitemap(self) -> bool:
        """Whether there is a sitemap: it needs to know where the site is."""
        return self.build.sitemap and bool(self.config.site.base_url)

    def part(self, entry: Listed, start: int = 0, end: int | None = None) -> Part:
        """Return what stands for posts of a thread in a page's context; by default, all of them."""
        if not entry.quotes and not entry.media_paths:
            return Part(entry.source, start, end)
        quotes = within(entry.quotes, start, end)
        found = ((i, self.library.quoted.get((entry.network, i))) for i in quotes)
        paths = within(entry.media_paths, start, end)
        missing = tuple(path for path in paths if path not in self.library.media)
        quoted = tuple((i, e.source) for i, e in found if e)
        return Part(entry.source, start, end, quoted, missing)

    def opening(self, entry: Listed) -> Part:
        """Return what stands for as much of a thread as its first page has."""
        size = self.build.thread_size
        return self.part(entry, 0, size if entry.count > size else None)

    def feeds(self, path: str, title: str) -> tuple[Feed, ...]:
        """Return the feeds of a listing."""
        atom = Feed(title, urls.feed(path, "xml"), ATOM)
        if not self.build.json_feeds:
            return (atom,)
        return (atom, Feed(title, urls.feed(path, "json"), JSON))

    @cached_property
    def profiles(self) -> tuple[ProfileView, ...]:
        """The accounts with a file, then those that only wrote posts."""
        views = {}
        for stored in self.library.profiles:
            path = urls.profile(stored.profile.network, stored.profile.id)
            views[path] = self._view(stored, path)
        for path, (entry, *_) in self.by_account.items():
            for author in entry.authors:
                if path not in views and urls.writer(entry.network, author) == path:
                    identity = author.id or author.handle or ""
                    profile = Profile(identity, entry.network, author.handle, author.name)
                    views[path] = self._view(StoredProfile(profile, None, False), path)
        return tuple(sorted(views.values(), key=lambda v: (-v.count, v.label.casefold(), v.path)))

    def _view(self, stored: StoredProfile, path: str) -> ProfileView:
        profile = stored.profile
        if profile.avatar and profile.avatar not in self.library.media:
            profile = replace(profile, avatar=None)
        handle = f"@{profile.handle}" if profile.handle else "An account without a name"
        label = (printable(profile.name) if profile.name else "") or handle
        count = len(self.by_account.get(path, ()))
        feeds = self.feeds(path, label) if self.build.profile_feeds and count else ()
        return ProfileView(profile, stored.handwritten, path, label, count, feeds)

    @cached_property
    def owner(self) -> ProfileView | None:
        """Whose archive this is: who the config says, else who signed most of it."""
        wanted = self.config.site.account.removeprefix("@").casefold()
        if wanted:
            named = (v for v in self.profiles if (v.profile.handle or "").casefold() == wanted)
            return next(named, None)
        likely = self.profiles[0] if self.profiles else None
        signed = sum(entry.root_author != Author() for entry in self.entries)
        return likely if likely and likely.count * 2 > signed else None


def _people(entry: Listed) -> Iterable[tuple[str, str]]:
    if not entry.mentions:
        return ()
    return dict.fromkeys((entry.network, mention.casefold()) for mention in entry.mentions)


def _accounts(entry: Listed) -> Iterable[str]:
    if not entry.others:
        path = urls.writer(entry.network, entry.root_author)
        return (path,) if path else ()
    return dict.fromkeys([p for a in entry.authors if (p := urls.writer(entry.network, a))])
