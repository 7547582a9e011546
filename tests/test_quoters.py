"""A post names the posts of the archive that quote it, and keeps up with them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from test_build import ADA, cold, site, thread
from trees import differences, tree

from sitegen.config.schema import Config
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.model import Author, Thread
from sitegen.site import build as builds

BO = Author("bo.example", "did:bo", "Bo")


def quoting(identity: str, *quoted: str, author: Author = BO, day: int = 3) -> Thread:
    """Return a thread whose posts quote these posts; "" quotes none."""
    made = thread(identity, *(f"See {name}" for name in quoted), day=day)
    posts = [
        replace(post, quote_of=name or None, author=author)
        for post, name in zip(made.posts, quoted, strict=True)
    ]
    return Thread(made.id, "bluesky", tuple(posts))


def listed(config: Config, name: str) -> dict[str, list[str]]:
    """Return the words with which each post of a page names those that quote it."""
    text = (config.output / name).read_text("utf-8")
    found = {}
    for article in re.findall(r"<article .*?</article>", text, re.S):
        lines = re.findall(r'<li><a href="([^"]*)">(Quoted .*?)</a></li>', article)
        folded = re.findall(r'<details class="quoted-by"><summary>(.*?)</summary>', article)
        identity = re.findall(r'id="post-(\w+)"', article)[0]
        found[identity] = folded + [
            f"{re.sub('<[^>]*>', '', words)}: {href}" for href, words in lines
        ]
    return {identity: lines for identity, lines in found.items() if lines}


def test_a_quoted_post_names_who_quotes_it(tmp_path: Path) -> None:
    undated = quoting("u", "a1", author=Author())
    undated = Thread("u0", "bluesky", (replace(undated.posts[0], created_at=None),))
    nobody = quoting("n", "a1", author=Author(), day=6)
    config = site(
        tmp_path, thread("a", "One", "Two", "Three"), quoting("b", "", "a1", day=5), undated, nobody,
        quoting("c", "a0", author=ADA), quoting("d", "gone"), quoting("e", "e0", "e0"),
        *[quoting(f"f{n}x", "a2", day=7 + n) for n in range(4)],
    )  # fmt: skip
    builds.build(config)
    assert listed(config, "thread/bluesky-a0.html") == {
        "a0": ["Quoted by @ada.example on 4 January 2024: ../thread/bluesky-c0.html"],
        "a1": [
            "Quoted by @bo.example on 6 January 2024: ../thread/bluesky-b1.html",
            "Quoted on 7 January 2024: ../thread/bluesky-n0.html",
            "Quoted by another post: ../thread/bluesky-u0.html",
        ],
        "a2": [
            "Quoted by 4 posts in this archive",
            *[
                f"Quoted by @bo.example on {8 + n} January 2024: ../thread/bluesky-f{n}x0.html"
                for n in range(4)
            ],
        ],
    }
    assert listed(config, "thread/bluesky-d0.html") == {}
    assert listed(config, "thread/bluesky-e0.html")["e0"][1:] == [
        "Quoted by @bo.example on 4 January 2024: ../thread/bluesky-e1.html"
    ]


def test_a_repost_and_a_reply_are_no_quotes(tmp_path: Path) -> None:
    repost = replace(thread("r", "").posts[0], repost_of="a0", author=BO)
    reply = replace(thread("s", "So it is").posts[0], reply_to="a0", author=BO)
    config = site(
        tmp_path, thread("a", "One"), *[Thread(p.id, "bluesky", (p,)) for p in (repost, reply)]
    )
    builds.build(config)
    assert listed(config, "thread/bluesky-a0.html") == {}


def test_a_page_of_a_long_thread_names_those_of_its_own_posts(tmp_path: Path) -> None:
    config = site(
        tmp_path, thread("a", *"12345"), quoting("b", "a0", "a3"), toml="[build]\nthread_size = 2\n"
    )
    builds.build(config)
    found = [listed(config, f"thread/bluesky-a0{name}.html").keys() for name in ("", "/2", "/3")]
    assert found == [{"a0"}, {"a3"}, set()]


CHANGES = {
    "a quote that comes": lambda root: store.write(
        store.merge(ArchiveIndex(root / "content"), (quoting("c", "a0", "a1"),), ())
    ),
    "a quote that goes": lambda root: _edit(root, '"quote_of": "a0"', '"quote_of": "gone"'),
    "a quote of another post": lambda root: _edit(root, '"quote_of": "a0"', '"quote_of": "a1"'),
    "its author": lambda root: _edit(root, "bo.example", "eve.example"),
    "its time": lambda root: _edit(root, "2024-01-04T10", "2024-02-09T10"),
    "its words": lambda root: _edit(root, "\nSee a0", "\nLook at a0"),
    "a hidden quote": lambda root: _edit(root, '{"id": "b0"', '{"id": "b0", "hide": true'),
    "a hidden thread": lambda root: _edit(root, "\nnetwork:", "\nhide: true\nnetwork:"),
    "a quoted post that is hidden": lambda root: _edit(
        root, '{"id": "a0"', '{"id": "a0", "hide": true', "one"
    ),
    "a quoting thread that goes": lambda root: _file(root, "see").unlink(),
}  # fmt: skip


UNCHANGED = ("its words", "a quoted post that is hidden")  # the second leaves no such page


def _file(root: Path, word: str) -> Path:
    return next(
        path for path in sorted(root.rglob("content/threads/*/*.md")) if f"-{word}-" in path.name
    )


def _edit(root: Path, old: str, new: str, word: str = "see") -> None:
    path = _file(root, word)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize("name", CHANGES)
def test_a_quoted_page_follows_its_quotes(tmp_path: Path, name: str) -> None:
    config = site(
        tmp_path, thread("a", "One fog", "Two"), quoting("b", "a0", ""), thread("z", "More")
    )
    builds.build(config)
    CHANGES[name](tmp_path)
    written = builds.build(config).written
    assert not differences(tree(config.output), cold(config))
    assert ("thread/bluesky-a0.html" in written) == (name not in UNCHANGED)


@settings(max_examples=max(2, settings().max_examples // 4))
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(["a0", "b0", "b1", "c0", "gone", ""])),
        min_size=1, max_size=4,
    )
)  # fmt: skip
def test_quotes_made_one_after_another_are_as_those_made_at_once(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, str]]
) -> None:
    threads = [quoting("a", ""), quoting("b", "", ""), quoting("c", "")]
    config = site(tmp_path_factory.mktemp("site"), *threads)
    builds.build(config)
    for which, quoted in changes:
        root, *rest = threads[which].posts
        changed = replace(root, quote_of=quoted or None)
        threads[which] = Thread(root.id, "bluesky", (changed, *rest))
        store.write(store.merge(ArchiveIndex(config.content), (threads[which],), ()))
        builds.build(config)
    assert not differences(tree(config.output), cold(config))
