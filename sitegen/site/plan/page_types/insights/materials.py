"""Gather what the insights of the site and of each account are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property, partial
from itertools import chain

from sitegen.site import urls
from sitegen.site.plan import listings
from sitegen.site.plan.indexes import Indexes
from sitegen.site.plan.insights.material import MIN_ITEMS, Gain, Material, Places
from sitegen.site.plan.listings import Listed
from sitegen.site.views.listing_values import Tab
from sitegen.site.views.template_values import ProfileView


class Materials:
    """The materials of the site and of its accounts, each gathered on first use."""

    def __init__(self, indexes: Indexes) -> None:
        self.indexes = indexes

    @property
    def of_site(self) -> Material:
        """What the owner wrote, or the people of an institution; all posts without an owner."""
        indexes = self.indexes
        return self._material(urls.INDEX, indexes.own_posts, self._site_gains, indexes.site_tabs)

    @property
    def of_accounts(self) -> Iterator[tuple[ProfileView, Material]]:
        """What each account wrote, of those that may have enough for charts.

        An account that wrote all posts of the site has no page of its own.
        """
        indexes = self.indexes
        only = {self._home(post.author_path) for post in indexes.own_posts} - {None}
        for view in indexes.accounts.profiles if indexes.build.profile_pages else ():
            posts = indexes.by_author.get(view.path, ())
            if len(posts) >= MIN_ITEMS and only != {view.path}:
                tabs = indexes.tabs(view.path, listings.by_kind(posts))
                yield (
                    view,
                    self._material(view.path, posts, partial(self._gains_of, view.path), tabs),
                )

    def of_posts(self, home: str, posts: tuple[Listed, ...]) -> Material:
        """Return what an account wrote whose page was at the site path `home`."""
        return self._material(home, posts, partial(self._gains_of, home), ())

    def _material(
        self, home: str, posts: tuple[Listed, ...], find_gains: Callable[[], list[Gain]],
        tabs: tuple[Tab, ...],
    ) -> Material:  # fmt: skip
        """Return the material of the page of `home`."""
        indexes = self.indexes
        places = Places(
            build=indexes.build,
            months=indexes.month_links,
            tabs={tab.kind: tab.path for tab in tabs},
            people=indexes.by_person if indexes.build.people_pages else (),
            page=indexes.free_path(urls.insights(home), home),
        )
        return Material(
            posts=posts,
            find_gains=find_gains,
            shown_media=indexes.library.media,
            kind_of=indexes.library.kinds.kind_of,
            topic_posts=indexes.topic_posts,
            places=places,
            language=indexes.language,
        )

    def _gains_of(self, home: str) -> list[Gain]:
        """Return what the posts of an author received, the newest first."""
        return self._gains.get(home, [])

    def _site_gains(self) -> list[Gain]:
        """Return what the site's own posts received, the newest first.

        That includes posts within threads, also of authors of whom no listing has a post.
        """
        own = [gains for home, gains in self._gains.items() if self.indexes.is_own(home)]
        return sorted(chain.from_iterable(own), key=_newest_first)

    @cached_property
    def _gains(self) -> dict[str | None, list[Gain]]:
        """What all posts received by the page of their author, the newest first."""
        found: dict[str | None, list[Gain]] = {}
        for thread in self.indexes.entries:
            if not thread.received:
                continue
            homes = [self._home(urls.author_profile(thread.network, a)) for a in thread.authors]
            for received in reversed(thread.received):
                found.setdefault(homes[received.author], []).append(Gain(thread, received))
        return found

    def _home(self, path: str | None) -> str | None:
        """Return the page of an author, who may be known by another one."""
        return self.indexes.accounts.moved.get(path, path) if path else None


def _newest_first(gain: Gain) -> tuple[float, str, int]:
    """Return a key to sort by; posts of one thread are in its order, the last one first."""
    return -gain.thread.when, gain.thread.path, -gain.received.position
