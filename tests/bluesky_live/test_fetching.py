"""Asking over HTTP: waiting, redirects, what is cut off, what is too much, what is not there."""

from __future__ import annotations

import gzip
import socket
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.errors import ConfigError, SourceError
from sitegen.sources.bluesky.live.fetch import Endpoints, RetryPolicy

from .fetching_once import Importing
from .made_account import HANDLE, Keeper
from .small_server import Asked, Reply, as_json

ME = f"bluesky:{HANDLE}"
NOW = 1_800_000_000.0


def failing(keeper: Keeper, times: int, reply: Reply, method: str = "getRepo") -> None:
    """Let the first requests of a kind fail."""
    left = iter(range(times))

    def answer(asked: Asked) -> Reply | None:
        if asked.method.endswith(method) and next(left, None) is not None:
            return reply
        return None

    keeper.override = answer


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_fails_for_now_is_tried_again_later_and_later(
    keeper: Keeper, importing: Importing, status: int
) -> None:
    keeper.write("Fog.")
    failing(keeper, 4, Reply(status))
    importing.fetch(ME)
    assert importing.waited == [0.5, 1.0, 2.0, 4.0]
    assert keeper.loopback.methods.count("com.atproto.sync.getRepo") == 5


def test_what_fails_too_often_is_told_in_one_line(keeper: Keeper, importing: Importing) -> None:
    failing(keeper, 99, Reply(503))
    with pytest.raises(SourceError) as caught:
        importing.fetch(ME)
    assert str(caught.value) == "127.0.0.1: error: answers 503. hint: import again later."
    assert keeper.loopback.methods.count("com.atproto.sync.getRepo") == 5


def test_what_is_refused_is_not_tried_again(keeper: Keeper, importing: Importing) -> None:
    failing(keeper, 99, as_json({"error": "Strange", "message": "no\x1b[2J\nway" + "y" * 900}, 403))
    with pytest.raises(SourceError, match=r"403 Strange \(no \[2J wayyy") as caught:
        importing.fetch(ME)
    assert importing.waited == []
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": formatdate(NOW + 90, usegmt=True)}, 90.0),
        ({"retry-after": formatdate(NOW - 90, usegmt=True)}, 0.5),
        ({"retry-after": "soon"}, 0.5),
        ({"retry-after": "-5"}, 0.5),
        ({"retry-after": "0"}, 0.5),
        ({"ratelimit-remaining": "0", "ratelimit-reset": f"{NOW + 42:.0f}"}, 42.0),
        ({"ratelimit-reset": "30"}, 30.0),
        ({"ratelimit-remaining": "9", "ratelimit-reset": "30"}, 0.5),
        ({"ratelimit-reset": "٣"}, 0.5),
        ({"retry-after": "9", "ratelimit-reset": "30"}, 9.0),
    ],
)
def test_a_server_says_how_long_to_wait(
    keeper: Keeper, importing: Importing, headers: dict[str, str], pause: float
) -> None:
    failing(keeper, 1, Reply(429, headers={k: _latin(v) for k, v in headers.items()}))
    importing.now = NOW
    importing.fetch(ME)
    assert importing.waited == [pause]
    expected = [f"127.0.0.1 answers 429; waiting for {pause:.0f} s"] if pause > 5 else []
    assert importing.said == expected


def _latin(value: str) -> str:
    return value.encode().decode("latin-1")


def test_a_server_that_wants_hours_is_given_up(keeper: Keeper, importing: Importing) -> None:
    failing(keeper, 1, Reply(429, headers={"retry-after": "7200"}))
    with pytest.raises(SourceError, match="asks to wait for 120 minutes"):
        importing.fetch(ME)
    assert importing.waited == []


@given(st.integers(0, 40), st.floats(0, 1), st.dictionaries(
    st.sampled_from(["retry-after", "ratelimit-reset", "ratelimit-remaining"]), st.text(max_size=30)
))  # fmt: skip
def test_a_pause_is_never_negative_and_grows_to_half_a_minute_at_most_by_itself(
    attempt: int, chance: float, headers: dict[str, str]
) -> None:
    patience = RetryPolicy(chance=lambda: chance, now=lambda: NOW)
    assert patience.pause(attempt, headers) >= 0
    assert 0.25 <= patience.pause(attempt, {}) <= 30


@pytest.mark.parametrize(
    "cut", [Reply(200, b"x" * 5000, cut=100), Reply(200, b"", {"content-length": "9"}, cut=0)]
)
def test_what_breaks_off_is_tried_again(keeper: Keeper, importing: Importing, cut: Reply) -> None:
    keeper.write("Fog.")
    failing(keeper, 2, cut)
    importing.fetch(ME)
    assert importing.waited == [0.5, 1.0]


def test_nobody_at_the_other_end_is_told_in_one_line(importing: Importing) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    importing.endpoints = Endpoints(nobody, nobody)
    with pytest.raises(SourceError, match="cannot be reached") as caught:
        importing.fetch("bluesky:did:plc:" + "a" * 24)
    assert len(importing.waited) == 4
    assert str(caught.value).isprintable()


def test_no_network_at_all_is_told_in_one_line(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", away)
    importing.endpoints = Endpoints()
    with pytest.raises(SourceError) as caught:
        importing.fetch(ME)
    assert str(caught.value).startswith("public.api.bsky.app: error: cannot be reached: ")
    assert str(caught.value).isprintable()


def test_a_name_that_does_not_exist_is_not_tried_again(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    importing.endpoints = Endpoints()
    with pytest.raises(SourceError, match="is no name that the network knows"):
        importing.fetch(ME)
    assert importing.waited == []


def test_redirects_are_followed(keeper: Keeper, importing: Importing) -> None:
    keeper.write("Fog.")

    def answer(asked: Asked) -> Reply | None:
        if asked.path == "/moved":
            return Reply(200, keeper.car())
        return Reply(307, headers={"location": "/moved"}) if "getRepo" in asked.path else None

    keeper.override = answer
    fetched = importing.fetch(ME)
    assert fetched.requests == 5 == len(keeper.loopback.asked)


@pytest.mark.parametrize(
    ("location", "message", "asked"),
    [
        ("/xrpc/com.atproto.sync.getRepo?again", "leads on more than 5 times", {9}),
        ("http://pds.example/", "is not https", {4}),
        ("https://10.0.0.1/", "leads into a private network", {4}),
        ("https://u:p@pds.example/", "holds a name or a password", {4}),
        # Older versions of httpx2 fail at such an address, and the server is asked again.
        ("https://[::1", "answers 302|breaks off", {4, 8}),
    ],
)
def test_redirects_lead_nowhere_else(
    keeper: Keeper, importing: Importing, location: str, message: str, asked: set[int]
) -> None:
    failing(keeper, 99, Reply(302, headers={"location": location}))
    with pytest.raises(SourceError, match=message):
        importing.fetch(ME)
    assert len(keeper.loopback.asked) in asked


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_an_answer_that_is_too_long_is_not_taken(
    keeper: Keeper, importing: Importing, packed: bool
) -> None:
    """The packed one is a thousand times smaller on the wire than it would be in memory."""
    body = b'{"cid": "' + b"a" * 4_000_000 + b'"}'
    headers = {"content-encoding": "gzip"} if packed else {}
    reply = Reply(200, gzip.compress(body) if packed else body, headers)
    failing(keeper, 99, reply, "getLatestCommit")
    with pytest.raises(SourceError, match="more than 1,048,576 bytes"):
        importing.fetch(ME)


def test_a_packed_repository_is_unpacked(keeper: Keeper, importing: Importing) -> None:
    keeper.write("Fog. " * 500)
    packed = gzip.compress(keeper.car())
    failing(keeper, 1, Reply(200, packed, {"content-encoding": "gzip"}))
    fetched = importing.fetch(ME)
    assert fetched.car.read_bytes() == keeper.car()
    assert fetched.bytes_fetched < len(packed) + 1000 < len(keeper.car())


def test_what_says_it_is_packed_and_is_not_is_told(keeper: Keeper, importing: Importing) -> None:
    failing(keeper, 99, Reply(200, b"not packed", {"content-encoding": "gzip"}))
    with pytest.raises(SourceError, match="breaks off"):
        importing.fetch(ME)


def test_requests_are_counted_as_the_server_counts_them(
    keeper: Keeper, importing: Importing
) -> None:
    keeper.show(b"a sheet of bats")
    failing(keeper, 2, Reply(500))
    assert importing.fetch(ME).requests == len(keeper.loopback.asked) == 4 + 1 + 2


def test_nobody_logs_in(keeper: Keeper, importing: Importing) -> None:
    keeper.show(b"a sheet of bats")
    importing.fetch(ME)
    for asked in keeper.loopback.asked:
        assert "authorization" not in asked.headers
        assert asked.headers["user-agent"].startswith("sitegen/")


def test_endpoints_that_are_none_are_told_before_anything_is_asked(importing: Importing) -> None:
    importing.endpoints = Endpoints("http://resolver.example", "https://plc.example")
    with pytest.raises(ConfigError, match=r"\[bluesky\] resolver is not https"):
        importing.fetch(ME)
