"""No file of an anonymous export, its data card included, has what names somebody in any field."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from opendata.test_anonymous import paths, values
from opendata.test_data_card import with_key
from test_build import site

from sitegen import exchange
from sitegen.config.schema import Config
from sitegen.exchange.record import Record
from sitegen.model import (
    Author,
    Card,
    Elsewhere,
    Facet,
    Media,
    Poll,
    PollOption,
    Post,
    Thread,
    Version,
)
from sitegen.opendata import export, output_files
from sitegen.opendata.request import Contents, Format, Request
from sitegen.query.folding import fold
from sitegen.topics import found_file
from sitegen.topics.found_file import Recorded
from sitegen.topics.topic import Topic

QUILLON = Author("quillon.vasterby.example", "did:plc:quillonvasterby9", "Quillon Vasterby")
# What may name somebody: of an account of the archive, then of people without one.
NAMING = (
    "Quillon Vasterby", "quillon.vasterby.example", "@Vasterby", "did:plc:quillonvasterby9",
    "https://quillon.vasterby.example/about", "QuillonVasterby",
    "mirabel@dornfeld.example", "@mirabel_dornfeld", "did:web:mirabel-dornfeld", "mailto:mirabel@dornfeld.example",
)  # fmt: skip
NAMES = re.compile("quillon|vasterby|mirabel|dornfeld")


def post(number: int, value: str) -> Post:
    """Return a post with a value in each field that may be any text."""
    other = Elsewhere(f"{value} {number}", value, Author(value, value, value), None, value)
    return Post(
        f"{value} {number}", value, f"Fog, {value}", f"2024-05-{number:02}", QUILLON,
        reply_to=f"{value} r", repost_of=f"{value} p", quote_of=f"{value} q",
        facets=(Facet(5, 5 + len(value), "tag", value),), links=(f"https://dew.example/{value}",),
        mentions=(value,), tags=(value,), cut_links=(value,), media=(Media("image", f"media/{value}", value, value),),
        card=Card(value, value, f"https://dew.example/{value}", f"media/{value}"), warning=value, langs=(value,),
        url=value, uncertain=(value,), poll=Poll((PollOption(value),), value), edited_at=value,
        history=(Version(value, value),), elsewhere=(other,), also=(other,), extra=((value, json.dumps(value)),),
    )  # fmt: skip


def archive(folder: Path, value: str) -> Config:
    posts = [post(number, value) for number in range(1, 9)]
    texts = {
        "title": value, "description": value, "license": f"For {value}", "account": QUILLON.handle,
    }  # fmt: skip
    stated = "".join(f"{key} = {json.dumps(text)}\n" for key, text in texts.items())
    toml = f"[site]\n{stated}[topics]\nmin_authors = 1\n"
    config = site(folder, *(Thread(p.id, p.network, (p,)) for p in posts), toml=toml)
    found_file.write(config.content, Recorded((Topic(value, ("fog",)),), (), 0, 0))
    return config


# Fields without free text: words of the schema, numbers and times, and the author, who is always the same.
CLOSED = re.compile(
    r"(.*\.)?(author|position|created_at|edited_at|ends_at|visibility|sensitive|vanished"
    r"|counts|kind|state|start|end|votes|voters)(\..*)?"
)


def test_each_field_that_may_be_any_text_has_a_value() -> None:
    encoded = exchange.encode(post(1, "X"), "X 1", 1)
    named = [name for name in paths(Record) if not CLOSED.fullmatch(name)]
    assert len(named) > 30
    for name in named:
        assert "X" in json.dumps(values(encoded, name.split("."))), name


@pytest.mark.parametrize("value", NAMING)
def test_no_file_has_what_names_somebody(tmp_path: Path, value: str) -> None:
    config = archive(tmp_path / "site", value)
    for form in get_args(Format)[:2]:
        for contents in get_args(Contents):
            for query in (None, f"fog -id:{json.dumps(value)}"):
                options = {"contents": contents, "query": query}
                assert_nameless(config, tmp_path / f"open.{form}", form, **options)


def test_no_file_has_the_host_of_a_blog_whose_posts_these_are(tmp_path: Path) -> None:
    home = "https://mirabel.example"
    posts = [
        Post(
            f"{home}/{number}", "feed", f"Fog, see {home}/{number - 1}", f"2024-05-{number:02}",
            Author(id="https://vasterby.example/feed", name="Fogs"), url=f"https://dornfeld.example/{number}",
            links=(f"{home}/{number - 1}", f"https://vasterby.example/{number}", f"https://dornfeld.example/{number}"),
        )
        for number in range(1, 9)
    ]  # fmt: skip
    config = site(tmp_path / "site", *(Thread(p.id, p.network, (p,)) for p in posts))
    for form in get_args(Format)[:2]:
        assert_nameless(config, tmp_path / f"open.{form}", form)


def assert_nameless(config: Config, path: Path, form: Format, **options: Any) -> None:
    """Assert that the files of an export have no name, and that it has posts or numbers of them."""
    request = with_key(Request("anonymous", format=form, **options), config.root / "key")
    written = output_files.write_export(export.prepare(config, request), path, form)
    assert [each.name for each in written] == [path.name, "open.README.md", "open.croissant.json"]
    for each in written:
        assert not NAMES.findall(fold(each.read_text("utf-8-sig"))), each.name
    assert path.read_bytes().count(b"\n") >= 4
