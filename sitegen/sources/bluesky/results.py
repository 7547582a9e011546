"""Assemble the results of a Bluesky source: threads, profiles, and the accounting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from sitegen import threads
from sitegen.model import Author, Elsewhere, Post, Privacy, Profile, Thread
from sitegen.sources import Attachment, Imported
from sitegen.sources.accounting import Accounting
from sitegen.sources.at_uris import NETWORK, POST, REPOST
from sitegen.sources.bluesky.records.posts import ParsedPost
from sitegen.sources.bluesky.records.profiles import merge

# Other records of the app, and how people call them.
KINDS = {
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


class Findings(Accounting):
    """Posts and accounts by their ids, and the accounting of all records.

    `known` is what other sources know of accounts; "public" is reported only if another
    state is known. `same_key` has posts whose key is also that of another account's post,
    by key and account.
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

    def state(self, did: str, privacy: Privacy) -> None:
        """Record whether an account asks to be hidden; once it does, it stays hidden."""
        if self.privacy.get(_account(did)) != "private":
            self.privacy[_account(did)] = privacy

    def is_closed_elsewhere(self, did: str) -> bool:
        """Return whether other sources know that an account is closed, and nothing here differs."""
        key = _account(did)
        return key not in self.privacy and self.known.get(key) not in (None, "public")

    def exclude_record(self, record: str, kind: str) -> None:
        """Exclude a record that is not a post: of a known kind, or not, or without an address."""
        if kind.startswith("chat.bsky.convo"):
            self.exclude(record, "private message")
        elif kind == "app.bsky.draft":
            self.exclude(record, "draft")
        elif kind in (POST, REPOST):
            self.exclude(record, "damaged", "nothing says whose it is")
        elif known := KINDS.get(kind):
            self.exclude(record, "not a post", known)
        else:
            self.exclude(record, "unknown kind", kind)

    def add(self, parsed: ParsedPost, record: str) -> None:
        """Add a post, unless the account has one with the same id."""
        identity, account = parsed.post.id, parsed.post.author.id
        before = self.posts.setdefault(identity, parsed)
        if before is parsed:
            return
        if before.post.author.id == account or (identity, account) in self.same_key:
            self.exclude(record, "same post twice")
        else:
            self.same_key[identity, account] = parsed

    def add_profile(self, profile: Profile) -> None:
        """Add a profile, or merge it with a known one."""
        before = self.profiles.get(profile.id)
        self.profiles[profile.id] = merge(before, profile) if before else profile

    def imported(self, found: str, blobs: Mapping[str, Attachment]) -> Imported:
        """Assemble the import; `blobs` are the available files by CID."""
        self._qualify_ids()
        grouped = self._threads()
        profiles = tuple(self.profiles.values())
        return replace(
            self.report(found, grouped, profiles),
            attachments={cid: blobs[cid] for cid in _files(self.posts.values(), profiles)},
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
            parsed.separated(keys) for parsed in (*self.posts.values(), *self.same_key.values())
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
        """Group the posts into threads; one without replies and parent is a thread of its own."""
        posts = [
            self._link_references(t.post) if t.post.elsewhere else t.post
            for t in self.posts.values()
        ]
        roots = {(NETWORK, t.post.id): t.root for t in self.posts.values() if t.root}
        tied = {p.reply_to for p in posts if p.reply_to is not None} | set(roots.values())
        replies = [p for p in posts if p.reply_to is not None or p.id in tied]
        alone = [p for p in posts if p.reply_to is None and p.id not in tied]
        return (*[Thread(p.id, NETWORK, (p,)) for p in alone], *threads.group(replies, roots))

    def _link_references(self, post: Post) -> Post:
        """Drop references to posts that are here, and add why others are not shown."""
        references = [
            self.unavailable.get(e.id, e) for e in post.elsewhere if e.id not in self.posts
        ]
        return replace(post, elsewhere=tuple(map(self._add_names, references)))

    def _add_names(self, reference: Elsewhere) -> Elsewhere:
        """Add the names of an account if known; a field that it no longer has was deleted."""
        author, state = reference.author, reference.state
        known = self.profiles.get(author.id or "")
        if known and not author.handle:
            author = Author(known.handle, known.id, known.name)
        if state is None and (NETWORK, author.id) in self.complete:
            state = "deleted"
        return replace(reference, author=author, state=state)


def _account(did: str) -> tuple[str, str]:
    return NETWORK, did.casefold()


def hidden_note(names: Iterable[str]) -> str:
    """Say whose posts are left out at their request, and how to include them."""
    return (
        f"not shown to logged-out visitors, as asked: {', '.join(sorted(names))}. Nothing of them "
        "is imported; if the posts are yours or the site is not public: --include logged-out"
    )


def _files(parsed_posts: Iterable[ParsedPost], profiles: tuple[Profile, ...]) -> dict[str, None]:
    """Return the files of posts and profiles, each once."""
    shown = [m.path for parsed in parsed_posts for m in parsed.post.media]
    shown += [path for p in profiles for path in (p.avatar, p.banner)]
    return dict.fromkeys(path for path in shown if path is not None)
