"""A thread's page: who answers whom, when, and which number each post has."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from checkers import chromium
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from test_build import cold, site
from trees import differences, tree

from sitegen.content.format.stored import StoredPost
from sitegen.model import Author, Card, Counts, Elsewhere, Post, Thread
from sitegen.site import build as builds
from sitegen.site.parsing import conversation

ADA, BO, CY = (Author(f"{name}.example", f"did:{name}", name.title()) for name in ("ada", "bo", "cy"))  # fmt: skip
NAMES = [f"p{n}" for n in range(8)]


def stored(*posts: Post) -> tuple[StoredPost, ...]:
    return tuple([StoredPost(post, None, False) for post in posts])


def post(identity: str, parent: str | None, author: Author = ADA, minute: int = 0) -> Post:
    when = f"2024-04-{1 + minute // 1440:02}T{minute // 60 % 24:02}:{minute % 60:02}:00Z"
    return Post(identity, "bluesky", f"Words of {identity}", when, author, reply_to=parent)


def ids(posts: tuple[StoredPost, ...]) -> list[str]:
    return [each.post.id for each in posts]


@st.composite
def any_posts(draw: st.DrawFn) -> tuple[StoredPost, ...]:
    """Make posts that answer one another in any way, in circles too, in any order."""
    parents = st.none() | st.sampled_from([*NAMES, "gone"])
    authors = st.sampled_from([ADA, BO, CY, Author()])
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    return stored(*[
        replace(
            post(name, draw(parents), draw(authors), draw(st.integers(0, 3000))),
            **({} if draw(st.booleans()) else {"created_at": None}),
        )
        for name in names
    ])  # fmt: skip


@given(any_posts())
def test_a_conversation_has_every_post_once(posts: tuple[StoredPost, ...]) -> None:
    arranged, steps = conversation.arrange(posts)
    assert arranged[0] == posts[0]
    assert sorted(ids(arranged)) == sorted(ids(posts))
    assert steps == () or len(steps) == len(posts)
    assert conversation.arrange(arranged) == (arranged, steps)
    place = {name: at for at, name in enumerate(ids(arranged))}
    for at, step in enumerate(steps):
        parent = place.get(arranged[at].post.reply_to or "")
        if step:  # what it answers is above it, one step to the left
            assert parent is not None
            assert parent < at
            assert step - steps[parent] in (0, 1)


@given(
    st.lists(st.tuples(st.integers(0, 99), st.sampled_from([ADA, BO])), max_size=7), st.randoms()
)
def test_a_conversation_is_the_same_in_any_order_of_its_posts(
    replies: list[tuple[int, Author]], chance: random.Random
) -> None:
    tree_posts = [post("p0", None)]
    for minute, (at, author) in enumerate(replies, 1):
        parent = tree_posts[at % len(tree_posts)].id
        tree_posts.append(post(f"p{minute}", parent, author, minute))
    arranged, steps = conversation.arrange(stored(*tree_posts))
    rest = tree_posts[1:]
    chance.shuffle(rest)
    again = conversation.arrange(stored(tree_posts[0], *rest))
    has_branch = len({each.reply_to for each in tree_posts}) < len(tree_posts)
    if steps or has_branch:  # else the order of the file is kept
        assert again == (arranged, steps)
    else:
        assert ids(again.posts) == ids(stored(tree_posts[0], *rest))


@pytest.mark.parametrize(
    ("posts", "order", "steps"),
    [
        # An author's line goes on below the replies to each of its posts.
        (
            [("a", None, ADA), ("b", "a", ADA), ("r", "a", BO), ("s", "r", ADA), ("c", "b", ADA)],
            "arsbc", (0, 1, 2, 0, 0),
        ),
        # Two replies of its author to one post: the longer line goes on.
        ([("a", None, ADA), ("b", "a", ADA), ("c", "b", ADA), ("x", "a", ADA)], "axbc", (0, 1, 0, 0)),
        # Of two that are as long, the later.
        ([("a", None, ADA), ("b", "a", ADA), ("c", "a", ADA)], "abc", (0, 1, 0)),
        # Never more than a step beyond the deepest.
        (
            [("a", None, ADA), *[(n, p, BO if at % 2 else ADA) for at, (p, n) in
              enumerate(zip("abcdef", "bcdefg", strict=True), 1)]],
            "abcdefg", (0, 1, 2, 3, 4, 4, 4),
        ),
        # One author without branches: the order of the file, whatever it is.
        ([("a", None, ADA), ("c", "b", ADA), ("b", "a", ADA)], "acb", ()),
        # Nobody answers anybody.
        ([("a", None, ADA), ("c", "gone", BO), ("b", None, ADA)], "acb", ()),
        # A circle.
        ([("a", "c", ADA), ("b", "a", BO), ("c", "b", ADA)], "abc", (0, 1, 2)),
    ],
)  # fmt: skip
def test_replies_are_below_what_they_answer(
    posts: list[tuple[str, str | None, Author]], order: str, steps: tuple[int, ...]
) -> None:
    given_posts = [post(name, parent, who, at) for at, (name, parent, who) in enumerate(posts)]
    arranged, found = conversation.arrange(stored(*given_posts))
    assert "".join(ids(arranged)) == order
    assert found == steps


def test_a_line_of_ten_thousand_replies_is_arranged() -> None:
    line = [post("p0", None), *[post(f"p{n}", f"p{n - 1}", BO if n % 2 else ADA) for n in range(1, 10_000)]]  # fmt: skip
    arranged, steps = conversation.arrange(stored(*line))
    assert len(arranged) == len(steps) == 10_000


class Shown(NamedTuple):
    """A post of a page: its classes without the usual ones, its id, its heading, what it answers."""

    classes: str
    id: str
    when: str
    stub: str


ARTICLE = re.compile(r'<article class="post h-entry ?([^"]*)" id="post-(\w+)">(.*?)</header>', re.S)


def words(html: str) -> str:
    seen = re.sub(r'<span class="unseen">.*?</span>', "", html)
    return " ".join(re.sub(r"<[^>]*>", "", seen).split())


def shown(page: Path) -> list[Shown]:
    found = ARTICLE.findall(page.read_text("utf-8"))
    return [
        Shown(
            classes,
            identity,
            words(re.findall(r'<h2 class="when">(.*?)</h2>', head)[0]),
            "".join(map(words, re.findall(r'<p class="stub">(.*?)</p>', head))),
        )
        for classes, identity, head in found
    ]


def talk() -> Thread:
    gone = Elsewhere("gone", None, Author("dee.example"), "deleted")
    posts = (
        post("a0", None), post("a1", "a0", ADA, 5), post("b0", "a0", BO, 7),
        post("a2", "b0", ADA, 9), post("b1", "a2", BO, 1500), post("a3", "b1", ADA, 1501),
        replace(post("c0", "gone", CY, 20), elsewhere=(gone,)),
    )  # fmt: skip
    return Thread("a0", "bluesky", posts)


def test_a_page_shows_a_conversation_as_a_tree(tmp_path: Path) -> None:
    config = site(tmp_path, talk())
    builds.build(config)
    page = config.output / "thread/bluesky-a0.html"
    assert shown(page) == [
        ("", "a0", "1 April 2024, 00:00 1/7", ""),
        ("post-other reply reply-1", "b0", "00:07 2/7", ""),
        ("post-other reply reply-2", "a2", "00:09 3/7", ""),
        ("post-other reply reply-3", "b1", "2 April 2024, 01:00 4/7", ""),
        ("post-other reply reply-3", "a3", "01:01 5/7", "In reply to a post by @bo.example"),
        ("", "a1", "1 April 2024, 00:05 6/7", ""),
        ("post-other", "c0", "00:20 7/7", "In reply to a post by @dee.example that was deleted"),
    ]
    text = page.read_text("utf-8")
    assert 'class="u-in-reply-to" href="bluesky-a0.html#post-b1"' in text
    assert '<input class="view-reading" type="radio" name="view">' in text


def test_a_reply_on_a_later_page_names_what_it_answers(tmp_path: Path) -> None:
    config = site(tmp_path, talk(), toml="[build]\nthread_size = 2\n")
    builds.build(config)
    folder = config.output / "thread"
    assert shown(folder / "bluesky-a0.html")[1] == (
        "post-other reply reply-1", "b0", "00:07 2/7", "",
    )  # fmt: skip
    assert shown(folder / "bluesky-a0/2.html") == [
        (
            "post-other reply reply-2",
            "a2",
            "1 April 2024, 00:09 3",
            "In reply to a post by @bo.example",
        ),
        ("post-other reply reply-3", "b1", "2 April 2024, 01:00 4", ""),
    ]
    text = (folder / "bluesky-a0/2.html").read_text("utf-8")
    assert 'href="../../thread/bluesky-a0.html#post-b0"' in text
    assert shown(folder / "bluesky-a0/4.html")[0].when == "1 April 2024, 00:20 7/7"


@pytest.mark.parametrize(
    ("toml", "times", "expected"),
    [
        ("", ["2024-03-05T23:50:00Z", "2024-03-05T23:59:00Z", "2024-03-06T00:01:00Z"],
         ["5 March 2024, 23:50 1/3", "23:59 2/3", "6 March 2024, 00:01 3/3"]),
        ('timezone = "Asia/Tokyo"', ["2024-03-05T14:50:00Z", "2024-03-05T15:10:00Z", "2024-03-06T01:00:00+09:00"],
         ["5 March 2024, 23:50 1/3", "6 March 2024, 00:10 2/3", "01:00 3/3"]),
        ("", ["2024-03-05", "2024-03-05T10:00:00", "2024-03-05"],
         ["5 March 2024 1/3", "10:00 2/3", "5 March 2024 3/3"]),
        ("", [None, None, "2024-03-05"],
         ["Date not known 1/3", "Date not known 2/3", "5 March 2024 3/3"]),
        ('language = "ar"', ["2024-03-05T10:00:00Z", "2024-03-05T17:04:00Z"],
         ["5 مارس 2024، 10:00 ص 1/2", "5:04 م 2/2"]),
    ],
)  # fmt: skip
def test_a_day_is_named_once(
    tmp_path: Path, toml: str, times: list[str | None], expected: list[str]
) -> None:
    posts = [
        replace(post(f"p{at}", f"p{at - 1}" if at else None), created_at=when)
        for at, when in enumerate(times)
    ]
    config = site(tmp_path, Thread("p0", "bluesky", tuple(posts)), toml=f"[site]\n{toml}\n")
    builds.build(config)
    page = config.output / "thread/bluesky-p0.html"
    assert [each.when.replace("\u202f", " ") for each in shown(page)] == expected


def test_a_thread_of_one_post_has_no_numbers_and_one_view(tmp_path: Path) -> None:
    config = site(tmp_path, Thread("p0", "bluesky", (post("p0", None),)))
    builds.build(config)
    page = config.output / "thread/bluesky-p0.html"
    assert shown(page) == [("", "p0", "1 April 2024, 00:00", "")]
    assert "view-reading" not in page.read_text("utf-8")


def test_no_count_of_zero_is_shown(tmp_path: Path) -> None:
    counted = replace(post("p0", None), counts=Counts(likes=0, reposts=2, replies=0, quotes=0))
    bare = replace(post("q0", None), counts=Counts(0, 0, 0, 0))
    config = site(tmp_path, Thread("p0", "bluesky", (counted,)), Thread("q0", "bluesky", (bare,)))
    builds.build(config)
    text = (config.output / "thread/bluesky-p0.html").read_text("utf-8")
    assert re.findall("<li>(.*? (?:like|repl|repost|quote).*?)</li>", text) == ["2 reposts"]
    assert "post-foot" not in (config.output / "thread/bluesky-q0.html").read_text("utf-8")


def test_an_edit_of_who_answers_whom_moves_posts_as_a_first_build_does(tmp_path: Path) -> None:
    config = site(tmp_path, talk())
    builds.build(config)
    path = next(config.content.rglob("*.md"))
    path.write_text(path.read_text("utf-8").replace('"reply_to": "b0"', '"reply_to": "a1"'))
    builds.build(config)
    page = config.output / "thread/bluesky-a0.html"
    assert [each.id for each in shown(page)] == ["a0", "b0", "a1", "a2", "b1", "a3", "c0"]
    assert not differences(tree(config.output), cold(config))


LINES = """
[...document.querySelectorAll('.thread-posts, .left-out')].filter((part) => part.checkVisibility())
  .flatMap((part) => part.innerText.split(/\\n+/))
"""
VIEW = "document.querySelectorAll('.views input')[{}].click()"
NAMES = ["1 April 2024, 00:00 post 1 of 7", "00:07 post 2 of 7", "00:09 post 3 of 7"]
READING = ["1 April 2024, 00:00", "Words of a0", "Words of a1"]


@pytest.mark.browser
@pytest.mark.skipif(chromium.CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.parametrize("theme", ["default", "ink", "gazette"])
def test_the_reading_view_has_only_its_authors_thread(tmp_path: Path, theme: str) -> None:
    config = site(tmp_path, talk(), toml=f'[theme]\nname = "{theme}"\n')
    builds.build(config)
    page = (config.output / "thread/bluesky-a0.html").as_uri()
    with chromium.running(tmp_path / "profile") as browser, chromium.opened(browser, page) as tab:
        whole = tab.value(LINES)
        assert {f"Words of {each.id}" for each in talk().posts} <= {*whole}
        tab.value("document.querySelector('.views input').focus()")
        for kind in ("keyDown", "keyUp"):
            tab.command(
                "Input.dispatchKeyEvent",
                type=kind, key="ArrowRight", code="ArrowRight", windowsVirtualKeyCode=39,
            )  # fmt: skip
        assert tab.value(LINES) == READING
        tab.value(VIEW.format(0))
        assert tab.value(LINES) == whole
        assert tab.problems == []


@pytest.mark.browser
@pytest.mark.skipif(chromium.CHROMIUM is None, reason="Chromium is not installed")
def test_a_permalink_is_named_by_its_number_and_the_keys_follow_the_view(tmp_path: Path) -> None:
    config = site(tmp_path, talk())
    builds.build(config)
    page = (config.output / "thread/bluesky-a0.html").as_uri()
    focused = "document.activeElement.closest('.post').id"
    with chromium.running(tmp_path / "profile") as browser, chromium.opened(browser, page) as tab:
        nodes = tab.command("Accessibility.getFullAXTree")["nodes"]
        names = [node["name"]["value"] for node in nodes if node["role"].get("value") == "link"]
        assert [name for name in names if " of 7" in name][:3] == NAMES
        tab.press("j")
        tab.press("j")
        assert tab.value(focused) == "post-b0"
        tab.value(f"{VIEW.format(1)} || document.activeElement.blur()")
        tab.press("j")
        assert tab.value(focused) == "post-a0"
        tab.press("j")
        assert tab.value(focused) == "post-a1"
        shown = "[...document.querySelectorAll('.copy')].some((each) => each.checkVisibility())"
        assert tab.value(shown) is False
        tab.press("k")
        assert tab.value(focused) == "post-a0"


def printed(folder: Path, thread: Thread) -> list[list[str]]:
    """Return the lines of the printed page of a thread, in either view."""
    config = site(folder, thread)
    builds.build(config)
    page = (config.output / f"thread/bluesky-{thread.id}.html").as_uri()
    with chromium.running(folder / "profile") as browser, chromium.opened(browser, page) as tab:
        tab.command("Emulation.setEmulatedMedia", media="print")
        lines = []
        for view in (0, 1):
            tab.value(VIEW.format(view))
            lines.append(tab.value(LINES))
        return lines


@pytest.mark.browser
@pytest.mark.skipif(chromium.CHROMIUM is None, reason="Chromium is not installed")
def test_a_conversation_is_printed_as_its_view_is(tmp_path: Path) -> None:
    conversation, reading = printed(tmp_path, talk())
    assert {f"Words of {each.id}" for each in talk().posts} <= {*conversation}
    assert "Bo @bo.example" in conversation
    left_out = "Not printed here: 5 other posts of the conversation"
    assert left_out not in conversation
    assert reading == [*READING, left_out]


@pytest.mark.browser
@pytest.mark.skipif(chromium.CHROMIUM is None, reason="Chromium is not installed")
def test_a_thread_of_one_author_is_printed_as_a_text_with_what_hangs_on_it(tmp_path: Path) -> None:
    linked = replace(post("a1", "a0", ADA, 5), card=Card("Kettles", "", "https://kettle.example/"))
    posts = (replace(post("a0", None), counts=Counts(likes=3)), linked)
    conversation, reading = printed(tmp_path, Thread("a0", "bluesky", posts))
    assert conversation == [*READING, "Kettles"]
    assert reading == READING
