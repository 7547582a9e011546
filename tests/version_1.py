"""Rewrite content/ as version 1 of its format had it: digests and counts in the files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from msgspec import to_builtins

from sitegen.content import content_folder, counts, version_1
from sitegen.content import store as stores
from sitegen.content.format import front_matter, profile_file, thread_file
from sitegen.content.format.draft import TEXT, Parts, drop_null
from sitegen.content.format.hiding import CLOSED, HIDE, VISIBILITY
from sitegen.content.format.recorded import HISTORY, legacy_digest
from sitegen.content.merge.parts import versions
from sitegen.model import Counts


def downgrade(folder: Path) -> None:
    """Rewrite all files of a content folder as if version 1 had just imported them."""
    rows = counts.read_all(folder)
    for path in content_folder.markdown_files(folder / content_folder.THREADS):
        file = thread_file.read(path, content_folder.read_text(path))
        network = str(file.fields["network"])
        lines = [_line(line, rows.get((network, i))) for i, line in file.records.items()]
        front = {k: v for k, v in file.fields.items() if k != "posts"}
        bodies = {line["id"]: file.body_of(str(line["id"])) for line in lines}
        posts = {
            str(line["id"]): _written(_rest(line) | {TEXT: bodies[line["id"]]}) for line in lines
        }
        written = _written(front) | {"posts": {**posts}}
        body = file.text.split("---\n", 2)[2]
        fields: Parts = {**front, "posts": [*lines], "written": written}
        Path(path).write_bytes(front_matter.join(fields, body).encode())
    for path in content_folder.markdown_files(folder / content_folder.PROFILES):
        profile = profile_file.read(path, content_folder.read_text(path))
        fields = profile.fields | {"written": _written(profile.fields | {TEXT: profile.body})}
        body = f"\n{profile.body}\n" if profile.body else ""
        Path(path).write_bytes(front_matter.join(fields, body).encode())
    shutil.rmtree(folder / ".imported")
    shutil.rmtree(folder / counts.FOLDER, ignore_errors=True)


def convert(folder: Path) -> None:
    """Convert a content folder, as the next import does."""
    assert version_1.is_version_1(folder)
    stores.write(version_1.convert(folder))
    assert not version_1.is_version_1(folder)


def _line(line: Parts, row: Counts | None) -> Parts:
    if line.get(VISIBILITY) in CLOSED and line.get(HIDE) is False:
        line = {k: v for k, v in line.items() if k != HIDE}
    return line | {"counts": drop_null(to_builtins(row))} if row else line


def _rest(line: Parts) -> Parts:
    return {k: v for k, v in line.items() if k != "id"}


def _written(parts: Parts) -> Parts:
    digests: Parts = {k: legacy_digest(v) for k, v in parts.items()}
    if HISTORY in parts:
        digests[HISTORY] = [legacy_digest(v["text"]) for v in versions(parts)]
    return json.loads(json.dumps(digests))  # type: ignore[no-any-return]
