"""content/media/: each file once, whole or not at all, without what tells of its owner."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tracemalloc
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from trees import tree

from sitegen import files
from sitegen.media import store as stores
from sitegen.media.store import MAX_BYTES_IN_MEMORY, RejectedFile, Store, StoredFile
from sitegen.sources import Attachment

from .attachments import Long, attached, changing, cut
from .pictures import SECRET, box, camera_notes, film, picture, saved

PICTURE = saved(picture(), "PNG")
LARGE = bytes(MAX_BYTES_IN_MEMORY + 1)
LARGE_PICTURE = b"\xff\xd8\xff\xfe\0\4ab" + LARGE


def named(data: bytes, extension: str, digits: int = 32) -> str:
    """Return the path that stored bytes have in content/."""
    return f"media/{hashlib.sha256(data).hexdigest()[:digits]}.{extension}"


def test_a_file_is_named_by_what_is_in_it(tmp_path: Path) -> None:
    found = Store(tmp_path).add(attached("IMG_0001.JPEG", PICTURE))
    assert found == StoredFile(named(PICTURE, "png"), "image", len(PICTURE), True)
    assert tree(tmp_path) == {named(PICTURE, "png"): PICTURE}


def test_a_file_is_stored_once(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first, second = (store.add(attached(name, PICTURE)) for name in ("a.png", "b.gif"))
    (path,) = (tmp_path / "media").iterdir()
    before = path.stat()
    again = Store(tmp_path).add(attached("c", PICTURE))
    assert isinstance(first, StoredFile)
    assert isinstance(second, StoredFile)
    assert (first.is_new, second.is_new) == (True, False)
    assert again == second
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_the_name_is_that_of_the_bytes_that_are_stored(tmp_path: Path) -> None:
    notes = camera_notes(6)
    found = Store(tmp_path).add(attached("a.jpg", saved(picture(), "JPEG", exif=notes)))
    assert isinstance(found, StoredFile)
    data = (tmp_path / found.path).read_bytes()
    assert found.path == named(data, "jpg")
    assert SECRET.encode() not in data
    with Image.open(BytesIO(data)) as image:
        assert dict(image.getexif()) == {0x0112: 6}


@given(st.lists(st.binary(min_size=1, max_size=20), max_size=4))
def test_measuring_tells_what_taking_does_and_writes_nothing(contents: list[bytes]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for data in (*contents, PICTURE, saved(picture(), "TIFF"), b""):
            before = tree(folder)
            measured = Store(folder).preview_add(attached("x", data))
            assert tree(folder) == before
            assert measured == Store(folder).add(attached("x", data))


def test_what_a_person_made_of_a_file_stays(tmp_path: Path) -> None:
    store = Store(tmp_path)
    found = store.add(attached("a.png", PICTURE))
    assert isinstance(found, StoredFile)
    (tmp_path / found.path).write_bytes(b"with a face blackened")
    again = store.add(attached("a.png", PICTURE))
    assert again == StoredFile(found.path, "image", len(PICTURE), False)
    assert (tmp_path / found.path).read_bytes() == b"with a face blackened"


def test_a_file_that_lost_its_bytes_is_written_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    found = store.add(attached("a.png", PICTURE))
    assert isinstance(found, StoredFile)
    (tmp_path / found.path).write_bytes(b"")
    assert store.add(attached("a.png", PICTURE)) == found
    assert (tmp_path / found.path).read_bytes() == PICTURE


def test_two_files_whose_digests_begin_alike_have_two_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "DIGEST_DIGITS", 1)
    many = [b"number %d" % n for n in range(40)]
    store = Store(tmp_path)
    found = [store.add(attached("x", data)) for data in many + many]
    paths = [file.path for file in found if isinstance(file, StoredFile)]
    assert paths[:40] == paths[40:]
    assert [(tmp_path / path).read_bytes() for path in paths[:40]] == many


UNREADABLE = {
    "refused": cut("a.png", PICTURE),
    "cut off": cut("a.png", b"", EOFError()),
    "failing": cut("a.png", PICTURE, OSError(5, "Input/output error")),
    "empty": attached("a.png", b""),
    "gone": Attachment("a.png", Path("/nowhere/at/all.png").open),  # type: ignore[arg-type]
    "changing": changing("a.png", *[LARGE] * 3, LARGE + b"more"),
    "shrinking": changing("a.png", *[LARGE_PICTURE] * 2, LARGE_PICTURE[:3]),
    "growing": changing("a.png", *[LARGE_PICTURE] * 2, LARGE_PICTURE + b"more"),
    "telling": attached("a.png", saved(picture(), "JPEG", exif=camera_notes())[:150]),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_is_missing(name: str, tmp_path: Path) -> None:
    found = Store(tmp_path).add(UNREADABLE[name])
    assert isinstance(found, RejectedFile)
    assert found.name == "a.png"
    assert found.reason
    assert tree(tmp_path) == {}


def test_a_damaged_file_without_notes_is_stored_and_reported(tmp_path: Path) -> None:
    data = PICTURE.replace(b"IDAT", b"\0DAT")
    found = Store(tmp_path).add(attached("a.png", data))
    note = "its metadata could not be removed"
    assert found == StoredFile(named(data, "png"), "image", len(data), True, note)


def test_a_long_film_takes_little_memory(tmp_path: Path) -> None:
    size = 6 * MAX_BYTES_IN_MEMORY
    place = box(b"udta", box(b"\xa9xyz", b"\0\x08\x15\xc7+47.20/"))
    film_head = film(user=place) + (size + 8).to_bytes(4) + b"mdat"
    attachment = Attachment("film.mp4", lambda: Long(film_head, size))
    tracemalloc.start()
    try:
        found = Store(tmp_path).add(attachment)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(found, StoredFile)
    assert found.size == size + len(film_head)
    assert peak < 3 * MAX_BYTES_IN_MEMORY
    with (tmp_path / found.path).open("rb") as file:
        assert b"+47" not in file.read(len(film_head))
    assert found.path.startswith(f"media/{_digest(tmp_path / found.path)[:32]}.mp4")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def test_a_run_that_is_stopped_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*names: object) -> None:
        os._exit(9)

    if not (child := os.fork()):
        monkeypatch.setattr(os, "replace", stopped)
        Store(tmp_path).add(attached("a.png", PICTURE))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    (left,) = (tmp_path / "media").iterdir()
    assert left.name.startswith(".")
    assert left.name.endswith(files.PARTIAL)
    own = tmp_path / "media" / "my-own.png"
    own.write_bytes(b"mine")
    Store(tmp_path).add(attached("b.gif", saved(picture(), "GIF")))
    assert not left.exists()
    Store(tmp_path).add(attached("a.png", PICTURE))
    assert own.exists()
    assert len(tree(tmp_path)) == 3


def test_a_full_disk_is_an_error_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*names: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match=re.escape(os.strerror(errno.ENOSPC))):
        Store(tmp_path).add(attached("a.png", PICTURE))
    assert tree(tmp_path) == {}
