"""Find posts in bare lists, pages and backups, however deep they are nested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from sitegen.errors import SourceError
from sitegen.formats import lenient_json
from sitegen.formats.lenient_json import not_json
from sitegen.sources import Exclusion
from sitegen.sources.mastodon import shapes
from sitegen.sources.mastodon.activitypub.ids import handle
from sitegen.sources.mastodon.activitypub.properties import Properties
from sitegen.sources.mastodon.statuses import handle_of

CUT_OFF = "is it cut off? Export or save it again."
_HINT = (
    "save /api/v1/accounts/ID/statuses of your account, or its outbox; "
    "or ask for an archive in the settings of your server."
)


class WrappedItem(Struct, frozen=True):
    """A posted item: an activity, an object, or a status of the client API."""

    name: str
    value: Any


class WrappedPosts:
    """The posts of a file, in the order of its text."""

    def __init__(self, account: str | None) -> None:
        self.items: list[WrappedItem] = []
        self.statuses: list[WrappedItem] = []
        self.actors: list[Mapping[str, Any]] = []
        self.exclusions: list[Exclusion] = []
        self.has_collection = False
        self._owner = (account or "").removeprefix("@").casefold()

    def read(self, data: bytes, path: Path) -> None:
        """Read a file. Raises SourceError if it is not JSON, or its owner is not stated."""
        try:
            values = lenient_json.read_documents(data)
        except ValueError as error:
            raise not_json(error, path, CUT_OFF) from error
        broken = [v for v in values if isinstance(v, lenient_json.BrokenLine)]
        self.exclusions += [
            Exclusion(f"line {line.number}", "damaged", "not whole JSON") for line in broken
        ]
        whole = [v for v in values if not isinstance(v, lenient_json.BrokenLine)]
        self._walk("item" if len(values) > 1 else "", whole if len(values) > 1 else whole[0], path)

    def _walk(self, name: str, value: Any, path: Path) -> None:
        stack = [(name, value)]
        while stack:
            path_in_file, node = stack.pop()
            if type(node) is list:
                node = self._add_unknown_items(
                    path_in_file, self._own_items(path_in_file, node, path)
                )
            if type(node) is dict and self._add_by_shape(path_in_file, node):
                continue
            children = [
                (f"{path_in_file} {key}".strip(), inner)
                for key, inner in shapes.children(node)
                if not self._is_of_others(path_in_file, key, inner)
            ]
            stack += reversed([p for p in children if type(p[1]) in (dict, list, str)])

    def _add_unknown_items(self, name: str, values: list[Any]) -> list[Any]:
        """Add the unfamiliar items of a list of posts; return the rest of the list."""
        is_known = [type(v) is dict and (shapes.is_item(v) or shapes.is_status(v)) for v in values]
        if not any(is_known):
            return values
        unknown = []
        for number, (value, known) in enumerate(zip(values, is_known, strict=True), 1):
            if known or shapes.holds_any([value]) or _is_actor(value):
                unknown.append(value)
            else:
                self.items.append(WrappedItem(f"{name} {number}".strip(), value))
        return unknown

    def _add_by_shape(self, name: str, value: dict[str, Any]) -> bool:
        """Add a value whose shape is known; return whether it is."""
        if shapes.is_status(value):
            self.statuses.append(WrappedItem(name, _status(value)))
        elif shapes.is_item(value):
            self.items.append(WrappedItem(name, value))
        elif shapes.is_actor(value):
            self.actors.append(value)
            self.exclusions.append(Exclusion(name or "actor", "not a post", "profile"))
        else:
            self.has_collection |= shapes.is_collection(value)
            return False
        return True

    def _is_of_others(self, name: str, key: str, value: Any) -> bool:
        """Exclude the items of lists such as favourites, which are not the owner's posts."""
        what = shapes.OTHER_LISTS.get(key)
        if what is None or type(value) is not list:
            return False
        self.exclusions += [
            Exclusion(f"{name} {key} {number}".strip(), *what) for number, _ in enumerate(value, 1)
        ]
        return True

    def _own_items(self, name: str, values: list[Any], path: Path) -> list[Any]:
        """Return the owner's items of a list of posts, which may be a timeline or an inbox.

        Raises SourceError if it has several accounts, and nothing says which is the owner's.
        """
        names = [_owner_names(value) for value in values]
        accounts = {n[0]: n for n in names if n}
        if len(accounts) < 2:
            return values
        if not any(self._owner in n for n in accounts.values()):
            raise SourceError(
                f"has posts of {len(accounts)} accounts, and nothing says which is yours",
                path=path,
                hint="name it: --account NAME@HOST.",
            )
        own = []
        for number, (value, known) in enumerate(zip(values, names, strict=True), 1):
            if known and self._owner not in known:
                record = value.get("uri") or value.get("id") or f"{name} {number}".strip()
                self.exclusions.append(Exclusion(str(record), "not of this account"))
            else:
                own.append(value)
        return own


def _owner_names(value: Any) -> tuple[str, ...]:
    """Return all names of the account that posted an item, folded; the first is unique.

    Empty if it is not stated, or if nothing was posted.
    """
    all_names: tuple[str | None, ...]
    if type(value) is not dict:
        return ()
    if shapes.is_status(value):
        owner = Properties(value, Counter()).record("account")
        handles = (
            handle_of(owner, ""),
            owner.optional("url"),
            owner.optional("acct"),
            owner.optional("username"),
        )
        all_names = (*handles, owner.identifier("id"))
    elif shapes.is_item(value):
        thing = Properties(shapes.compact(value), Counter())
        actor = thing.address("actor") or thing.address("attributedTo")
        all_names = (handle(actor or ""), actor)
    else:
        return ()
    return tuple([name.casefold() for name in all_names if name])


def no_posts(exclusions: Sequence[Exclusion], path: Path) -> SourceError:
    """Return the error for a file without posts, which is not an account without posts."""
    kinds = dict.fromkeys(e.detail or e.reason for e in exclusions)
    instead = f", only other things: {', '.join(kinds)}" if kinds else ""
    return SourceError(f"holds no posts of an account{instead}", path=path, hint=_HINT)


def _is_actor(value: Any) -> bool:
    return type(value) is dict and shapes.is_actor(value)


def _status(value: dict[str, Any]) -> Mapping[str, Any]:
    if "createdAt" not in value:
        return value
    try:
        status: Mapping[str, Any] = shapes.snake_case(value)
    except RecursionError:
        return value
    return status
