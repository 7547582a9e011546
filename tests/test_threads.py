"""Posts into threads: laws that hold for any posts, however deep, tangled or cut off."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sitegen import threads
from sitegen.model import Post, Thread


def post(
    identity: str, reply_to: str | None = None, minute: int | None = 0, network: str = "bluesky"
) -> Post:
    """Return a post; without a minute, its time is unknown."""
    when = None if minute is None else f"2024-03-01T{minute // 60:02}:{minute % 60:02}:00Z"
    return Post(identity, network, f"Text {identity}", when, reply_to=reply_to)


def ids(posts: Sequence[Post]) -> list[str]:
    return [p.id for p in posts]


def grouped(*posts: Post) -> list[list[str]]:
    return [ids(thread.posts) for thread in threads.group(posts)]


@st.composite
def any_posts(draw: st.DrawFn) -> list[Post]:
    """Return posts that reply to each other, to themselves, to the unknown, in circles."""
    count = draw(st.integers(0, 12))
    names = [str(n) for n in range(count)]
    targets = st.none() | st.sampled_from([*names, "unknown"])
    return [
        Post(
            name,
            draw(st.sampled_from(["bluesky", "mastodon"])),
            "",
            draw(st.none() | st.sampled_from(["2024-01-01", "2023-06-01T10:00:00+02:00", "soon", ""])),
            reply_to=draw(targets),
        )
        for name in names
    ]  # fmt: skip


@given(any_posts())
def test_every_post_is_in_exactly_one_thread(posts: list[Post]) -> None:
    found = [p for thread in threads.group(posts) for p in thread.posts]
    assert sorted(map(threads.key, found)) == sorted(map(threads.key, posts))


@given(any_posts())
def test_a_reply_is_in_its_parents_thread_and_no_thread_could_be_split(posts: list[Post]) -> None:
    where = {threads.key(p): n for n, t in enumerate(threads.group(posts)) for p in t.posts}
    links = [
        (threads.key(p), (p.network, p.reply_to))
        for p in posts
        if p.reply_to is not None and (p.network, p.reply_to) in where
    ]
    assert all(where[child] == where[parent] for child, parent in links)
    for thread in threads.group(posts):
        joined = {threads.key(thread.posts[0])}
        for _ in thread.posts:
            joined |= {k for link in links for k in link if joined & set(link)}
        assert joined == {threads.key(p) for p in thread.posts}


@given(any_posts())
def test_a_thread_is_named_after_its_first_post_and_has_one_network(posts: list[Post]) -> None:
    for thread in threads.group(posts):
        assert (thread.network, thread.id) == threads.key(thread.posts[0])
        assert {p.network for p in thread.posts} == {thread.network}


@given(any_posts(), st.randoms(use_true_random=False))
def test_without_circles_and_ties_the_order_of_the_source_means_nothing(
    posts: list[Post], chance: random.Random
) -> None:
    named = [
        Post(p.id, "bluesky", "", f"2024-01-{n + 1:02}", reply_to=p.reply_to)
        for n, p in enumerate(posts)
        if p.reply_to is None or not p.reply_to.isdigit() or int(p.reply_to) < n
    ]
    mixed = chance.sample(named, len(named))
    assert set(threads.group(mixed)) == set(threads.group(named))


@given(any_posts())
def test_a_parent_stands_above_its_replies_unless_they_go_in_a_circle(posts: list[Post]) -> None:
    straight = [p for p in posts if p.reply_to is None or p.reply_to > p.id]
    for thread in threads.group(straight):
        place = {p.id: n for n, p in enumerate(thread.posts)}
        for p in thread.posts:
            if p.reply_to in place:
                assert place[p.reply_to] < place[p.id]


@given(any_posts())
def test_ordering_again_changes_nothing(posts: list[Post]) -> None:
    for thread in threads.group(posts):
        if thread.posts[0].reply_to is None:
            assert threads.sort_posts(thread.posts) == thread.posts


def test_a_branch_is_read_to_its_end_before_the_next() -> None:
    posts = [
        post("root"), post("b", "root", 2), post("a", "root", 1), post("b1", "b", 3), post("a1", "a", 9),
    ]  # fmt: skip
    assert grouped(*posts) == [["root", "a", "a1", "b", "b1"]]


def test_unknown_times_come_last_and_ties_keep_the_order_of_the_source() -> None:
    replies = [post("u", "root", None), post("y", "root", 5), post("x", "root", 5)]
    assert grouped(post("root"), *replies) == [["root", "y", "x", "u"]]


def test_threads_come_in_the_order_of_the_source() -> None:
    assert grouped(post("new", None, 9), post("old", None, 1), post("re", "new", 3)) == [
        ["new", "re"], ["old"],
    ]  # fmt: skip


def test_a_missing_parent_makes_a_root_and_same_ids_elsewhere_are_others() -> None:
    there = post("a", network="mastodon")
    found = threads.group([post("re", "gone"), post("b", "a"), there])
    assert found == (
        Thread("re", "bluesky", (post("re", "gone"),)),
        Thread("b", "bluesky", (post("b", "a"),)),
        Thread("a", "mastodon", (there,)),
    )


def test_a_circle_begins_where_it_is_met_first() -> None:
    assert grouped(post("a", "b"), post("b", "c"), post("c", "a"), post("d", "d")) == [
        ["a", "c", "b"], ["d"],
    ]  # fmt: skip


def test_time_zones_count() -> None:
    early = Post("early", "bluesky", "", "2024-01-01T10:30:00+02:00", reply_to="root")
    late = Post("late", "bluesky", "", "2024-01-01T09:00:00Z", reply_to="root")
    assert grouped(post("root"), late, early) == [["root", "early", "late"]]


def test_ten_thousand_replies_to_replies_are_one_thread() -> None:
    names = [f"{n:05}" for n in range(10_000)]
    chain = [post(names[0]), *(post(name, above) for above, name in pairwise(names))]
    assert grouped(*reversed(chain)) == [names]
    circle = [post(names[0], names[-1]), *chain[1:]]
    assert sorted(grouped(*circle)[0]) == names


def test_nothing_is_no_thread() -> None:
    assert threads.group([]) == ()
