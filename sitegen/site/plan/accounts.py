"""The people and accounts of a site: their threads, their profiles, and the owner of the site."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from msgspec.structs import replace

from sitegen.config.schema import Config
from sitegen.content.format.draft import printable, shorten
from sitegen.languages.language import Language
from sitegen.model import Author
from sitegen.site.parsing.items import ProfileItem
from sitegen.site.plan import people
from sitegen.site.plan.files import named_files
from sitegen.site.plan.identities import Identities, author_paths, profile_path
from sitegen.site.plan.library import Library
from sitegen.site.plan.pagination import Groups, group_by
from sitegen.site.plan.people import SitePerson
from sitegen.site.plan.targets import Targets
from sitegen.site.views import thread_pages
from sitegen.site.views.links import MAX_NAME, Link, feed_links
from sitegen.site.views.template_values import Credit, PersonCard, ProfileView

OWNER_SHARE = 0.8  # of the signed threads, for an account to be the owner without being named


class Accounts:
    """The people and accounts of a site by the paths of their pages, each computed on first use."""

    def __init__(self, library: Library, config: Config, language: Language) -> None:
        self.library = library
        self.config = config
        self.build = config.build
        self.language = language
        self.entries = library.entries
        self.identities = Identities(library.profiles, library.entries)

    @cached_property
    def threads(self) -> Groups:
        """Threads by the page of the account or person who wrote in them."""
        moved = self.moved
        if not moved:
            return self.by_writer
        return group_by(
            self.entries, lambda e: dict.fromkeys(moved.get(p, p) for p in author_paths(e))
        )

    @cached_property
    def by_writer(self) -> Groups:
        """Threads by the page of the account that wrote in them, as the threads name it."""
        return group_by(self.entries, author_paths)

    @cached_property
    def by_account(self) -> Groups:
        """Threads by the page of the account that wrote in them, whosever it is."""
        known = self.identities.aliases
        return group_by(
            self.entries, lambda e: dict.fromkeys(known.get(p, p) for p in author_paths(e))
        )

    @cached_property
    def moved(self) -> dict[str, str]:
        """Pages of accounts that redirect, mapped to that of the same account or its person."""
        homes = {path: p.home for p in self.people for path in p.accounts if path != p.home}
        if not homes:
            return self.identities.aliases
        return {path: homes.get(to, to) for path, to in self.identities.aliases.items()} | homes

    @cached_property
    def targets(self) -> Targets:
        """The targets of the addresses in handwritten texts."""
        return Targets(self.library, self.config, self.moved)

    @cached_property
    def people(self) -> tuple[SitePerson, ...]:
        """The people of the site who have an account in the archive."""
        return tuple(
            [p for p in people.site_people(self.config, self.identities.known) if p.accounts]
        )

    @property
    def warnings(self) -> Iterator[str]:
        """Warnings about accounts and portraits of people that are missing or not clear."""
        yield from people.missing_accounts(self.config, self.identities.known)
        yield from people.missing_owner(self.config, self.identities.known)
        yield from people.shared_names(self.config, self.identities.known)
        yield from people.missing_portraits(self.config, self.library)

    @cached_property
    def _moved_to(self) -> dict[str, list[str]]:
        result: dict[str, list[str]] = {}
        for path, home in self.moved.items():
            result.setdefault(home, []).append(path)
        return result

    @cached_property
    def profiles(self) -> tuple[ProfileView, ...]:
        """All people and accounts, those with most threads first."""
        stored = dict(self.identities.stored)
        views = []
        for person in self.people:
            own = [stored.pop(path) for path in person.accounts if path in stored]
            views += [self._person_view(person, own)] if own else []
        views += [self._view(profile, path) for path, profile in stored.items()]
        return tuple(sorted(views, key=lambda v: (-v.count, v.label.casefold(), v.path)))

    def _person_view(self, person: SitePerson, own: list[ProfileItem]) -> ProfileView:
        """Return the profile of a person: that of the first account, with those of all below it.

        A content warning belongs to the account that has it.
        """
        portrait = named_files.find(self.library, "", person.person.portrait)
        pictures = [s.profile.avatar for s in own if s.profile.warning is None]
        avatar = portrait or next(filter(None, pictures), None)
        profile = replace(own[0].profile, name=person.person.name, avatar=avatar)
        view = self._view(replace(own[0], profile=profile), person.home)
        if len(own) == 1:
            return view
        accounts = [self._view(each, profile_path(each.profile)) for each in own]
        return replace(view, accounts=tuple(accounts))

    def _view(self, stored: ProfileItem, path: str) -> ProfileView:
        profile, library = stored.profile, self.library
        avatar, banner = library.picture_path(profile.avatar), library.picture_path(profile.banner)
        if (avatar, banner) != (profile.avatar, profile.banner):
            profile = replace(profile, avatar=avatar, banner=banner)
        unnamed = self.language.text("profile.unnamed")
        handle = f"@{profile.handle}" if profile.handle else unnamed
        label = (printable(profile.name) if profile.name else "") or handle
        count = len(self.threads.get(path, ()))
        has_feeds = self.build.profile_feeds and count
        feeds = feed_links(path, label, self.build.json_feeds) if has_feeds else ()
        pinned = self._pinned.get((profile.network, profile.pinned)) if profile.pinned else None
        return ProfileView(
            profile,
            stored.handwritten,
            path,
            label,
            count,
            feeds,
            pinned,
            targets=self.targets.of(stored.source, stored.references),
            own=(path, *self._moved_to.get(path, ())),
        )

    @cached_property
    def _pinned(self) -> dict[tuple[str, str | None], Link]:
        """Links to the pinned posts that the archive has, by network and id."""
        wanted = {(s.profile.network, s.profile.pinned) for s in self.library.profiles}
        names = {identity for _, identity in wanted if identity}
        return {
            (entry.network, identity): Link(
                entry.title, thread_pages.address(entry, at, self.build), entry.lang
            )
            for entry in (self.entries if names else ())
            if not names.isdisjoint(entry.post_ids)
            for at, identity in enumerate(entry.post_ids)
            if (entry.network, identity) in wanted
        }

    @cached_property
    def owner(self) -> ProfileView | None:
        """The owner of the site; None for an institution, whose people are several.

        That is the only person, the configured account, or else the author of nearly all threads.
        """
        if self.config.people:
            homes = [person.home for person in self.people]
            only = len(self.config.people) == 1
            return next((v for v in self.profiles if only and v.path in homes), None)
        wanted = self.config.site.account.removeprefix("@").casefold()
        if wanted:
            named = (v for v in self.profiles if (v.profile.handle or "").casefold() == wanted)
            return next(named, None)
        return self._likely_owner()

    def _likely_owner(self) -> ProfileView | None:
        """Return the account with most threads, if its author wrote nearly all of them.

        Accounts of the same name are taken for one author's.
        """
        likely = self.profiles[0] if self.profiles else None
        if likely is None:
            return None
        own = sum([view.count for view in self.profiles if view.label == likely.label])
        signed = sum([entry.root_author != Author() for entry in self.entries])
        return likely if own and own >= signed * OWNER_SHARE else None

    @cached_property
    def cards(self) -> tuple[PersonCard, ...]:
        """The people of an institution, in the order of the settings."""
        views = {view.path: view for view in self.profiles} if len(self.config.people) > 1 else {}
        own = [views[person.home] for person in self.people if views]
        has_pages = self.build.profile_pages
        return tuple(
            [
                PersonCard(v.label, v.path if has_pages else "", v.profile.avatar, v.count)
                for v in own
            ]
        )

    @cached_property
    def credits(self) -> tuple[Credit, ...]:
        """The accounts of people, with their owners."""
        return tuple(
            Credit(path, shorten(person.person.name, MAX_NAME), person.home)
            for person in self.people
            for path in (person.home, *self._moved_to.get(person.home, ()))
        )

    @cached_property
    def own_paths(self) -> frozenset[str]:
        """The pages of all accounts of the owner, or of the people of an institution."""
        return frozenset([*self.owner_paths, *(credit.account for credit in self.credits)])

    @cached_property
    def owner_paths(self) -> tuple[str, ...]:
        """The pages of the owner's accounts.

        Those with the same handle elsewhere are the owner's unless `[[people]]` lists accounts.
        """
        if self.owner is None:
            return ()
        paths = {*self.owner.own, *self._same_handle(self.owner.profile.handle)}
        paths |= {alias for alias, home in self.identities.aliases.items() if home in paths}
        return tuple(sorted(paths))

    def _same_handle(self, handle: str | None) -> Iterator[str]:
        """Yield the pages of the accounts with a handle; none if the settings list accounts."""
        if handle and not self.config.people:
            folded = handle.casefold()
            known = self.identities.known
            yield from (a.path for a in known if (a.handle or "").casefold() == folded)
