"""Topics in exports: those that the site shows, and in anonymous ones those of several authors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opendata.test_data_card import with_key
from test_build import site

from sitegen.config.schema import Config
from sitegen.model import Author, Post, Thread
from sitegen.opendata import export
from sitegen.opendata.anonymity.anonymous_posts import AnonymousPosts
from sitegen.opendata.request import Request
from sitegen.selection.queried_posts import Selected
from sitegen.topics import found_file, own_file
from sitegen.topics.found_file import Recorded
from sitegen.topics.topic import Topic

ADA = Author("ada.example", "did:ada", "Ada Brook")
BEN = Author("ben.example", "did:ben", "Ben Holt")
TOPICS = (
    Topic("seaweed", ("seaweed",)), Topic("harbour ferry", ("harbour ferry",)),
    Topic("Ada", ("ada",)), Topic("moss", ("moss",)),
)  # fmt: skip


def post(identity: str, author: Author, text: str, **more: Any) -> Post:
    return Post(identity, "net", text, f"2024-05-{int(identity):02}", author, **more)


POSTS = (
    *[post(f"{n}", BEN if n % 2 else ADA, "Seaweed with Ada") for n in range(1, 15)],
    *[post(f"{n}", ADA, "On the harbour ferry") for n in range(15, 22)],
    *[post(f"{n}", BEN, "Moss") for n in range(22, 26)],
)


def archive(folder: Path, *posts: Post, toml: str = "", own: str = "") -> Config:
    config = site(folder, *(Thread(p.id, p.network, (p,)) for p in posts or POSTS), toml=toml)
    found_file.write(config.content, Recorded(TOPICS, (), 0, 0))
    (config.content / own_file.NAME).write_text(own, "utf-8")
    return config


def exported(config: Config, **options: Any) -> list[dict[str, Any]]:
    request = with_key(Request(**options), config.root / "key")
    text = b"".join(export.prepare(config, request).pieces).decode()
    return [json.loads(line) for line in text.splitlines()]


def topics_in(config: Config, **options: Any) -> set[str]:
    return {topic for each in exported(config, **options) for topic in each["topics"]}


def test_posts_have_the_topics_that_the_site_shows(tmp_path: Path) -> None:
    config = archive(tmp_path)
    found = exported(config, audience="public")
    assert [each["topics"] for each in found if each["id"] in ("1", "15", "25")] == [
        ["Ada", "seaweed"], ["harbour ferry"], [],
    ]  # fmt: skip
    # Moss has four posts; with a query, a topic of the site may have fewer.
    assert topics_in(config, audience="public", query="id:1") <= {"Ada", "seaweed"}
    assert topics_in(config, audience="public", since="2024-05-20") == {"harbour ferry"}
    csv = b"".join(export.prepare(config, Request("public", format="csv")).pieces).decode()
    assert csv.splitlines()[1].endswith(',"[""Ada"", ""seaweed""]"')
    assert not [each for each in exported(config) if "topics" in each]  # a backup
    off = archive(tmp_path, toml="[build]\ntopics = false\n")
    assert topics_in(off, audience="public") == set()


def test_what_a_person_changes_of_topics_is_so_in_exports(tmp_path: Path) -> None:
    own = (
        'hide = ["ada"]\n[rename]\n"seaweed" = "kelp"\n[[topic]]\nname = "boats"\nquery = "ferry"\n'
    )
    config = archive(tmp_path, own=own)
    assert topics_in(config, audience="public") == {"boats", "harbour ferry", "kelp"}


@pytest.mark.parametrize(("count", "topics"), [(9, {"Ada", "seaweed"}), (5, set())])
def test_hidden_posts_are_of_no_topic(tmp_path: Path, count: int, topics: set[str]) -> None:
    rule = '[privacy]\nhide = ["from:ben.example since:2024-05-04"]\n'
    config = archive(tmp_path, *POSTS[:count], toml=rule)
    assert len(exported(config, audience="public")) == {9: 6, 5: 4}[count]
    assert topics_in(config, audience="public") == topics


def test_anonymous_topics_are_of_several_authors_and_name_nobody(tmp_path: Path) -> None:
    config = archive(tmp_path)
    assert topics_in(config, audience="anonymous") == {"seaweed"}
    rows = exported(config, audience="anonymous", contents="counts")
    named = [row for row in rows if row["subject"] != "all"]
    assert named == [
        {"subject": "topic", "name": "seaweed", "month": month, "kind": kind, "posts": 14}
        for month in (None, "2024-05")
        for kind in (None, "post")
    ]
    alone = archive(tmp_path, toml="[topics]\nmin_authors = 1\n")
    assert topics_in(alone, audience="anonymous") == {"seaweed", "harbour ferry"}
    # Two accounts of a person are one author.
    people = '[[people]]\nname = "A. Brook"\naccounts = ["ada.example", "ben.example"]\n'
    assert topics_in(archive(tmp_path, toml=people), audience="anonymous") == set()


def test_without_topics_tags_are_counted(tmp_path: Path) -> None:
    posts = [post(f"{n}", ADA, "Seaweed", tags=("fog",)) for n in range(1, 8)]
    for toml, subject in (("[build]\ntopics = false\n", "tag"), ("", "topic")):
        config = archive(tmp_path, *posts, toml=toml + "[topics]\nmin_authors = 1\n")
        rows = exported(config, audience="anonymous", contents="counts")
        assert {row["subject"] for row in rows} == {"all", subject}
        prepared = export.prepare(config, Request("anonymous", "counts"))
        described = prepared.describe() if prepared.describe else None
        said = {
            "tag": "tag, since none has topics.",
            "topic": "topic. A post may be about several.",
        }
        assert described is not None
        assert described.facts[0].endswith(said[subject])


def test_a_note_says_which_topics_only_the_authors_leave_out(tmp_path: Path) -> None:
    config = archive(tmp_path, *POSTS[14:])
    prepared = export.prepare(config, Request("anonymous", "counts"))
    assert [*prepared.notes()][:2] == [
        "left out 1 topic that too few posts have, or that name somebody",
        "of these, 1 topic only because fewer than 2 authors wrote about them: min_authors under"
        " [topics] in sitegen.toml",
    ]


AUTHORS = (ADA, BEN, Author(None, "did:ben"), Author("ada.two", None, "Ada Brook"), Author())
SELECTED = st.builds(
    lambda author, topics: Selected(
        Post("1", "net", "x", author=author), "1", 1, "post", "", topics
    ),
    st.sampled_from(AUTHORS),
    st.frozensets(st.sampled_from(["fog", "ice", "dew"])).map(tuple),
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return site(tmp_path_factory.mktemp("empty"))


@given(st.lists(SELECTED, max_size=40))
def test_no_topic_of_few_posts_or_authors_is_common(empty: Config, posts: list[Selected]) -> None:
    common = AnonymousPosts(empty, bytes(32), posts, 5).common.topics
    for topic in ("fog", "ice", "dew"):
        own = [each.post.author for each in posts if topic in each.topics]
        people = {"ben": {BEN, AUTHORS[2]}, "ada": {ADA, AUTHORS[3]}}
        number = sum(1 for accounts in people.values() if accounts & {*own})
        assert (topic in common) == (len(own) >= 5 and number >= 2)
