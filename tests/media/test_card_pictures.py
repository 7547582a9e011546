"""The picture of a link's card, from the source's file to the page, and away again."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from importers.bluesky_writer import blob_cid, post, repository, tid
from test_build import cold
from trees import differences, tree

from sitegen import export_posts
from sitegen.config.schema import Config
from sitegen.ingest import pipeline
from sitegen.ingest.pipeline import Import
from sitegen.media.missing import survey_media
from sitegen.site import build as builds
from sitegen.sources import Options

from .pictures import picture, saved

THUMB = saved(picture((120, 60)), "PNG")
PAGE = "thread/bluesky-" + tid(0) + ".html"
CARD = re.compile(r'"card": (\{.*?\})')


def exported(folder: Path, thumb: bytes = THUMB) -> Path:
    """Write an account's repository whose post has a card, beside the card's picture."""
    blob = {"$type": "blob", "ref": {"$link": blob_cid(thumb)}, "mimeType": "image/png", "size": 9}
    page = {"uri": "https://moor.example/", "title": "The moor", "description": "", "thumb": blob}
    embed = {"$type": "app.bsky.embed.external", "external": page}
    folder.mkdir(parents=True)
    file = folder / "ada.car"
    file.write_bytes(repository({f"app.bsky.feed.post/{tid(0)}": post("See", embed=embed)}))
    (folder / "blobs").mkdir()
    (folder / "blobs" / blob_cid(thumb)).write_bytes(thumb)
    return file


def without_files(exported: Path, folder: Path) -> Path:
    """Return the same repository without files."""
    folder.mkdir()
    return Path(shutil.copy(exported, folder))


def bring_in(config: Config, *sources: Path) -> Import:
    """Import files."""
    read = pipeline.read([*sources], Options(account="ada.example"))
    return pipeline.import_into(config.content, config.cache, read)


def thread(config: Config) -> Path:
    """Return the file of the only thread."""
    (path,) = (config.content / "threads").rglob("*.md")
    return path


def card(config: Config) -> dict[str, str | None]:
    """Return the card in the file of the only thread."""
    found = CARD.search(thread(config).read_text("utf-8"))
    assert found
    value: dict[str, str | None] = json.loads(found[1])
    return value


def edit(config: Config, old: str, new: str) -> None:
    """Edit the file of the only thread as a person does."""
    text = thread(config).read_text("utf-8")
    assert old in text
    thread(config).write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(root=tmp_path / "site")


def test_it_comes_with_the_account_and_stays(config: Config, tmp_path: Path) -> None:
    whole = exported(tmp_path / "whole")
    bring_in(config, whole)
    path = card(config)["picture"]
    assert path
    assert (config.content / path).read_bytes() == THUMB
    before = tree(config.content)
    bring_in(config, whole)
    bring_in(config, without_files(whole, tmp_path / "bare"))
    assert not differences(tree(config.content / "threads"), tree_of(before, "threads"))
    assert survey_media(config.content).paths == {path}


def tree_of(found: dict[str, bytes], folder: str) -> dict[str, bytes]:
    """Return the files of a folder."""
    start = f"{folder}/"
    return {name[len(start) :]: data for name, data in found.items() if name.startswith(start)}


def test_it_is_added_to_a_card_that_is_there_already(config: Config, tmp_path: Path) -> None:
    whole = exported(tmp_path / "whole")
    bring_in(config, without_files(whole, tmp_path / "bare"))
    assert card(config) == {"title": "The moor", "description": "", "url": "https://moor.example/"}
    bring_in(config, whole)
    other = Config(root=tmp_path / "other")
    bring_in(other, whole)
    written = tree(config.content / "threads"), tree(other.content / "threads")
    assert not differences(*written)


def test_an_edited_card_gets_it_without_a_conflict(config: Config, tmp_path: Path) -> None:
    whole = exported(tmp_path / "whole")
    bring_in(config, without_files(whole, tmp_path / "bare"))
    edit(config, "The moor", "Our moor")
    bring_in(config, whole)
    assert card(config)["title"] == "Our moor"
    assert card(config)["picture"]
    assert not [*config.content.rglob("*.upstream*")]
    before = tree(config.content)
    bring_in(config, whole)
    assert not differences(tree(config.content), before)


def test_one_that_a_person_removed_stays_away(config: Config, tmp_path: Path) -> None:
    whole = exported(tmp_path / "whole")
    bring_in(config, whole)
    edit(config, f', "picture": "{card(config)["picture"]}"', "")
    bring_in(config, whole)
    assert "picture" not in card(config)
    assert not [*config.content.rglob("*.upstream*")]


def test_a_file_that_is_no_picture_is_left_out(config: Config, tmp_path: Path) -> None:
    bring_in(config, exported(tmp_path / "whole", b"%PDF-1.4 not a picture"))
    assert "picture" not in card(config)


def test_an_export_brings_it_into_another_archive(config: Config, tmp_path: Path) -> None:
    bring_in(config, exported(tmp_path / "whole"))
    lines = config.content / "all.jsonl"
    lines.write_text(export_posts(config), "utf-8")
    other = Config(root=tmp_path / "other")
    bring_in(other, lines)
    assert tree(other.content / "media") == tree(config.content / "media")
    assert card(other) == card(config)


def test_it_goes_with_its_post(config: Config, tmp_path: Path) -> None:
    bring_in(config, exported(tmp_path / "whole"))
    empty = tmp_path / "empty" / "ada.car"
    empty.parent.mkdir()
    empty.write_bytes(repository({f"app.bsky.feed.post/{tid(1)}": post("Gone")}))
    read = pipeline.read([empty], Options(account="ada.example"))
    rules = pipeline.Rules(vanished="purge")
    pipeline.import_into(config.content, config.cache, read, rules)
    assert [*(config.content / "media").iterdir()] == []


def test_the_page_shows_it_small_and_says_nothing_twice(config: Config, tmp_path: Path) -> None:
    bring_in(config, exported(tmp_path / "whole"))
    builds.build(config)
    path = card(config)["picture"]
    shown = f'<img class="card-picture" src="../{path}" width="160" height="120" alt="" loading='
    assert shown in (config.output / PAGE).read_text("utf-8")
    (config.content / str(path)).unlink()
    report = builds.build(config)
    assert "card-picture" not in (config.output / PAGE).read_text("utf-8")
    assert [w.partition(": ")[2] for w in report.warnings] == [
        f"there is no {path}; its description is shown instead"
    ]
    assert not differences(tree(config.output), cold(config))


def test_that_of_a_hidden_post_is_not_published(config: Config, tmp_path: Path) -> None:
    bring_in(config, exported(tmp_path / "whole"))
    edit(config, '{"id": ', '{"hide": true, "id": ')
    builds.build(config, min_share=0)
    assert not [*config.output.rglob("*.png")]
