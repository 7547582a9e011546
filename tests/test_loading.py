"""What commands load: nothing that they have no use for, since each module delays every start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from test_build import site, thread

from sitegen.topics import found_file
from sitegen.topics.found_file import Recorded
from sitegen.topics.topic import Topic

LOADED = (
    "import sys; from sitegen.cli import main\n"
    "try: main()\n"
    "finally: print(*sys.modules, file=sys.stderr)"
)
# What plans a whole site, and what reads content that this one does not have.
WHOLE_SITE = """
    sitegen.site.incremental.whole_site sitegen.site.plan sitegen.site.pictures sitegen.media
    sitegen.topics.load sitegen.topics.found_file sitegen.topics.own_file sitegen.topics.queries
    sitegen.query.parser sitegen.query.matching sitegen.content.format.own_title
    sitegen.text.words sitegen.text.plaintext sitegen.languages.zones
    sitegen.site.markup.python_markdown importlib.resources zoneinfo babel markdown nh3 PIL
"""
SEARCH = "sitegen.site.incremental.search_index sitegen.site.search.segment"
WITHOUT_SEARCH = "[build]\nsearch = false\n"


def loaded(folder: Path, *arguments: str) -> set[str]:
    """Return the modules that a command loads, each with the packages that it is in."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        cwd=folder, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return {*done.stderr.split()}


@pytest.mark.parametrize("toml", ["", WITHOUT_SEARCH], ids=["all", "without search"])
def test_an_edit_loads_only_what_its_pages_need(tmp_path: Path, toml: str) -> None:
    config = site(tmp_path, *(thread(f"a{n}", f"Fog {n}", day=n) for n in range(6)), toml=toml)
    found_file.write(config.content, Recorded((Topic("fog", ("fog",)),)))
    loaded(tmp_path, "build", "-q")
    path = next((config.content / "threads").rglob("*.md"))
    path.write_text(path.read_text("utf-8").replace("\nFog", "\nMore fog"), "utf-8")
    modules = loaded(tmp_path, "build", "-q")
    assert {"sitegen.site.incremental.update", "sitegen.site.render.renderer"} <= modules
    needless = f"{WHOLE_SITE} {SEARCH if toml else ''}".split()
    assert not modules.intersection(needless)
    assert ("sitegen.site.search.segment" in modules) == (not toml)


def test_a_build_that_finds_nothing_changed_loads_neither_pages_nor_content(tmp_path: Path) -> None:
    site(tmp_path, thread("a", "Fog"))
    loaded(tmp_path, "build", "-q")
    modules = loaded(tmp_path, "build", "-q")
    assert "sitegen.site.build" in modules
    needless = "sitegen.site.incremental sitegen.content sitegen.model msgspec jinja2 tempfile"
    assert not modules.intersection(needless.split())
