"""A profile's Markdown file: front matter, and the bio as its body."""

from __future__ import annotations

from msgspec import Struct

from sitegen.content.format import front_matter
from sitegen.content.format.draft import Parts
from sitegen.content.format.hiding import is_held_back
from sitegen.content.format.keys import PROFILE, find_misspelt
from sitegen.errors import ContentError
from sitegen.formats.json_fields import StrictFields
from sitegen.model import Profile
from sitegen.text import richtext

NOTHING: Parts = {}


class StoredProfile(Struct, frozen=True, tag="profile", array_like=True):
    """A profile as its file has it; `handwritten` is a bio in a person's own Markdown.

    `warnings` are about keys that sitegen does not read, each with its line.
    """

    profile: Profile
    handwritten: str | None
    hidden: bool
    warnings: tuple[str, ...] = ()


class ProfileFile(Struct, frozen=True):
    """The parsed text of a profile's file, and the digests of what sitegen last wrote into it."""

    path: str
    text: str
    head: str
    fields: Parts
    body: str
    recorded: Parts = {}

    @property
    def key(self) -> tuple[str, str]:
        """The network and id of its profile, for the records of imports."""
        return str(self.fields.get("network")), str(self.fields.get("id"))


def read(path: str, text: str, recorded: Parts = NOTHING) -> ProfileFile:
    """Parse the text of a profile's file. Raises ContentError."""
    split = front_matter.require(text, path, "a profile's file")
    return ProfileFile(
        path, text, split.head, front_matter.read(split.head, path), _trim(split.body), recorded
    )


def stored_profile(file: ProfileFile) -> StoredProfile:
    """Convert a file into a profile. Raises ContentError."""
    record = StrictFields(file.fields, file.path, 1, ContentError)
    parsed = richtext.from_markdown(file.body)
    profile = Profile(
        id=record.text("id"),
        network=record.text("network"),
        handle=record.optional("handle"),
        name=record.optional("name"),
        bio=parsed.text if parsed else richtext.plain(file.body),
        url=record.optional("link") or record.optional("url"),
        avatar=record.optional("avatar"),
        followed_by=record.optional("followed_by"),
        banner=record.optional("banner"),
        website=record.optional("website"),
        pronouns=record.optional("pronouns"),
        pinned=record.optional("pinned"),
        details=tuple((d.text("label"), d.text("text")) for d in record.records("details")),
        warning=record.optional("warning"),
    )
    return StoredProfile(
        profile,
        None if parsed else file.body,
        is_held_back(file.fields, file.path, file.head),
        tuple(find_misspelt(file.fields, PROFILE, file.head)),
    )


def _trim(body: str) -> str:
    """Return a body without surrounding blank lines."""
    return (body.replace("\r\n", "\n") if "\r" in body else body).strip(" \n")
