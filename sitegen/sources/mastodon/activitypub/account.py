"""The account that owns an outbox: its author, profile and known handles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sitegen.formats.html import post_text
from sitegen.model import Author, Profile
from sitegen.sources import Options
from sitegen.sources.mastodon.activitypub.ids import NETWORK, handle, host
from sitegen.sources.mastodon.activitypub.properties import Properties
from sitegen.sources.mastodon.media_files import MediaFiles


class Account:
    """The account of an export; for a page saved alone, it is known from its posts only."""

    def __init__(
        self, options: Options, files: MediaFiles, actor: Mapping[str, Any], oddities: Counter[str]
    ) -> None:
        self.include = options.include
        self.files = files
        self.oddities = oddities
        self.handles: dict[str, str] = {}
        self._actor = Properties(actor, self.oddities)
        self.id = self._actor.optional("id")
        self.followers = self._actor.address("followers")
        self.named = (options.account or "").removeprefix("@")
        self.owner = Author(self._handle(), self.id, self._actor.text("name") or None)
        if self.id and self.owner.handle:
            self.handles[self.id] = self.owner.handle

    def author(self, actor: str | None) -> Author:
        """Return the author with this address."""
        if not actor:
            return Author()
        if actor == self.id:
            return self.owner
        named = self.named if "@" in self.named and not self.id else None
        return Author(self.handles.get(actor) or handle(actor) or named, actor)

    def profile(self, pinned: str | None) -> Profile | None:
        """Return the owner's profile; its e-mail address and keys are never read."""
        if not self.id:
            return None
        actor = self._actor
        return Profile(
            id=self.id,
            network=NETWORK,
            handle=self.owner.handle,
            name=self.owner.name,
            bio=post_text.read(actor.text("summary")).text,
            url=actor.address("url") or self.id,
            avatar=self.files.find_picture(_file(actor.record("icon")), "avatar"),
            banner=self.files.find_picture(_file(actor.record("image")), "header"),
            pinned=pinned,
            details=tuple(map(_detail, actor.records("attachment"))),
        )

    def notes(self) -> tuple[str, ...]:
        """Return notes that a person should read before publishing."""
        name = self.owner.handle or self.id
        found_by = ("discoverable", "indexable")
        unset = [
            k for k in found_by if not self._actor.flag(k) and self._actor.values.get(k) is False
        ]
        lines = []
        if unset:
            lines.append(
                f"{name} is not set to be found by directories and searches"
                f" ({', '.join(unset)}): think of it before you publish"
            )
        if moved := self._actor.address("movedTo"):
            lines.append(f"{name} has moved to {moved}")
        return tuple(lines)

    def _handle(self) -> str | None:
        named = (self._actor.text("webfinger")).removeprefix("acct:").removeprefix("@")
        name, at = self._actor.optional("preferredUsername"), host(self.id or "")
        if "@" in named:
            return named
        return f"{name}@{at}" if name and at else handle(self.id or "")


def _file(picture: Properties) -> str:
    return picture.address("url") or ""


def _detail(field: Properties) -> tuple[str, str]:
    return field.text("name"), post_text.read(field.text("value")).text
