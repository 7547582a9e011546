"""Unpacked repositories, with a file for each record: `collection/rkey.json`.

`goat repo unpack` makes a folder named by the account's DID, with the commit in
`_commit.json`. People rename the folder; then only the commit tells whose records these are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sitegen.errors import SourceError
from sitegen.formats import lenient_json
from sitegen.formats.archives import Members
from sitegen.sources import at_uris
from sitegen.sources.source_files import head_of

COMMIT = "_commit.json"
_NAMED = re.compile(r"(?:(.*)/)?([a-z][a-z0-9-]*(?:\.[A-Za-z][A-Za-z0-9-]*){2,})/([^/]+)\.json")
_PACKED = re.compile(r"\.(?:zip|tar|tgz|tar\.\w+)\Z", re.IGNORECASE)


class Unpacked:
    """The unpacked repositories of a folder or an archive: the account of each, by its folder."""

    def __init__(self, members: Members, path: Path, account: str | None) -> None:
        self.until: str | None = None
        self._path = path
        self._account = at_uris.handle(account)
        self._dids: dict[str, str] = {}
        for name in members.find(COMMIT):
            self._take(name.removesuffix(COMMIT).rstrip("/"), _commit(members, name))

    def is_commit(self, name: str) -> bool:
        """Return whether a file is the commit of a repository rather than a record."""
        return name.rpartition("/")[2] == COMMIT

    def uri(self, name: str) -> str | None:
        """Return the address of the record in a file; None for other file names.

        Raises SourceError if nothing names the account.
        """
        named = _NAMED.fullmatch(name)
        if not named:
            return None
        owner = self._did(named[1] or "")
        if owner is None and not is_record_file(name):
            return None  # the folder may be named by a host
        owner = owner or self._account
        if owner is None:
            raise SourceError(
                "is an unpacked repository without the name of its account",
                path=self._path,
                hint=f"name it with --account HANDLE, or put {COMMIT} back beside the folders.",
            )
        return f"at://{owner}/{named[2]}/{named[3]}"

    def _did(self, root: str) -> str | None:
        """Return the account of a folder: from its commit, else from its name."""
        folders = [f for f in root.split("/") if at_uris.is_did(f)]
        folders = folders or [_PACKED.sub("", self._path.name)]
        named = folders[-1] if at_uris.is_did(folders[-1]) else None
        return self._dids.get(root) or named

    def _take(self, root: str, commit: Mapping[str, Any]) -> None:
        did, rev = commit.get("did"), commit.get("rev")
        if type(did) is str and at_uris.is_did(did):
            self._dids[root] = did
        made = at_uris.tid_time(rev) if type(rev) is str else None
        self.until = min(filter(None, (self.until, made)), default=None)


def is_record_file(name: str) -> bool:
    """Return whether a file is named as a record of the app is."""
    named = _NAMED.fullmatch(name)
    return named is not None and named[2].startswith("app.bsky.")


def _commit(members: Members, name: str) -> Mapping[str, Any]:
    try:
        return lenient_json.object_of(head_of(members, name)) or {}
    except SourceError:
        return {}
