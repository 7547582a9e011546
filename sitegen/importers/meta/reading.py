"""All of a Threads or Instagram export: its owner, its lists, and its posts in threads."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field

from sitegen import threads
from sitegen.errors import SourceError
from sitegen.fields import Record
from sitegen.importers import Attachment, Exclusion, Imported, Oddity, Options, Reason, Source
from sitegen.importers.meta.files import Files
from sitegen.importers.meta.json import Mended, decoded
from sitegen.importers.meta.numbered import joined
from sitegen.importers.meta.posts import Read, Whose, is_empty, named, read_post
from sitegen.importers.meta.profile import INSTAGRAM as INSTAGRAM_PROFILE
from sitegen.importers.meta.profile import THREADS as THREADS_PROFILE
from sitegen.importers.meta.profile import Owner, owner_of
from sitegen.importers.meta.sections import (
    INSTAGRAM,
    THREADS,
    Section,
    is_of_posts,
    of_unread,
    sections,
)
from sitegen.model import Author, Json, Post, Profile

AS_HTML = ("threads_and_replies.html", "posts_1.html", "reels.html")
_FOUND = {
    (): "a Threads or Instagram export without posts",
    (INSTAGRAM,): "an Instagram export",
    (THREADS,): "a Threads export",
    (INSTAGRAM, THREADS): "a Threads and Instagram export",
}
_PROFILES = {INSTAGRAM_PROFILE: INSTAGRAM, THREADS_PROFILE: THREADS}
_URLS = {INSTAGRAM: "https://www.instagram.com/{}/", THREADS: "https://www.threads.com/@{}"}


def read_export(source: Source, options: Options) -> Imported:
    """Read an export of either network or both. Raises SourceError."""
    return _Reading(Files.of(source), options).imported()


class _Document(Struct, frozen=True):
    """A file of the export: its name and what it holds, if it was read."""

    name: str
    value: Json


class _Reading(Struct):
    """One export being read: what was found so far."""

    files: Files
    options: Options
    mended: Mended = field(default_factory=Mended)
    owners: dict[str, Owner] = field(default_factory=dict)
    reads: list[Read] = field(default_factory=list)
    exclusions: list[Exclusion] = field(default_factory=list)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    records: int = 0
    broken: list[SourceError] = field(default_factory=list)

    def imported(self) -> Imported:
        """Read the owner first, then every list, and make threads of the posts."""
        documents = self._documents()
        for document in documents:
            self._read(document)
        if self.broken and not self.reads and len(self.exclusions) == len(self.broken):
            raise self.broken[0]
        networks = sorted({read.post.network for read in self.reads})
        posts = self._posts(networks)
        return Imported(
            found=_FOUND[tuple(networks)],
            records=self.records,
            threads=threads.group(posts),
            profiles=self._profiles(networks),
            exclusions=tuple(self.exclusions),
            repairs=self.mended.repairs(),
            notes=self._notes(networks),
            oddities=(*self.mended.oddities(), *_strange(posts)),
            attachments=self.attachments,
        )

    def _documents(self) -> list[_Document]:
        """Open what may hold posts or a profile; name what is left closed."""
        found: list[_Document] = []
        for name, read in self.files.documents():
            is_profile = name.lower().endswith(("personal_information.json", "profile.json"))
            if self.files.members is not None and not is_profile and not is_of_posts(name):
                closed = of_unread(name)
                self._exclude(name, closed.reason or "not a post", closed.detail)
                continue
            try:
                value = decoded(read(), self._path(name), self.mended)
            except SourceError as error:
                self.broken.append(error)
                self._exclude(name, "damaged", error.what)
                continue
            if told := owner_of(value, self._path(name)):
                self.owners[_PROFILES[told[0]]] = told[1]
            found.append(_Document(name, value))
        self._must_be_json(found)
        return found

    def _must_be_json(self, found: Sequence[_Document]) -> None:
        members = self.files.members
        if members and not found and any(members.find(name) for name in AS_HTML):
            raise SourceError(
                "is an export as HTML, which does not hold all that the one as JSON does",
                path=self.files.path,
                hint='ask Instagram or Threads for the export again, with the format "JSON".',
            )

    def _path(self, name: str) -> str:
        return str(self.files.path) if self.files.members is None else f"{self.files.path}:{name}"

    def _exclude(self, record: str, reason: Reason, detail: str = "") -> None:
        self.records += 1
        self.exclusions.append(Exclusion(record, reason, detail))

    def _read(self, document: _Document) -> None:
        """Read a file's lists; what an earlier file had already is the same post again."""
        before = {(read.post.network, read.identity) for read in self.reads}
        for section, records in sections(document.value, document.name):
            for at, value in enumerate(records):
                place = f"{document.name}[{at}]"
                if section.reason:
                    self._exclude(place, section.reason, section.detail)
                elif isinstance(value, dict):
                    record = Record(value, self._path(document.name), at + 1, SourceError)
                    self._take(record, place, section, before)
                else:
                    self._exclude(place, "damaged", "is no object")

    def _take(
        self, record: Record, place: str, section: Section, before: set[tuple[str, str]]
    ) -> None:
        network = section.network
        owner = self._owner(network)
        try:
            found = read_post(record, self._whose(network, owner), self.files, section.kind)
        except SourceError as error:
            return self._exclude(place, "damaged", error.what)
        if is_empty(found.post):
            return self._exclude(place, "no content")
        if owner.is_private and "followers" not in self.options.include:
            return self._exclude(place, "not public", "the account is private")
        if (network, found.identity) in before:
            return self._exclude(place, "same post twice", "as in another file of the export")
        self.records += 1
        self.reads.append(found)
        return None

    def _owner(self, network: str) -> Owner:
        return self.owners.get(network) or next(iter(self.owners.values()), Owner())

    def _username(self, network: str) -> str | None:
        told = self._owner(network).username
        return told or (self.options.account or "").strip().lstrip("@").lower() or None

    def _whose(self, network: str, owner: Owner) -> Whose:
        name = self._username(network)
        author = Author(handle=name, id=name, name=owner.name)
        return Whose(network, author, "followers" if owner.is_private else None)

    def _posts(self, networks: Sequence[str]) -> list[Post]:
        posts: list[Post] = []
        for network in networks:
            own = named([read for read in self.reads if read.post.network == network])
            posts += joined(own) if network == THREADS else own
        for read in self.reads:
            self.attachments |= read.attachments
        return posts

    def _profiles(self, networks: Sequence[str]) -> tuple[Profile, ...]:
        found = []
        for network in networks:
            owner, name = self._owner(network), self._username(network)
            if name is None:
                continue
            picture = self.files.medium(owner.picture) if owner.picture else None
            if picture and owner.picture:
                self.attachments[owner.picture] = picture
            found.append(
                Profile(
                    id=name,
                    network=network,
                    handle=name,
                    name=owner.name,
                    bio=owner.bio,
                    url=_URLS[network].format(name),
                    avatar=owner.picture if picture else None,
                    website=owner.website,
                    pronouns=owner.pronouns,
                )
            )
        return tuple(found)

    def _notes(self, networks: Sequence[str]) -> tuple[str, ...]:
        notes = []
        if networks and not self._username(networks[0]):
            notes.append("The export does not say whose it is: give --account to name the author.")
        if networks and self.files.members and self._owner(networks[0]).is_private is None:
            notes.append(
                "The export does not say whether the account is private; its posts count as public."
            )
        return tuple(notes)


def _strange(posts: Sequence[Post]) -> tuple[Oddity, ...]:
    undated = sum(post.created_at is None for post in posts)
    absent = sum(medium.path is None for post in posts for medium in post.media)
    numbered = sum(post.reply_to is not None for post in posts)
    told = (
        ("posts without a time", undated),
        ("media whose file is not in the export", absent),
        ("posts joined to a thread by their numbers alone", numbered),
    )
    return tuple(Oddity(what, count) for what, count in told if count)
