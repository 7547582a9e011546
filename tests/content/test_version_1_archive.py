"""An archive as version 1 left it, with what people did to it: edited, hidden, deleted, moved."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from trees import differences, replace, tree

import sitegen
from sitegen.config import settings as configs
from sitegen.config.schema import Config
from sitegen.content import content_folder
from sitegen.exchange import lines
from sitegen.site import build as builds

FILES = Path(__file__).parent / "version_1"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Return a site with the archive."""
    shutil.copytree(FILES / "archive", tmp_path / "content")
    (tmp_path / "sitegen.toml").touch()
    return configs.load(tmp_path / "sitegen.toml")


def export(config: Config) -> str:
    return lines(content_folder.read_archive(config.content))


def built(config: Config) -> dict[str, bytes]:
    shutil.rmtree(config.cache, ignore_errors=True)
    builds.build(config)
    return tree(config.output)


def test_it_is_read_as_ever(config: Config) -> None:
    assert export(config) == (FILES / "export.jsonl").read_text("utf-8")


def test_it_is_converted_as_expected_and_once(config: Config, refresh: bool) -> None:
    assert sitegen.convert_content(config) == 8
    if refresh:
        replace(FILES / "converted", tree(config.content))
    assert not "\n".join(differences(tree(config.content), tree(FILES / "converted")))
    assert sitegen.convert_content(config) == 0
    assert not "\n".join(differences(tree(config.content), tree(FILES / "converted")))


def test_its_export_and_its_site_stay_the_same(config: Config) -> None:
    site = built(config)
    sitegen.convert_content(config)
    assert export(config) == (FILES / "export.jsonl").read_text("utf-8")
    assert not "\n".join(differences(built(config), site))


def test_importing_again_keeps_all_that_people_did(config: Config) -> None:
    source = [FILES / "source/posts.jsonl"]
    done = sitegen.import_sources(config, source, include=["followers"])
    assert (done.changes.created, done.changes.conflicts, done.changes.withheld) == ({}, (), 1)
    assert export(config) == (FILES / "export.jsonl").read_text("utf-8")
    before = tree(config.content)
    again = sitegen.import_sources(config, source, include=["followers"])
    assert again.changes.updated == {}
    assert not "\n".join(differences(tree(config.content), before))
