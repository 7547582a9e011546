"""Exports of a part of the archive: what matches is there, and nothing of what is hidden."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_build import site

import sitegen
from sitegen.config.schema import Config
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.errors import UsageError
from sitegen.model import Author, Counts, Elsewhere, Post, Profile, Thread

ADA, BEN = Author("ada.example", "did:ada"), Author("ben.example", "did:ben")


def post(identity: str, created_at: str | None, author: Author = ADA, **fields: object) -> Post:
    return Post(identity, "bluesky", f"Post {identity}", created_at, author, **fields)  # type: ignore[arg-type]


POSTS = (
    (post("a1", "2019-05-01T10:00:00Z", counts=Counts(likes=2)), post("a2", "2019-05-02T23:30:00Z", reply_to="a1")),
    (post("b1", "2020-06-01T10:00:00Z", BEN, counts=Counts(likes=7)), post("b2", "2020-06-02T10:00:00Z", reply_to="b1"), post("b3", None, reply_to="b2")),
    (post("c1", "2021-07-01T10:00:00Z", quote_of="b1", reply_to="b1", elsewhere=(Elsewhere("b1", author=BEN), Elsewhere("x", author=BEN))),),
)  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> Config:
    """Return a site with these threads."""
    threads = [Thread(posts[0].id, "bluesky", posts) for posts in POSTS]
    config = site(tmp_path, *threads, toml='[site]\ntimezone = "Europe/Berlin"\n')
    ben = Profile("did:ben", "bluesky", "ben.now.example", "Ben")
    store.write(store.merge(ArchiveIndex(config.content), (), (ben,)))
    return config


def hide(config: Config, identity: str) -> None:
    """Hide a post by its line."""
    for path in config.content.rglob("*.md"):
        text = path.read_text("utf-8")
        line = f'\n  - {{"id": "{identity}"'
        path.write_text(text.replace(line, f'{line}, "hide": true'), "utf-8")


def exported(
    config: Config, query: str | None = None, since: str | None = None
) -> list[dict[str, object]]:
    lines = sitegen.export_posts(config, query=query, since=since).splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize(
    ("query", "since", "ids"),
    [
        ("", "", "a1 a2 b1 b2 b3 c1"),
        ("from:ben.now.example", "", "b1"),
        ("to:Ben", "", "b2 c1"),
        ("on:2019-05-03", "", "a2"),
        (None, "2020-06-02", "b2 c1"),
        ("is:reply", "2020", "b2 c1"),
        ("sort:new", "", "c1 b2 b1 a2 a1 b3"),
        ("sort:old -post", "", ""),
        ("sort:old", "", "a1 a2 b1 b2 c1 b3"),
        ("sort:likes", "", "b1 a1 c1 b2 a2 b3"),
    ],
)
def test_what_is_exported(archive: Config, query: str | None, since: str, ids: str) -> None:
    assert [line["id"] for line in exported(archive, query, since or None)] == ids.split()


def test_posts_that_are_equal_are_in_the_order_of_the_search_page(tmp_path: Path) -> None:
    day, likes = "2020-05-01", Counts(likes=9)
    posts = [
        post("b", day), post("a", day), post("d", None), post("c", None),
        post("e", "2019-01-01", counts=Counts(likes=0)), post("r", "2018-05-01", repost_of="z", counts=likes),
    ]  # fmt: skip
    config = site(tmp_path, *(Thread(each.id, "bluesky", (each,)) for each in posts))
    found = {
        sort: "".join(str(line["id"]) for line in exported(config, f"sort:{sort}"))
        for sort in ("new", "old", "likes")
    }
    assert found == {"new": "abercd", "old": "rebacd", "likes": "eabrcd"}


def test_a_post_is_exported_as_it_is_with_all_others(archive: Config) -> None:
    assert exported(archive, "") == exported(archive)
    assert exported(archive, "id:b2") == [line for line in exported(archive) if line["id"] == "b2"]


def test_nothing_of_a_hidden_post_is_exported_by_a_query(archive: Config) -> None:
    hide(archive, "b1")
    assert sitegen.export_posts(archive).count('"b1"') == 8  # the whole archive has it
    text = sitegen.export_posts(archive, query="")
    assert "b1" not in text
    assert [(line["id"], line["thread"], line["position"]) for line in exported(archive, "-id:a1")] == [
        ("a2", "a1", 2), ("b2", "b2", 1), ("b3", "b2", 2), ("c1", "c1", 1),
    ]  # fmt: skip
    (quoting,) = exported(archive, "id:c1")
    assert quoting["quote_of"] is None
    assert [other["id"] for other in quoting["elsewhere"]] == ["x"]  # type: ignore[attr-defined]
    assert exported(archive, "to:ben.example") == []
    assert quoting["reply_to"] is None
    assert [line["id"] for line in exported(archive, "is:reply")] == ["b2", "b3", "c1"]


@pytest.mark.parametrize(
    ("query", "since", "error"),
    [
        ("fog fron:ada", None, "error: --query: unknown key 'fron', at character 5. hint: did you mean from:? for words with a colon, use quotes."),
        ("topic:fog", None, "error: --query: there is no topic 'fog'. hint: `sitegen topics` lists them."),
        ("sort:best", None, "error: --query: sort:best is for a search, which ranks what it finds. hint: write sort:new, sort:old or sort:likes."),
        (None, "May", "error: --since: since: cannot be 'May', at character 1. hint: write it like since:2019-05-31."),
        (None, "2019 fog", "error: --since: '2019 fog' is no date. hint: write it like 2019-05-31."),
        (None, " ", "error: --since: ' ' is no date. hint: write it like 2019-05-31."),
        (None, "", "error: --since: '' is no date. hint: write it like 2019-05-31."),
    ],
)  # fmt: skip
def test_mistakes_in_a_query_are_reported(
    archive: Config, query: str | None, since: str | None, error: str
) -> None:
    with pytest.raises(UsageError) as raised:
        sitegen.export_posts(archive, query=query, since=since)
    assert str(raised.value) == error
