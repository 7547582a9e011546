"""Files are put in place whole or not at all, whatever their names."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest
from trees import tree

from sitegen import files

NAMES = (
    "a" * 255,
    "東" * 85,
    "🌧" * 63,
    "صباح" * 31,
    "e\u0301" * 85,
    "z" * 239,
    "z" * 240,
    "a\udcff" * 127,
)


@pytest.mark.parametrize("name", NAMES, ids=lambda name: f"{name[:2]!a}-{len(name)}")
def test_a_name_as_long_as_a_disk_takes_it_can_be_written(name: str, tmp_path: Path) -> None:
    path = tmp_path / "folder" / name
    for data in (b"old", b"new"):
        files.write(path, data)
        assert [(p.name, p.read_bytes()) for p in path.parent.iterdir()] == [(name, data)]
    (tmp_path / "copies").mkdir()
    files.replace_by_copy(f"{tmp_path}/copies/{name}", path)
    assert (tmp_path / "copies" / name).read_bytes() == b"new"


@pytest.mark.parametrize("name", ["page.html", "東" * 85])
def test_what_cannot_be_written_leaves_the_old_file_alone(name: str, tmp_path: Path) -> None:
    files.write(tmp_path / name, b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2, limits[1]))
    try:
        with pytest.raises(OSError, match="large"):
            files.write(tmp_path / name, b"new")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert tree(tmp_path) == {name: b"old"}
