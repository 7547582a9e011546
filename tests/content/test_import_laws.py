"""Whatever comes, goes and comes again, and whatever a person does between: laws of imports."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from trees import differences, tree

from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.changeset.vanished import Policy, VanishedOptions
from sitegen.content.format import thread_file
from sitegen.content.format.stored import stored_posts
from sitegen.model import Author, Post, Thread, Version

ADA, BO = Author("ada.example", "did:ada", "Ada"), Author("bo.example", "did:bo")
WORDS: st.SearchStrategy[Policy] = st.sampled_from(["keep", "mark", "purge"])
KEEP: Policy = "keep"
PURGE: Policy = "purge"
BODY = re.compile(r"(<!-- post (\S+) -->\n\n?)")


def meaning(at: Path) -> list[tuple[object, ...]]:
    """Return what the files of a folder say, in whatever order."""
    files = [thread_file.read(str(path), path.read_text("utf-8")) for path in at.rglob("*.md")]
    found = [
        ({k: v for k, v in f.fields.items() if k != "posts"}, f.records, f.sections, f.written)
        for f in files
    ]
    return sorted(found, key=str)


@contextmanager
def folder() -> Iterator[Path]:
    """Give an empty folder."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def bring(at: Path, threads: tuple[Thread, ...], policy: Policy) -> store.Changes:
    """Import what an account's full export has."""
    complete = ((thread.network, "did:ada") for thread in threads)
    options = store.MergeOptions(vanished=VanishedOptions(policy, tuple({*complete})))
    changes = store.merge(ArchiveIndex(at), threads, (), options=options)
    store.write(changes)
    return changes


KINDS = st.tuples(
    st.sampled_from([ADA, ADA, ADA, BO, Author("cy.example"), Author()]),
    st.sampled_from(["", "Fog", "Fog *and* mist\n\n1. Dew", "https://example.org/a  "]),
    st.sampled_from([(), ("sky",), ("sky", "fog")]),
    st.sampled_from([None, "2025-02-11", "2025-02-11T02:02:02Z"]),
    st.booleans(),
)


@st.composite
def accounts(draw: st.DrawFn) -> tuple[Thread, ...]:
    """Return the posts of an account, and answers by others, as a source has them."""
    kinds = draw(st.lists(KINDS, min_size=1, max_size=6))
    posts = [
        Post(
            "abcdef"[number], "bluesky", text, when, author, tags=tags,
            history=(Version("Of old"),) if is_rich else (), langs=("en",) if is_rich else (),
        )
        for number, (author, text, tags, when, is_rich) in enumerate(kinds)
    ]  # fmt: skip
    ends = sorted(draw(st.sets(st.integers(1, len(posts)), max_size=2)) | {len(posts)})
    cut = [posts[a:b] for a, b in pairwise([0, *ends])]
    return tuple(Thread(each[0].id, "bluesky", tuple(each)) for each in cut)


def of(threads: tuple[Thread, ...], posts: set[str], apart: bool) -> tuple[Thread, ...]:
    """Return the threads with some of their posts, whole or fallen apart."""
    found = []
    for each in threads:
        left = tuple(post for post in each.posts if post.id in posts)
        parts = [(post,) for post in left] if apart else [left] if left else []
        found += [Thread(part[0].id, each.network, part) for part in parts]
    return tuple(found)


@st.composite
def seen_in_part(
    draw: st.DrawFn,
) -> tuple[tuple[Thread, ...], list[tuple[tuple[Thread, ...], Policy]]]:
    """Return an account's posts, and imports of some of them."""
    whole = draw(accounts())
    ids = [post.id for thread in whole for post in thread.posts]
    some = st.sets(st.sampled_from(ids))
    times = draw(st.lists(st.tuples(some, st.booleans(), WORDS), min_size=1, max_size=3))
    return whole, [(of(whole, posts, apart), policy) for posts, apart, policy in times]


@given(seen_in_part(), WORDS)
def test_what_comes_back_is_as_if_it_had_always_been_there(
    seen: tuple[tuple[Thread, ...], list[tuple[tuple[Thread, ...], Policy]]], policy: Policy
) -> None:
    """But for the names of files, and the order of posts, which are a person's to choose."""
    whole, times = seen
    with folder() as at, folder() as other:
        bring(at, whole, policy)
        for part, each in times:
            bring(at, part, each)
        bring(at, whole, policy)
        bring(other, whole, policy)
        assert meaning(at) == meaning(other)


@given(seen_in_part())
def test_each_import_again_changes_nothing(
    seen: tuple[tuple[Thread, ...], list[tuple[tuple[Thread, ...], Policy]]],
) -> None:
    whole, times = seen
    with folder() as at:
        bring(at, whole, "keep")
        for part, policy in times:
            bring(at, part, policy)
            before = tree(at)
            again = bring(at, part, policy)
            assert not differences(tree(at), before)
            assert (again.created, again.updated, again.removed) == ({}, {}, ())


@given(seen_in_part())
def test_only_the_account_s_own_posts_go_and_nothing_else_is_touched(
    seen: tuple[tuple[Thread, ...], list[tuple[tuple[Thread, ...], Policy]]],
) -> None:
    whole, times = seen
    known = {post.id: post for thread in whole for post in thread.posts}
    with folder() as at:
        bring(at, whole, "keep")
        for part, policy in times:
            changes = bring(at, part, policy)
            here = {post.id for thread in part for post in thread.posts}
            gone = {each.id for each in changes.vanished if each.fate == "purged"}
            assert not gone & here
            assert all(known[identity].author == ADA for identity in gone)
            stand = {
                i for path in at.rglob("*.md") for _, i in BODY.findall(path.read_text("utf-8"))
            }
            assert len(stand) >= len(here)
            if policy != "purge":
                assert not gone


def authors_in(at: Path) -> dict[str, Author]:
    """Return who wrote each post, as the files of a folder tell it."""
    files = [thread_file.read(str(path), path.read_text("utf-8")) for path in at.rglob("*.md")]
    posts = [stored.post for file in files for stored in stored_posts(file)]
    return {post.id: post.author for post in posts}


def telling_handles_alone(threads: tuple[Thread, ...], posts: set[str]) -> tuple[Thread, ...]:
    """Return threads that of some posts' authors know no more than the handle."""
    return tuple(
        replace(
            thread,
            posts=tuple(
                replace(p, author=Author(p.author.handle)) if p.id in posts else p
                for p in thread.posts
            ),
        )
        for thread in threads
    )


@given(seen_in_part())
def test_each_post_has_the_author_who_wrote_it(
    seen: tuple[tuple[Thread, ...], list[tuple[tuple[Thread, ...], Policy]]],
) -> None:
    """Whichever part of a thread came first, and whoever leads it by now."""
    whole, times = seen
    known = {post.id: post.author for thread in whole for post in thread.posts}
    with folder() as at:
        for part, policy in [*times, (whole, KEEP)]:
            bring(at, part, policy)
            authors = authors_in(at)
            assert authors == {identity: known[identity] for identity in authors}


WROTE = {"a": ADA, "b": BO, "c": Author("cy.example"), "d": ADA, "e": ADA}


def threads(*said: str) -> tuple[Thread, ...]:
    """Return threads of empty posts: "bc" is one of Bo's post b and Cy's post c."""
    posts = {i: Post(i, "bluesky", author=author) for i, author in WROTE.items()}
    return tuple(Thread(ids[0], "bluesky", tuple(posts[i] for i in ids)) for ids in said)


@pytest.mark.parametrize(
    ("imports", "policy", "stays"),
    [
        ([["ad"], ["cad"]], "keep", "cad"),
        ([["ad"], ["bad"]], "keep", "bad"),
        ([["ad"], ["ca"]], "keep", "cad"),
        ([["ad"], ["ba"]], "keep", "bad"),
        ([["ae"], ["ce"], ["caed"]], "keep", "aced"),
        ([["acd"], ["cd"]], "purge", "cd"),
        ([["acd"], ["cd"], ["a"]], "purge", "ac"),
        ([["ad", "c"], ["cad"]], "keep", "cad"),
    ],
)
def test_who_leads_a_thread_does_not_get_what_others_wrote(
    imports: list[list[str]], policy: Policy, stays: str
) -> None:
    with folder() as at:
        for each in imports:
            bring(at, threads(*each), policy)
        assert authors_in(at) == {identity: WROTE[identity] for identity in stays}


@given(seen_in_part(), st.lists(st.sets(st.sampled_from("abcdef")), min_size=4, max_size=4))
def test_who_is_known_stays_known_whichever_source_knows_less(
    seen: tuple[tuple[Thread, ...], list[tuple[tuple[Thread, ...], Policy]]], less: list[set[str]]
) -> None:
    whole, times = seen
    known = {post.id: post.author for thread in whole for post in thread.posts}
    full: set[str] = set()
    with folder() as at:
        for (part, policy), few in zip([*times, (whole, KEEP)], less, strict=False):
            bring(at, telling_handles_alone(part, few), policy)
            authors = authors_in(at)
            brought = {post.id for thread in part for post in thread.posts}
            full = (full | (brought - few)) & authors.keys()
            for identity, author in authors.items():
                handle = Author(known[identity].handle)
                assert author == known[identity] or (author == handle and identity not in full)


EDITS = st.sampled_from(["text", "line", "preamble", "key", "title", "comment"])


def edited(path: Path, kind: str, place: int, number: int) -> str | None:
    """Let a person write something into a file; return what is to be found for good."""
    text = path.read_text("utf-8")
    words = f"Mine{number}."
    head, separator, body = text.removeprefix("---\n").partition("\n---\n")
    bodies = [*BODY.finditer(body)]
    lines = [n for n, line in enumerate(head.split("\n")) if line.startswith('  - {"id": ')]
    if kind == "text":
        at = bodies[place % len(bodies)].end()
        body = f"{body[:at]}{words}\n\n{body[at:]}"
    elif kind == "line":
        listed = head.split("\n")
        at = lines[place % len(lines)]
        line = json.loads(listed[at].removeprefix("  - "))
        line["extra"] = {**line.get("extra", {}), f"note{number}": words}
        listed[at] = f"  - {json.dumps(line, ensure_ascii=False)}"
        head = "\n".join(listed)
    elif kind == "preamble":
        body = f"\n{words}\n{body}"
    elif kind == "title":
        if not head.startswith('title: "'):
            return None
        head = 'title: "' + words + head.removeprefix('title: "')
    else:
        head = f"{head}\n" + (f"# {words}" if kind == "comment" else f"mine{number}: {words}")
    path.write_text(f"---\n{head}{separator}{body}", "utf-8", newline="")
    return words


PERSON = st.tuples(EDITS, st.integers(0, 5), st.integers(0, 5))


@given(seen_in_part(), st.lists(st.lists(PERSON, max_size=2), min_size=4, max_size=4))
def test_what_a_person_writes_is_never_lost(
    seen: tuple[tuple[Thread, ...], list[tuple[tuple[Thread, ...], Policy]]],
    edits: list[list[tuple[str, int, int]]],
) -> None:
    whole, times = seen
    written: list[str] = []
    with folder() as at:
        for (part, policy), doings in zip(
            [(whole, KEEP), *times, (whole, PURGE)], edits, strict=False
        ):
            bring(at, part, policy)
            for kind, which, place in doings:
                if paths := sorted(at.rglob("*.md")):
                    words = edited(paths[which % len(paths)], kind, place, len(written))
                    written += [words] if words else []
            bring(at, part, policy)
            kept = "".join(
                path.read_text("utf-8") for path in [*at.rglob("*.md"), *at.rglob("*.joined*")]
            )
            assert [words for words in written if words not in kept] == []
