"""Assemble the results of a Bluesky source: threads, profiles, and the accounting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from sitegen import threads
from sitegen.model import Elsewhere, Post, Privacy, Profile, Thread
from sitegen.sources import Attachment, Imported
from sitegen.sources.accounting import Accounting
from sitegen.sources.at_uris import NETWORK, POST, REPOST
from sitegen.sources.bluesky.records.posts import ParsedPost
from sitegen.sources.bluesky.records.profiles import merge

# Collections whose records are not posts, and their names in reports.
RECORD_KINDS = {
    "app.bsky.actor.profile": "profile",
    "app.bsky.actor.status": "status",
    "app.bsky.bookmark": "bookmark",
    "app.bsky.feed.generator": "feed",
    "app.bsky.feed.like": "like",
    "app.bsky.feed.postgate": "post gate",
    "app.bsky.feed.threadgate": "thread gate",
    "app.bsky.graph.assertion": "assertion",
    "app.bsky.graph.block": "block",
    "app.bsky.graph.confirmation": "confirmation",
    "app.bsky.graph.follow": "follow",
    "app.bsky.graph.list": "list",
    "app.bsky.graph.listblock": "blocked list",
    "app.bsky.graph.listitem": "member of a list",
    "app.bsky.graph.starterpack": "starter pack",
    "app.bsky.graph.verification": "verification",
    "app.bsky.labeler.service": "labeler",
    "app.bsky.notification": "notification",
    "app.bsky.notification.declaration": "notification settings",
    "app.bsky.system.declaration": "declaration",
    "chat.bsky.actor.declaration": "chat settings",
}


class Results(Accounting):
    """Collects the posts and accounts of a source by id, and accounts for all records.

    `known` is the privacy of accounts according to other sources; "public" is reported only for
    accounts in it. `same_key` has posts with the key of another account's post, by key and account.
    """

    def __init__(self, known: Mapping[tuple[str, str], Privacy]) -> None:
        super().__init__()
        self.known = known
        self.posts: dict[str, ParsedPost] = {}
        self.same_key: dict[tuple[str, str | None], ParsedPost] = {}
        self.profiles: dict[str, Profile] = {}
        self.unavailable: dict[str, Elsewhere] = {}
        self.complete: list[tuple[str, str]] = []
        self.until: str | None = None
        self.privacy: dict[tuple[str, str], Privacy] = {}

    def record_privacy(self, did: str, privacy: Privacy) -> None:
        """Record an account's privacy; once "private", it stays so."""
        if self.privacy.get(_account_key(did)) != "private":
            self.privacy[_account_key(did)] = privacy

    def is_known_private(self, did: str) -> bool:
        """Return whether other sources know an account to be private, and this one does not say."""
        key = _account_key(did)
        return key not in self.privacy and self.known.get(key) not in (None, "public")

    def exclude_record(self, record: str, kind: str) -> None:
        """Exclude a record that is not a post, with a reason that depends on its collection."""
        if kind.startswith("chat.bsky.convo"):
            self.exclude(record, "private message")
        elif kind == "app.bsky.draft":
            self.exclude(record, "draft")
        elif kind in (POST, REPOST):
            self.exclude(record, "damaged", "nothing says whose it is")
        elif known := RECORD_KINDS.get(kind):
            self.exclude(record, "not a post", known)
        else:
            self.exclude(record, "unknown kind", kind)

    def add(self, parsed: ParsedPost, record: str) -> None:
        """Add a post, unless the account has one with the same id."""
        identity, account = parsed.post.id, parsed.post.author.id
        existing = self.posts.setdefault(identity, parsed)
        if existing is parsed:
            return
        if existing.post.author.id == account or (identity, account) in self.same_key:
            self.exclude(record, "same post twice")
        else:
            self.same_key[identity, account] = parsed

    def add_profile(self, profile: Profile) -> None:
        """Add a profile, or merge it with a known one."""
        existing = self.profiles.get(profile.id)
        self.profiles[profile.id] = merge(existing, profile) if existing else profile

    def build_import(self, found: str, blobs: Mapping[str, Attachment]) -> Imported:
        """Assemble the import; `blobs` are the available files by CID."""
        self._qualify_ids()
        grouped = self._threads()
        profiles = tuple(self.profiles.values())
        return replace(
            self.report(found, grouped, profiles),
            attachments={cid: blobs[cid] for cid in _file_cids(self.posts.values(), profiles)},
            complete=tuple(self.complete),
            until=self.until,
            privacy={k: s for k, s in self.privacy.items() if s != "public" or k in self.known},
        )

    def _qualify_ids(self) -> None:
        """Qualify ids that posts of several accounts share with the account's name.

        Record keys are unique only within an account, so equal keys do not mean the same post.
        """
        if not self.same_key:
            return
        keys = frozenset(key for key, _ in self.same_key)
        separated = [
            parsed.with_qualified_ids(keys)
            for parsed in (*self.posts.values(), *self.same_key.values())
        ]
        self.posts = {parsed.post.id: parsed for parsed in separated}
        self.profiles = {
            name: replace(profile, pinned=f"{profile.pinned}@{name}")
            if profile.pinned in keys
            else profile
            for name, profile in self.profiles.items()
        }
        self.unavailable = {
            key: parsed for key, parsed in self.unavailable.items() if key not in keys
        }
        self.same_key = {}

    def _threads(self) -> tuple[Thread, ...]:
        """Group the posts into threads; a post without replies and parent is its own thread."""
        posts = [
            self._link_references(t.post) if t.post.elsewhere else t.post
            for t in self.posts.values()
        ]
        roots = {(NETWORK, t.post.id): t.root for t in self.posts.values() if t.root}
        in_threads = {p.reply_to for p in posts if p.reply_to is not None} | set(roots.values())
        replies = [p for p in posts if p.reply_to is not None or p.id in in_threads]
        single_posts = [p for p in posts if p.reply_to is None and p.id not in in_threads]
        return (
            *[Thread(p.id, NETWORK, (p,)) for p in single_posts],
            *threads.group(replies, roots),
        )

    def _link_references(self, post: Post) -> Post:
        """Drop references to imported posts, and add why others are unavailable."""
        references = [
            self.unavailable.get(e.id, e) for e in post.elsewhere if e.id not in self.posts
        ]
        return replace(post, elsewhere=tuple(map(self._add_names, references)))

    def _add_names(self, reference: Elsewhere) -> Elsewhere:
        """Add an account's known names; a post missing from a complete account was deleted."""
        author, state = reference.author, reference.state
        known = self.profiles.get(author.id or "")
        if known and not author.handle:
            author = known.author
        if state is None and (NETWORK, author.id) in self.complete:
            state = "deleted"
        return replace(reference, author=author, state=state)


def _account_key(did: str) -> tuple[str, str]:
    return NETWORK, did.casefold()


def hidden_note(names: Iterable[str]) -> str:
    """Return the note about accounts that asked to be hidden, and how to include them."""
    return (
        f"not shown to logged-out visitors, as asked: {', '.join(sorted(names))}. Nothing of them "
        "is imported; if the posts are yours or the site is not public: --include logged-out"
    )


def _file_cids(
    parsed_posts: Iterable[ParsedPost], profiles: tuple[Profile, ...]
) -> dict[str, None]:
    """Return the distinct CIDs of the files of posts and profiles, in order."""
    posts = [parsed.post for parsed in parsed_posts]
    shown = [m.path for post in posts for m in post.media]
    shown += [post.card.picture for post in posts if post.card]
    shown += [path for p in profiles for path in (p.avatar, p.banner)]
    return dict.fromkeys(path for path in shown if path is not None)
