"""Which account a text names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.errors import SourceError
from sitegen.sources.bluesky.live.accounts import folder_of
from sitegen.sources.bluesky.live.fetch import Account, account_of

DID = "did:plc:" + "m" * 24


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("bluesky:moor.example", Account(handle="moor.example")),
        ("BlueSky: @Moor.Example ", Account(handle="moor.example")),
        ("bluesky:xn--mnchen-3ya.example", Account(handle="xn--mnchen-3ya.example")),
        (f"bluesky:{DID}", Account(did=DID)),
        ("bluesky:did:web:moor.example", Account(did="did:web:moor.example")),
        ("bluesky:did:web:moor.example%3A8443:u:mara", Account(did="did:web:moor.example%3A8443:u:mara")),
        ("https://bsky.app/profile/moor.example", Account(handle="moor.example")),
        ("https://bsky.app/profile/moor.example/?lang=ar#top", Account(handle="moor.example")),
        (f"https://bsky.app/profile/{DID}", Account(did=DID)),
        ("https://bsky.app/profile/did%3Aplc%3A" + "m" * 24, Account(did=DID)),
        ("https://bsky.app/profile/moor.example/post/3l2", None),
        ("https://bsky.app/", None),
        ("https://example.org/profile/moor.example", None),
        ("https://[bad/profile/moor.example", None),
        ("moor.example", None),
        ("@moor.example", None),
        ("repo.car", None),
        ("", None),
    ],
)  # fmt: skip
def test_an_account_is_named_by_prefix_or_address(text: str, account: Account | None) -> None:
    assert account_of(text) == account


@pytest.mark.parametrize(
    "text",
    [
        "bluesky:",
        "bluesky:moor",
        "bluesky:moor..example",
        "bluesky:-moor.example",
        "bluesky:moor.example/../x",
        "bluesky:مرصد.example",
        "bluesky:🦇.example",
        "bluesky:a.1",
        f"bluesky:{'a.' * 130}example",
        "bluesky:did:plc:short",
        f"bluesky:{DID}/..",
        "bluesky:did:key:z6Mk",
        "https://bsky.app/profile/..",
        "https://bsky.app/profile/moor.example%00",
    ],
)
def test_what_begins_like_an_account_and_is_none_is_told(text: str) -> None:
    with pytest.raises(SourceError, match="names no Bluesky account"):
        account_of(text)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_names(text: str) -> None:
    for start in ("", "bluesky:", "bluesky:did:web:", "https://bsky.app/profile/"):
        try:
            account_of(start + text)
        except SourceError as error:
            assert "\n" not in error.message


def test_every_account_has_a_folder_of_its_own_that_any_disk_takes() -> None:
    dids = [DID, "did:web:a.example", "did:web:A.example", "did:web:a.example%3A80:" + "x" * 900]
    folders = [folder_of(did) for did in dids]
    assert folders[0] == "did-plc-" + "m" * 24
    assert len({folder.lower() for folder in folders}) == 4
    assert all(len(f) < 80 and f.replace("-", "").isalnum() for f in folders)
