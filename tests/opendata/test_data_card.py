"""Data cards: what is beside a public or an anonymous export, for people and for programs."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from opendata.test_anonymous_sample import SAMPLE, Known, assert_no_name
from test_build import site
from test_cli import Sitegen, lines, sitegen, write

from sitegen.config.schema import Config, Site
from sitegen.errors import UsageError
from sitegen.model import Author, Counts, Media, Post, Thread
from sitegen.opendata import export, output_files
from sitegen.opendata.request import Request

__all__ = ["sitegen"]  # a fixture
POSTS = (
    Post("1", "net", "Fog", "2024-05-02T10:00:00Z", Author("ada.example", "7", "Ada"), tags=("fog",)),
    Post("2", "net", "Dew", "2024-05-03", Author("ada.example"), "1", counts=Counts(3), media=(Media("image", alt="Dew"),)),
)  # fmt: skip


def with_key(request: Request, key: Path) -> Request:
    """Return a request with the file of a key, if it is for pseudonyms."""
    has_pseudonyms = request.audience == "anonymous" and request.contents == "posts"
    return request._replace(key=key) if has_pseudonyms else request


def written(config: Config, path: Path, **options: Any) -> list[str]:
    """Write an export and return the names of its files."""
    form: Any = path.suffix[1:]
    request = with_key(Request(format=form, **options), path.parent.parent / "key")
    prepared = export.prepare(config, request)
    found = output_files.write(path, request.format, prepared.pieces, prepared.describe)
    return [each.name for each in found]


def archive(tmp_path: Path) -> Config:
    return site(
        tmp_path,
        Thread("1", "net", POSTS),
        toml='[site]\ntitle = "The *moor*"\nlicense = "CC-BY-4.0"\n',
    )


CARD = """\
# Posts of The \\*moor\\*

2 posts in 1 thread.

Written on the networks net.

The first is of 2024-05-02, the last of 2024-05-03.

## The file

`open.csv`: CSV (RFC 4180), UTF-8 with a byte order mark, for spreadsheets; SIZE bytes, SHA-256 `DIGEST`.

| Column | Type | |
|---|---|---|
| `id` | text | the post, on its network |
"""


def test_a_card_and_a_description_are_beside_a_public_export(tmp_path: Path) -> None:
    path = tmp_path / "out/open.csv"
    names = written(archive(tmp_path), path, audience="public")
    assert names == ["open.csv", "open.README.md", "open.croissant.json"]
    assert sorted(each.name for each in path.parent.iterdir()) == sorted(names)
    data = path.read_bytes()
    digest = sha256(data).hexdigest()
    card = (path.parent / "open.README.md").read_text("utf-8")
    assert card.startswith(CARD.replace("SIZE", f"{len(data):,}").replace("DIGEST", digest))
    assert "## Licence\n\n[CC-BY-4.0](https://spdx.org/licenses/CC-BY-4.0)\n" in card
    described = json.loads((path.parent / "open.croissant.json").read_text("utf-8"))
    assert described["distribution"][0]["sha256"] == digest
    assert described["license"] == "https://spdx.org/licenses/CC-BY-4.0"


@pytest.mark.parametrize("contents", ["posts", "counts"])
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_card_has_every_field_of_its_file(tmp_path: Path, form: str, contents: str) -> None:
    posts = tuple(
        Post(f"{n}", "net", f"Fog {n}", "2024-05-02", reply_to="0" if n else None) for n in range(9)
    )
    config = site(tmp_path, Thread("0", "net", posts))
    path = tmp_path / f"open.{form}"
    written(config, path, audience="anonymous", contents=contents)
    card = (tmp_path / "open.README.md").read_text("utf-8")
    listed = re.findall(r"(?m)^\| `([\w.]+)` \|", card)
    text = path.read_text("utf-8-sig")
    if form == "csv":
        assert listed == text.splitlines()[0].split(",")
    else:
        gone = {"url", "uncertain"}  # always null and empty
        assert {*json.loads(text.splitlines()[0])} - gone <= {
            name.partition(".")[0] for name in listed
        }
    described = json.loads((tmp_path / "open.croissant.json").read_text("utf-8"))
    fields = [field["source"]["extract"]["column"] for field in described["recordSet"][0]["field"]]
    assert {*fields} <= {name.partition(".")[0] for name in listed}
    assert form == "jsonl" or fields == listed


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("", "No licence is stated: without one, nobody may publish these posts again."),
        ("https://law.example/a_b", "https://law.example/a_b"),
        ("Ask me *first*", "Ask me \\*first\\*"),
        ("(c) Ada", "It is stated where the posts come from, and would name somebody here."),
    ],
)
def test_a_card_says_which_licence_there_is(tmp_path: Path, stated: str, said: str) -> None:
    config = archive(tmp_path)._replace(site=Site(license=stated))
    written(config, tmp_path / "open.jsonl", audience="anonymous")
    assert f"## Licence\n\n{said}\n" in (tmp_path / "open.README.md").read_text("utf-8")
    described = json.loads((tmp_path / "open.croissant.json").read_text("utf-8"))
    assert described.get("license", "") == ("" if "Ada" in stated else stated)


@pytest.mark.slow
def test_no_file_of_an_anonymous_export_of_the_sample_has_a_name(tmp_path: Path) -> None:
    known = Known.of(SAMPLE)
    licensed = SAMPLE._replace(site=SAMPLE.site._replace(license="© Ottilie Brandreth"))
    for number, contents in enumerate(("posts", "counts")):
        for form in ("jsonl", "csv"):
            path = tmp_path / f"{number}-{form}/open.{form}"
            for name in written(licensed, path, audience="anonymous", contents=contents):
                assert_no_name((path.parent / name).read_text("utf-8-sig"), known)


def test_a_card_says_that_a_query_chose_the_posts(tmp_path: Path) -> None:
    config = archive(tmp_path)
    for audience, said in (
        ("public", "There are more posts; these match the query: from:ada.example \\#fog"),
        ("anonymous", "There are more posts: these match a query."),
    ):
        written(config, tmp_path / "open.jsonl", audience=audience, query="from:ada.example #fog")
        assert f"\n\n{said}\n\n" in (tmp_path / "open.README.md").read_text("utf-8")


def test_the_same_posts_and_key_give_the_same_files(tmp_path: Path) -> None:
    config = archive(tmp_path)
    for options in (
        {"audience": "public"},
        {"audience": "anonymous"},
        {"audience": "anonymous", "contents": "counts"},
    ):
        path = tmp_path / "open.jsonl"
        found = []
        for _ in range(2):
            names = written(config, path, **options)
            found.append([(tmp_path / name).read_bytes() for name in names])
        assert found[0] == found[1]


def test_a_private_export_has_no_card(tmp_path: Path) -> None:
    config = archive(tmp_path)
    assert written(config, tmp_path / "all.jsonl") == ["all.jsonl"]
    assert written(config, tmp_path / "all.csv", query="fog") == ["all.csv"]


def test_no_old_file_changes_if_one_cannot_be_made(tmp_path: Path) -> None:
    path = tmp_path / "open.jsonl"
    path.write_text("old")

    def fail() -> Any:
        raise UsageError("no card")

    with pytest.raises(UsageError, match="no card"):
        output_files.write(path, "jsonl", [b"new"], fail)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("open.jsonl", "old")]


def test_the_name_of_an_anonymous_file_names_nobody(sitegen: Sitegen, tmp_path: Path) -> None:
    write(
        "posts.jsonl",
        lines({"id": "1", "network": "net", "text": "Fog", "author": {"handle": "ada.example"}}),
    )
    assert sitegen("import", "posts.jsonl").code == 0
    done = sitegen("export", "--anonymous", "-o", "by-ada.jsonl")
    assert (done.code, done.out) == (2, "")
    note, error = done.err.splitlines()
    assert note.startswith("note: made the key anonymous.key: ")
    assert error == (
        "error: the name by-ada.jsonl names somebody of the archive. hint: choose another one, such as open.jsonl."
    )
    assert not (tmp_path / "by-ada.jsonl").exists()


@pytest.mark.slow
@pytest.mark.datasets
@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
@pytest.mark.parametrize(
    ("audience", "contents"), [("public", "posts"), ("anonymous", "posts"), ("anonymous", "counts")]
)
def test_programs_read_an_export_by_its_description(
    tmp_path: Path, form: str, audience: str, contents: str
) -> None:
    path = tmp_path / f"open.{form}"
    licensed = SAMPLE._replace(
        site=SAMPLE.site._replace(license="CC0-1.0", base_url="https://moor.example/")
    )
    written(licensed, path, audience=audience, contents=contents)
    loaded = import_module("mlcroissant").Dataset(jsonld=str(tmp_path / "open.croissant.json"))
    assert not loaded.metadata.ctx.issues.errors
    name = "numbers" if contents == "counts" else "posts"
    records = [*loaded.records(name)]
    assert len(records) == (263 if name == "posts" else 8)
    first = records[0]
    if name == "posts":
        assert first["posts/position"] == 1
        assert first["posts/text"].startswith(
            b"Sky tonight" if audience == "public" else (b"Sky", b"Testing")
        )
    else:
        assert first["numbers/posts"] == 263
