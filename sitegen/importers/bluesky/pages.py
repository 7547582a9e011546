"""Answers of Bluesky's API, taken apart: which posts, reposts, records and accounts they show.

`app.bsky.feed.getAuthorFeed`, `getPostThread`, `getPosts`, `com.atproto.repo.listRecords`,
`getRecord`, `app.bsky.actor.getProfile` and what looks like them, by their shapes alone.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec import Struct

from sitegen.importers.bluesky import addresses
from sitegen.importers.bluesky.embeds import account, state
from sitegen.importers.bluesky.fields import Fields
from sitegen.jsontext import no_constant
from sitegen.model import Elsewhere

REPOSTED = "app.bsky.feed.defs#reasonRepost"
PINNED = "app.bsky.feed.defs#reasonPin"
# Lists of what is no post, and what the things in them are.
_OTHERS = {
    "follows": "app.bsky.graph.follow",
    "followers": "app.bsky.graph.follow",
    "likes": "app.bsky.feed.like",
    "lists": "app.bsky.graph.list",
    "feeds": "app.bsky.feed.generator",
    "starterPacks": "app.bsky.graph.starterpack",
    "blocks": "app.bsky.graph.block",
}
# A record in a file of its own, as unpacked repositories have it.
_UNPACKED = re.compile(r"(?:.*/)?(did:[^/]+)/([A-Za-z0-9.-]+)/([^/]+)\.json")


class Shown(Struct, frozen=True):
    """A post as a page shows it; what it is called there."""

    name: str
    view: Fields


class Repost(Struct, frozen=True):
    """A repost in a feed: the post, and who reposted it when."""

    name: str
    view: Fields
    reason: Fields


class Bare(Struct, frozen=True):
    """A record without a view: its address, and what it holds."""

    name: str
    at: addresses.Address
    value: Fields


class Other(Struct, frozen=True):
    """Something that is no post: what kind of record, or None for what cannot be read."""

    name: str
    kind: str | None


class Pages:
    """What all pages of a source show, in their order.

    `context` are posts that are shown only because others answer them; `told_of` says of posts
    that are not shown why.
    """

    def __init__(self, odd: Counter[str]) -> None:
        self.odd = odd
        self.posts: list[Shown] = []
        self.context: list[Shown] = []
        self.reposts: list[Repost] = []
        self.bare: list[Bare] = []
        self.others: list[Other] = []
        self.profiles: list[Shown] = []
        self.pinned: list[Shown] = []
        self.told_of: dict[str, Elsewhere] = {}
        self.failed: list[str] = []

    def add(self, name: str, value: Any) -> None:
        """Take one page apart, or a list of pages."""
        for number, page in enumerate(value if isinstance(value, list) else [value], 1):
            where = f"{name}, item {number}" if isinstance(value, list) else name
            if not isinstance(page, dict):
                self.others.append(Other(where, None))
            else:
                self._page(where, Fields(page, self.odd))

    def _page(self, name: str, page: Fields) -> None:
        readers: dict[str, Callable[[str, Fields], None]] = {
            "feed": self._feed,
            "thread": self._thread,
            "posts": self._posts,
            "records": self._records,
            "profiles": self._profiles,
        }
        lists = [key for key in page.values if key in readers or key in _OTHERS]
        for key in lists:
            readers.get(key, self._no_posts)(f"{name}: {key}", page)
        if lists and "subject" in page:
            self._account(name, page.inner("subject"))
        if not lists:
            self._one(name, page)

    def _one(self, name: str, page: Fields) -> None:
        """Take a page that is one thing by itself."""
        if "post" in page and type(page.values["post"]) is dict:
            self._node(name, page) if _is_node(page) else self._item(name, page)
        elif "value" in page and "uri" in page:
            self._record(name, page)
        elif "record" in page and "uri" in page:
            self._post(name, page)
        elif "did" in page and "handle" in page:
            self._account(name, page)
            self.others.append(Other(name, "app.bsky.actor.profile"))
        elif found := _UNPACKED.fullmatch(name):
            self._unpacked(name, f"at://{found[1]}/{found[2]}/{found[3]}", page)
        elif "error" in page:
            self.failed.append(f"{page.text('error')}: {page.text('message') or 'no more is told'}")
        else:
            self.others.append(Other(name, page.kind or None))

    def _feed(self, name: str, page: Fields) -> None:
        for number, item in enumerate(page.inners("feed"), 1):
            self._item(f"{name} {number}", item)

    def _item(self, name: str, item: Fields) -> None:
        """Take an item of a feed; a repost brings no context along."""
        view, reason = item.inner("post"), item.inner("reason")
        if reason.kind == REPOSTED:
            self.reposts.append(Repost(name, view, reason))
            return
        if reason.kind == PINNED:
            self.pinned.append(Shown(name, view))
        self._post(name, view)
        reply = item.inner("reply")
        for key in ("root", "parent"):
            shown = reply.inner(key)
            if "record" in shown:
                self.context.append(Shown(name, shown))
            else:
                self._missing(shown)

    def _thread(self, name: str, page: Fields) -> None:
        if type(page.values["thread"]) is list:  # the second version of threads is flat
            for number, item in enumerate(page.inners("thread"), 1):
                value = item.inner("value")
                if "post" in value:
                    self._post(f"{name} {number}", value.inner("post"))
                else:
                    self._missing(Fields(dict(item.values) | dict(value.values), self.odd))
        else:
            self._node(name, page.inner("thread"))

    def _node(self, name: str, top: Fields) -> None:
        """Take a thread as a tree: what it answers and what answers it, however deep."""
        waiting = [top]
        number = 0
        while waiting:
            node = waiting.pop()
            if "post" not in node:
                self._missing(node)
                continue
            number += 1
            self._post(f"{name} {number}", node.inner("post"))
            waiting += reversed(node.inners("replies"))
            if "parent" in node:
                waiting.append(node.inner("parent"))

    def _missing(self, node: Fields) -> None:
        """Keep why a post is not shown."""
        found = addresses.address(node.text("uri"))
        why = state(node)
        if found and why:
            author = account(node.inner("author"))
            known = author if author.id == found.account else found.author
            told = Elsewhere(found.post_id, found.url, known, why)
            self.told_of.setdefault(found.post_id, told)

    def _posts(self, name: str, page: Fields) -> None:
        for number, view in enumerate(page.inners("posts"), 1):
            self._post(f"{name} {number}", view)

    def _post(self, name: str, view: Fields) -> None:
        if type(view.values.get("record")) is dict:
            self.posts.append(Shown(name, view))
        else:
            self.others.append(Other(name, None))

    def _records(self, name: str, page: Fields) -> None:
        for number, record in enumerate(page.inners("records"), 1):
            self._record(f"{name} {number}", record)

    def _record(self, name: str, page: Fields) -> None:
        self._unpacked(name, page.text("uri") or "", page.inner("value"))

    def _unpacked(self, name: str, uri: str, value: Fields) -> None:
        found = addresses.address(uri)
        if found is None or not value.values:
            self.others.append(Other(uri or name, None))
        else:
            self.bare.append(Bare(uri, found, value))

    def _profiles(self, name: str, page: Fields) -> None:
        for number, view in enumerate(page.inners("profiles"), 1):
            self._account(f"{name} {number}", view)
            self.others.append(Other(f"{name} {number}", "app.bsky.actor.profile"))

    def _account(self, name: str, view: Fields) -> None:
        self.profiles.append(Shown(name, view))

    def _no_posts(self, name: str, page: Fields) -> None:
        key = name.rpartition(" ")[2]
        for number, _ in enumerate(page.inners(key), 1):
            self.others.append(Other(f"{name} {number}", _OTHERS[key]))


def _is_node(page: Fields) -> bool:
    return page.kind.endswith("#threadViewPost") or "replies" in page or "parent" in page


def parsed(data: bytes) -> Iterator[Any]:
    """Read a page, or one a line. Raises ValueError where it is none."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        yield _json(data)
    except ValueError:
        lines = [line for line in data.split(b"\n") if line.strip()]
        if len(lines) < 2 or not all(line.lstrip().startswith(b"{") for line in lines):
            raise
        yield from [_json(line) for line in lines]


def _json(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        pass  # the standard library knows half of a surrogate pair, and says where a fault is
    try:
        return json.loads(data, parse_constant=no_constant)
    except RecursionError as error:
        raise ValueError("it is too deep") from error
