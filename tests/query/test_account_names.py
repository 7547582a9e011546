"""A name in a query means an account, whether its domain is in Punycode or in Unicode."""

from __future__ import annotations

import pytest

from sitegen.config import people
from sitegen.model import Author
from sitegen.query.accounts import AccountNames, Statement, normalise

SPELLINGS = ["xn--mller-kva.example", "müller.example", "@MÜLLER.example", "mu\u0308ller.example"]


@pytest.mark.parametrize("prefix", ["", "bluesky:"])
@pytest.mark.parametrize("name", SPELLINGS)
@pytest.mark.parametrize("handle", SPELLINGS)
@pytest.mark.parametrize("identity", [None, "did:plc:muller"])
def test_an_account_is_meant_by_each_spelling(
    handle: str, identity: str | None, name: str, prefix: str
) -> None:
    author = Author(handle, identity)
    names = AccountNames([Statement("bluesky", author)])
    wanted = prefix + name.removeprefix("@")
    assert names.is_meant(wanted, "bluesky", author)
    assert len(names.accounts_of(wanted)) == (2 if identity else 1)
    assert not names.is_meant("mastodon:müller.example", "bluesky", author)


@pytest.mark.parametrize("listed", ["müller.example", "xn--mller-kva.example"])
def test_people_may_list_either_spelling(listed: str) -> None:
    author = Author("xn--mller-kva.example")
    names = AccountNames([Statement("bluesky", author)], {"Ida Müller": [listed]})
    assert names.is_meant("ida müller", "bluesky", author)
    assert people.normalise(listed) == "müller.example"


@pytest.mark.parametrize("name", ["xn--", "xn--9.example", "100%41", "Ada. B", "a xn--mller-kva"])
def test_what_is_no_punycode_stays(name: str) -> None:
    assert normalise(name) == name.lower()
