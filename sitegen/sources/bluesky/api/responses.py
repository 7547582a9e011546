"""Parse API responses: the posts, reposts, records and accounts that they contain.

Responses of `app.bsky.feed.getAuthorFeed`, `getPostThread`, `getPosts`,
`com.atproto.repo.listRecords`, `getRecord`, `app.bsky.actor.getProfile` and lines of Jetstream are
recognised by the shapes of their objects, within any lists, objects and JSON strings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from sitegen.errors import SourceError
from sitegen.formats.json_fields import unreadable
from sitegen.formats.lenient_json import BrokenLine
from sitegen.model import Elsewhere
from sitegen.sources import at_uris
from sitegen.sources.bluesky.api import shapes
from sitegen.sources.bluesky.api.contents import BareRecord, OtherRecord, PostView, Repost
from sitegen.sources.bluesky.api.jetstream import Events
from sitegen.sources.bluesky.records.embeds import account, state
from sitegen.sources.bluesky.records.record_fields import RecordFields

REASON_REPOST = "app.bsky.feed.defs#reasonRepost"
REASON_PIN = "app.bsky.feed.defs#reasonPin"
PROFILE = "app.bsky.actor.profile"


class Pages:
    """The contents of all pages of a source, in their order.

    `context` has posts shown only because others answer them; `unavailable` says why posts are not
    shown; `other_accounts` names the items of timelines that are other accounts' actions.
    """

    def __init__(self, oddities: Counter[str], owner: str | None = None) -> None:
        self.oddities = oddities
        self.other_accounts: list[str] = []
        self._owner = {owner.removeprefix("@").casefold()} if owner else set()
        self.posts: list[PostView] = []
        self.context: list[PostView] = []
        self.reposts: list[Repost] = []
        self.bare: list[BareRecord] = []
        self.others: list[OtherRecord] = []
        self.profiles: list[PostView] = []
        self.pinned: list[PostView] = []
        self.unavailable: dict[str, Elsewhere] = {}
        self.failed: list[str] = []
        self.events = Events()
        self.until: str | None = None
        self._item_count = 0

    @property
    def has_posts(self) -> bool:
        """Return whether there are posts, or accounts to report on."""
        kinds = (at_uris.POST, at_uris.REPOST, PROFILE)
        views = self.posts or self.reposts or self.profiles or self.events.operations
        return bool(views) or any(bare.at.collection in kinds for bare in self.bare)

    def add(self, name: str, value: Any, uri: str | None = None) -> None:
        """Add one page, or a list of pages; `uri` is the address of a record in a file of its own.

        Raises ValueError if it is too deep, SourceError for a timeline without a known owner.
        """
        if uri and type(value) is dict and shapes.shape_of(value) is None:
            self._record_at(uri, uri, RecordFields(value, self.oddities))
            return
        try:
            if type(value) is not list:
                self._page(name, value)
            for number, page in enumerate(value if type(value) is list else (), 1):
                self._page(f"{name}, item {number}", page)
        except RecursionError as error:
            raise ValueError("it is too deep") from error

    def _page(self, name: str, page: Any) -> None:
        count_before = self._item_count
        self._search(name, page)
        if self._item_count == count_before:
            self._exclude_page(name, page)

    def _exclude_page(self, name: str, page: Any) -> None:
        """Exclude a page without known contents."""
        if isinstance(page, BrokenLine):
            self.others.append(OtherRecord(f"{name}, line {page.number}", None))
        elif type(page) is list:
            self.oddities["lists without anything of Bluesky's"] += 1
        elif type(page) is not dict:
            self.others.append(OtherRecord(name, None))
        elif failure := _failure(page):
            self.failed.append(failure)
        elif any(type(page.get(key)) is list for key in (*shapes.LISTS, "profiles")):
            self.oddities["pages without posts"] += 1
        else:
            self.others.append(OtherRecord(name, RecordFields(page, self.oddities).kind or None))

    def _search(self, name: str, value: Any) -> None:
        """Search a value for known contents, however wrapped, in the order of its text."""
        stack = [(name, value)]
        while stack:
            path, node = stack.pop()
            if type(node) is dict and self._add_by_shape(path, RecordFields(node, self.oddities)):
                continue
            children = [
                (_child_path(path, key, node), inner)
                for key, inner in shapes.children(node)
                if type(inner) in (dict, list, str) and not self._add_by_key(path, key, inner)
            ]
            stack += reversed(children)

    def _add_by_shape(self, name: str, value: RecordFields) -> bool:
        """Add a value whose shape is known; return whether it is."""
        shape = shapes.shape_of(value.values)
        if shape is None:
            return False
        readers: dict[shapes.Shape, Callable[[str, RecordFields], None]] = {
            "event": self._event,
            "item": self._item,
            "reply": self._reply,
            "record": self._record,
            "post": self._post,
            "account": self._own_account,
            "missing": lambda _, node: self._add_unavailable(node),
        }
        self._item_count += 1
        readers[shape](name, value)
        return True

    def _add_by_key(self, name: str, key: str, value: Any) -> bool:
        """Add a value whose key is known; return whether it is."""
        path = f"{name}: {key}"
        if shapes.is_listed(key, value):
            self._exclude_list(path, key, value)
        elif key == "subject" and type(value) is dict and shapes.shape_of(value) == "account":
            self.profiles.append(PostView(name, RecordFields(value, self.oddities)))
        elif key in shapes.LISTS and type(value) is list:
            self._list(path, self._own_items(path, value) if key == "feed" else value)
        elif key == "thread" and type(value) is list:
            self._list(path, value)
        elif at_uris.address(key) and type(value) is dict and not shapes.shape_of(value):
            self._item_count += 1
            self._record_at(key, key, RecordFields(value, self.oddities))
        elif type(value) is dict and value.get("$type") == at_uris.POST:
            return self._add_without_uri(path, key, RecordFields(value, self.oddities))
        else:
            return False
        return True

    def _add_without_uri(self, name: str, key: str, value: RecordFields) -> bool:
        """Add a post by its key, if that is a record key and its owner is known."""
        if shapes.shape_of(value.values):
            return False
        self._item_count += 1
        if self._owner and at_uris.is_tid(key):
            uri = f"at://{next(iter(self._owner))}/{at_uris.POST}/{key}"
            self._record_at(uri, uri, value)
        else:
            self.others.append(OtherRecord(name, at_uris.POST))
        return True

    def _list(self, name: str, items: list[Any]) -> None:
        """Add a list of posts; unknown items in it are records as well."""
        for number, item in enumerate(items, 1):
            count_before = self._item_count
            self._search(f"{name} {number}", item)
            if self._item_count == count_before and type(item) is dict:
                self._item_count += 1
                self.others.append(OtherRecord(f"{name} {number}", None))
            elif self._item_count == count_before:
                self.oddities[unreadable(name.rpartition(" ")[2])] += 1

    def _own_items(self, name: str, items: list[Any]) -> list[Any]:
        """Return the owner's items of a timeline with several accounts.

        All items of an account's own feed are its actions. Raises SourceError if several accounts
        acted, and nothing says which is the owner.
        """
        actors = [shapes.actor(item) for item in items]
        accounts = {actor for actor in actors if actor}
        if len(accounts) < 2:
            return items
        if not any(map(self._is_owner, accounts)):
            raise SourceError(
                f"has items of {len(accounts)} accounts, and nothing says which is yours",
                hint="name it: --account HANDLE; or save getAuthorFeed of it.",
            )
        of_owner = []
        for number, (item, actor) in enumerate(zip(items, actors, strict=True), 1):
            if actor and not self._is_owner(actor):
                self._item_count += 1
                self.other_accounts.append(f"{name} {number}")
            else:
                of_owner.append(item)
        return of_owner

    def _is_owner(self, actor: tuple[str, str] | None) -> bool:
        return actor is not None and not self._owner.isdisjoint(actor)

    def _event(self, name: str, line: RecordFields) -> None:
        if (written := self.events.process(name, line)) is not None:
            self.bare.append(written)

    def _item(self, name: str, item: RecordFields) -> None:
        """Add an item of a feed, or a thread; a repost brings no context along."""
        if _is_node(item):
            self._node(name, item)
            return
        view, reason = item.record("post"), item.record("reason")
        if reason.kind == REASON_REPOST:
            self.reposts.append(Repost(name, view, reason))
            return
        if reason.kind == REASON_PIN:
            self.pinned.append(PostView(name, view))
        self._post(name, view)
        reply = item.record("reply")
        for key in ("root", "parent"):
            shown = reply.record(key)
            if "record" in shown:
                self.context.append(PostView(name, shown))
            else:
                self._add_unavailable(shown)

    def _reply(self, name: str, item: RecordFields) -> None:
        """Add an item of a thread in its second version, which is flat."""
        value = item.record("value")
        if "post" in value:
            self._post(name, value.record("post"))
        else:
            fields = dict(item.values) | dict(value.values)
            self._add_unavailable(RecordFields(fields, self.oddities))

    def _node(self, name: str, top: RecordFields) -> None:
        """Add a thread as a tree: its parents and replies, however deep."""
        stack = [top]
        number = 0
        while stack:
            node = stack.pop()
            if "post" not in node:
                self._add_unavailable(node)
                continue
            number += 1
            self._post(f"{name} {number}", node.record("post"))
            stack += reversed(node.records("replies"))
            if "parent" in node:
                stack.append(node.record("parent"))

    def _add_unavailable(self, node: RecordFields) -> None:
        """Record why a post is not shown."""
        target = at_uris.address(node.text("uri"))
        why = state(node)
        if target and why:
            author = account(node.record("author"))
            known = author if author.id == target.account else target.author
            reference = Elsewhere(target.post_id, target.url, known, why)
            self.unavailable.setdefault(target.post_id, reference)

    def _post(self, name: str, view: RecordFields) -> None:
        if type(view.values.get("record")) is dict:
            self.posts.append(PostView(name, view))
        else:
            self.others.append(OtherRecord(name, None))

    def _record(self, name: str, page: RecordFields) -> None:
        self._record_at(name, page.text("uri"), page.record("value"))

    def _record_at(self, name: str, uri: str, value: RecordFields) -> None:
        target = at_uris.address(uri)
        if target is None or not value.values:
            self.others.append(OtherRecord(uri or name, None))
        else:
            self.bare.append(BareRecord(uri, target, value))

    def _own_account(self, name: str, view: RecordFields) -> None:
        self.profiles.append(PostView(name, view))
        self.others.append(OtherRecord(name, PROFILE))

    def _exclude_list(self, name: str, key: str, items: list[Any]) -> None:
        self._item_count += 1
        numbers = range(1, len(items) + 1)
        self.others += [OtherRecord(f"{name} {n}", shapes.OTHERS[key]) for n in numbers]


def _child_path(name: str, key: str, value: Any) -> str:
    """Return the path of a child in a list or an object, for reports."""
    if type(value) is list:
        return f"{name} {key}"
    return f"{name}: {key}" if key else name


def _failure(page: dict[str, Any]) -> str | None:
    error, message = page.get("error"), page.get("message")
    if type(error) is not str:
        return None
    return f"{error}: {message if type(message) is str and message else 'it says no more'}"


def _is_node(page: RecordFields) -> bool:
    return page.kind.endswith("#threadViewPost") or "replies" in page or "parent" in page
