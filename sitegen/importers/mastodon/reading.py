"""Reading outboxes one after the other, and what they come to together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sitegen.errors import SourceError
from sitegen.importers import Attachment, Exclusion, Imported, Members, Oddity, Options
from sitegen.importers.mastodon.account import Account
from sitegen.importers.mastodon.files import Files
from sitegen.importers.mastodon.ids import NETWORK, post_id
from sitegen.importers.mastodon.items import Takings, taken
from sitegen.importers.mastodon.outbox import Collection, object_of, read
from sitegen.importers.mastodon.posts import settle
from sitegen.model import Profile, Thread

OUTBOX, ACTOR = "outbox.json", "actor.json"
FEATURED = "featured.json"
BESIDE = (("likes.json", "like"), ("bookmarks.json", "bookmark"), (FEATURED, "pinned post"))


class Reading:
    """What was read so far."""

    def __init__(self, path: Path, options: Options) -> None:
        self._path = path
        self._options = options
        self._takings: list[Takings] = []
        self._profiles: list[Profile] = []
        self._complete: list[tuple[str, str]] = []
        self._attachments: dict[str, Attachment] = {}
        self._handles: dict[str, str] = {}
        self._odd: Counter[str] = Counter()
        self._notes: list[str] = []

    def page(self) -> None:
        """Read a file that is an outbox or a page of one. Raises SourceError."""
        try:
            data = self._path.read_bytes()
        except OSError as error:
            reason = error.strerror or str(error)
            raise SourceError(
                f"cannot be read: {reason}", path=self._path, hint="check the path."
            ) from error
        outbox = read(data, self._path)
        account = Account(self._options, Files(), {})
        self._posts(outbox, account)
        self._odd += account.odd
        self._handles |= account.handles
        if outbox.first and not outbox.count:
            self._notes.append(f"this outbox only names its first page: save {outbox.first}")

    def export(self, members: Members, root: str) -> None:
        """Read an export, which may be a folder of the archive. Raises SourceError."""
        files = Files(members, root)
        account = Account(self._options, files, self._actor(files))
        outbox = read(files.read(OUTBOX) or b"", self._path, OUTBOX)
        if self._posts(outbox, account) and account.id and not outbox.has_more:
            self._complete.append((NETWORK, account.id))
        pinned = [uri for name, kind in BESIDE for uri in self._beside(files, name, kind)]
        if profile := account.profile(post_id(pinned[0]) if pinned else None):
            self._profiles.append(profile)
        self._notes += account.notes()
        self._odd += account.odd
        self._handles |= account.handles
        self._attachments |= files.attachments

    def imported(self, found: str) -> Imported:
        """Settle all that was read."""
        settled = settle(self._takings, self._handles)
        self._profiles += _others(settled.threads, {p.id for p in self._profiles})
        shown = {m.path for t in settled.threads for p in t.posts for m in p.media}
        shown |= {path for p in self._profiles for path in (p.avatar, p.banner)}
        return Imported(
            found=found,
            records=len(self._takings),
            threads=settled.threads,
            profiles=tuple(self._profiles),
            exclusions=settled.exclusions,
            notes=tuple(self._notes),
            oddities=tuple(Oddity(what, n) for what, n in sorted(self._odd.items())),
            attachments={k: v for k, v in sorted(self._attachments.items()) if k in shown},
            complete=tuple(self._complete),
        )

    def _posts(self, outbox: Collection, account: Account) -> bool:
        """Take all items; tell whether none was damaged."""
        whole = True
        for number, item in enumerate(outbox.items(), 1):
            found = taken(item, f"item {number}", account)
            whole &= not (isinstance(found.found, Exclusion) and found.found.reason == "damaged")
            self._takings.append(found)
        if outbox.total is not None and outbox.total != outbox.count:
            self._odd["totalItems is not how many items there are"] += 1
        return whole

    def _actor(self, files: Files) -> Mapping[str, Any]:
        """Read whose export it is; the record of it is no post."""
        data = files.read(ACTOR)
        if data is None:
            return {}
        actor = object_of(data)
        if actor is None:
            self._takings.append(Takings(Exclusion(ACTOR, "damaged", "not whole JSON")))
            return {}
        self._takings.append(Takings(Exclusion(ACTOR, "not a post", "profile")))
        return actor

    def _beside(self, files: Files, name: str, kind: str) -> list[str]:
        """Count what somebody liked, kept or pinned; return the addresses of what is pinned."""
        data = files.read(name)
        if data is None:
            return []
        try:
            found = list(read(data, self._path, name).items())
        except SourceError:
            self._takings.append(Takings(Exclusion(name, "damaged", "not whole JSON")))
            return []
        uris = [_address(item) for item in found]
        self._takings += [
            Takings(Exclusion(uri or f"{name} item {number}", "not a post", kind))
            for number, uri in enumerate(uris, 1)
        ]
        return [uri for uri in uris if uri] if name == FEATURED else []


def _address(item: object) -> str | None:
    named = item.get("id") if isinstance(item, dict) else item
    return named if isinstance(named, str) else None


def _others(found: tuple[Thread, ...], known: set[str]) -> list[Profile]:
    """Make profiles of those who posted and have none."""
    authors = {p.author.id: p.author for t in found for p in t.posts}
    return [
        Profile(actor, NETWORK, author.handle, author.name)
        for actor, author in authors.items()
        if actor and actor not in known
    ]
