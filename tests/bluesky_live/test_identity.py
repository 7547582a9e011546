"""Handle, DID, document, server: both ways, and what strangers' documents may not do."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sitegen.errors import SourceError
from sitegen.sources.bluesky.live.fetch import Endpoints

from .fetching_once import Importing
from .made_account import DID, HANDLE, Keeper
from .small_server import Asked, Loopback, Reply, as_json, serving

ME = f"bluesky:{HANDLE}"


def test_a_handle_counts_where_it_comes_back(keeper: Keeper, importing: Importing) -> None:
    keeper.write("Bats.")
    fetched = importing.fetch(ME)
    assert (fetched.did, fetched.handle, fetched.notes) == (DID, HANDLE, ())
    assert [a.method for a in keeper.loopback.asked] == [
        "com.atproto.identity.resolveHandle", DID, "com.atproto.sync.getLatestCommit",
        "com.atproto.sync.getRepo",
    ]  # fmt: skip


def test_a_handle_that_does_not_come_back_is_not_believed(
    keeper: Keeper, importing: Importing
) -> None:
    keeper.document["alsoKnownAs"] = ["at://somebody-else.example"]
    for name in (ME, f"bluesky:{DID}"):
        fetched = importing.fetch(name)
        assert fetched.handle is None
        assert fetched.notes == (
            f"{DID} says it is @somebody-else.example, which does not lead to it: not believed",
        )


@pytest.mark.parametrize(
    "names", [[], ["https://moor.example"], ["at://no handle"], ["at://handle"]]
)
def test_an_account_without_a_handle_is_shown_by_its_did(
    keeper: Keeper, importing: Importing, names: list[str]
) -> None:
    keeper.document["alsoKnownAs"] = names
    fetched = importing.fetch(ME)
    assert fetched.handle is None
    assert fetched.notes == (f"{DID} has no handle: it is shown by its DID",)


def test_a_did_finds_its_handle(keeper: Keeper, importing: Importing) -> None:
    fetched = importing.fetch(f"bluesky:{DID}")
    assert (fetched.handle, fetched.notes) == (HANDLE, ())


def test_a_handle_that_cannot_be_checked_now_is_kept_and_told(
    keeper: Keeper, importing: Importing
) -> None:
    keeper.override = lambda asked: Reply(503) if "resolveHandle" in asked.path else None
    fetched = importing.fetch(f"bluesky:{DID}")
    assert fetched.handle == HANDLE
    assert fetched.notes == (f"whether @{HANDLE} is {DID} could not be checked now",)


def test_a_handle_that_leads_to_what_has_another_name_now_is_told(
    keeper: Keeper, importing: Importing
) -> None:
    keeper.override = lambda asked: as_json({"did": DID}) if "resolveHandle" in asked.path else None
    fetched = importing.fetch("bluesky:former.example")
    assert fetched.handle == HANDLE
    assert fetched.notes == (f"@former.example leads to @{HANDLE}, which is the account's name",)


def test_a_handle_that_nobody_knows_is_told(
    keeper: Keeper, importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its host is asked over https, to which a server without it is no answer."""
    asked = names_lead_to(keeper.loopback, monkeypatch)
    with pytest.raises(SourceError, match="no such account") as caught:
        importing.fetch("bluesky:moor.example")
    assert ("moor.example", 443) in asked
    assert str(caught.value) == (
        "bluesky:moor.example: error: no such account. hint: check the handle; one that is "
        "deleted or deactivated cannot be found either."
    )


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    """Run a server of `moor.example`, with a certificate of its own that is trusted here."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl to make a certificate")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-subj", "/CN=moor.example", "-addext", "subjectAltName=DNS:moor.example",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with serving(context) as server:
        yield server


def test_a_handle_may_say_itself_whose_it_is(
    keeper: Keeper, importing: Importing, certified: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    names_lead_to(certified, monkeypatch, "moor.example")
    keeper.document["alsoKnownAs"] = ["at://moor.example"]
    certified.script = lambda asked: Reply(200, f"{DID}\n".encode())
    fetched = importing.fetch("bluesky:moor.example")
    assert (fetched.did, fetched.handle) == (DID, "moor.example")
    assert [asked.path for asked in certified.asked] == ["/.well-known/atproto-did"]


def test_a_host_with_the_certificate_of_another_is_not_believed(
    keeper: Keeper, importing: Importing, certified: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    names_lead_to(certified, monkeypatch, "fen.example")
    with pytest.raises(SourceError, match="no such account") as caught:
        importing.fetch("bluesky:fen.example")
    assert "no certificate to be trusted" in str(caught.value.__context__)
    assert certified.asked == []


def names_lead_to(
    server: Loopback, monkeypatch: pytest.MonkeyPatch, only: str | None = None
) -> list[tuple[Any, Any]]:
    """Let names of the network stand for this machine, as a hostile name server can."""
    asked = []
    real = socket.getaddrinfo
    port = int(server.address.rsplit(":", 1)[1])

    def found(host: Any, wanted: Any, *rest: Any, **more: Any) -> Any:
        asked.append((host, wanted))
        if only is not None and host != only:
            return real(host, wanted, *rest, **more)
        return real("127.0.0.1", port, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", found)
    return asked


def test_a_name_that_leads_to_this_machine_is_not_talked_to(
    loopback: Loopback, importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = names_lead_to(loopback, monkeypatch)
    importing.endpoints = Endpoints("https://resolver.example", "https://plc.example")
    with pytest.raises(SourceError, match=r"127\.0\.0\.1 leads to this machine: not asked"):
        importing.fetch(f"bluesky:{DID}")
    assert asked == [("plc.example", 443)]
    assert loopback.asked == []
    assert importing.waited == []


@pytest.mark.parametrize(
    ("service", "message"),
    [
        (None, "names no server"),
        (Keeper.service("http://pds.example"), "is not https"),
        (Keeper.service("https://10.0.0.8"), "leads into a private network"),
        (Keeper.service("https://169.254.169.254/latest"), "leads into a private network"),
        (Keeper.service("file:///etc/passwd"), "is no web address"),
        (Keeper.service(""), "is no web address"),
        (Keeper.service({"uri": "https://pds.example"}), "is no web address"),
        (Keeper.service("https://a\x1b[31m.example:1:2"), "is no web address"),
        ({**Keeper.service("https://pds.example"), "type": "Labeler"}, "is a 'Labeler'"),
        ({**Keeper.service("https://pds.example"), "id": "#other"}, "names no server"),
    ],
)
def test_a_server_that_may_not_be_asked_is_not(
    keeper: Keeper, importing: Importing, service: object, message: str
) -> None:
    keeper.document["service"] = [service] if service else []
    with pytest.raises(SourceError, match=message) as caught:
        importing.fetch(ME)
    assert "\x1b" not in str(caught.value)
    assert len(keeper.loopback.asked) == 2


@pytest.mark.parametrize(
    "document",
    [
        Reply(200, b""),
        Reply(200, b"null"),
        Reply(200, b"[]"),
        Reply(200, b'{"id": 5}'),
        Reply(200, b'{"id": "' + DID.encode() + b'", "service": {"a": 1}}'),
        Reply(200, b'{"id": "' + DID.encode() + b'", "alsoKnownAs": [["at://x"]]}'),
        Reply(200, b"\xff\xfe\x00"),
        Reply(200, b"[" * 100_000),
        Reply(200, b'{"id": "did:plc:zzzzzzzzzzzzzzzzzzzzzzzz"}'),
        Reply(200, b" " * (1 << 20) + b"{}"),
        Reply(403, b"<html>no\x1b[2J</html>"),
        Reply(301, headers={"location": "gopher://[::1"}),
        Reply(304),
    ],
    ids=lambda reply: repr(reply.body[:30]) + str(reply.status),
)
def test_a_document_that_is_none_is_told_in_one_line(
    keeper: Keeper, importing: Importing, document: Reply
) -> None:
    keeper.override = lambda asked: document if asked.path == f"/{DID}" else None
    with pytest.raises(SourceError) as caught:
        importing.fetch(ME)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


def test_the_document_of_another_is_not_taken(keeper: Keeper, importing: Importing) -> None:
    keeper.document["id"] = "did:plc:" + "z" * 24
    with pytest.raises(SourceError, match="gives the document of another"):
        importing.fetch(ME)


@pytest.mark.parametrize(("status", "message"), [(404, "is not registered"), (410, "was deleted")])
def test_a_did_that_is_gone_is_told(
    keeper: Keeper, importing: Importing, status: int, message: str
) -> None:
    keeper.override = lambda asked: Reply(status) if asked.path == f"/{DID}" else None
    with pytest.raises(SourceError, match=message):
        importing.fetch(ME)


@pytest.mark.parametrize(
    ("path", "where"),
    [("", "/.well-known/did.json"), (":u:mara%20m", "/u/mara%20m/did.json")],
)
def test_a_did_on_the_web_has_a_port_and_a_path(
    keeper: Keeper, importing: Importing, path: str, where: str
) -> None:
    host = keeper.loopback.address.removeprefix("http://").replace(":", "%3A")
    did = f"did:web:{host}{path}"
    keeper.document["id"] = did

    def answer(asked: Asked) -> Reply | None:
        return as_json(keeper.document) if asked.path == where else None

    keeper.override = answer
    with pytest.raises(SourceError, match="damaged or not whole"):  # it is the other's repository
        importing.fetch(f"bluesky:{did}")
    assert keeper.loopback.asked[0].path == where


@pytest.mark.parametrize("did", ["", "did:key:z6Mk", "did:plc:short", "did:web:a/../b", "\x1b[2J"])
def test_what_a_resolver_gives_is_looked_at(
    keeper: Keeper, importing: Importing, did: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names_lead_to(keeper.loopback, monkeypatch)
    keeper.override = lambda asked: as_json({"did": did}) if "resolveHandle" in asked.path else None
    with pytest.raises(SourceError, match="what is no DID") as caught:
        importing.fetch(ME)
    assert str(caught.value).isprintable()
