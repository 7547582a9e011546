"""Read one export of one account: convert its records, exclude those that must not be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.model import Author, Json, Post, Privacy, Profile
from sitegen.sources import Attachment, Options, Source, stated_visibility
from sitegen.sources.accounting import Accounting
from sitegen.sources.meta import translations
from sitegen.sources.meta.exports import sections
from sitegen.sources.meta.exports.escaped_json import decode
from sitegen.sources.meta.exports.export_files import file_bytes, medium
from sitegen.sources.meta.exports.exports import Export
from sitegen.sources.meta.exports.layout import Document
from sitegen.sources.meta.exports.profile import Owner, owner_of, stated_elsewhere
from sitegen.sources.meta.exports.record_fields import ExportFields
from sitegen.sources.meta.exports.sections import INSTAGRAM, THREADS, Section
from sitegen.sources.meta.posts.label_values import read_labels
from sitegen.sources.meta.posts.posts import ParsedPost, PostOwner, assign_ids, is_empty, read_post
from sitegen.sources.meta.posts.threads import link_posts
from sitegen.sources.meta.privacy import Access, KnownFacts, access
from sitegen.sources.stated_visibility import most_restrictive

AUDIENCE = (
    "posts with an audience of their own are left out. If everybody may see them: "
    "--include unknown."
)
_AUDIENCE = stated_visibility.WHO_SEES | {"audience", "audiences", "sharedwith"}
URLS = {INSTAGRAM: "https://www.instagram.com/{}/", THREADS: "https://www.threads.com/@{}"}


class ExportReader(Struct):
    """Reads one export, and collects its posts, attachments and errors."""

    source: Source
    export: Export
    options: Options
    accounting: Accounting
    parsed_posts: list[ParsedPost] = field(default_factory=list)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    broken: list[SourceError] = field(default_factory=list)
    unread_labels: Counter[str] = field(default_factory=Counter)
    accesses: dict[str, Access] = field(default_factory=dict)
    remarks: Counter[str] = field(default_factory=Counter)
    labelled_owner: str | None = None
    record_keys: set[str] = field(default_factory=set)

    def run(self) -> None:
        """Read every document that may contain posts; exclude the others by name."""
        documents: list[tuple[Document, Json]] = []
        for document in self.export.documents:
            if self.source.members is not None and document.kind not in ("posts", "profile"):
                section = sections.section_of_unopened(document.kind)
                self.accounting.count_excluded(
                    document.name, section.reason or "not a post", section.detail
                )
                continue
            try:
                value = decode(self._bytes(document), self._path(document.name), self.accounting)
            except SourceError as error:
                self.broken.append(error)
                self.accounting.count_excluded(document.name, "damaged", error.message_with_line)
                continue
            documents.append((document, value))
        self.labelled_owner = _labelled_owner(documents)
        for document, value in documents:
            self._read(document, value)

    @property
    def networks(self) -> tuple[str, ...]:
        """Return the networks of the posts, sorted."""
        return tuple(sorted({read.post.network for read in self.parsed_posts}))

    @property
    def posts(self) -> list[Post]:
        """Return the posts with their ids; those of Threads are linked to their parents."""
        posts: list[Post] = []
        for network in self.networks:
            own = assign_ids([read for read in self.parsed_posts if read.post.network == network])
            posts += link_posts(own) if network == THREADS else [read.post for read in own]
        return posts

    @property
    def privacy(self) -> Iterator[tuple[tuple[str, str], Privacy]]:
        """Yield the stated privacy, for the account's other sources.

        An account that is not public is recorded under no name as well, if it has none.
        """
        names = [self.export.username] if self.export.username else self._names()
        for network in (INSTAGRAM, THREADS):
            state = self._stated(network)
            if state and (self.export.username or state != "public"):
                yield from (((network, name.casefold()), state) for name in names or [""])

    def profiles(self) -> Iterator[Profile]:
        """Yield the owner's profiles on the networks of the posts."""
        for network in self.networks:
            name = self.username
            if name is None:
                continue
            owner = self._owner(network)
            picture = medium(self.export.files, owner.picture).file if owner.picture else None
            if picture:
                self.attachments[picture.name] = picture
            yield Profile(
                id=name,
                network=network,
                handle=name,
                name=owner.name,
                bio=owner.bio,
                url=URLS[network].format(name),
                avatar=picture.name if picture else None,
                website=owner.website,
                pronouns=owner.pronouns,
            )

    def notes(self) -> Iterator[str]:
        """Yield notes for the user, and what to do about them."""
        if self.parsed_posts and not self.username:
            yield "The export does not say whose it is: give --account to name the author."
        yield from self.remarks
        if self.unread_labels:
            shown = ", ".join(f'"{label[:40]}"' for label in sorted(self.unread_labels)[:5])
            yield f"texts under labels that sitegen does not know were left out: {shown}"

    @property
    def username(self) -> str | None:
        """Return the owner's handle: that of the export, else of --account, else of a file name."""
        return next(iter(self._names()), None)

    def _names(self) -> list[str]:
        account = (self.options.account or "").strip().lstrip("@").lower()
        names = (self.export.username, self.labelled_owner, account, self.export.named_for)
        return [name for name in dict.fromkeys(names) if name]

    def _bytes(self, document: Document) -> bytes:
        members = self.source.members
        return file_bytes(self.source.path) if members is None else members.read(document.name)

    def _path(self, name: str) -> Path | str:
        path = self.source.path
        if self.source.parts:
            return path.parent / name
        return path if self.source.members is None else f"{path}:{name}"

    def _read(self, document: Document, value: Json) -> None:
        """Read a file's lists; a post of an earlier file is the same post again."""
        if document.kind == "profile" and (owner_of(value) or stated_elsewhere(value)):
            return self.accounting.count_excluded(f"{document.name}[0]", "not a post", "profile")
        before = {(read.post.network, read.identity) for read in self.parsed_posts}
        for section, records in sections.sections(value, document.name):
            for at, record in enumerate(records):
                place = f"{document.name}{section.key and f':{section.key}'}[{at}]"
                if section.reason:
                    self.accounting.count_excluded(place, section.reason, section.detail)
                elif isinstance(record, dict):
                    self._add_record(ExportFields(record, Counter()), place, section, before)
                else:
                    self.accounting.count_excluded(place, "damaged", "is no object")
        return None

    def _add_record(
        self, record: ExportFields, place: str, section: Section, before: set[tuple[str, str]]
    ) -> None:
        network = _network(record, section)
        parsed = read_post(record, self._post_owner(network), self.export.files, section.kind)
        if is_empty(parsed.post):
            detail = ", ".join(sorted(record.oddities))
            return self.accounting.count_excluded(
                place, "damaged" if record.oddities else "no content", detail
            )
        self.record_keys.add(network)
        owner, account = parsed.labels.owner, self.export.username or self.labelled_owner
        if owner and account and owner.casefold() != account.casefold():
            return self.accounting.count_excluded(place, "not of this account", f"@{owner}")
        is_for_few = parsed.labels.is_restricted or _is_for_few(record)
        allowed = self._access(network, is_for_few)
        self.remarks.update([allowed.note] if allowed.note else [])
        if allowed.exclusion:
            return self.accounting.count_excluded(place, "not public", allowed.exclusion)
        if (network, parsed.identity) in before:
            return self.accounting.count_excluded(
                place, "same post twice", "as in another file of the export"
            )
        self.accounting.records += 1
        self.accounting.oddities.update(record.oddities.keys())
        self.unread_labels.update(parsed.labels.unread)
        self.attachments |= parsed.attachments
        self.parsed_posts.append(
            replace(parsed, post=replace(parsed.post, visibility=allowed.visibility))
        )
        return None

    def _access(self, network: str, is_for_few: bool) -> Access:
        """Return who may see a post: its own audience applies if it is narrower."""
        if network not in self.accesses:
            self.accesses[network] = access(self._known(network), self.options)
        allowed = self.accesses[network]
        if allowed.exclusion or not is_for_few:
            return allowed
        if "unknown" in self.options.include:
            return Access("unknown")
        return Access(exclusion="an audience of its own", note=AUDIENCE)

    def _known(self, network: str) -> KnownFacts:
        stated = self._stated(network)
        names = self._names()
        confirmed = (
            names if self.export.username else [n for n in names if n != self.export.named_for]
        )
        return KnownFacts(network, stated, names, confirmed, self.export.part)

    def _stated(self, network: str) -> Privacy | None:
        """Return the privacy that profiles state for a network.

        Threads takes Instagram's statement for an account, but not the other way round. A profile
        without a word about privacy is not "public".
        """
        owners = self.export.owners
        if not owners:
            return None
        own = owners[network].privacy if network in owners else None
        others = [o.privacy for n, o in owners.items() if n != network]
        if own is None and network == THREADS:
            return most_restrictive(others) or "unknown"
        if own is None and network not in owners:
            state = most_restrictive(others)
            return state if state != "public" else None
        return own or "unknown"

    def _owner(self, network: str) -> Owner:
        owners = self.export.owners
        return owners.get(network) or next(iter(owners.values()), Owner())

    def _post_owner(self, network: str) -> PostOwner:
        name = self.username
        return PostOwner(network, Author(handle=name, id=name, name=self._owner(network).name))


def _is_for_few(record: ExportFields) -> bool:
    """Return whether a record names an audience that is not known to be everybody."""
    words = stated_visibility.words_within(record.values, _AUDIENCE)
    return any(translations.fold(word) not in translations.EVERYBODY for word in words)


def _network(record: ExportFields, section: Section) -> str:
    """Return the network of a record: Threads' own show it, even in a list without its key."""
    if section.network == INSTAGRAM and section.kind is None:
        media: Sequence[ExportFields] = tuple(
            ExportFields(each.values, Counter()) for each in record.records("media")
        )
        if any("text_app_post" in each.values for each in media):
            return THREADS
    return section.network


def _labelled_owner(documents: Sequence[tuple[Document, Json]]) -> str | None:
    """Return the account that most of the posts name as their owner."""
    owners: Counter[str] = Counter()
    for document, value in documents:
        for section, records in sections.sections(value, document.name):
            for record in records:
                if not section.reason and isinstance(record, dict) and "label_values" in record:
                    owner = read_labels(ExportFields(record, Counter())).owner
                    owners.update([owner] if owner else [])
    return min(owners, key=lambda name: (-owners[name], name), default=None)
