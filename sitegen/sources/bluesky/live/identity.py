"""Resolve an account: handle, DID, document, server; in both directions.

https://atproto.com/specs/handle, https://atproto.com/specs/did, https://w3c-ccg.github.io/did-method-web/
"""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

import msgspec
from msgspec import Struct

from sitegen.errors import SourceError
from sitegen.sources.bluesky.live import endpoints
from sitegen.sources.bluesky.live.accounts import Account, is_did, is_handle
from sitegen.sources.bluesky.live.downloads import Downloader
from sitegen.sources.bluesky.live.endpoints import Endpoints
from sitegen.sources.bluesky.live.requests import RefusedError, printable

MAX_DID_BYTES = 4096  # bytes of a file that holds a DID and perhaps a line's end


class Identity(Struct, frozen=True):
    """An account: its permanent DID, its current handle or None, its server, and doubts."""

    did: str
    handle: str | None
    server: str
    notes: tuple[str, ...] = ()


class _Resolved(Struct):
    did: str


class _Service(Struct):
    id: str = ""
    type: str = ""
    at: msgspec.Raw = msgspec.field(name="serviceEndpoint", default=msgspec.Raw(b"null"))


class _Document(Struct):
    """A DID document: only its names and services."""

    id: str
    names: list[str] = msgspec.field(name="alsoKnownAs", default_factory=list)
    services: list[_Service] = msgspec.field(name="service", default_factory=list)

    @property
    def handle(self) -> str | None:
        """The handle that it claims: the first `at://` name."""
        claimed = [name[5:].lower() for name in self.names if name.startswith("at://")]
        return claimed[0] if claimed and is_handle(claimed[0]) else None


def resolve(account: Account, where: Endpoints, web: Downloader) -> Identity:
    """Resolve an account. Raises SourceError.

    A handle counts only if its DID's document claims it too.
    """
    did = account.did or _did_of(account.handle or "", where, web)
    document = _document(did, where, web)
    handle, notes = _verify_handle(account, document, where, web)
    return Identity(did, handle, _server(document, where), notes)


def _verify_handle(
    account: Account, document: _Document, where: Endpoints, web: Downloader
) -> tuple[str | None, tuple[str, ...]]:
    """Return the handle if the DID's document claims it and it leads to the DID, and doubts."""
    claimed = document.handle
    if claimed is None:
        return None, (f"{document.id} has no handle: it is shown by its DID",)
    if claimed == account.handle:
        return claimed, ()
    try:
        resolved_did = _did_from_resolver(claimed, where, web)
    except RefusedError:
        resolved_did = None
    except SourceError:
        return claimed, (f"whether @{claimed} is {document.id} could not be checked now",)
    if resolved_did != document.id:
        what = f"{document.id} says it is @{claimed}, which does not lead to it: not believed"
        return None, (what,)
    if account.handle is None:
        return claimed, ()
    return claimed, (f"@{account.handle} leads to @{claimed}, which is the account's name",)


def _did_of(handle: str, where: Endpoints, web: Downloader) -> str:
    """Ask the resolver, then the handle's own host."""
    try:
        return _did_from_resolver(handle, where, web)
    except SourceError as error:
        problem = error
    try:
        return _did_from_host(handle, web)
    except SourceError as error:
        if not isinstance(problem, RefusedError):
            raise problem from error
        raise SourceError(
            "no such account",
            path=f"bluesky:{handle}",
            hint="check the handle; one that is deleted or deactivated cannot be found either.",
        ) from problem


def _did_from_resolver(handle: str, where: Endpoints, web: Downloader) -> str:
    address = f"{where.resolver}/xrpc/com.atproto.identity.resolveHandle"
    return _check_handle(web.json(address, {"handle": handle}, _Resolved).did, where.resolver)


def _did_from_host(handle: str, web: Downloader) -> str:
    address = f"https://{handle}/.well-known/atproto-did"
    text = web.read(address, {}, MAX_DID_BYTES).decode("utf-8", "replace")
    return _check_handle(text.strip(), address)


def _check_handle(did: str, source: str) -> str:
    if not is_did(did):
        what = f"gives what is no DID of did:plc or did:web: {printable(did)!r}"
        raise SourceError(what, path=source, hint="check the handle.")
    return did


def _document(did: str, where: Endpoints, web: Downloader) -> _Document:
    address = _address_of(did, where)
    try:
        document = web.json(address, {}, _Document)
    except RefusedError as error:
        problem = {404: "is not registered", 410: "was deleted"}.get(error.status)
        if problem is None:
            raise
        raise SourceError(problem, path=f"bluesky:{did}", hint="check the account.") from error
    if document.id != did:
        what = f"gives the document of another: {printable(document.id)!r} for {did}"
        raise SourceError(what, path=address, hint="is it the right server?")
    return document


def _address_of(did: str, where: Endpoints) -> str:
    """Return the address of a DID's document; a did:web host may have a port (%3A) and a path."""
    if did.startswith("did:plc:"):
        return f"{where.plc}/{did}"
    name, *path = did.removeprefix("did:web:").split(":")
    host = unquote(name)
    is_local = where.are_loopback and endpoints.is_loopback(endpoints.host(f"//{host}"))
    start = f"{'http' if is_local else 'https'}://{host}"
    if not path:
        return f"{start}/.well-known/did.json"
    return "/".join((start, *(quote(unquote(part), safe="") for part in path), "did.json"))


def _server(document: _Document, where: Endpoints) -> str:
    """Return the address of the account's server, if it is allowed."""
    for service in document.services:
        if service.id in ("#atproto_pds", f"{document.id}#atproto_pds"):
            return _origin(service, document.id, where)
    raise SourceError(
        "names no server that keeps its posts",
        path=f"bluesky:{document.id}",
        hint="the account may have been moved or closed.",
    )


def _origin(service: _Service, did: str, where: Endpoints) -> str:
    try:
        address = msgspec.json.decode(service.at, type=str)
    except msgspec.DecodeError:
        address = ""
    problem = endpoints.address_problem(address, where.are_loopback)
    if problem is None and service.type != "AtprotoPersonalDataServer":
        problem = f"is a {printable(service.type)!r}"
    if problem is not None:
        raise SourceError(
            f"its server {printable(address)!r} {problem}: not asked",
            path=f"bluesky:{did}",
            hint="only public https addresses are.",
        )
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
