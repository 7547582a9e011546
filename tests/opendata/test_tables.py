"""Exports as CSV and Parquet: every value comes back, and no cell is a formula."""

from __future__ import annotations

import csv
import io
import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from strategies import archives
from test_build import site

import sitegen
from sitegen.errors import OutputError, UsageError
from sitegen.model import (
    Author,
    Card,
    Counts,
    Media,
    Poll,
    PollOption,
    Post,
    Thread,
    Version,
)
from sitegen.opendata import columns, csv_table, parquet_table
from sitegen.opendata.columns import POST_COLUMNS, Row, row_of
from sitegen.opendata.counts import COUNT_COLUMNS
from sitegen.selection.queried_posts import Selected

FULL = Post(
    "7", "bluesky", '@ben.example "Fog",\nsays\r\nthe café', "2024-05-02T10:00:00.5+02:00",
    Author("ada.example", "did:ada", "-Ada"), "6", None, "5", links=("https://moor.example/a,b",),
    mentions=("ben.example",), tags=("fog", "a b"), langs=("en", "de"), warning="=1+1",
    media=(Media("image", "media/a.png", "'A dome"), Media("video")), sensitive=True,
    card=Card("The moor", "", "https://moor.example/"), counts=Counts(3, 0, None, 1),
    url="https://social.example/7", poll=Poll((PollOption("Yes", 4), PollOption("No"))),
    visibility="unlisted", vanished=True, edited_at="2024-05-03", history=(Version("Mist"),),
)  # fmt: skip
ROW = Selected(FULL, "6", 2, "reply", "2024-05-02")


def selected(threads: tuple[Thread, ...]) -> list[Selected]:
    """Return the posts of threads as an export selects them."""
    return [
        Selected(post, thread.id, at, "post", "")
        for thread in threads
        for at, post in enumerate(thread.posts, 1)
    ]


def as_csv(posts: list[Selected]) -> bytes:
    return b"".join(csv_table.encode(POST_COLUMNS, [row_of(POST_COLUMNS, each) for each in posts]))


def read_csv(data: bytes) -> list[dict[str, str]]:
    """Return the rows as docs/open-data.md says how to read them."""
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return [{name: cell.removeprefix("'") for name, cell in row.items()} for row in rows]


def test_a_post_as_csv() -> None:
    data = as_csv([ROW])
    assert data.startswith(b"\xef\xbb\xbfid,network,thread,position,kind,author_handle,")
    (row,) = read_csv(data)
    assert {name: cell for name, cell in row.items() if cell} == {
        "id": "7", "network": "bluesky", "thread": "6", "position": "2", "kind": "reply",
        "author_handle": "ada.example", "author_id": "did:ada", "author_name": "-Ada",
        "created_at": "2024-05-02T10:00:00.5+02:00", "edited_at": "2024-05-03",
        "text": '@ben.example "Fog",\nsays\r\nthe café', "warning": "=1+1", "reply_to": "6", "quote_of": "5",
        "links": '["https://moor.example/a,b"]', "mentions": '["ben.example"]', "tags": '["fog", "a b"]',
        "langs": '["en", "de"]', "media_kinds": '["image", "video"]', "media_paths": '["media/a.png", null]',
        "media_alts": '["\'A dome", null]', "sensitive": "true", "card_title": "The moor",
        "card_url": "https://moor.example/", "poll_options": '["Yes", "No"]', "poll_votes": "[4, null]",
        "likes": "3", "reposts": "0", "quotes": "1", "url": "https://social.example/7",
        "visibility": "unlisted", "vanished": "true",
    }  # fmt: skip


@given(archives())
def test_any_text_comes_back_from_csv_and_none_is_a_formula(threads: tuple[Thread, ...]) -> None:
    posts = selected(threads)
    data = as_csv(posts)
    for cells in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))]
    for row, each in zip(read_csv(data), posts, strict=True):
        for name, value in zip(row, row_of(POST_COLUMNS, each), strict=True):
            assert read_cell(row[name], value) == without_surrogates(value)


def read_cell(cell: str, value: object) -> object:
    """Return the value of a cell, of the type of the value that was written."""
    if isinstance(value, str):
        return cell
    if isinstance(value, tuple):
        return tuple(json.loads(cell)) if cell else ()
    if isinstance(value, bool):
        return {"true": True, "false": False}[cell]
    return int(cell) if cell else None


def without_surrogates(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(without_surrogates, value))
    if isinstance(value, str):
        return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in value)
    return value


def test_every_column_has_its_own_name_and_says_what_it_is() -> None:
    assert len({column.name for column in POST_COLUMNS}) == len(POST_COLUMNS)
    assert all(column.description for column in POST_COLUMNS)


def test_a_number_that_no_table_can_hold_is_an_error() -> None:
    post = Post("1", "net", counts=Counts(likes=2**63))
    with pytest.raises(OutputError, match="likes is 9223372036854775808, which is more"):
        row_of(POST_COLUMNS, Selected(post, "1", 1, "post", ""))


def test_parquet_without_its_library_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(UsageError) as raised:
        parquet_table.require()
    assert raised.value.hint == 'pip install "sitegen-archive[parquet]".'


def as_parquet(rows: list[Row]) -> bytes:
    return b"".join(parquet_table.encode(POST_COLUMNS, rows))


@pytest.mark.datasets
def test_a_post_as_parquet() -> None:
    data = as_parquet([row_of(POST_COLUMNS, ROW)])
    table = import_module("pyarrow.parquet").read_table(io.BytesIO(data))
    types = {"text": "string", "number": "int64", "flag": "bool", "time": "timestamp[us, tz=UTC]",
             "texts": "list<element: string>", "numbers": "list<element: int64>"}  # fmt: skip
    assert [str(field.type) for field in table.schema] == [types[c.type] for c in POST_COLUMNS]
    (row,) = table.to_pylist()
    assert row["created_at"].isoformat() == "2024-05-02T08:00:00.500000+00:00"
    assert row["edited_at"].isoformat() == "2024-05-03T00:00:00+00:00"
    others = {c.name: c.value(ROW) for c in POST_COLUMNS if c.type != "time"}
    assert {
        n: tuple(v) if isinstance(v, list) else v for n, v in row.items() if n in others
    } == others


@pytest.mark.datasets
@given(archives())
def test_any_posts_fit_into_parquet_and_give_the_same_bytes(threads: tuple[Thread, ...]) -> None:
    rows = [row_of(POST_COLUMNS, each) for each in selected(threads)]
    data = as_parquet(rows)
    assert data == as_parquet(rows)
    table = import_module("pyarrow.parquet").read_table(io.BytesIO(data))
    assert table["text"].to_pylist() == [without_surrogates(row[10]) for row in rows]


@pytest.mark.datasets
def test_parquet_of_many_groups_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_table, "ROWS_PER_GROUP", 3)
    pieces = [*parquet_table.encode(POST_COLUMNS, [row_of(POST_COLUMNS, ROW)] * 8)]
    assert len(pieces) == 4
    read = import_module("pyarrow.parquet").ParquetFile(io.BytesIO(b"".join(pieces)))
    assert (read.num_row_groups, read.metadata.num_rows) == (3, 8)


def test_an_archive_as_csv_has_nothing_that_is_hidden(tmp_path: Path) -> None:
    config = site(tmp_path, Thread("a", "net", (Post("a", "net", "Fog"), Post("b", "net", "Dew", reply_to="a"))))  # fmt: skip
    (path,) = config.content.glob("threads/**/*.md")
    path.write_text(
        path.read_text("utf-8").replace('{"id": "a"', '{"id": "a", "hide": true'), "utf-8"
    )
    (row,) = read_csv(sitegen.export_posts(config, format="csv").encode())
    assert (row["id"], row["thread"], row["reply_to"], row["kind"]) == ("b", "b", "", "post")
    assert columns.POST_COLUMNS[4].name == "kind"


def test_the_page_of_open_data_has_every_column_and_its_example_reads_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (Path(__file__).parent.parent.parent / "docs/open-data.md").read_text("utf-8")
    named = re.findall(r"`(\w+)`", page)
    assert [name for name in named if name in {c.name for c in POST_COLUMNS}][
        : len(POST_COLUMNS)
    ] == [column.name for column in POST_COLUMNS]
    assert {column.name for column in COUNT_COLUMNS} <= {*named}
    monkeypatch.chdir(tmp_path)
    (tmp_path / "open.csv").write_bytes(as_csv([ROW]))
    values: dict[str, Any] = {}
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(example, values)
    assert values["rows"][0]["text"] == FULL.text
