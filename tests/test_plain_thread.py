"""Plain files are read in one go: always as the long way reads them, field by field."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import long_law
from strategies import archives

from sitegen.content.format import draft, plain_thread, thread_file
from sitegen.content.format.heading import heading
from sitegen.content.format.post_text import marker
from sitegen.content.format.stored import stored_posts
from sitegen.content.merge import rewrite
from sitegen.errors import ContentError
from sitegen.model import Author, Counts, Media, Post, Thread

WORDS = st.sampled_from(["a", "Ada", "", "#moss @ada@x.example", "نهر", "\N{DESERT ISLAND}"])
ODD = st.one_of(
    WORDS, st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False), st.just([]),
    st.lists(WORDS, max_size=2), st.dictionaries(st.sampled_from(["handle", "kind"]), WORDS),
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=2)
NUMBER = st.one_of(st.none(), st.integers(min_value=-1, max_value=10**30))
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "created_at": st.one_of(st.none(), st.just("2025-04-01T06:00:00Z")),
    "author": st.fixed_dictionaries({}, optional={"handle": WORDS, "id": WORDS, "name": WORDS}),
    "mentions": TEXTS,
    "tags": TEXTS,
    "links": TEXTS,
    "cut_links": TEXTS,
    "langs": TEXTS,
    "uncertain": TEXTS,
    "media": st.lists(
        st.fixed_dictionaries(
            {"kind": st.sampled_from(["image", "video", "sound"])}, optional={"alt": WORDS}
        )
        | st.fixed_dictionaries(
            {},
            optional={
                "kind": st.sampled_from(["image", "video"]),
                "file": st.sampled_from(["a.png", "b c.mp4", 3]),
                "path": st.sampled_from(["media/a.png", "c.png"]),
                "after": st.sampled_from(["a.png", "z", None]),
                "alt": WORDS,
                "origin": WORDS,
            },
        ),
        max_size=2,
    ),
    "card": st.fixed_dictionaries({}, optional={"title": WORDS, "url": WORDS}),
    "counts": st.fixed_dictionaries({}, optional={"likes": NUMBER, "quotes": NUMBER}),
    "warning": WORDS,
    "sensitive": st.booleans(),
    "hide": st.booleans(),
    "Hide": st.booleans(),
    "visibility": st.sampled_from(["unlisted", "followers", "direct", "unknown"]),
    "draft": st.booleans(),
    "extra": st.dictionaries(WORDS, WORDS, max_size=1),
    "colour": WORDS,
}
LINES = st.fixed_dictionaries(
    {"id": st.sampled_from(["1", "x-y", " "])},
    optional={name: st.one_of(kind, kind, ODD) for name, kind in FIELDS.items()},
)
BODIES = st.sampled_from(
    [
        "",
        "Words",
        "By #moss and @ada",
        "Words\n\n![a *b*](../../media/a.png)",
        "![](../../media/a.png)\n[x](<../../media/b c.mp4>)",
        "![](../media/a.png)",
        "a media/ (b)",
        "![x](../../media/a.png)\nWords",
        "<https://x.example/>",
        "*by hand*",
        "# Title",
        "a  \nb",
    ]
)


HEAD = st.fixed_dictionaries(
    {"title": st.one_of(WORDS, WORDS, ODD), "network": st.sampled_from(["net", "net", " ", 3])},
    optional={"author": ODD, "account": ODD, "tags": st.one_of(TEXTS, ODD), "date": ODD},
)
ORDER = ("title", "date", "network", "id", "author", "account", "tags")
# What a person or a broken disk may do to a file.
MISHAPS = st.sampled_from(
    [
        ("", ""),
        ("\n", "\r\n"),
        (": ", ":  "),
        ('"1"', '"2"'),
        ("-->", "--> "),
        ("-->\n\n", "-->\n"),
        ("posts:", "hide: true\nposts:"),
        ("posts:", "# mine\nposts:"),
        ('{"id": "1"', '{"id": "1", "tags": ["b"]'),
        ('{"id": "1"', '{"id": "1", "hide": true'),
        ('{"id": "1"', '{"id": "1" , "id" : "1"'),
        ('{"id": "1"', '{"warning": "\\u0022:", "id": "1", "id": "1"'),
        ("  - {", "  - {}, {"),
        ("<!-- post 1 -->", "Mine\n\n<!-- post 1 -->"),
        ("<!-- post 1 -->", "<!-- post 1 -->\n\nA\n\n<!-- post 1 -->"),
        ("written:", "written: {}\nwritten:"),
        ("\n---\n", "\n--- \n"),
    ]
)
WRITTEN = st.sampled_from(["", "written: {}\n", 'written: {"tags": "0"}\n', "written: {\n"])


@given(
    head=HEAD, lines=st.lists(LINES, min_size=1, max_size=2), bodies=st.tuples(BODIES, BODIES),
    written=WRITTEN, mishap=MISHAPS,
)  # fmt: skip
def test_the_short_way_reads_what_the_long_way_reads(
    head: dict[str, Any],
    lines: list[dict[str, Any]],
    bodies: tuple[str, str],
    written: str,
    mishap: tuple[str, str],
) -> None:
    fields = {**head, "id": "1"}
    text = "---\n" + "".join(
        f"{key}: {json.dumps(fields[key])}\n" for key in ORDER if key in fields
    )
    text += "posts:\n" + "".join(f"  - {json.dumps(line)}\n" for line in lines)
    text += f"{written}---\n"
    for line, body in zip(lines, bodies, strict=False):
        text += f"\n{marker(line['id'])}\n\n{body}\n"
    text = text.replace(*mishap)
    plain = plain_thread.read(text.encode())
    try:
        file = thread_file.read("thread.md", text)
        posts = stored_posts(file)
        expected = heading(file, posts), posts
        hides = file.is_held_back or any(post.hidden for post in posts)
    except ContentError:
        assert plain is None
    else:
        assert plain in (None, expected)
        assert plain is None or not hides


@long_law
@given(archives())
def test_what_is_written_is_read_the_same_both_ways(threads: tuple[Thread, ...]) -> None:
    for thread in threads:
        text = rewrite.new_thread_text(draft.thread_draft(thread)).text
        file = thread_file.read("thread.md", text)
        posts = stored_posts(file)
        assert plain_thread.read(text.encode()) in (None, (heading(file, posts), posts))


def test_what_most_files_are_is_plain() -> None:
    author = Author("ada.example", "did:plc:ada", "Ada")
    posts = (
        Post("1", "net", "By #moss and @bo.example", "2025-04-01T06:00:00Z", author,
             mentions=("bo.example",), tags=("moss",), langs=("en",)),
        Post("2", "net", "And more\n\nof it", None, Author("bo.example"), reply_to="1",
             media=(Media("image", "media/a.png", "A moor"),), counts=Counts(likes=3)),
    )  # fmt: skip
    text = rewrite.new_thread_text(draft.thread_draft(Thread("1", "net", posts))).text
    file = thread_file.read("thread.md", text)
    stored = stored_posts(file)
    assert plain_thread.read(text.encode()) == (heading(file, stored), stored)


HEADED = """---
title: "A moor"
network: "net"
id: "1"
author: "ada.example"
account: {"handle":"ada.example","id":"did:plc:ada"}
posts:
  - {"id": "1"}
---

<!-- post 1 -->

Words
"""


@pytest.mark.parametrize(
    ("plain", "odd"),
    [
        ('id: "1"\nauthor', 'id: "1" or "2"\nauthor'),
        ('id: "1"\nauthor', 'id: "\\q"\nauthor'),
        ('author: "ada.example"', 'author: "ada.example" or "bo.example"'),
        ('{"handle":"ada.example","id":"did:plc:ada"}', "{}"),
        ('  - {"id": "1"}', '  - {"id": "1", "also": [{"id": " "}]}'),
    ],
)
def test_a_head_that_is_nearly_plain_is_left_to_the_long_way(plain: str, odd: str) -> None:
    assert plain_thread.read(HEADED.encode()) is not None
    assert plain_thread.read(HEADED.replace(plain, odd).encode()) is None


def test_what_is_not_utf8_is_left_to_the_long_way_which_says_so() -> None:
    author = Author("ada.example", "did:plc:ada", "Ada")
    posts = (Post("1", "net", "By #moss", None, author, tags=("moss",), langs=("en",)),)
    data = rewrite.new_thread_text(draft.thread_draft(Thread("1", "net", posts))).text.encode()
    assert plain_thread.read(data) is not None
    for at in range(len(data)):
        for byte in (b"\xff", b"\xc3", b"\xa0", b"\xed\xa0\x80"):
            assert plain_thread.read(data[:at] + byte + data[at + 1 :]) is None
            assert plain_thread.read(data[:at] + byte + data[at:]) is None


LOST = '{"kind": "image", "alt": "Lost"}'
PLACED = '{"kind": "image", "alt": "Lost", "after": "a.png"}'
DETAIL = '{"file": "a.png", "origin": "IMG_1.png"}'


@pytest.mark.parametrize("listed", [LOST, PLACED, f"{LOST}, {PLACED}", f"{DETAIL}, {PLACED}"])
def test_media_without_a_file_are_read_beside_a_block(listed: str) -> None:
    text = (
        '---\ntitle: "One"\nnetwork: "net"\nid: "1"\nposts:\n'
        f'  - {{"id": "1", "media": [{listed}]}}\n---\n\n'
        "<!-- post 1 -->\n\nOne\n\n![A well](../../media/a.png)\n![](../../media/b.png)\n"
    )
    plain = plain_thread.read(text.encode())
    file = thread_file.read("content/threads/2024/a.md", text)
    assert plain is not None
    assert plain[1] == stored_posts(file)
    assert len(plain[1][0].post.media) == 2 + listed.count("Lost")


def test_a_marker_that_is_there_twice_is_an_error_with_both_lines() -> None:
    text = "---\nposts: []\n---\n\n<!-- post a -->\n\nOne\n\n<!-- post a -->\n\nTwo\n"
    with pytest.raises(ContentError) as caught:
        thread_file.read("a.md", text)
    assert str(caught.value) == (
        "a.md:9: error: the marker of post a is there twice. hint: delete it here or in line 5."
    )
