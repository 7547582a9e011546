"""Posts and profiles get the files that their source had for them."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from msgspec.structs import replace

from sitegen.media.attach import attach
from sitegen.media.store import RejectedFile, Store, StoredFile
from sitegen.model import Media, Post, Profile, Thread
from sitegen.sources import Attachment, Imported

from .attachments import attached, cut
from .pictures import box, picture, saved

PICTURE = saved(picture(), "PNG")
FILM = box(b"ftyp", b"isom", bytes(4)) + box(b"moov", box(b"mvhd"))


def imported(*media: Media, profiles: tuple[Profile, ...] = (), **files: Attachment) -> Imported:
    """Return an import of a post with media, and one without."""
    plain = Thread("b", "bluesky", (Post("b", "bluesky", "Words"),))
    shown = Thread("a", "bluesky", (Post("a", "bluesky", "Look", media=media), *plain.posts))
    return Imported("a made source", 3, (shown, plain), profiles, attachments=files)


def media_of(found: Imported) -> tuple[Media, ...]:
    """Return the media of the first post."""
    return found.threads[0].posts[0].media


def test_a_key_becomes_the_path_of_the_stored_file(tmp_path: Path) -> None:
    source = imported(
        Media("image", "one", "A hill", "hill.png"), one=attached("hill.png", PICTURE)
    )
    found = attach(source, Store(tmp_path).add)
    (taken,) = found.stored
    assert media_of(found.imported) == (Media("image", taken.path, "A hill", "hill.png"),)
    assert (tmp_path / taken.path).read_bytes() == PICTURE
    assert found.missing == ()


def test_the_bytes_tell_what_a_file_is(tmp_path: Path) -> None:
    source = imported(
        Media("video", "one"), Media("image", "two"), Media("audio", "two"), Media("image", "three"),
        one=attached("a.mp4", PICTURE), two=attached("b.jpg", FILM), three=attached("c", b"odd"),
    )  # fmt: skip
    found = attach(source, Store(tmp_path).add)
    assert [m.kind for m in media_of(found.imported)] == ["image", "video", "audio", "file"]


def test_what_cannot_be_had_is_named_and_keeps_its_origin(tmp_path: Path) -> None:
    source = imported(
        Media("image", "bad", "A hill", "hill.png"), Media("image", "nowhere/at.png", "A sea"),
        Media("image", None, "A wood", "wood.png"),
        bad=cut("hill.png", PICTURE),
    )  # fmt: skip
    found = attach(source, Store(tmp_path).add)
    assert media_of(found.imported) == (
        Media("image", None, "A hill", "hill.png"),
        Media("image", None, "A sea", "nowhere/at.png"),
        Media("image", None, "A wood", "wood.png"),
    )
    assert found.missing == (RejectedFile("hill.png", "is cut off"),)
    assert found.stored == ()


def test_profiles_get_pictures_and_nothing_else(tmp_path: Path) -> None:
    source = imported(
        profiles=(
            Profile("1", "x", avatar="one", banner="two"),
            Profile("2", "x", avatar="three"),
            Profile("3", "x"),
        ),
        one=attached("a.png", PICTURE),
        two=attached("b.svg", b"<svg onload='x()'>"),
    )
    found = attach(source, Store(tmp_path).add).imported.profiles
    assert found[0].avatar == attach(source, Store(tmp_path).add).stored[0].path
    assert (found[0].banner, found[1].avatar) == (None, None)
    assert found[2] is source.profiles[2]


def test_a_file_is_read_once_however_many_show_it(tmp_path: Path) -> None:
    opened: list[str] = []
    real = attached("a.png", PICTURE)

    def counted() -> BinaryIO:
        opened.append("once")
        return real.open()

    source = imported(
        Media("image", "one"), Media("image", "one"), profiles=(Profile("1", "x", avatar="one"),),
        one=Attachment("a.png", counted),
    )  # fmt: skip
    found = attach(source, Store(tmp_path).add)
    assert opened == ["once"]
    assert len(found.stored) == 1


def test_two_files_with_the_same_bytes_count_once(tmp_path: Path) -> None:
    source = imported(
        Media("image", "one"), Media("image", "two"),
        one=attached("a.png", PICTURE), two=attached("b.png", PICTURE),
    )  # fmt: skip
    for take in (Store(tmp_path).preview_add, Store(tmp_path).add):
        found = attach(source, take)
        assert [file.is_new for file in found.stored] == [True]
        assert len({m.path for m in media_of(found.imported)}) == 1
    assert [file.is_new for file in attach(source, Store(tmp_path).add).stored] == [False]


def test_threads_without_media_and_paths_of_content_stay_as_they_are(tmp_path: Path) -> None:
    source = imported(Media("image", "media/there.png"))
    found = attach(source, Store(tmp_path).add)
    assert found.imported.threads[1] is source.threads[1]
    assert found.imported == replace(source)
    assert isinstance(found.stored, tuple)
    assert not any(isinstance(file, StoredFile) for file in found.missing)
