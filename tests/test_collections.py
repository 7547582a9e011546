"""`[[collection]]`: a listing and a feed of what a query matches, warm as cold, and no more than that."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from msgspec.structs import replace
from test_build import cold, site
from trees import differences, tree

from sitegen.config import settings
from sitegen.config.schema import Collection, Config
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.errors import ConfigError, SeveralErrors
from sitegen.model import Author, Counts, Elsewhere, Post, Profile, Thread
from sitegen.site import build as builds

ADA, BEN = Author("ada.example", "did:ada", "Ada"), Author("ben.old", "did:ben", "Ben")
FILE = Path("sitegen.toml")


def post(identity: str, day: int, text: str, author: Author = ADA, **fields: object) -> Post:
    return replace(Post(identity, "bluesky", text, f"2024-01-{day:02}T10:00:00Z", author), **fields)


THREADS = (
    (post("a1", 1, "Fog"), post("a2", 2, "A heron", reply_to="a1"), post("a3", 3, "Fog, too?", BEN, reply_to="a2"), post("a4", 4, "Yes", reply_to="a3")),
    (post("b1", 5, "Ferry", BEN, counts=Counts(likes=9)),),
    (post("c1", 6, "Rain #weir", tags=("weir",)),),
    (post("d1", 7, "Well", reply_to="gone", elsewhere=(Elsewhere("gone", author=Author("cem.example")),)),),
    (post("e1", 8, "RT @kim: Fog", network="x", author=Author("ada_x", "7"), mentions=("kim",)),),
)  # fmt: skip


def archive(folder: Path, *queries: str, toml: str = "") -> Config:
    """Return a site with a collection of each query."""
    threads = [Thread(posts[0].id, posts[0].network, posts) for posts in THREADS]
    return with_queries(site(folder, *threads, toml=toml), *queries)


def with_queries(config: Config, *queries: str) -> Config:
    made = [Collection(f"Query {n}", query, f"q{n}") for n, query in enumerate(queries, 1)]
    return config._replace(collections=tuple(made))


def listed(pages: dict[str, bytes], name: str = "q1") -> list[str]:
    """Return the ids of the posts that a listing leads to, in its order."""
    html = pages[f"collection/{name}.html"].decode()
    main = html.partition("<main")[2].partition("</main>")[0]
    found = re.findall(r'href="(?:\.\./)+thread/(?:bluesky|x)-(\w+)\.html(?:#\w+)?"', main)
    return [*dict.fromkeys(found)]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("fog", "e1 a3 a1"),
        ("fog -is:repost", "a3 a1"),
        ("heron", "a1"),  # a thread has one line for all of it but the replies
        ("yes", "a4"),
        ("is:reply", "d1 a4 a3"),
        ("is:reply from:ben.old", "a3"),
        ("from:ben.old", "b1 a3"),
        ("from:ben.now", "b1 a3"),
        ("-from:ada.example", "e1 b1 a3"),
        ("to:cem.example", "d1"),
        ("@ada.example is:reply", "d1 a4 a3"),
        ("#weir", "c1"),
        ("min_likes:5", "b1"),
        ("on:2024-01-05", "b1"),
        ("nothing", ""),
    ],
)
def test_a_collection_lists_what_its_query_matches(tmp_path: Path, query: str, ids: str) -> None:
    config = archive(tmp_path, query)
    ben = Profile("did:ben", "bluesky", "ben.now", "Ben")
    store.write(store.merge(ArchiveIndex(config.content), (), (ben,)))
    pages = cold(config)
    assert listed(pages) == ids.split()
    assert ("collection/q1.xml" in pages) == bool(ids)


def test_a_collection_has_a_title_a_description_a_feed_and_a_place_in_the_menu(
    tmp_path: Path,
) -> None:
    text = """
[site]
base_url = "https://ada.example/"
[[collection]]
title = "Birds & fog"
query = "heron"
description = "What <flew>."
[[collection]]
title = "Of the weir"
slug = "weir"
query = "#weir"
"""
    pages = cold(archive(tmp_path)._replace(collections=settings.parse(text, FILE).collections))
    assert {path for path in pages if path.startswith("collection")} == {
        "collection/birds-fog.html", "collection/birds-fog.xml", "collection/weir.html",
        "collection/weir.xml", "collections.html",
    }  # fmt: skip
    page, feed = (pages[f"collection/birds-fog.{end}"].decode() for end in ("html", "xml"))
    assert "<h1><bdi>Birds &amp; fog</bdi></h1>\n<p>What &lt;flew&gt;.</p>" in page
    assert (
        'type="application/atom+xml" title="Birds &amp; fog" href="../collection/birds-fog.xml"'
        in page
    )
    assert '<meta name="description" content="What &lt;flew&gt;.">' in page
    assert "<title>Birds &amp; fog · Archive</title>" in feed
    directory = pages["collections.html"].decode()
    assert re.findall(r'<h2><a href="(.*?)"><bdi>(.*?)</bdi></a> <span class="count">(.*?)<', directory) == [
        ("collection/birds-fog.html", "Birds &amp; fog", "1 post"),
        ("collection/weir.html", "Of the weir", "1 post"),
    ]  # fmt: skip
    assert '<a href="collections.html">Collections</a>' in pages["index.html"].decode()


def test_without_collections_nothing_is_there_of_them(tmp_path: Path) -> None:
    config = archive(tmp_path)
    pages = cold(config)
    html = [path for path in pages if path.endswith((".html", ".xml"))]
    assert not [path for path in html if b"collection" in path.encode() + pages[path].lower()]


def test_a_long_collection_is_numbered_from_the_oldest(tmp_path: Path) -> None:
    config = archive(tmp_path, "-nothing", toml="[build]\npage_size = 2\n")
    described = config.collections[0]._replace(description="All")
    pages = cold(config._replace(collections=(described,)))
    assert [listed(pages, name) for name in ("q1", "q1/3", "q1/2", "q1/1")] == [
        ["e1"], ["d1", "c1"], ["b1", "a4"], ["a3", "a1"],
    ]  # fmt: skip
    assert [b"<p>All</p>" in pages[f"collection/{name}.html"] for name in ("q1", "q1/3")] == [
        True,
        False,
    ]


@pytest.mark.slow
def test_building_on_gives_a_clean_builds_bytes(tmp_path: Path) -> None:
    config = archive(tmp_path, "fog")

    def same(*queries: str) -> set[str]:
        """Build with these queries; return the ids in the first listing."""
        changed = with_queries(config, *queries)
        builds.build(changed)
        assert not differences(tree(config.output), cold(changed))
        return set(listed(tree(config.output)))

    def edit(name: str, old: str, new: str) -> None:
        (path,) = [
            p for p in config.content.rglob("*.md") if f"post {name} " in p.read_text("utf-8")
        ]
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    assert same("fog") == {"a1", "a3", "e1"}
    assert same("rain", "fog") == {"c1"}
    assert same("rain", "from:ben.old") == {"c1"}
    assert same("from:ben.now") == set()
    ben = Profile("did:ben", "bluesky", "ben.now", "Ben")
    store.write(store.merge(ArchiveIndex(config.content), (), (ben,)))
    assert same("from:ben.now") == {"b1", "a3"}
    edit("b1", "\nFerry", "\nFerry in fog")
    assert same("fog") == {"a1", "a3", "b1", "e1"}
    edit("b1", "\nFerry in fog", "\nFerry")
    assert same("fog") == {"a1", "a3", "e1"}
    edit("a3", '{"id": "a3"', '{"id": "a3", "hide": true')
    assert same("fog", "to:ben.old") == {"a1", "e1"}
    builds.build(config._replace(collections=()))
    assert not [path for path in tree(config.output) if path.startswith("collection")]


def test_whom_a_hidden_post_is_by_is_not_found_out_by_a_query(tmp_path: Path) -> None:
    config = archive(tmp_path, "to:ben.old", "is:reply")
    apart = post("f1", 9, "And", reply_to="b1", elsewhere=(Elsewhere("b1", author=BEN),))
    store.write(store.merge(ArchiveIndex(config.content), (Thread("f1", "bluesky", (apart,)),), ()))
    assert listed(cold(config)) == ["f1", "a4"]
    for path in config.content.rglob("*.md"):
        text = path.read_text("utf-8")
        for identity in ("a3", "b1"):
            text = text.replace(
                f'  - {{"id": "{identity}"', f'  - {{"hide": true, "id": "{identity}"'
            )
        path.write_text(text, "utf-8")
    pages = cold(config)
    assert listed(pages) == []
    assert listed(pages, "q2") == ["f1", "d1", "a4"]


def problems(text: str) -> Iterable[str]:
    with pytest.raises((ConfigError, SeveralErrors)) as raised:
        settings.parse(text, FILE)
    return str(raised.value).split("\n")


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ('query = "fog"', "needs a title. hint: write it like title = \"Eclipses\"."),
        ('title = "\\u200d"', "needs a title. hint: write it like title = \"Eclipses\"."),
        ('title = "Fog"', "Fog needs a query. hint: write it like query = \"#eclipse\"."),
        ('title = "Fog"\nquery = " "', "Fog needs a query. hint: write it like query = \"#eclipse\"."),
        ('title = "Fog"\nquery = ["fog"]', "query must be a string. hint: write it like query = \"…\"."),
        ('title = "Fog"\nquery = "fog"\nname = "x"', "has the unknown key name. hint: there is: title, query, slug, description."),
        ('title = "…"\nquery = "fog"', "… has no letter for an address, and needs a slug. hint: write it like slug = \"eclipses\"."),
        ('title = "Fog"\nquery = "fog"\nslug = "A b"', "slug must be a part of an address. hint: write it like slug = \"a-b\"."),
        ('title = "Fog"\nquery = "is:fog"', "query of Fog: is: cannot be 'fog', at character 1. hint: write one of post, thread, reply, repost, quote."),
        ('title = "Fog"\nquery = "fog sort:old"', "query of Fog: a listing has the newest posts first. hint: remove sort:old."),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(lines: str, problem: str) -> None:
    assert problems(f"\n[[collection]]\n{lines}\n") == [
        f"sitegen.toml:2: error: [[collection]] {problem}"
    ]


def test_titles_and_names_may_have_joiners() -> None:
    persian = "کتاب\u200cخوانی"
    text = f"""\
[[collection]]
title = "{persian}"
query = "fog"
[[people]]
name = "{persian}"
accounts = ["ada.example"]
"""
    config = settings.parse(text, FILE)
    assert [each.title for each in config.collections] == [persian]
    assert [each.name for each in config.people] == [persian]


def test_two_collections_have_two_addresses() -> None:
    table = '[[collection]]\ntitle = "Fog"\nquery = "fog"\n'
    assert problems(table + table) == [
        "sitegen.toml:4: error: [[collection]] Fog has the address of Fog in line 1."
        ' hint: give it another slug, like slug = "fog-2".'
    ]
    assert problems("collection = 3\n") == [
        "sitegen.toml:1: error: collection must be a list of tables. hint: write"
        f' {json.dumps("[[collection]]")[1:-1]}, with lines like title = "Eclipses" and query = "#eclipse".'
    ]
