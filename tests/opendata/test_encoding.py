"""Half of a surrogate pair, which UTF-8 cannot hold, and bytes that are not UTF-8, break no export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from msgspec.structs import replace
from opendata.test_anonymous_files import post
from test_build import site
from test_cli import Sitegen, lines, sitegen, write

from sitegen.config.schema import Config
from sitegen.model import Thread
from sitegen.opendata import export, output_files
from sitegen.opendata.request import Audience, Contents, Format, Request

__all__ = ["sitegen"]  # a fixture
HALF = "fog\ud800"


def archive(folder: Path) -> Config:
    """Return a site of posts that have half of a pair in each text, but in no name of an account."""
    nobody: dict[str, Any] = {"mentions": (), "elsewhere": (), "also": ()}
    posts = [replace(post(number, HALF), **nobody) for number in range(1, 13)]
    return site(folder, *(Thread(each.id, each.network, (each,)) for each in posts))


KINDS = (
    *[(audience, "posts", form) for audience in get_args(Audience) for form in ("jsonl", "csv")],
    *[("anonymous", "counts", form) for form in ("jsonl", "csv")],
)


@pytest.mark.parametrize(("audience", "contents", "form"), KINDS)
def test_any_export_is_utf8(
    tmp_path: Path, audience: Audience, contents: Contents, form: Format
) -> None:
    config = archive(tmp_path / "site")
    request = Request(audience, contents, form)
    written = output_files.write_export(
        export.prepare(config, request), tmp_path / f"open.{form}", form
    )
    texts = {path.name: path.read_text("utf-8-sig") for path in written}
    assert len(texts) == (1 if audience == "owner" else 3)
    if form == "csv":
        assert "fog\ufffd" in texts["open.csv"]
    else:
        found = [json.loads(line) for line in texts["open.jsonl"].splitlines()]
        assert {name for each in found for name in tags_or_name(each)} == {HALF}
    if audience != "owner":
        described = json.loads(texts["open.croissant.json"])
        assert ("fog\ufffd" in described["description"]) == (contents == "posts")


def tags_or_name(line: dict[str, Any]) -> list[str]:
    """Return the tags of a post, or the tag of a number of posts."""
    return line["tags"] if "tags" in line else [name for name in [line["name"]] if name]


@pytest.mark.parametrize(
    "audience", [(), ("--public",), ("--anonymous",), ("--anonymous", "--no-text")]
)
@pytest.mark.parametrize(("option", "text"), [("--query", "-fog\udcff"), ("--since", "2024\udcff")])
def test_a_query_that_is_not_utf8_is_refused(
    sitegen: Sitegen, tmp_path: Path, audience: tuple[str, ...], option: str, text: str
) -> None:
    write("posts.jsonl", lines({"id": "1", "network": "net", "text": "Fog"}))
    assert sitegen("import", "posts.jsonl").code == 0
    done = sitegen("export", *audience, "-o", "open.jsonl", option, text)
    what = f"{option}: is not UTF-8, at character 5"
    assert done.code == 2
    assert done.problems() == [(None, what, "type it in a terminal that writes UTF-8.")]
    assert not [*tmp_path.glob("open*")]


def test_a_name_that_is_not_utf8_can_be_in_no_data_card(sitegen: Sitegen, tmp_path: Path) -> None:
    write("posts.jsonl", lines({"id": "1", "network": "net", "text": "Fog"}))
    assert sitegen("import", "posts.jsonl").code == 0
    name = "open\udcff.jsonl"
    done = sitegen("export", "--public", "-o", name)
    what = "the data card cannot have the name open\\udcff.jsonl, which is not UTF-8"
    assert done.code == 2
    assert done.problems() == [(None, what, "choose another one, such as open.jsonl.")]
    assert sitegen("export", "-o", name).code == 0
    assert [path.name for path in tmp_path.glob("open*")] == [name]
