"""Read one repository: each record becomes a post or is excluded with a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from sitegen import timestamps
from sitegen.errors import SourceError
from sitegen.formats.car import Blocks, find_blocks
from sitegen.model import Author, Json
from sitegen.sources import Options, at_uris
from sitegen.sources.at_uris import NETWORK, POST, REPOST
from sitegen.sources.bluesky.records import posts as records
from sitegen.sources.bluesky.records.labels import labels, post_gate, thread_gate
from sitegen.sources.bluesky.records.posts import Account, ParsedPost
from sitegen.sources.bluesky.records.profiles import profile, unknown_profile
from sitegen.sources.bluesky.records.record_fields import RecordFields
from sitegen.sources.bluesky.repository.tree import Commit, Tree, commit, walk
from sitegen.sources.bluesky.results import Results, hidden_note

PROFILE = ("app.bsky.actor.profile", "self")
GATES = {
    "app.bsky.feed.threadgate": ("thread_gate", thread_gate),
    "app.bsky.feed.postgate": ("post_gate", post_gate),
}
# A tree may refer to a block more than once; beyond this ratio it is a bomb.
MAX_SIZE_RATIO = 8
RecordIndex = dict[str, list[tuple[str, bytes]]]


class Repository(Struct, frozen=True):
    """A repository's records as (key, CID) by collection, and whether anything is missing."""

    commit: Commit
    blocks: Blocks
    entries: RecordIndex
    unnamed: int
    is_whole: bool

    def records(self, kind: str, findings: Results) -> list[tuple[str, RecordFields]]:
        """Return the readable records of a collection."""
        values = [(key, self.blocks.decode(cid)) for key, cid in self.entries.get(kind, ())]
        return [(key, RecordFields(r, findings.oddities)) for key, r in values if type(r) is dict]


def open_repository(data: bytes, findings: Results) -> Repository:
    """Find the records of a repository in a CAR file. Raises SourceError if there are none."""
    blocks = find_blocks(data, findings.oddities)
    newest = commit(blocks, findings.oddities)
    if newest is None:
        raise SourceError(
            "holds no commit of a repository: nothing says whose posts these are",
            hint="download the repository again.",
        )
    cid, commit_record = newest
    tree = walk(commit_record.data, blocks, findings.oddities)
    visited = {cid, *tree.visited, *[at for _, at in tree.entries]}
    _check_size(blocks, tree)
    if old := len(blocks.ranges.keys() - visited):
        findings.oddities["blocks of the past, which the newest commit does not reach"] += old
    is_whole = blocks.is_whole and tree.is_whole and not tree.unnamed and cid in blocks.roots
    return Repository(commit_record, blocks, _index_records(tree), tree.unnamed, is_whole)


def add_posts(
    repository: Repository,
    findings: Results,
    options: Options,
    handle: str | None,
    blobs: Container[str],
) -> None:
    """Convert the records of a repository to posts, and exclude all others with a reason."""
    account, is_hidden = _account(repository, findings, handle, blobs)
    reader = _Reader(repository, findings, account, options, is_hidden)
    for kind, entries in repository.entries.items():
        findings.records += len(entries)
        if kind == POST:
            reader.posts(entries)
        elif kind == REPOST:
            reader.reposts(entries)
        else:
            for key, _ in entries:
                findings.exclude_record(f"{kind}/{key}", kind)
    made = at_uris.tid_time(repository.commit.rev or "")
    findings.until = min(filter(None, (findings.until, made)), default=None)
    for number in range(1, repository.unnamed + 1):
        findings.count_excluded(
            f"entry {number} without a key", "damaged", "its key cannot be known"
        )
    if reader.hides:
        findings.profiles.pop(account.did, None)
        findings.note(hidden_note([account.name]))
    elif repository.is_whole and reader.is_whole:
        findings.complete.append((NETWORK, account.did))


class _Reader:
    """Converts the posts and reposts of one account."""

    def __init__(
        self,
        repository: Repository,
        findings: Results,
        account: Account,
        options: Options,
        is_hidden: bool,
    ) -> None:
        self.blocks = repository.blocks
        self.findings = findings
        self.account = account
        self.shows_hidden = "logged-out" in options.include
        self.hides = is_hidden and not self.shows_hidden
        self.is_whole = True
        self._gates = _gates(repository, findings)
        self._latest = _latest_day(repository.commit)

    def posts(self, entries: list[tuple[str, bytes]]) -> None:
        """Read the records of posts."""
        for key, cid in entries:
            record = self._record(POST, key, cid)
            if record is None:
                continue
            parsed = records.parse_post(record, key, self.account)
            if parsed is None:
                self.findings.exclude(f"{POST}/{key}", "damaged", "it has no text and no embed")
            elif parsed.is_hidden and not self.shows_hidden:
                self.findings.exclude(f"{POST}/{key}", "asked not to be shown")
            else:
                self._add(parsed, f"{POST}/{key}", key)

    def reposts(self, entries: list[tuple[str, bytes]]) -> None:
        """Read the records of reposts; those of the account's own posts are excluded."""
        for key, cid in entries:
            record = self._record(REPOST, key, cid)
            if record is None:
                continue
            name = f"{REPOST}/{key}"
            parsed = records.parse_repost(record, key, self.account)
            if parsed is None:
                self.findings.exclude(name, "damaged", "it does not say of what")
            elif parsed.post.elsewhere[0].author.id == self.account.did:
                self.findings.exclude(name, "repost of oneself", parsed.post.repost_of or "")
            else:
                self._add(_rename_repost(parsed, key, self.account, self.findings), name, key)

    def _record(self, kind: str, key: str, cid: bytes) -> RecordFields | None:
        """Return a record of a collection; None, and an exclusion, if there is none to show."""
        name = f"{kind}/{key}"
        if self.hides:
            self.findings.exclude(name, "asked not to be shown")
            return None
        value = self.blocks.decode(cid)
        if type(value) is not dict:
            self.is_whole = False
            what = "its block cannot be read" if cid in self.blocks.ranges else "no block of it"
            self.findings.exclude(name, "damaged", what)
            return None
        if value.get("$type", kind) != kind:
            self.findings.exclude(name, "unknown kind", str(value["$type"])[:200])
            return None
        return RecordFields(value, self.findings.oddities)

    def _add(self, parsed: ParsedPost, name: str, key: str) -> None:
        post = parsed.post
        if key in self._gates and post.repost_of is None:
            parsed = replace(parsed, post=records.add_extra(post, self._gates[key]))
        if post.created_at and post.created_at[:10] > self._latest:
            self.findings.oddities["posts dated later than the export"] += 1
        if post.id != key and not at_uris.is_record_key(key):
            self.findings.oddities["posts with keys that are not valid"] += 1
        self.findings.add(parsed, name)


def _account(
    repository: Repository, findings: Results, handle: str | None, blobs: Container[str]
) -> tuple[Account, bool]:
    """Return the owner of a repository, and whether they asked to be hidden."""
    author = Author(at_uris.handle(handle), repository.commit.did)
    for key, record in repository.records(PROFILE[0], findings):
        if key == PROFILE[1]:
            own = labels(record)
            own_profile = profile(record, Account(author, blobs))
            account = Account(replace(author, name=own_profile.name), blobs)
            findings.add_profile(own_profile)
            findings.record_privacy(repository.commit.did, "private" if own.is_hidden else "public")
            return account, own.is_hidden
    findings.add_profile(unknown_profile(author))
    return Account(author, blobs), findings.is_known_private(repository.commit.did)


def _gates(repository: Repository, findings: Results) -> dict[str, dict[str, Json]]:
    """Return the gates by the keys of their posts."""
    by_post: dict[str, dict[str, Json]] = defaultdict(dict)
    for kind, (name, read) in GATES.items():
        for key, record in repository.records(kind, findings):
            if rules := read(record):
                by_post[key][name] = rules
    return by_post


def _rename_repost(parsed: ParsedPost, key: str, account: Account, findings: Results) -> ParsedPost:
    """Give a repost another id if a post of the account has the same key."""
    if parsed.post.id not in findings.posts:
        return parsed
    name = f"repost-{key}@{account.did}"
    return replace(parsed, post=replace(parsed.post, id=name))


def _latest_day(commit_record: Commit) -> str:
    """Return a day that no post can be later than, from the time of the commit."""
    made = timestamps.parse(at_uris.tid_time(commit_record.rev or ""))
    return (made + timedelta(days=1)).isoformat()[:10] if made else "9999"


def _index_records(tree: Tree) -> RecordIndex:
    entries: RecordIndex = defaultdict(list)
    for name, cid in tree.entries:
        kind, _, key = name.decode(errors="replace").partition("/")
        entries[kind].append((key, cid))
    return entries


def _check_size(blocks: Blocks, tree: Tree) -> None:
    if sum([blocks.size(cid) for _, cid in tree.entries]) > MAX_SIZE_RATIO * len(blocks.data):
        raise SourceError(
            "is a bomb: its tree names the same blocks over and over",
            hint="no account makes such a file.",
        )
