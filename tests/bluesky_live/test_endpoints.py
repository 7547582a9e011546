"""Which addresses are asked, and which never are."""

from __future__ import annotations

import pytest

from sitegen.errors import ConfigError
from sitegen.sources.bluesky.live.endpoints import address_problem, check, ip_problem
from sitegen.sources.bluesky.live.fetch import Endpoints

MACHINE, PRIVATE = "leads to this machine", "leads into a private network"


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("https://pds.example", None),
        ("https://93.184.216.34:8443", None),
        ("http://pds.example", "is not https"),
        ("ftp://pds.example", "is not https"),
        ("file:///etc/passwd", "is no web address"),
        ("https://", "is no web address"),
        ("https://[::1", "is no web address"),
        ("https://pds.example:99999", "is no web address"),
        ("https://mara:word@pds.example", "holds a name or a password"),
        ("https://localhost", MACHINE),
        ("https://pds.LOCALHOST.", MACHINE),
        ("https://127.0.0.1", MACHINE),
        ("https://[::1]", MACHINE),
        ("https://[::ffff:127.0.0.1]", MACHINE),
        ("https://10.1.2.3", PRIVATE),
        ("https://169.254.169.254", PRIVATE),
        ("https://[fe80::1]", PRIVATE),
        ("https://[64:ff9b::a00:1]", PRIVATE),
        ("https://[2002:c0a8:0101::1]", PRIVATE),
        ("https://0.0.0.0", PRIVATE),
        ("https://224.0.0.1", PRIVATE),
    ],
)
def test_only_public_https_is_asked(address: str, wrong: str | None) -> None:
    assert address_problem(address, loopback=False) == wrong


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("http://localhost:2583", None),
        ("http://127.0.0.1:2583", None),
        ("https://pds.example", None),
        ("http://pds.example", "is not https"),
        ("http://10.0.0.1", "is not https"),
        ("https://10.0.0.1", PRIVATE),
    ],
)
def test_a_test_that_stays_on_this_machine_may_ask_it(address: str, wrong: str | None) -> None:
    assert address_problem(address, loopback=True) == wrong
    assert ip_problem("127.0.0.1", loopback=True) is None
    assert ip_problem("10.0.0.1", loopback=True) == PRIVATE


def test_endpoints_are_checked_before_anything_is_asked() -> None:
    assert check(Endpoints("https://a.example/", "https://b.example/plc/")) == Endpoints(
        "https://a.example", "https://b.example/plc"
    )
    assert check(Endpoints("http://localhost:1", "http://127.0.0.1:2")).are_loopback
    for resolver, plc in [
        ("http://a.example", "https://b.example"),
        ("https://a.example", "http://localhost:2582"),  # one alone may not
        ("a.example", "https://b.example"),
        ("https://a.example?x=", "https://b.example"),
    ]:
        with pytest.raises(ConfigError, match=r"\[bluesky\]"):
            check(Endpoints(resolver, plc))
