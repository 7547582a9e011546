"""Several files as one source, or one folder as several: what a person named decides."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from sitegen.cli import import_reports
from sitegen.errors import SeveralErrors, SitegenError
from sitegen.ingest import ledger, pipeline
from sitegen.sources import Options

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
PROFILE = "personal_information/personal_information/personal_information.json"


def zipped(path: Path, files: dict[str, object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, value in files.items():
            archive.writestr(name, json.dumps(value))
    return path


def mastodon(path: Path, name: str) -> Path:
    """Write an export of Mastodon with one post."""
    me = f"https://moor.example/users/{name}"
    note = {
        "type": "Note",
        "id": f"{me}/statuses/1",
        "attributedTo": me,
        "to": [PUBLIC],
        "content": f"<p>Peat of {name}.</p>",
    }
    item = {
        "type": "Create",
        "id": f"{me}/statuses/1/activity",
        "actor": me,
        "to": [PUBLIC],
        "object": note,
    }
    outbox = {"type": "OrderedCollection", "orderedItems": [item]}
    return zipped(
        path,
        {
            "outbox.json": outbox,
            "actor.json": {"type": "Person", "id": me, "preferredUsername": name},
        },
    )


def instagram(path: Path, *numbers: int, owner: str | None = "ada.fen") -> Path:
    """Write a part of an export of Instagram with posts, and with its owner's profile if given."""
    files: dict[str, object] = {
        f"your_instagram_activity/media/posts_{n}.json": [
            {"media": [], "title": f"reed {n}", "creation_timestamp": 1_700_000_000 + n}
        ]
        for n in numbers
    }
    labels = {"Username": {"value": owner}, "Private Account": {"value": "False"}}
    if owner:
        files[PROFILE] = {"profile_user": [{"string_map_data": labels}]}
    return zipped(path, files)


def texts(found: tuple[pipeline.ReadSource, ...]) -> dict[str, list[str]]:
    return {
        Path(read.name).name: sorted(p.text for t in read.imported.threads for p in t.posts)
        for read in found
    }


def test_each_archive_in_a_folder_is_a_source_or_a_part_of_one(tmp_path: Path) -> None:
    mastodon(tmp_path / "b.zip", "ivo")
    mastodon(tmp_path / "c.zip", "uta")
    instagram(tmp_path / "a_part_1.zip", 1)
    instagram(tmp_path / "z_part_1.zip", 3, owner="bo.marsh")
    instagram(tmp_path / "a_part_2.zip", 2, owner=None)
    (tmp_path / "notes.txt").write_text("a shopping list", "utf-8")
    found = pipeline.read([tmp_path], Options())
    assert texts(found) == {
        "a_part_1.zip, a_part_2.zip": ["reed 1", "reed 2"],
        "b.zip": ["Peat of ivo."],
        "c.zip": ["Peat of uta."],
        "z_part_1.zip": ["reed 3"],
    }
    assert [read.imported.notes for read in found] == [("not opened: notes.txt",), (), (), ()]


def test_an_archive_beside_an_unpacked_part_is_reported_if_it_is_not_a_part(tmp_path: Path) -> None:
    with zipfile.ZipFile(instagram(tmp_path / "a_part_1.zip", 1)) as archive:
        archive.extractall(tmp_path / "in")
    mastodon(tmp_path / "in" / "b.zip", "ivo")
    instagram(tmp_path / "in" / "c.zip", 2)
    (read,) = pipeline.read([tmp_path / "in"], Options())
    assert read.name == f"{tmp_path / 'in' / 'c.zip'}, {tmp_path / 'in'}"
    assert read.imported.notes == ("not opened: in/b.zip",)


def test_sources_keep_their_order_wherever_their_parts_are(tmp_path: Path) -> None:
    second = instagram(tmp_path / "x" / "a_part_2.zip", 2, owner=None)
    other = mastodon(tmp_path / "b.zip", "ivo")
    first = instagram(tmp_path / "y" / "a_part_1.zip", 1)
    found = pipeline.read([second, other, first], Options())
    assert [read.name for read in found] == [f"{first}, {second}", str(other)]


def test_the_report_and_the_ledger_name_the_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    paths = [
        instagram(Path("in") / f"a_part_{n}.zip", n, owner="ada.fen" if n == 1 else None)
        for n in (1, 2)
    ]
    done = pipeline.plan_import(tmp_path / "content", paths, Options())
    assert (
        next(iter(import_reports.import_lines(done)))
        == "in/a_part_1.zip, a_part_2.zip: an Instagram export"
    )
    (read,) = done.sources
    assert ledger.summary(read)["source"] == "in/a_part_1.zip, a_part_2.zip"
    assert ledger.ledger_path(tmp_path, read).name.startswith("a-part-1-zip-a-part-2-zip")


def test_all_unreadable_sources_are_reported_at_once(tmp_path: Path) -> None:
    instagram(tmp_path / "a_part_1.zip", 1)
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04 cut off")
    (tmp_path / "c.zip").write_bytes(b"")
    with pytest.raises(SeveralErrors) as caught:
        pipeline.read([tmp_path / name for name in ("a_part_1.zip", "b.zip", "c.zip")], Options())
    assert [Path(error.path or "").name for error in caught.value.errors] == ["b.zip", "c.zip"]


def test_a_folder_without_a_source_or_an_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("a shopping list", "utf-8")
    with pytest.raises(SitegenError, match="not a source"):
        pipeline.read([tmp_path], Options())
