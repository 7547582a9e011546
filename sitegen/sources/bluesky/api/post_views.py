"""Convert the posts of API pages: the newest view of each post, with its author."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from msgspec.structs import replace

from sitegen import timestamps
from sitegen.model import Author, Elsewhere, Json, Version
from sitegen.sources import Attachment, Options, Reason, at_uris
from sitegen.sources.at_uris import POST, REPOST, Address
from sitegen.sources.bluesky.api.contents import BareRecord, PostView, Repost
from sitegen.sources.bluesky.api.responses import Pages
from sitegen.sources.bluesky.records import posts
from sitegen.sources.bluesky.records.embeds import account as account_of
from sitegen.sources.bluesky.records.labels import Labels, labels, thread_gate
from sitegen.sources.bluesky.records.posts import Account, ParsedPost
from sitegen.sources.bluesky.records.profiles import profile, profile_of_view, unknown_profile
from sitegen.sources.bluesky.records.record_fields import RecordFields
from sitegen.sources.bluesky.repository.reader import GATES, PROFILE
from sitegen.sources.bluesky.results import Results, hidden_note

HIDDEN_REASON: Reason = "asked not to be shown"
DELETED_REASON: Reason = "deleted by its author"
Occurrence = tuple[str, RecordFields, RecordFields | None]


class PageConverter:
    """Converts the contents of pages to posts, and excludes the rest by name."""

    def __init__(
        self,
        pages: Pages,
        findings: Results,
        options: Options,
        blobs: Mapping[str, Attachment],
    ) -> None:
        self.pages = pages
        self.findings = findings
        self.blobs = blobs
        self.authors: dict[str, Author] = {}
        self.hidden: set[str] = set()
        self.gates: dict[Address, dict[str, Json]] = defaultdict(dict)
        self._shows_hidden = "logged-out" in options.include
        self._handle = at_uris.handle(options.account)

    def read(self) -> None:
        """Process everything that the pages show."""
        self.findings.unavailable.update(self.pages.unavailable)
        self._add_accounts()
        occurrences = self._occurrences()
        for at, versions in occurrences.items():
            self._post(at, versions)
        for repost in self.pages.reposts:
            self._repost(repost)
        self._others()
        self._pin()
        self.findings.until = self.pages.events.until or self.pages.until

    def _add_accounts(self) -> None:
        """Add all accounts before any posts: their names, and whether they asked to be hidden."""
        pages = self.pages
        for shown in (*pages.posts, *pages.context):
            self._add_account(shown.view.record("author"))
        for repost in pages.reposts:
            self._add_account(repost.reason.record("by"))
            self._check_labels(repost.view.record("author"))
        for shown in pages.profiles:
            self._add_account(shown.view)
        owners = {bare.at.account for bare in pages.bare}
        only_handle = self._handle if len(owners) == 1 else None
        for bare in pages.bare:
            if not pages.events.is_deleted(bare.at):
                self._add_own_record(bare, pages.events.handles.get(bare.at.account) or only_handle)
        self._hide_known_private()
        if self.hidden:
            profiles = self.findings.profiles
            known = {did: profiles.pop(did, None) for did in self.hidden}
            names = [(p and p.handle) or did for did, p in known.items()]
            self.findings.note(hidden_note(names))

    def _add_account(self, view: RecordFields) -> None:
        self._check_labels(view)
        if viewed := profile_of_view(view):
            self.findings.add_profile(viewed)
            self.authors[viewed.id] = viewed.author

    def _check_labels(self, view: RecordFields) -> None:
        did = view.text("did")
        if did and "labels" in view:
            self._record_labels(did, labels(RecordFields({}, view.oddities), view))

    def _record_labels(self, did: str, asked: Labels) -> None:
        """Record whether an account's labels ask to hide it; `--include logged-out` overrides."""
        self.findings.record_privacy(did, "private" if asked.is_hidden else "public")
        if asked.is_hidden and not self._shows_hidden:
            self.hidden.add(did)

    def _hide_known_private(self) -> None:
        """Hide accounts without labels here that another source knows to be closed."""
        for did in () if self._shows_hidden else [*self.authors]:
            if self.findings.is_known_private(did):
                self.hidden.add(did)

    def _add_own_record(self, bare: BareRecord, handle: str | None) -> None:
        """Add an account's own record, and the gates of its posts."""
        did, kind = bare.at.account, bare.at.collection
        if did not in self.authors:
            self.authors[did] = Author(handle, did)
        if kind in GATES:
            name, read = GATES[kind]
            self._gate(Address(did, POST, bare.at.key), name, read(bare.value))
        elif (kind, bare.at.key) == PROFILE:
            known = Account(self.authors[did], self.blobs)
            own = profile(bare.value, known)
            self.findings.add_profile(own)
            self.authors[did] = Author(known.author.handle, did, own.name or known.author.name)
            self._record_labels(did, labels(bare.value))
        elif did not in self.findings.profiles:
            self.findings.add_profile(unknown_profile(self.authors[did]))

    def _gate(self, at: Address, name: str, rules: dict[str, Json]) -> None:
        if rules:
            self.gates[at][name] = rules

    def _occurrences(self) -> dict[Address, list[Occurrence]]:
        """Return all occurrences of each post; context only of posts that occur nowhere else."""
        occurrences: dict[Address, list[Occurrence]] = {}
        for shown in self.pages.posts:
            self._add_occurrence(occurrences, shown)
        for bare in self.pages.bare:
            if bare.at.collection == POST:
                self._record_occurrence(occurrences, bare.at, (bare.name, bare.value, None))
        items = set(occurrences)
        own = [PostView(r.name, r.view) for r in self.pages.reposts if _is_own(r)]
        for shown in (*own, *self.pages.context):
            at = at_uris.address(shown.view.text("uri"))
            if at is None or at not in items:
                items |= {at} if at else set()
                self._add_occurrence(occurrences, shown)
        return occurrences

    def _add_occurrence(
        self, occurrences: dict[Address, list[Occurrence]], shown: PostView
    ) -> None:
        at = at_uris.address(shown.view.text("uri"))
        record = shown.view.record("record")
        self._record_occurrence(
            occurrences, at, (shown.view.text("uri") or shown.name, record, shown.view)
        )

    def _record_occurrence(
        self, occurrences: dict[Address, list[Occurrence]], at: Address | None, versions: Occurrence
    ) -> None:
        self.findings.records += 1
        name, record, _ = versions
        if at is None:
            self.findings.exclude(name, "damaged", "it has no address")
        elif record.kind not in (POST, ""):
            self.findings.exclude_record(name, record.kind)
        else:
            occurrences.setdefault(at, []).append(versions)

    def _post(self, at: Address, versions: list[Occurrence]) -> None:
        """Add the newest occurrence of a post, and exclude the others."""
        ordered = sorted(versions, key=lambda occurrence: _indexed_at(occurrence[2]))
        name, record, view = ordered.pop()
        if self.pages.events.is_deleted(at):
            for other in versions:
                self.findings.exclude(other[0], DELETED_REASON)
            return
        parsed = posts.parse_post(record, at.key, self._account(at, view), view)
        if (
            parsed is None
            or at.account in self.hidden
            or (parsed.is_hidden and not self._shows_hidden)
        ):
            reason: Reason = "damaged" if parsed is None else HIDDEN_REASON
            for other in versions:
                self.findings.exclude(other[0], reason, "it has no text" if parsed is None else "")
            return
        post = replace(parsed.post, history=self._history(parsed, ordered))
        if view is not None:
            gate = view.record("threadgate").record("record")
            self._gate(at, "thread_gate", thread_gate(gate) if gate.values else {})
        if more := self.gates.get(at):
            post = posts.add_extra(post, more)
        self.findings.add(replace(parsed, post=post), name)

    def _history(self, parsed: ParsedPost, others: list[Occurrence]) -> tuple[Version, ...]:
        """Exclude older occurrences of a post, and return the versions with another text."""
        history: dict[str, Version] = {}
        for name, record, view in others:
            text = record.text("text")
            if text == parsed.post.text:
                self.findings.exclude(name, "same post twice")
            else:
                self.findings.exclude(name, "earlier version")
                history.setdefault(text, Version(text, _indexed_at(view) or None))
        return tuple(history.values())

    def _account(self, at: Address, view: RecordFields | None) -> Account:
        """Return the author of a post: from its view, else from other posts."""
        shown = account_of(view.record("author")) if view is not None else Author()
        known = self.authors.get(shown.id or at.account, at.author)
        return Account(known if known.id or known.handle else at.author, self.blobs)

    def _repost(self, repost: Repost) -> None:
        """Add a repost, with the text if the original is not in the archive."""
        self.findings.records += 1
        by = account_of(repost.reason.record("by"))
        at = at_uris.address(repost.view.text("uri"))
        name = repost.reason.text("uri") or f"{repost.name}, reposted"
        if at is None or not by.id:
            self.findings.exclude(name, "damaged", "it does not say of what, or by whom")
        elif _is_own(repost):
            self.findings.exclude(name, "repost of oneself", at.post_id)
        elif by.id in self.hidden or at.account in self.hidden:
            self.findings.exclude(name, HIDDEN_REASON)
        else:
            self.findings.add(self._repost_of(repost, by, at), name)

    def _repost_of(self, repost: Repost, by: Author, at: Address) -> ParsedPost:
        own = at_uris.address(repost.reason.text("uri"))
        identity = own.post_id if own else f"repost-{at.post_id}@{by.id}"
        author = account_of(repost.view.record("author"))
        origin = Elsewhere(at.post_id, at.url, author if author.id else at.author)
        record = repost.view.record("record")
        original = posts.parse_post(record, at.key, Account(author, self.blobs), repost.view)
        plain = posts.make_repost(identity, by, origin, _time(repost.reason.text("indexedAt")))
        if original is None or at.post_id in self.findings.posts:
            return ParsedPost(plain)
        return ParsedPost(posts.copy_content(plain, original.post))

    def _others(self) -> None:
        """Exclude what is not a post, and add reposts that are bare records."""
        for bare in self.pages.bare:
            if bare.at.collection == POST:
                continue
            self.findings.records += 1
            if self.pages.events.is_deleted(bare.at):
                self.findings.exclude(bare.name, DELETED_REASON)
            elif bare.at.collection == REPOST:
                self._bare_repost(bare)
            else:
                self.findings.exclude_record(bare.name, bare.at.collection)
        self.findings.count_all_excluded(self.pages.events.excluded)
        for name in self.pages.other_accounts:
            self.findings.count_excluded(name, "not of this account")
        for item in self.pages.others:
            self.findings.records += 1
            if item.kind is None:
                self.findings.exclude(item.name, "damaged", "it has no address, or no record")
            else:
                self.findings.exclude_record(item.name, item.kind)

    def _bare_repost(self, bare: BareRecord) -> None:
        account = Account(self.authors[bare.at.account], self.blobs)
        parsed = posts.parse_repost(bare.value, bare.at.key, account)
        if parsed is None:
            self.findings.exclude(bare.name, "damaged", "it does not say of what")
        elif bare.at.account in self.hidden:
            self.findings.exclude(bare.name, HIDDEN_REASON)
        elif parsed.post.elsewhere[0].author.id == bare.at.account:
            self.findings.exclude(bare.name, "repost of oneself", parsed.post.repost_of or "")
        else:
            self.findings.add(parsed, bare.name)

    def _pin(self) -> None:
        for shown in self.pages.pinned:
            at = at_uris.address(shown.view.text("uri"))
            known = self.findings.profiles.get(at.account) if at else None
            if at and known:
                self.findings.profiles[known.id] = replace(known, pinned=at.post_id)


def _is_own(repost: Repost) -> bool:
    """Return whether somebody reposted their own post."""
    by = repost.reason.record("by").text("did")
    at = at_uris.address(repost.view.text("uri"))
    return bool(by) and by in (repost.view.record("author").text("did"), at and at.account)


def _time(text: str | None) -> str | None:
    return text if timestamps.parse(text) else None


def _indexed_at(view: RecordFields | None) -> str:
    return view.text("indexedAt") if view is not None else ""
