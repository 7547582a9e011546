"""Which accounts an archive has: those with a profile and those that wrote, each of them once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from msgspec.structs import asdict, replace

from sitegen.model import Author, Profile
from sitegen.site import urls
from sitegen.site.parsing.items import ProfileItem
from sitegen.site.plan.people import Account
from sitegen.site.views.summary import PlacedThread

Handle = tuple[str, str]  # network and case-folded handle


class Identities:
    """The accounts of an archive by the site paths of their profiles, each computed on first use.

    `files` are the profiles that have one.
    """

    def __init__(self, files: Sequence[ProfileItem], entries: Sequence[PlacedThread]) -> None:
        self.files = files
        self.entries = entries

    @cached_property
    def known(self) -> tuple[Account, ...]:
        """All accounts, without those that are the alias of another."""
        stored = [s.profile for s in self.files]
        accounts = [Account(p.network, p.id, p.handle, profile_path(p)) for p in stored]
        written = self.writers.items()
        accounts += [Account(network, a.id, a.handle, path) for path, (network, a) in written]
        return tuple([account for account in accounts if account.path not in self.aliases])

    @cached_property
    def aliases(self) -> dict[str, str]:
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
        for stored in self.files:
            p = stored.profile
            if p.handle:
                yield p.network, p.id, p.handle, profile_path(p)
        for path, (network, author) in self.writers.items():
            if author.handle:
                yield network, author.id, author.handle, path

    @cached_property
    def writers(self) -> dict[str, tuple[str, Author]]:
        """Network and author by profile path, as in the newest thread of each."""
        result: dict[str, tuple[str, Author]] = {}
        for entry in self.entries:
            for author in entry.authors:
                path = urls.author_profile(entry.network, author)
                if path and path not in result:
                    result[path] = entry.network, author
        return result

    @cached_property
    def stored(self) -> dict[str, ProfileItem]:
        """The profile of each account, whether it has a file or not."""
        result = {profile_path(s.profile): s for s in self.files}
        for path, (network, author) in self.writers.items():
            if path not in result:
                identity = author.id or author.handle or ""
                profile = Profile(identity, network, author.handle, author.name)
                result[path] = ProfileItem(profile, None, False)
        for path, home in self.aliases.items():
            result[home] = _merge_profiles(result[home], result.pop(path))
        return result


def profile_path(profile: Profile) -> str:
    """Return the site path of a profile."""
    return urls.profile(profile.network, profile.id)


def _merge_profiles(first: ProfileItem, second: ProfileItem) -> ProfileItem:
    """Merge two profiles of an account; values of the first take precedence."""
    pictures, second_fields = asdict(first.profile), asdict(second.profile)
    profile = replace(
        first.profile, **{k: v for k, v in second_fields.items() if v and not pictures[k]}
    )
    has_bio = first.profile.bio or first.handwritten is not None
    return replace(first if has_bio else second, profile=profile, hidden=False, warnings=())


def author_paths(entry: PlacedThread) -> Iterable[str]:
    """Return the site paths of the profiles of all who wrote in a thread."""
    if not entry.others:
        path = urls.author_profile(entry.network, entry.root_author)
        return (path,) if path else ()
    return dict.fromkeys([p for a in entry.authors if (p := urls.author_profile(entry.network, a))])
