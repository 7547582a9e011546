"""Parse the account to fetch: a handle, a DID, or the address of a profile."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from sitegen.errors import SourceError
from sitegen.sources import at_uris

PREFIX = "bluesky:"
PAGES = ("bsky.app", "www.bsky.app")
PLC = re.compile(r"did:plc:[a-z2-7]{24}")
WEB = re.compile(r"did:web:[A-Za-z0-9.-]+(%3A\d{1,5})?(:[A-Za-z0-9._%-]+)*", re.I)
MAX_DID_LETTERS = 2048


class Account(Struct, frozen=True):
    """An account as a person named it: by its handle or by its DID."""

    handle: str | None = None
    did: str | None = None

    @property
    def name(self) -> str:
        """Return its name for messages, as the command line accepts it."""
        return f"{PREFIX}{self.did or self.handle}"


def account_of(text: str) -> Account | None:
    """Return the account that `bluesky:NAME` or a profile's address names; None for other texts.

    NAME is a handle, with or without "@", or a DID. Raises SourceError if the text begins
    like an account but names none.
    """
    name = _named(text.strip())
    if name is None:
        return None
    if is_did(name):
        return Account(did=name)
    handle = name.removeprefix("@").lower()
    if is_handle(handle):
        return Account(handle=handle)
    raise SourceError(
        "names no Bluesky account",
        path=text,
        hint=f"write it like {PREFIX}name.bsky.social or {PREFIX}did:plc:….",
    )


def _named(text: str) -> str | None:
    if text[: len(PREFIX)].lower() == PREFIX:
        return text[len(PREFIX) :].strip()
    try:
        address = urlsplit(text)
        host = address.hostname
    except ValueError:
        return None
    parts = address.path.rstrip("/").split("/")
    if address.scheme not in ("http", "https") or host not in PAGES:
        return None
    return unquote(parts[2]) if len(parts) == 3 and parts[1] == "profile" else None


def is_handle(text: str) -> bool:
    """Return whether a text is a handle in lower case: https://atproto.com/specs/handle."""
    return at_uris.handle(text) == text


def is_did(text: str) -> bool:
    """Return whether a text is a DID of a method that atproto has: https://atproto.com/specs/did."""
    return len(text) <= MAX_DID_LETTERS and bool(PLC.fullmatch(text) or WEB.fullmatch(text))


def folder_of(did: str) -> str:
    """Return the name of an account's cache folder, valid on any file system."""
    if PLC.fullmatch(did):
        return did.replace(":", "-")
    return f"did-web-{hashlib.sha256(did.encode()).hexdigest()[:32]}"
