"""The relative addresses that templates write."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.site.render.template_filters import href, near

SEGMENT = st.text("ab.:-é?", min_size=1, max_size=4).filter(lambda name: name.strip("."))
PATH = st.lists(SEGMENT, min_size=1, max_size=4).map("/".join)
FRAGMENT = st.text("ab-", max_size=3).map(lambda name: name and f"#{name}")
BASE = "https://archive.example/own/"


def page(path: str) -> Any:
    """Return what the filters read of a page."""
    return SimpleNamespace(path=path, root="../" * path.count("/"))


@pytest.mark.parametrize(
    ("path", "at", "address"),
    [
        ("thread/b.html", "thread/a.html", "b.html"),
        ("thread/a.html", "thread/a.html", "a.html"),
        ("thread/a/2.html", "thread/a.html", "a/2.html"),
        ("thread/a.html#post-b", "thread/c.html", "a.html#post-b"),
        ("thread/a.html", "thread/a/2.html", "../../thread/a.html"),
        ("tag/fog.html", "thread/a.html", "../tag/fog.html"),
        ("thread/did:a.html", "thread/b.html", "../thread/did:a.html"),
        ("thread/a.html", "index.html", "thread/a.html"),
        ("threads/a.html", "thread/b.html", "../threads/a.html"),
    ],
)
def test_an_address_is_as_short_as_the_folder_allows(path: str, at: str, address: str) -> None:
    assert near(path, page(at)) == address


@given(st.tuples(PATH, FRAGMENT).map("".join), PATH)
def test_a_short_address_leads_where_the_long_one_leads(path: str, at: str) -> None:
    start = BASE + at.replace("?", "%3F")
    assert urljoin(start, near(path, page(at))) == urljoin(start, href(path, page(at)))
