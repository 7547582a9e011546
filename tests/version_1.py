"""Rewrite content/ as version 1 of its format had it: digests, counts and media in the lines."""

from __future__ import annotations

import shutil
from pathlib import Path

from msgspec import to_builtins

from sitegen.content import content_folder, counts, version_1
from sitegen.content import store as stores
from sitegen.content.format import front_matter, profile_file, thread_file
from sitegen.content.format.draft import TEXT, Parts, drop_null
from sitegen.content.format.hiding import CLOSED, HIDE, VISIBILITY
from sitegen.content.format.post_text import marker
from sitegen.content.format.recorded import HISTORY, legacy_digest, versions
from sitegen.content.post_media import media_parts
from sitegen.content.post_media.media_parts import ALT, MEDIA
from sitegen.model import Counts, Json


def downgrade(folder: Path) -> None:
    """Rewrite all files of a content folder as if version 1 had just imported them."""
    rows = counts.read_all(folder)
    for path in content_folder.markdown_files(folder / content_folder.THREADS):
        file = thread_file.read(path, content_folder.read_text(path))
        posts = {i: _parts(file, i, rows.get((file.network, i))) for i in file.records}
        Path(path).write_bytes(_text(file, posts).encode())
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


def _parts(file: thread_file.ThreadFile, identity: str, row: Counts | None) -> Parts:
    parts = file.parts_of(identity)
    whole = media_parts.to_list(parts)
    parts = {k: whole if k == MEDIA else v for k, v in parts.items() if not k.startswith(ALT)}
    if parts.get(VISIBILITY) in CLOSED and parts.get(HIDE) is False:
        del parts[HIDE]
    return parts | {"counts": drop_null(to_builtins(row))} if row else parts


def _text(file: thread_file.ThreadFile, posts: dict[str, Parts]) -> str:
    front = {k: v for k, v in file.fields.items() if k != "posts"}
    lines: list[Json] = [
        {"id": i, **{k: v for k, v in parts.items() if k != TEXT}} for i, parts in posts.items()
    ]
    digests: Parts = {i: _written(parts) for i, parts in posts.items()}
    pieces = [(marker(i), str(parts[TEXT])) for i, parts in posts.items()]
    body = "".join(f"\n{piece}\n" for pair in pieces for piece in pair if piece)
    written: Parts = {**_written(front), "posts": digests}
    return front_matter.join({**front, "posts": lines, "written": written}, body)


def _written(parts: Parts) -> Parts:
    digests: Parts = {k: legacy_digest(v) for k, v in parts.items()}
    if HISTORY in parts:
        digests[HISTORY] = [legacy_digest(v["text"]) for v in versions(parts)]
    return digests
