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


@pytest.mark.parametrize(
    "name",
    [
        "out/letter.txt", "out", "in/../../letter.txt", "../letter.txt", "/letter.txt", "deep/out/letter.txt",
        "circle/a", "near/letter.txt", "", "a:b", "a\\b", "a\0b", "a" * 256, "\udcff",
    ],
)  # fmt: skip
def test_a_name_does_not_lead_out_of_its_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    (folder / "in").mkdir()
    (tmp_path / "letter.txt").write_text("Dear Mara")
    for link in ("out", "deep/out"):
        (folder / link).symlink_to(tmp_path)
    (folder / "circle").symlink_to("circle")
    (folder / "near").symlink_to("in")
    assert files.safe_join(folder, name) is None


def test_a_name_within_a_folder_is_found_though_the_folder_is_a_link(tmp_path: Path) -> None:
    (tmp_path / "real/in").mkdir(parents=True)
    (tmp_path / "folder").symlink_to("real")
    for name in ("in/letter.txt", "letter.txt", "in"):
        assert files.safe_join(tmp_path / "folder", name) == tmp_path / "folder" / name


@pytest.mark.parametrize("made", ["file", "link", "link to nothing"])
def test_what_has_a_temporary_name_already_is_replaced(tmp_path: Path, made: str) -> None:
    (tmp_path / "letter.txt").write_text("Dear Mara")
    unfinished = tmp_path / f"page.html{files.PARTIAL}"
    if made == "file":
        unfinished.write_text("half of a page, and longer than the whole")
    else:
        unfinished.symlink_to("letter.txt" if made == "link" else "new.txt")
    files.write(tmp_path / "page.html", b"page", tmp_path)
    assert tree(tmp_path) == {"letter.txt": b"Dear Mara", "page.html": b"page"}
