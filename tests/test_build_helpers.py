"""Several processes, and a state that is not what it was: the same site all the same."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from trees import tree

from sitegen.config.schema import Build, Config, Paths
from sitegen.site import build as builds

HEAD = '---\ntitle: "T"\nnetwork: "net"\nid: "{0}"\nposts:\n  - {{"id": "{0}"{1}}}\n---\n'

PAIR = """---
title: "T"
network: "net"
id: "{0}"
posts:
  - {{"id": "{0}"}}
  - {{"id": "{0}-2", "reply_to": "{0}"}}
---

<!-- post {0} -->

Words

<!-- post {0}-2 -->

Reply
"""


def site(root: Path, count: int) -> None:
    """Write threads, one of which says what has no UTF-8."""
    folder = root / "content" / "threads"
    folder.mkdir(parents=True)
    for number in range(count):
        odd = ', "warning": "x \\ud800", "tags": ["moss"]' if number == 7 else ', "tags": ["moss"]'
        text = HEAD.format(f"a{number:04}", odd)
        (folder / f"{number}.md").write_text(f"{text}\n<!-- post a{number:04} -->\n\nWords\n")


def built(root: Path, name: str, jobs: int) -> dict[str, bytes]:
    paths = Paths(output=f"{name}/public", cache=f"{name}/cache")
    builds.build(Config(root=root, paths=paths, build=Build(jobs=jobs, page_size=20)))
    return tree(root / name / "public")


def test_what_has_no_utf8_is_made_by_any_number_of_processes(tmp_path: Path) -> None:
    site(tmp_path, 310)
    alone = built(tmp_path, "one", 1)
    assert built(tmp_path, "two", 2) == built(tmp_path, "three", 3) == alone


@pytest.mark.parametrize(
    "edited",
    [
        (0, 309),
        *(
            pytest.param(p, marks=pytest.mark.slow)
            for p in ((0,), (309,), range(40), range(0, 310, 5))
        ),
    ],
)
def test_all_stale_pages_are_made_whoever_read_their_threads(
    tmp_path: Path, edited: Sequence[int]
) -> None:
    """Few stale pages may all belong to a helper, which is idle when the last one is queued."""
    folder = tmp_path / "content" / "threads"
    folder.mkdir(parents=True)
    files = [folder / f"{number:03}.md" for number in range(310)]
    for path in files:
        path.write_text(PAIR.format(path.stem))
    built(tmp_path, "warm", 3)
    for number, path in enumerate(files):
        if number in edited:
            path.write_text(path.read_text().replace("Reply", "Edit"))  # in no listing
        os.utime(path, (0, number))  # every file is read again
    assert built(tmp_path, "warm", 3) == built(tmp_path, "cold", 1)


@pytest.mark.parametrize(
    "part", [pytest.param(n, marks=[pytest.mark.slow] * bool(n % 3)) for n in range(24)]
)
def test_a_state_that_was_damaged_is_not_believed(tmp_path: Path, part: int) -> None:
    site(tmp_path, 12)
    built(tmp_path, "warm", 1)
    (state,) = (tmp_path / "warm" / "cache").glob("*/state")
    data = bytearray(state.read_bytes())
    at = len(data) * part // 24
    data[at : at + 40] = bytes(40) if part % 2 else bytes(255 - byte for byte in data[at : at + 40])
    state.write_bytes(data)
    edited = tmp_path / "content" / "threads" / "3.md"
    edited.write_text(edited.read_text().replace("Words", "Other words"))
    assert built(tmp_path, "warm", 1) == built(tmp_path, "cold", 1)
