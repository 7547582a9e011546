"""Whose posts and likes insights count, and that sentences and charts agree about them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from test_insights import BO, SETTINGS, START, Built, built, post, single

from sitegen.model import Author, Counts, Thread
from sitegen.topics.topic import Topic

STRANGER = Author("ada.example", None, "Another Ada")
BUILD = SETTINGS.partition("[build]")[2]


def settings(*people: tuple[str, str], site: str = "") -> str:
    """Return settings with people, each with a name and an account, and lines of `[site]`."""
    each = [f'[[people]]\nname = "{name}"\naccounts = ["{account}"]\n' for name, account in people]
    return f"[site]\n{site}\n[build]{BUILD}" + "".join(each)


def figures(made: Built) -> str:
    """Return the sentences at the top of the insights."""
    html = made.files["insights.html"].decode()
    return re.sub(r"<[^>]+>", "", html[: html.index("</section>")])


def fog(count: int, **more: object) -> list[Thread]:
    """Return posts by Ada, one each month."""
    return [single(f"p{n}", START + timedelta(days=31 * n), **more) for n in range(count)]


@pytest.mark.parametrize(("account", "posts", "likes"), [("bluesky:ada.example", 12, 12), ("ada.example", 13, 17)])  # fmt: skip
def test_an_account_with_the_same_handle_is_the_persons_if_the_list_means_it(
    tmp_path: Path, account: str, posts: int, likes: int
) -> None:
    other = single("s", START, network="x", author=STRANGER, counts=Counts(5))
    threads = [*fog(12, counts=Counts(1)), other]
    made = built(tmp_path, *threads, toml=settings(("Ada Brook", account)), topics=())
    said = figures(made)
    assert f"Counted here: {posts} posts" in said
    assert f"Received in all: {likes} likes" in said
    assert ("1 post by others is not counted" in said) == (posts == 12)
    assert ("thread/x-s.html" in made.files["index.html"].decode()) == (posts == 13)


def test_the_length_of_a_thread_is_that_of_its_authors_own_posts(tmp_path: Path) -> None:
    others = [Author(f"moor{n}.example", None, None) for n in range(8)]
    root = post("c", START)
    answers = [post(f"c{n}", START, author=who, reply_to="c") for n, who in enumerate(others)]
    back = post("back", START, reply_to="c0")
    conversation = Thread("c", "bluesky", (root, *answers, back))
    long = [post(f"l{n}", START, reply_to=f"l{n - 1}" if n else None) for n in range(4)]
    threads = [*fog(20), conversation, Thread("l0", "bluesky", tuple(long))]
    made = built(tmp_path, *threads, topics=())
    html = made.files["insights.html"].decode()
    assert "The longest thread has 4 posts." in figures(made)
    assert "95% are single posts; the longest thread has 4 posts." in html
    rows = made.table("insights/lengths.csv")
    assert [(row["posts"], row["threads"]) for row in rows] == [("1", "21"), ("4", "1")]
    front = made.files["index.html"].decode()
    listed = front.partition("Longest threads")[2].partition("</section>")[0]
    assert re.findall(r'href="([^"]*)".*?(\d+) posts', listed) == [("thread/bluesky-l0.html", "4")]


def test_topics_over_time_are_those_of_most_posts_with_a_date(tmp_path: Path) -> None:
    names = ("telescope", "seaweed", *[f"harbour{n}" for n in range(5)])
    numbers = (12, 10, 8, 8, 8, 8, 8)
    threads = [
        single(
            f"{name}{n}",
            START + timedelta(days=31 * n) if name != "telescope" or n < 3 else None,
            text=f"Fog and {name}",
        )
        for name, number in zip(names, numbers, strict=True)
        for n in range(number)
    ]
    topics = tuple([Topic(name, (name,)) for name in names])
    toml = SETTINGS + "[topics]\nmin_posts = 5\n"
    made = built(tmp_path, *threads, toml=toml, topics=topics)
    html = made.files["insights.html"].decode()
    assert "seaweed comes first, with 19% of all posts." in html  # 10 of 53
    columns = [*made.table("insights/topics.csv")[0]][2:-1]
    assert columns == [f"topic/{name}" for name in names[1:]]


@pytest.mark.parametrize("has_other_posts", [False, True])
@pytest.mark.parametrize("people", [("ada.example", "bo.example"), ("ada.example",), ()])
def test_likes_are_those_of_every_post_of_the_people_whatever_listings_show(
    tmp_path: Path, people: tuple[str, ...], has_other_posts: bool
) -> None:
    root = post("c", START, counts=Counts(1))
    answer = post("c1", START + timedelta(hours=1), author=BO, reply_to="c", counts=Counts(50))
    threads = [*fog(19, counts=Counts(1)), Thread("c", "bluesky", (root, answer))]
    threads += [single("b", START, author=BO)] if has_other_posts else []
    toml = settings(*[(name, name) for name in people], site='show = ["posts", "threads"]')
    if not people:  # nobody wrote nearly all
        threads += [single(f"cy{n}", START, author=STRANGER, network=f"n{n}") for n in range(9)]
    made = built(tmp_path, *threads, toml=toml, topics=())
    likes = 20 if people == ("ada.example",) else 70
    assert f"Received in all: {likes} likes" in figures(made)
