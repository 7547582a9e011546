"""The real page that began it all, against a truth made by hand; skipped where it is not at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sitegen.model import Post
from sitegen.sources import HEAD_BYTES, Imported, Options, Source
from sitegen.sources.page_text.importer import PageText
from sitegen.text.charset_repair import repair

SEED = Path(__file__).resolve().parents[2] / "shared" / "seed"
ACCOUNT = "alextamkin.bsky.social"
DOUBTED = {10, 11, 14, 21, 23}

pytestmark = pytest.mark.skipif(not (SEED / "truth.json").exists(), reason="no seed here")


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    """Return the ground truth."""
    found: dict[str, Any] = json.loads((SEED / "truth.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def seed(truth: dict[str, Any]) -> Path:
    """Return the path of the page."""
    return SEED / str(truth["source"]["file"])


@pytest.fixture(scope="module")
def imported(seed: Path) -> Imported:
    """Import the page."""
    return read(seed, ACCOUNT)


def read(path: Path, account: str | None) -> Imported:
    """Import a page as the command does."""
    source = Source(path, path.read_bytes()[:HEAD_BYTES])
    assert PageText().detect(source) == "the text of a profile page"
    return PageText().read(source, Options(account))


def posts(imported: Imported) -> Iterator[Post]:
    """Yield every post."""
    for thread in imported.threads:
        yield from thread.posts


def by_text(imported: Imported) -> dict[tuple[str | None, str], Post]:
    """Index the posts by what the truth knows of them."""
    return {(post.created_at, post.text): post for post in posts(imported)}


def true_posts(truth: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the true posts without the one that stands twice."""
    return [post for post in truth["posts"] if not post["duplicate_of"]]


def found_post(imported: Imported, wanted: dict[str, Any]) -> Post:
    """Return the imported post for a true one."""
    return by_text(imported)[wanted["timestamp"], "\n".join(wanted["text_lines"])]


def test_the_text_is_repaired_byte_for_byte(seed: Path) -> None:
    damaged = seed.read_bytes().decode()
    repaired = repair(damaged)
    assert repaired.text.encode() == (SEED / "repaired.txt").read_bytes()
    assert repaired.damaged() == damaged
    assert [repaired.text.count("\n", 0, mark.position) + 1 for mark in repaired.marks] == [39, 104]
    assert [mark.damaged for mark in repaired.marks] == ["π", "π±"]


def test_every_post_with_its_words_counts_and_attachments(
    imported: Imported, truth: dict[str, Any]
) -> None:
    shown = {
        (
            post.created_at,
            post.text,
            (post.counts.likes, post.counts.reposts, post.counts.replies, post.counts.quotes),
            tuple(media.alt for media in post.media),
            (post.card.title, post.card.description) if post.card else None,
            post.mentions,
            post.cut_links,
        )
        for post in posts(imported)
    }
    assert shown == {true_post(wanted) for wanted in true_posts(truth)}
    assert len(list(posts(imported))) == truth["invariants"]["distinct_posts"]


def true_post(wanted: dict[str, Any]) -> tuple[object, ...]:
    """Return what a true post must show."""
    embed = wanted["embed"] or {"kind": None}
    card = (embed["title"], embed["description"]) if embed["kind"] == "external-card" else None
    return (
        wanted["timestamp"],
        "\n".join(wanted["text_lines"]),
        tuple(wanted[name] for name in ("likes", "reposts", "replies", "quotes")),
        (embed["alt"],) if embed["kind"] == "image-alt" else (),
        card,
        tuple(wanted["mentions"]),
        tuple(link["display"] for link in wanted["links"] if link["truncated"]),
    )


def test_threads_are_whole_and_in_order(imported: Imported, truth: dict[str, Any]) -> None:
    by_number = {post["n"]: found_post(imported, post).id for post in true_posts(truth)}
    wanted = {tuple(by_number[n] for n in t["root_first"]) for t in truth["threads"].values()}
    wanted |= {(by_number[n],) for n in truth["standalone"]}
    assert {tuple(post.id for post in thread.posts) for thread in imported.threads} == wanted
    for thread in imported.threads:
        assert thread.id == thread.posts[0].id
        above = [None, *(post.id for post in thread.posts[:-1])]
        assert [post.reply_to for post in thread.posts] == above


def test_only_a_whole_display_becomes_a_link(imported: Imported, truth: dict[str, Any]) -> None:
    links = [link for post in true_posts(truth) for link in post["links"]]
    urls = [link["url"] for link in links if link["url"]]
    assert [url for post in posts(imported) for url in post.links] == urls
    cards = [post.card.url for post in posts(imported) if post.card]
    assert sorted(cards, key=str) == [None, *urls] or sorted(cards, key=str) == [*urls, None]
    for post in posts(imported):
        for display in post.cut_links:
            assert not any(display.rstrip(".") in facet.value for facet in post.facets)


def test_doubts_are_said_where_there_are_any(imported: Imported, truth: dict[str, Any]) -> None:
    doubted = {p["n"] for p in true_posts(truth) if found_post(imported, p).uncertain}
    assert doubted == DOUBTED
    for post in posts(imported):
        assert post.author.handle == (None if post.uncertain else ACCOUNT)
        assert all(reason.endswith(".") for reason in post.uncertain)


def test_every_record_is_accounted_for(imported: Imported, truth: dict[str, Any]) -> None:
    assert imported.records == truth["invariants"]["stats_lines"]
    assert imported.records == len(list(posts(imported))) + len(imported.exclusions)
    (exclusion,) = imported.exclusions
    original = next(p for p in truth["posts"] if p["n"] == truth["duplicates"][0]["of"])
    assert exclusion.reason == "repost of oneself"
    assert exclusion.detail == found_post(imported, original).id
    totals = [
        sum(getattr(post.counts, name) or 0 for post in posts(imported))
        for name in ("likes", "reposts", "replies", "quotes")
    ]
    assert totals == [327, 61, 30, 22]


def test_every_description_of_a_person(imported: Imported, truth: dict[str, Any]) -> None:
    owner, *followed = imported.profiles
    assert (owner.id, owner.handle) == (ACCOUNT, ACCOUNT)
    assert [bio.bio for bio in followed] == ["\n".join(bio["text"]) for bio in truth["bios"]]
    assert {bio.followed_by for bio in followed} == {ACCOUNT}
    assert len({bio.id for bio in followed}) == truth["invariants"]["bios"]


def test_without_an_account_the_note_names_who_it_may_be(seed: Path) -> None:
    imported = read(seed, None)
    assert {post.author.handle for post in posts(imported)} == {None}
    assert any(f"@{ACCOUNT}" in note for note in imported.notes)


def test_the_repaired_page_has_the_same_ids(imported: Imported) -> None:
    again = read(SEED / "repaired.txt", ACCOUNT)
    assert [t.id for t in again.threads] == [t.id for t in imported.threads]
    assert list(posts(again)) == list(posts(imported))
    assert [p.id for p in again.profiles] == [p.id for p in imported.profiles]
