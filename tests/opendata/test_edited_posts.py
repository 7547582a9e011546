"""What a person edited in front matter is so in exports for others, and in those of a query."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from opendata.test_data_card import with_key
from test_build import site

import sitegen
from sitegen.config.schema import Config
from sitegen.model import Author, Post, Thread
from sitegen.opendata import export
from sitegen.opendata.request import Request
from sitegen.text import facets

ADA = Author("ada.example", "1")


def post(number: int, text: str, *tags: str, **more: Any) -> Post:
    found = facets.locate(text, (), (), tags)
    return Post(
        f"{number}", "net", text, f"2024-05-{number:02}T10:00:00Z", ADA, tags=tags, facets=found, **more
    )  # fmt: skip


POSTS = (
    post(1, "#secret #fog #own", "secret", "fog"),
    post(2, "Mist", "dew", reply_to="1"),
    post(3, "#secret", "secret", reply_to="2"),
)


def archive(folder: Path, *posts: Post, **edited: Any) -> Config:
    """Return a site with a thread whose front matter has these values."""
    config = site(folder, Thread(posts[0].id, "net", posts))
    (path,) = config.content.rglob("*.md")
    head = "".join(f"{key}: {json.dumps(value)}\n" for key, value in edited.items())
    old = [line for line in path.read_text("utf-8").splitlines(keepends=True)
           if line.partition(":")[0] not in edited]  # fmt: skip
    path.write_text("".join([old[0], head, *old[1:]]), "utf-8")
    return config


def exported(config: Config, **options: Any) -> list[dict[str, Any]]:
    request = with_key(Request(**options), config.root / "key")
    prepared = export.prepare(config, request)
    return [json.loads(line) for line in b"".join(prepared.pieces).splitlines()]


FOR_OTHERS: tuple[dict[str, Any], ...] = ({"audience": "public"}, {"query": ""}, {"since": "2024"})


@pytest.mark.parametrize("options", FOR_OTHERS)
def test_the_tags_that_count_are_exported(tmp_path: Path, options: dict[str, Any]) -> None:
    config = archive(tmp_path, *POSTS, tags=["fog", "own", "dew"])
    found = exported(config, **options)
    assert [post["tags"] for post in found] == [["fog", "own"], ["dew", "own"], ["own"]]
    assert [post["text"] for post in found] == [post.text for post in POSTS]
    # The tag in the text is no longer marked as one.
    assert [post.get("facets") for post in found] == [
        [{"start": 8, "end": 12, "kind": "tag", "value": "fog"}], None, None,
    ]  # fmt: skip


def test_what_a_query_finds_is_what_is_exported(tmp_path: Path) -> None:
    config = archive(tmp_path, *POSTS, tags=["fog", "own", "dew"])
    for tag in ("secret", "fog", "own", "dew"):
        found = exported(config, query=f"#{tag}")
        assert found == [post for post in exported(config, query="") if tag in post["tags"]]


def test_a_table_has_the_tags_that_count(tmp_path: Path) -> None:
    config = archive(tmp_path, *POSTS, tags=[])
    text = sitegen.export_posts(config, format="csv")
    assert "secret" in text
    assert '""secret""' not in text
    assert '""fog""' not in text


def test_an_anonymous_export_has_the_tags_that_count(tmp_path: Path) -> None:
    posts = tuple(
        post(n, "#secret", "secret", "fog", reply_to="1" if n > 1 else None) for n in range(1, 8)
    )
    config = archive(tmp_path, *posts, tags=["fog", "own"])
    found = exported(config, audience="anonymous")
    assert {tuple(post["tags"]) for post in found} == {("fog", "own")}
    assert {post["text"] for post in found} == {"[tag]"}
    rows = exported(config, audience="anonymous", contents="counts")
    assert {row["name"] for row in rows} == {None, "fog", "own"}


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2019-02-03", "2019-02-03"), ("2019-02-03T04:05:06+01:00", "2019-02-03T04:05:06+01:00"),
        ("2 March 2019", "2019-03-02"), ("2019-02-03_04:05", "2019-02-03T04:05:00"), ("", POSTS[0].created_at),
    ],
)  # fmt: skip
def test_the_date_of_a_thread_is_that_of_its_first_post(
    tmp_path: Path, written: str, date: str
) -> None:
    config = archive(tmp_path, *POSTS, date=written)
    for options in FOR_OTHERS[:2]:
        found = exported(config, **options)
        assert [post["created_at"] for post in found] == [date, *(p.created_at for p in POSTS[1:])]
    days = [post["created_at"] for post in exported(config, audience="anonymous")]
    assert days == [date[:10], "2024-05-02", "2024-05-03"]
    described = export.prepare(config, Request("public")).describe
    assert described is not None
    assert described().facts[-1] == f"The first is of {date[:10]}, the last of 2024-05-03."


def test_a_backup_has_what_the_source_had(tmp_path: Path) -> None:
    plain = exported(archive(tmp_path / "a", *POSTS))
    edited = archive(tmp_path / "b", *POSTS, tags=["own"], date="2019-02-03", title="Mine")
    assert exported(edited) == plain


def test_a_thread_hidden_by_its_front_matter_is_nowhere_but_in_a_backup(tmp_path: Path) -> None:
    config = archive(tmp_path, *POSTS, hide=True)
    assert [exported(config, **options) for options in FOR_OTHERS] == [[], [], []]
    assert exported(config, audience="anonymous") == []
    assert len(exported(config)) == 3
