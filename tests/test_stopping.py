"""What Ctrl-C says of an import or a build is true, whenever it comes."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from trees import tree

from sitegen.cli import build as build_command
from sitegen.cli import import_sources as import_command
from sitegen.cli import progress
from sitegen.cli.progress import Meter
from sitegen.config import settings as configs
from sitegen.errors import StoppedError
from sitegen.ingest import pipeline
from sitegen.site import run
from sitegen.sources import Options

COUNT = re.compile(r"stopped: (\d+) of (\d+) files were written")
Report = Callable[[str, int, int], None]


class Stopping:
    """Reports to a meter, and presses Ctrl-C at the nth report."""

    def __init__(self, number: int) -> None:
        self.meter = Meter(lambda text: None, time.monotonic, is_terminal=False)
        self.left = number

    def step(self, what: str, done: int = 0, total: int = 0) -> None:
        self.meter.set_step(what, done, total)
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt

    def count(self, done: int, total: int) -> None:
        self.step(self.meter.step_name, done, total)


def write_posts(path: Path, *texts: str) -> None:
    posts = [
        {"id": str(number), "network": "x", "text": text, "created_at": "2024-01-02T10:00:00Z"}
        for number, text in enumerate(texts)
    ]
    path.write_text("".join(json.dumps(post) + "\n" for post in posts), "utf-8")


def import_stopped(folder: Path, source: Path, number: int) -> StoppedError | None:
    """Import, stopped at the nth report; return what is said, None when it came to its end."""
    stopping = Stopping(number)
    read = pipeline.read([source], Options())
    try:
        pipeline.import_into(folder, folder.parent / "cache", read, progress=stopping.step)
    except KeyboardInterrupt:
        return import_command._stop_error(stopping.meter, dry_run=False)
    return None


@pytest.mark.parametrize("is_first", [True, False])
def test_what_a_stopped_import_says_is_true(tmp_path: Path, is_first: bool) -> None:
    said = []
    for number in range(1, 30):
        folder = tmp_path / str(number) / "content"
        source = tmp_path / "posts.jsonl"
        folder.parent.mkdir()
        if not is_first:
            write_posts(source, *(f"Fog {n}" for n in range(3)))
            assert import_stopped(folder, source, 1_000) is None
        before = tree(folder)
        write_posts(source, *(f"Fog {n}" for n in (0, 10, 20, 3, 4)))
        stopped = import_stopped(folder, source, number)
        if stopped is None:
            break
        after = tree(folder)
        changed = [path for path, data in after.items() if before.get(path) != data]
        written = [path for path in changed if not path.startswith(".imported/")]
        count = COUNT.fullmatch(stopped.message)
        assert len(written) == (int(count[1]) if count else 0), stopped.message
        assert stopped.exit_code == 130
        said.append(re.sub(r"\d+ of", "N of", stopped.message))
        assert import_stopped(folder, source, 1_000) is None  # the next import does the rest
        assert len([path for path in tree(folder) if path.endswith(".md")]) == 5
    assert list(dict.fromkeys(said)) == [
        "stopped: no post was written to content/, only media files may have been",
        *([] if is_first else ["stopped: N of 4 files were written"]),
    ]


def test_what_a_stopped_build_says_is_true(tmp_path: Path) -> None:
    write_posts(tmp_path / "posts.jsonl", *(f"Fog {n}" for n in range(5)))
    (tmp_path / "sitegen.toml").write_text("[build]\njobs = 1\n")
    config = configs.load(tmp_path / "sitegen.toml")
    assert import_stopped(config.content, tmp_path / "posts.jsonl", 1_000) is None
    said = []
    for is_first in (True, False):
        if not is_first:
            run.run_build(config)
        for number in range(1, 30):
            if not is_first:
                (tmp_path / "sitegen.toml").write_text(f'[site]\ntitle = "Fog {number}"\n')
                config = configs.load(tmp_path / "sitegen.toml")
            before = tree(config.output) if config.output.exists() else {}
            stopping = Stopping(number)
            try:
                run.run_build(config, stopping.count, step=stopping.step)
            except KeyboardInterrupt:
                stopped = build_command._stop_error(stopping.meter, config.output)
            else:
                break
            after = tree(config.output) if config.output.exists() else {}
            made = [path for path, data in after.items() if before.get(path) != data]
            assert not made or "pages were written" in stopped.message
            said.append(re.sub(r"\d+", "N", stopped.message))
        if is_first:
            assert not before
    assert list(dict.fromkeys(said)) == [
        "stopped: no part of the site was written",
        "stopped: the site is unchanged",
        "stopped: some pages were written, the others are unchanged",
        "stopped: at least N of N pages were written, the others are unchanged",
    ]


def test_the_steps_of_an_import_and_a_build_are_reported(tmp_path: Path) -> None:
    write_posts(tmp_path / "posts.jsonl", "Fog", "Rain")
    (tmp_path / "sitegen.toml").write_text("")
    config = configs.load(tmp_path / "sitegen.toml")
    steps: list[tuple[str, int, int]] = []
    read = pipeline.read([tmp_path / "posts.jsonl"], Options())
    for _ in range(2):
        pipeline.import_into(
            config.content, config.cache, read, progress=lambda *step: steps.append(step)
        )
        write_posts(tmp_path / "posts.jsonl", "Fog", "Hail")
        read = pipeline.read([tmp_path / "posts.jsonl"], Options())
    assert steps == [
        ("storing media", 0, 0),
        ("merging with content/", 0, 0),
        ("preparing files", 0, 2),
        ("preparing files", 1, 2),
        ("storing media", 0, 0),
        ("merging with content/", 0, 0),
        ("preparing files", 0, 1),
        ("writing files", 1, 1),
    ]
    names: list[str] = []
    run.run_build(config, step=names.append)
    assert names == [
        "looking for changes",
        "reading content",
        "planning pages",
        "making pages",
    ]


def test_a_stopped_dry_run_says_that_nothing_was_written() -> None:
    with progress.show_progress(silent=True) as meter:
        meter.set_step(pipeline.STORING_MEDIA)
        assert import_command._stop_error(meter, dry_run=True).message == (
            "stopped: nothing was written to content/"
        )
