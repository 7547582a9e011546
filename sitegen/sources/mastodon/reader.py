"""Read the outboxes of a source and combine the results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.formats import lenient_json
from sitegen.formats.archives import Members
from sitegen.model import Profile, Thread
from sitegen.sources import HEAD_BYTES, Attachment, Exclusion, Imported, Options
from sitegen.sources.accounting import Accounting
from sitegen.sources.mastodon.activitypub.account import Account
from sitegen.sources.mastodon.activitypub.activities import ItemResult, read_item
from sitegen.sources.mastodon.activitypub.ids import NETWORK, post_id
from sitegen.sources.mastodon.activitypub.properties import Properties
from sitegen.sources.mastodon.media_files import MediaFiles
from sitegen.sources.mastodon.outbox import Collection, is_collection, read
from sitegen.sources.mastodon.posts import resolve
from sitegen.sources.mastodon.statuses import local_ids, profile_of, read_status
from sitegen.sources.mastodon.wrapped import WrappedItem, WrappedPosts, no_posts
from sitegen.sources.source_files import read_file

OUTBOX, ACTOR = "outbox.json", "actor.json"
FEATURED = "featured.json"
BESIDE = (("likes.json", "like"), ("bookmarks.json", "bookmark"), (FEATURED, "pinned post"))


class OutboxReader:
    """Reads the outboxes and files of one source, and collects results and profiles."""

    def __init__(self, path: Path, options: Options) -> None:
        self._path = path
        self._options = options
        self._results: list[ItemResult] = []
        self._profiles: list[Profile] = []
        self._complete: list[tuple[str, str]] = []
        self._attachments: dict[str, Attachment] = {}
        self._handles: dict[str, str] = {}
        self._accounting = Accounting()

    def read_single_file(self) -> None:
        """Read a file that contains posts, however wrapped. Raises SourceError."""
        data = read_file(self._path)
        outbox = _outbox(data, self._path)
        if outbox is not None:
            self._page(outbox)
        else:
            self._wrapped(data, self._path)
        self._check_any()

    def read_files(self, members: Members, names: Sequence[str]) -> None:
        """Read files that contain posts, however wrapped. Raises SourceError."""
        for name in names:
            self._wrapped(members.read(name), Path(f"{self._path}/{name}"))
        self._check_any()

    def read_export(self, members: Members, root: str) -> None:
        """Read an export, which may be a subfolder of the archive. Raises SourceError."""
        files = MediaFiles(members, root)
        data = files.read(OUTBOX) or b""
        account = self._account(files, self._actor(files))
        if not is_collection(data[:HEAD_BYTES]):
            self._add(self._find_posts(data, Path(f"{self._path}/{root}{OUTBOX}")), account)
        else:
            outbox = read(data, self._path, OUTBOX)
            if self._posts(outbox, account) and account.id and not outbox.has_more:
                self._complete.append((NETWORK, account.id))
        pinned = [uri for name, kind in BESIDE for uri in self._beside(files, name, kind)]
        if profile := account.profile(post_id(pinned[0]) if pinned else None):
            self._profiles.append(profile)
        self._accounting.note(*account.notes())
        self._handles |= account.handles
        self._attachments |= files.attachments

    def _page(self, outbox: Collection) -> None:
        """Read an outbox or a page of one. Raises SourceError if it has no items."""
        if not outbox.count:
            at = f"its first page, {outbox.first}" if outbox.first else "the pages that have them"
            raise SourceError("is an outbox without posts", path=self._path, hint=f"save {at}.")
        account = self._account(MediaFiles(), {})
        self._posts(outbox, account)
        self._handles |= account.handles

    def _wrapped(self, data: bytes, path: Path) -> None:
        """Read a file, which may contain the account as well. Raises SourceError."""
        wrapped = self._find_posts(data, path)
        account = self._account(MediaFiles(), wrapped.actors[0] if len(wrapped.actors) == 1 else {})
        self._add(wrapped, account)
        if profile := account.profile(None):
            self._profiles.append(profile)
        self._handles |= account.handles

    def _find_posts(self, data: bytes, path: Path) -> WrappedPosts:
        wrapped = WrappedPosts(self._options.account)
        wrapped.read(data, path)
        return wrapped

    def _check_any(self) -> None:
        """Check that something was posted, even if it is excluded. Raises SourceError."""
        outcomes = [t.outcome for t in self._results]
        others = [f for f in outcomes if isinstance(f, Exclusion) and f.reason == "not a post"]
        if len(others) == len(outcomes):
            raise no_posts(others, self._path)

    def _add(self, wrapped: WrappedPosts, account: Account) -> None:
        self._results += map(ItemResult, wrapped.exclusions)
        self._results += [
            read_item(item.value, item.name or f"item {number}", account)
            for number, item in enumerate(wrapped.items, 1)
        ]
        self._statuses(wrapped.statuses, account)

    def _statuses(self, statuses: Sequence[WrappedItem], account: Account) -> None:
        local = local_ids([status.value for status in statuses])
        for number, status in enumerate(statuses, 1):
            thing = Properties(status.value, Counter())
            self._results.append(
                read_status(thing, status.name or f"item {number}", account, local)
            )
            account.oddities.update(thing.oddities.keys())
            profile = profile_of(thing, account)
            if profile and all(profile.id != known.id for known in self._profiles):
                self._profiles.append(profile)

    def build_import(self, found: str) -> Imported:
        """Resolve everything that was read into one `Imported`."""
        resolved = resolve(self._results, self._handles)
        self._profiles += _others(resolved.threads, {p.id for p in self._profiles})
        shown = {m.path for t in resolved.threads for p in t.posts for m in p.media}
        shown |= {path for p in self._profiles for path in (p.avatar, p.banner)}
        self._accounting.records = len(self._results)
        self._accounting.exclusions += resolved.exclusions
        return replace(
            self._accounting.report(found, resolved.threads, self._profiles),
            attachments={k: v for k, v in sorted(self._attachments.items()) if k in shown},
            complete=tuple(self._complete),
        )

    def _account(self, files: MediaFiles, actor: Mapping[str, Any]) -> Account:
        return Account(self._options, files, actor, self._accounting.oddities)

    def _posts(self, outbox: Collection, account: Account) -> bool:
        """Convert all items of an outbox; return whether none was damaged."""
        all_read = True
        for number, item in enumerate(outbox.items(), 1):
            result = read_item(item, f"item {number}", account)
            all_read &= not (
                isinstance(result.outcome, Exclusion) and result.outcome.reason == "damaged"
            )
            self._results.append(result)
        if outbox.total is not None and outbox.total != outbox.count:
            self._accounting.oddities["totalItems is not how many items there are"] += 1
        return all_read

    def _actor(self, files: MediaFiles) -> Mapping[str, Any]:
        """Read the owner of an export; this record is not a post."""
        data = files.read(ACTOR)
        if data is None:
            return {}
        actor = lenient_json.object_of(data)
        if actor is None:
            self._results.append(ItemResult(Exclusion(ACTOR, "damaged", "not whole JSON")))
            return {}
        self._results.append(ItemResult(Exclusion(ACTOR, "not a post", "profile")))
        return actor

    def _beside(self, files: MediaFiles, name: str, kind: str) -> list[str]:
        """Exclude liked, bookmarked and pinned posts by name; return the URIs of pinned ones."""
        data = files.read(name)
        if data is None:
            return []
        try:
            items = list(read(data, self._path, name).items())
        except SourceError:
            self._results.append(ItemResult(Exclusion(name, "damaged", "not whole JSON")))
            return []
        uris = [_address(item) for item in items]
        self._results += [
            ItemResult(Exclusion(uri or f"{name} item {number}", "not a post", kind))
            for number, uri in enumerate(uris, 1)
        ]
        return [uri for uri in uris if uri] if name == FEATURED else []


def _outbox(data: bytes, path: Path) -> Collection | None:
    """Read a collection; None if it is wrapped, or if there are several in a row."""
    if not is_collection(data[:HEAD_BYTES]):
        return None
    try:
        return read(data, path)
    except SourceError:
        return None


def _address(item: object) -> str | None:
    named = item.get("id") if isinstance(item, dict) else item
    return named if isinstance(named, str) else None


def _others(threads: tuple[Thread, ...], known: set[str]) -> list[Profile]:
    """Return minimal profiles of authors that have none yet."""
    authors = {p.author.id: p.author for t in threads for p in t.posts}
    return [
        Profile(actor, NETWORK, author.handle, author.name)
        for actor, author in authors.items()
        if actor and actor not in known
    ]
