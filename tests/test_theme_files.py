"""Templates and static files while a person edits them: what editors leave, and what goes away."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from test_build import site, thread

from sitegen.errors import ThemeError
from sitegen.site import build as builds

LEFT = ("x.html~", "#x.html#", ".#x.html", ".x.html.swp", "x.swp", "x.swo", "x.swx", "4913",
        "x.html___jb_tmp___", "backup~/x.html")  # fmt: skip
KEPT = ("x~y.css", "film.swf", "49130.css", "#1.css", "a#b.css", "deep/4913.css")


def write(path: Path, data: bytes) -> None:
    """Write a file, in a folder that may not be there yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def test_what_editors_leave_behind_is_no_template_and_no_static_file(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "One"))
    before = set(builds.build(config).written)
    for name in LEFT:
        write(config.templates / name, b"\xff {% nonsense")
        write(config.static / name, b"not for readers")
    for name in KEPT:
        write(config.static / name, b"for readers")
    builds.build(config)
    there = {path.relative_to(config.output / "static").as_posix()
             for path in (config.output / "static").rglob("*") if path.is_file()}  # fmt: skip
    own = {name.removeprefix("static/") for name in before if name.startswith("static/")}
    assert there == own | set(KEPT)


class Vanishing:
    """A file that is deleted in the moment in which somebody opens it to read."""

    def __init__(self) -> None:
        self.path = ""
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and self.path and arguments[0] == self.path:
            self.path = ""
            os.unlink(arguments[0])


@pytest.fixture(scope="module")
def vanishing() -> Vanishing:
    """Return a file that may vanish; its hook stays for good, but does nothing unless told."""
    return Vanishing()


def test_a_template_that_vanishes_is_not_said_to_be_no_utf_8(
    tmp_path: Path, vanishing: Vanishing
) -> None:
    config = site(tmp_path, thread("a", "One"))
    path = config.templates / "404.html"
    write(path, b"Gone")
    vanishing.path = str(path)
    with pytest.raises(ThemeError) as caught:
        builds.build(config)
    assert (caught.value.path, caught.value.hint) == (str(path), "build again.")
    assert "was deleted" in caught.value.message
    builds.build(config)


def test_a_template_that_is_not_utf_8_is_told_so(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "One"))
    write(config.templates / "404.html", b"\xff")
    with pytest.raises(ThemeError) as caught:
        builds.build(config)
    assert caught.value.hint == "save it as UTF-8."


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_template_that_nobody_may_read_is_told_so(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "One"))
    path = config.templates / "404.html"
    write(path, b"Mine")
    path.chmod(0)
    with pytest.raises(ThemeError) as caught:
        builds.build(config)
    assert caught.value.hint == "check its permissions."
