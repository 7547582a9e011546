"""What an import did not read is told: entries that are not safe, and files of no use to it."""

from __future__ import annotations

import io
import json
import os
import tarfile
from pathlib import Path

import pytest

from sitegen.errors import SitegenError
from sitegen.ingest import pipeline
from sitegen.sources import Options

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
ME = "https://moor.example/users/ivo"
NOTE = {
    "type": "Note", "id": f"{ME}/statuses/1", "attributedTo": ME, "to": [PUBLIC],
    "content": "<p>Peat and rain.</p>", "published": "2024-01-01T10:00:00Z",
}  # fmt: skip
ITEM = {"type": "Create", "id": f"{ME}/statuses/1/activity", "actor": ME, "to": [PUBLIC]}
OUTBOX = json.dumps({"type": "OrderedCollection", "orderedItems": [{**ITEM, "object": NOTE}]})
ACTOR = json.dumps({"type": "Person", "id": ME, "preferredUsername": "ivo"})


def notes(path: Path) -> tuple[str, ...]:
    """Import something, and return what is noted of it."""
    (read,) = pipeline.read([path], Options())
    assert read.imported.threads
    return read.imported.notes


def test_unsafe_entries_are_reported_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "export.tar"
    with tarfile.open(path, "w") as tar:
        for name, text in (("outbox.json", OUTBOX), ("actor.json", ACTOR), ("../up", "x")):
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text.encode()))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    assert notes(path) == (
        "left out, since it leads out of the folder: ../up",
        "left out, since it is a symbolic link: link",
    )


def test_unopened_files_are_reported_and_long_lists_are_truncated(tmp_path: Path) -> None:
    names = [f"beside-{number}.txt" for number in range(5)]
    for name, text in {
        "outbox.json": OUTBOX,
        "actor.json": ACTOR,
        **dict.fromkeys(names, "x"),
    }.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert notes(tmp_path) == ("not opened: beside-0.txt, beside-1.txt, beside-2.txt and 2 more",)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SitegenError, match="is no file"):
        pipeline.read([tmp_path / "pipe"], Options())


def test_a_source_without_a_name_is_not_the_folder_where_one_is() -> None:
    with pytest.raises(SitegenError, match="no source is named"):
        pipeline.read([""], Options())
