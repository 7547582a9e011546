"""Ids of feeds' items: the same on every day, in every order, and nobody else's."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.ingest.pipeline import DEFAULT_RULES, plan_import, write_plan
from sitegen.model import Post
from sitegen.sources import HEAD_BYTES, Options, Source
from sitegen.sources.feeds.importer import Feed

ITEM = "<item>{}<pubDate>Thu, 02 May 2019 {:02}:00:00 +0000</pubDate><description>{}</description></item>"
HEAD = "<title>Ferry</title><link>https://ferry.example/</link>"
TEXTS = ("Ten minutes late.", "No cars.", "霧です。", "雨です。", "No cars!", "A gull on the rail")


def guid(identifier: str) -> str:
    return f'<guid isPermaLink="false">{identifier}</guid>' if identifier else ""


def feed(*items: str) -> str:
    return f'<rss version="2.0"><channel>{HEAD}{"".join(items)}</channel></rss>'


def read(folder: Path, *items: str) -> list[Post]:
    path = folder / "feed.xml"
    path.write_text(feed(*items), "utf-8")
    found = Feed().read(Source(path, path.read_bytes()[:HEAD_BYTES]), Options())
    return [post for thread in found.threads for post in thread.posts]


def ids(posts: list[Post]) -> dict[str, str]:
    return {post.text: post.id for post in posts}


PLACEHOLDERS = (
    "N/A", "n/a", "none", "null", "nil", "undefined", "undefined-undefined-undefined", "-", "0", "-1", "?",
    "guid", "keine", "нет", "なし", "https://ferry.example", "http://www.ferry.example/", "https://",
    "https://elsewhere.example/", "00000000-0000-0000-0000-000000000000", "the feed has no ids",
)  # fmt: skip


@pytest.mark.parametrize("identifier", PLACEHOLDERS)
@pytest.mark.parametrize("link", ["", "<link>https://ferry.example/times</link>"])
def test_what_names_nothing_is_no_id_even_of_a_single_item(
    identifier: str, link: str, tmp_path: Path
) -> None:
    first = ITEM.format(guid(identifier) + link, 8, "Ten minutes late.")
    second = ITEM.format(guid(identifier) + link, 9, "No cars.")
    alone = ids(read(tmp_path, first)) | ids(read(tmp_path, second))
    assert alone == ids(read(tmp_path, second, first))
    assert len(set(alone.values())) == 2


@pytest.mark.parametrize(
    "identifier",
    [
        "tag:ferry.example,2019:1", "7", "board-7", "https://ferry.example/?p=7", "https://ferry.example/#7",
        "3f2b8c1e-77aa-4c1d-9d7b-0a1b2c3d4e5f", "first-light-at-the-pier", "late", "urn:isbn:978",
    ],
)  # fmt: skip
def test_what_can_name_an_item_is_its_id_though_its_text_changes(
    identifier: str, tmp_path: Path
) -> None:
    link = "<link>https://ferry.example/late</link>"
    before = read(tmp_path, ITEM.format(guid(identifier) + link, 8, "Late."))
    after = read(tmp_path, ITEM.format(guid(identifier) + link, 8, "Late, by ten minutes."))
    assert before[0].id == after[0].id
    assert identifier in before[0].id


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["N/A", "7", "8", ""]), st.integers(0, 3), st.sampled_from(TEXTS)
        ),
        max_size=7,
        unique_by=lambda item: item[1:],
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_items_changes_no_id(
    tmp_path_factory: pytest.TempPathFactory,
    items: list[tuple[str, int, str]],
    random: st.DataObject,
) -> None:
    folder = tmp_path_factory.mktemp("order")
    written = [ITEM.format(guid(identifier), hour, text) for identifier, hour, text in items]
    mixed = sorted(written, key=lambda _: random.random())  # type: ignore[attr-defined]
    expected = sorted((p.text, p.created_at, p.id) for p in read(folder, *written))
    assert sorted((p.text, p.created_at, p.id) for p in read(folder, *mixed)) == expected
    assert len({name for _, _, name in expected}) == len(items)


@given(st.lists(st.tuples(st.sampled_from(["N/A", ""]), st.integers(0, 3), st.sampled_from(TEXTS[:4])),
    max_size=6, unique_by=lambda item: item[1:]), st.integers(0, 6))  # fmt: skip
def test_items_in_several_files_have_the_ids_that_they_have_in_one(
    tmp_path_factory: pytest.TempPathFactory, items: list[tuple[str, int, str]], at: int
) -> None:
    folder = tmp_path_factory.mktemp("files")
    written = [ITEM.format(guid(identifier), hour, text) for identifier, hour, text in items]
    one = {post.id for post in read(folder, *written)}
    assert one == {p.id for part in (written[:at], written[at:]) for p in read(folder, *part)}


@pytest.mark.parametrize("identifier", ["N/A", "board-1", "https://ferry.example/board"])
def test_a_guid_of_one_item_today_and_of_two_tomorrow_loses_no_post(
    identifier: str, tmp_path: Path
) -> None:
    first = ITEM.format(guid(identifier), 8, "Ten minutes late.")
    second = ITEM.format(guid(identifier), 9, "No cars.")
    for items in ([first], [second, first], [second]):
        path = tmp_path / "day.xml"
        path.write_text(feed(*items), "utf-8")
        write_plan(plan_import(tmp_path / "content", [path], Options(), DEFAULT_RULES))
    files = (tmp_path / "content" / "threads").rglob("*.md")
    texts = [path.read_text("utf-8") for path in files]
    assert len(texts) == 2
    assert sum("Ten minutes late." in text for text in texts) == 1


@pytest.mark.parametrize("together", [False, True])
def test_an_item_never_takes_the_place_of_another_that_had_its_guid(
    together: bool, tmp_path: Path
) -> None:
    """A feed of one item, whose program writes the same guid every day."""
    days = []
    for hour, text in ((8, "Ten minutes late."), (9, "No cars."), (10, "Fog.")):
        path = tmp_path / f"{hour}.xml"
        path.write_text(feed(ITEM.format(guid("board-1"), hour, text)), "utf-8")
        days.append(path)
    for step in [days] if together else [[day] for day in (*days, *days)]:
        write_plan(plan_import(tmp_path / "content", step, Options(), DEFAULT_RULES))
    texts = [p.read_text("utf-8") for p in (tmp_path / "content" / "threads").rglob("*.md")]
    assert len(texts) == 3
    for text in ("Ten minutes late.", "No cars.", "Fog."):
        assert sum(text in file for file in texts) == 1


def test_an_item_that_was_edited_keeps_its_place(tmp_path: Path) -> None:
    for text in ("Ten minutes late.", "Ten minutes late, no cars."):
        path = tmp_path / "feed.xml"
        path.write_text(feed(ITEM.format(guid("board-1"), 8, text)), "utf-8")
        write_plan(plan_import(tmp_path / "content", [path], Options(), DEFAULT_RULES))
    assert len([*(tmp_path / "content" / "threads").rglob("*.md")]) == 1
