"""What the files of content/ have once they are parsed: threads, profiles, pages, hidden files."""

from __future__ import annotations

from msgspec import Raw, Struct

from sitegen.content.format.profile_file import StoredProfile
from sitegen.errors import ContentError
from sitegen.site.markup.references import Reference
from sitegen.site.views.summary import Entry
from sitegen.site.views.template_values import Document


class HiddenFile(Struct, frozen=True, tag="hidden", array_like=True):
    """A file that is not published; its media are not either.

    `ids` are those of its posts. `copies` has network and id of their copies.
    """

    source: str
    hidden_media: tuple[str, ...] = ()
    network: str = ""
    ids: tuple[str, ...] = ()
    copies: tuple[tuple[str, str], ...] = ()


class ProfileItem(StoredProfile, frozen=True, tag="profile", array_like=True):
    """A profile as its file has it, and the relative addresses in its bio."""

    source: str = ""
    references: tuple[Reference, ...] = ()


Item = Entry | ProfileItem | Document | HiddenFile


class ParsedFiles(Struct, frozen=True):
    """Parsed files by name: their items, the items encoded, and the errors of broken files.

    `encoded` lacks items with a string that has no UTF-8 encoding. `searched` has what the search
    index has of the posts of threads, if there is an index.
    """

    items: dict[str, Item] = {}
    encoded: dict[str, Raw] = {}
    errors: dict[str, ContentError] = {}
    searched: dict[str, Raw] = {}

    def update(self, other: ParsedFiles) -> None:
        """Add other parsed files."""
        self.items.update(other.items)
        self.encoded.update(other.encoded)
        self.errors.update(other.errors)
        self.searched.update(other.searched)
