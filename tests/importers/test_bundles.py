"""Folders, ZIPs and tars: what is in them comes out, and nothing that is hostile does harm."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import re
import resource
import socket
import stat
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.errors import SourceError
from sitegen.formats.archives import Members, open_bundle
from sitegen.formats.archives.joined import JoinedMembers, part_labels
from sitegen.formats.archives.member_names import is_litter

from .sparse_zips import sparse_zip

FILES = {
    "data/heron.js": b"window.heron = []",
    "data/media/\u00f6tter \U0001f9a6.jpg": bytes(range(256)) * 3000,
    "data/empty.js": b"",
    "zine.txt": b"tide tables\n" * 20_000,
}


def members(path: Path) -> Members:
    found = open_bundle(path)
    assert found is not None
    return found


def contents(found: Members) -> dict[str, bytes]:
    return {name: found.read(name) for name in found.names()}


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return packed.getvalue()


def tarred(files: dict[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:", format=form) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


def as_folder(path: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)


def written(write: Callable[[dict[str, bytes]], bytes]) -> Callable[[Path, dict[str, bytes]], None]:
    def to(path: Path, files: dict[str, bytes]) -> None:
        path.write_bytes(write(files))

    return to


KINDS: dict[str, Callable[[Path, dict[str, bytes]], None]] = {
    "folder": as_folder,
    "zip, deflated": written(zipped),
    "zip, stored": written(lambda files: zipped(files, zipfile.ZIP_STORED)),
    "tar, pax": written(tarred),
    "tar, gnu": written(lambda files: tarred(files, tarfile.GNU_FORMAT)),
    "tar.gz": written(lambda files: gzip.compress(tarred(files))),
    "tar.bz2": written(lambda files: bz2.compress(tarred(files))),
    "tar.xz": written(lambda files: lzma.compress(tarred(files))),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_in_a_bundle_comes_out_whatever_the_file_is_called(
    kind: str, tmp_path: Path
) -> None:
    path = tmp_path / "without-a-hint.bin"
    KINDS[kind](path, FILES)
    found = members(path)
    assert contents(found) == FILES
    assert found.names() == tuple(sorted(FILES))
    assert {name: found.size(name) for name in FILES} == {n: len(d) for n, d in FILES.items()}
    assert found.refused == ()


@pytest.mark.parametrize("kind", KINDS)
def test_streams_are_apart_from_each_other(kind: str, tmp_path: Path) -> None:
    KINDS[kind](tmp_path / "x", FILES)
    found = members(tmp_path / "x")
    streams = {name: found.open(name) for name in reversed(found.names())}
    parts: dict[str, bytes] = dict.fromkeys(streams, b"")
    for size in (1, 700, 65_536, 10_000_000):
        for name, stream in streams.items():
            parts[name] += stream.read(size)
    for stream in streams.values():
        assert stream.read(1) == b""
        stream.close()
    assert parts == FILES


@pytest.mark.parametrize("kind", KINDS)
def test_a_child_process_reads_what_its_parent_opened(kind: str, tmp_path: Path) -> None:
    KINDS[kind](tmp_path / "x", FILES)
    found = members(tmp_path / "x")
    with found.open("zine.txt") as stream:
        first = stream.read(10)
        child = os.fork()
        if not child:
            os._exit(0 if contents(found) == FILES else 1)
        _, code = os.waitpid(child, 0)
        assert code == 0
        assert first + stream.read() == FILES["zine.txt"]


def test_find_takes_whole_parts_of_names_only(tmp_path: Path) -> None:
    names = ("a/data/likes.js", "data/likes.js", "data/dislikes.js", "my-data/likes.js", "likes.js")
    path = tmp_path / "x"
    path.write_bytes(zipped(dict.fromkeys(names, b"")))
    assert members(path).find("data/likes.js") == ("a/data/likes.js", "data/likes.js")
    assert len(members(path).find("likes.js")) == 4
    assert members(path).find("kes.js") == ()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"P",
        b"just a note, long enough to be the header of a tar archive " * 20,
        gzip.compress(b"no tar in here" * 100, mtime=0),  # a test's name is made of these bytes
        gzip.compress(b"", mtime=0),
        bz2.compress(b"nor in here"),
        lzma.compress(b"nor in here"),
        b"\x1f\x8b\x08 and then nothing of the kind",
        b"BZh9 is how this begins",
        bytes(2048),
    ],
)
def test_a_file_that_holds_none_is_no_bundle(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(data)
    assert open_bundle(tmp_path / "x") is None


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read: "):
        open_bundle(tmp_path / "nowhere.zip")


def test_what_systems_leave_behind_is_left_out(tmp_path: Path) -> None:
    litter = ("__MACOSX/data/._heron.js", "data/._heron.js", ".DS_Store", "data/Thumbs.db")
    for kind, write in KINDS.items():
        path = tmp_path / kind
        write(path, {"data/heron.js": b"[]"} | dict.fromkeys(litter, b"junk"))
        assert (members(path).names(), members(path).refused) == (("data/heron.js",), ())


# Names

EVIL = {
    "../outside.txt": "leads out of the folder",
    "data/../../outside.txt": "leads out of the folder",
    "/etc/outside.txt": "has an absolute name",
    "C:/outside.txt": "has an absolute name",
    "C:\\outside.txt": "has an absolute name",
    "\\\\server\\outside.txt": "has an absolute name",
    "..\\outside.txt": "leads out of the folder",
    "data\\..\\..\\outside.txt": "leads out of the folder",
    "data/out\nside.txt": "has a control character in its name",
    "data/out\x1b[31mside.txt": "has a control character in its name",
    "..": "leads out of the folder",
}


@pytest.mark.parametrize("write", [zipped, tarred, lambda f: gzip.compress(tarred(f))])
def test_names_that_lead_elsewhere_are_refused_and_named(
    write: Callable[[dict[str, bytes]], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "x"
    path.write_bytes(write(dict.fromkeys(EVIL, b"gotcha") | {"data/good.js": b"[]"}))
    found = members(path)
    assert contents(found) == {"data/good.js": b"[]"}
    shown = [
        (re.sub(r"[\x00-\x1f]", "\ufffd", name).replace("\\", "/"), reason)
        for name, reason in EVIL.items()
    ]
    assert sorted(found.refused) == sorted(shown)
    for name in EVIL:
        with pytest.raises(SourceError, match="has no file"):
            found.open(name)


@pytest.mark.parametrize("kind", KINDS)
def test_backslashes_of_windows_separate_folders(kind: str, tmp_path: Path) -> None:
    KINDS[kind](
        tmp_path / "x", {"data\\heron.js": b"1", "data\\media\\a.jpg": b"2", "b/c.js": b"3"}
    )
    found = members(tmp_path / "x")
    assert contents(found) == {"data/heron.js": b"1", "data/media/a.jpg": b"2", "b/c.js": b"3"}
    assert found.find("data/heron.js") == ("data/heron.js",)


def test_a_name_with_nul_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(zipped({"data/a.jsZ.exe": b"", "b": b""}).replace(b"jsZ", b"js\0"))
    assert members(path).names() == ("b",)
    assert members(path).refused == (
        ("data/a.js\ufffd.exe", "has a control character in its name"),
    )


def test_needless_parts_of_names_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(tarred({"./outbox.json": b"{}", "a//b/./c.json": b"1"}))
    assert contents(members(path)) == {"outbox.json": b"{}", "a/b/c.json": b"1"}


def test_names_in_a_zip_that_are_not_utf_8_still_name_files(tmp_path: Path) -> None:
    path = tmp_path / "x"
    data = zipped({"data/XX.jpg": b"1", "data/YY.jpg": b"2"})
    path.write_bytes(data.replace(b"XX", b"\x94\x81").replace(b"YY", "ö".encode()))
    # The first is code page 437, as the format has it; the second UTF-8 without a word of it.
    assert contents(members(path)) == {"data/öü.jpg": b"1", "data/ö.jpg": b"2"}


def test_names_in_a_zip_that_say_utf_8_and_are_not_are_one_line(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(zipped({"data/ö.jpg": b"1"}).replace("ö".encode(), b"\xff\xfe"))
    refuses(path, "cannot be read|damaged")


def test_names_in_a_tar_that_are_not_utf_8_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x"
    data = tarred({"data/a.json": b"1", "data/\udcff.json": b"2"}, tarfile.GNU_FORMAT)
    path.write_bytes(data)
    assert members(path).names() == ("data/a.json",)
    assert members(path).refused == (("data/\ufffd.json", "has a name that is not UTF-8"),)


@pytest.mark.parametrize("write", [zipped, tarred])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_several_files_with_one_name_the_last_counts(
    write: Callable[[dict[str, bytes]], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "x"
    path.write_bytes(write({"a.js": b"first", "./a.js": b"last"}))
    assert contents(members(path)) == {"a.js": b"last"}
    assert [name for name, _ in members(path).refused] == ["a.js"]


# What is no file


def test_links_pipes_and_devices_in_a_tar_are_refused(tmp_path: Path) -> None:
    kinds = {
        "link": tarfile.SYMTYPE,
        "hard": tarfile.LNKTYPE,
        "pipe": tarfile.FIFOTYPE,
        "disk": tarfile.BLKTYPE,
        "tty": tarfile.CHRTYPE,
        "sparse": tarfile.GNUTYPE_SPARSE,
    }
    path = tmp_path / "x"
    with tarfile.open(path, "w:", format=tarfile.GNU_FORMAT) as archive:
        for name, kind in kinds.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        archive.addfile(tarfile.TarInfo("good.js"))
    found = members(path)
    assert found.names() == ("good.js",)
    assert {name for name, _ in found.refused} == set(kinds)


def test_links_and_devices_in_a_zip_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with zipfile.ZipFile(path, "w") as archive:
        for name, kind in {"link": stat.S_IFLNK, "pipe": stat.S_IFIFO, "tty": stat.S_IFCHR}.items():
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, (kind | 0o777) << 16
            archive.writestr(info, "/etc/passwd")
        archive.writestr("good.js", "[]")
        archive.mkdir("folder")
    found = members(path)
    assert found.names() == ("good.js",)
    assert found.refused == (
        ("link", "is a symbolic link"),
        ("pipe", "is not a regular file"),
        ("tty", "is not a regular file"),
    )


def test_links_and_pipes_in_a_folder_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "good.js").write_text("[]")
    (inside / "link.js").symlink_to(outside / "secret.txt")
    (inside / "link").symlink_to(outside)
    (inside / "circle").symlink_to(inside)
    os.mkfifo(inside / "pipe")
    with closing(socket.socket(socket.AF_UNIX)) as door:
        monkeypatch.chdir(inside)  # such an address has at most 107 bytes
        door.bind("door")
    found = members(inside)
    assert found.names() == ("good.js",)
    assert {name for name, _ in found.refused} == {"link.js", "link", "circle", "pipe", "door"}


def test_a_file_that_becomes_a_link_is_not_followed(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    as_folder(inside, {"a.js": b"[]"})
    found = members(inside)
    (tmp_path / "secret.txt").write_text("secret")
    (inside / "a.js").unlink()
    (inside / "a.js").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(SourceError, match="cannot be read"):
        found.read("a.js")


@pytest.mark.slow
def test_a_folder_a_thousand_deep_is_walked(tmp_path: Path) -> None:
    folders = [tmp_path / "top"]
    for _ in range(1200):
        folders.append(folders[-1] / "d")
    for folder in folders:
        folder.mkdir()
    (folders[-1] / "a.js").write_text("[]")
    try:
        assert len(members(folders[0]).names()) == 1
    finally:
        (folders[-1] / "a.js").unlink()
        for folder in reversed(folders):
            folder.rmdir()


# Bombs


def refuses(path: Path, pattern: str) -> None:
    """See that reading everything ends in one line about the file."""
    with pytest.raises(SourceError) as caught:
        contents(members(path))
    line = str(caught.value)
    assert line.startswith(f"{path}: error: ")
    assert re.search(pattern, caught.value.message), line
    assert "\n" not in line


def zeros(count: int) -> bytes:
    """Return raw DEFLATE of so many MiB of zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"".join([packer.compress(bytes(1 << 20)) for _ in range(count)]) + packer.flush()


def test_a_file_that_grows_too_much_is_a_bomb(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(zipped({"a.js": bytes(40 << 20)}))
    refuses(path, 'has a bomb: "a.js"')


@pytest.mark.slow
def test_many_files_that_grow_are_a_bomb(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(zipped({f"{n}.js": bytes(30 << 20) for n in range(10)}))
    refuses(path, "is a bomb: it unpacks to more than")


@pytest.mark.slow
def test_a_file_read_often_is_counted_once(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(zipped({"a.js": bytes(30 << 20)}))
    found = members(path)
    for _ in range(10):
        assert len(found.read("a.js")) == 30 << 20


@pytest.mark.slow
@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_tar_that_grows_too_much_is_a_bomb(
    pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "x"
    path.write_bytes(pack(tarred({"a.js": bytes(40 << 20)})))
    refuses(path, "a bomb")


def test_what_says_less_than_it_unpacks_to_is_stopped_there(tmp_path: Path) -> None:
    path = tmp_path / "x"
    packed = zeros(8)
    data = zipped({"a.js": b""}, zipfile.ZIP_STORED)
    header = data.index(b"PK\x01\x02")
    start = data[:header] + packed
    listing = bytearray(data[header:])
    struct.pack_into("<H", listing, 10, 8)
    struct.pack_into("<LL", listing, 20, len(packed), 10)
    struct.pack_into("<L", listing, len(listing) - 6, len(start))
    path.write_bytes(start + listing)
    refuses(path, "longer than declared")


def test_files_that_overlap_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x"
    data = zipped({"a.js": b"a" * 1000, "b.js": b"b" * 1000}, zipfile.ZIP_STORED)
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    path.write_bytes(data[: second + 42] + bytes(4) + data[second + 46 :])  # b's header is a's
    refuses(path, "overlap")


def test_a_list_of_files_that_is_endless_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x"
    data = bytearray(zipped({"a.js": b""}))
    struct.pack_into("<LL", data, len(data) - 10, 0xFFFFFFF0, 0)
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.seek(0xFFFFFFF0)
        file.write(data[-22:])
    refuses(path, "has an index of more than")


def test_a_header_in_a_tar_that_is_endless_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x"
    info = tarfile.TarInfo("long")
    info.type, info.size = tarfile.XHDTYPE, 1 << 34
    path.write_bytes(info.tobuf(tarfile.GNU_FORMAT) + bytes(4096))
    os.truncate(path, 1 << 34)
    refuses(path, "has an index of more than")


def test_headers_before_headers_in_a_tar_are_one_line(tmp_path: Path) -> None:
    path = tmp_path / "x"
    info = tarfile.TarInfo("again")
    info.type, info.size = tarfile.XHDTYPE, 0
    path.write_bytes(info.tobuf(tarfile.USTAR_FORMAT) * 5000)
    refuses(path, "damaged|cut off")


def test_a_size_below_zero_in_a_tar_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "x"
    good = tarred({"a.js": b"x"})[:1024]
    info = tarfile.TarInfo("back")
    info.size = -2048
    block = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    path.write_bytes(good + bytes(block) + bytes(4096))
    refuses(path, "damaged")


def test_an_archive_in_an_archive_is_only_a_file(tmp_path: Path) -> None:
    path = tmp_path / "x"
    inner = zipped({"data/heron.js": b"[]"})
    path.write_bytes(zipped({"inner.zip": inner, "inner.tar.gz": gzip.compress(tarred(FILES))}))
    assert members(path).names() == ("inner.tar.gz", "inner.zip")


# Damage and lies


def test_a_locked_zip_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "x"
    data = bytearray(zipped({"a.js": b"[]"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    refuses(path, 'no file that can be read: "a.js" is locked with a password')


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_no_export_uses_are_refused(method: int, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(zipped({"a.js": b"[]" * 100}, method))
    refuses(path, "compressed by a method that exports do not use")


def test_a_wrong_byte_is_told_by_the_checksum(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        data = bytearray(zipped({"data/a.js": bytes(range(256)) * 9}, method))
        data[60] ^= 0x10
        path.write_bytes(data)
        refuses(path, '"data/a.js" in it is (damaged|longer|shorter|cut)')
    data = bytearray(gzip.compress(tarred({"data/a.js": os.urandom(999)})))
    data[-6] ^= 0x10
    path.write_bytes(data)
    refuses(path, "damaged gzip")


def test_a_size_that_is_too_large_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x"
    data = bytearray(zipped({"a.js": b"abc"}))
    place = data.index(b"PK\x01\x02") + 24
    struct.pack_into("<L", data, place, 4)
    path.write_bytes(data)
    refuses(path, "shorter than declared")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "folder"])
def test_a_bundle_that_is_cut_off_anywhere_is_one_line_or_whole(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    KINDS[kind](path, FILES)
    data = path.read_bytes()
    for part in range(1, 20):
        path.write_bytes(data[: len(data) * part // 20])
        if open_or_none(path) is not None:
            found = contents(members(path))
            assert found.items() <= FILES.items()
            assert found == FILES or members(path).refused


def open_or_none(path: Path) -> Members | None:
    try:
        found = open_bundle(path)
        if found is not None:
            contents(found)
    except SourceError:
        return None
    return found


def test_a_tar_that_is_damaged_in_the_middle_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "x"
    data = bytearray(tarred({"a.js": b"1", "b.js": b"2"}, tarfile.USTAR_FORMAT))
    data[1024] ^= 1
    path.write_bytes(data)
    refuses(path, "damaged")


def test_a_tar_without_an_end_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(tarred({"a.js": b"1", "b.js": b"2"}, tarfile.USTAR_FORMAT)[:2048])
    assert members(path).refused == (("the end of the tar", "is missing: it may be cut off"),)


def test_a_file_that_is_too_large_for_the_memory_is_one_line(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "a.js").touch()
    os.truncate(inside / "a.js", 1 << 40)
    refuses(inside, "too large")


@given(data=st.data(), kind=st.sampled_from([kind for kind in KINDS if kind != "folder"]))
def test_no_flipped_bytes_make_more_than_a_line(
    data: st.DataObject, kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "flipped"
    KINDS[kind](path, {"a.js": b"one two three", "b/c.js": b"four" * 200})
    whole = bytearray(path.read_bytes())
    places = st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255))
    for place, byte in data.draw(st.lists(places, min_size=1, max_size=6)):
        whole[place] = byte
    path.write_bytes(whole)
    open_or_none(path)


NAME = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\"),
    min_size=1,
    max_size=9,
).filter(lambda name: name not in (".", "..") and not is_litter(name))
TREES = st.dictionaries(NAME.map("t/".__add__), st.binary(max_size=3000), max_size=6)


@given(files=TREES, kind=st.sampled_from(list(KINDS)[1:]))
def test_any_files_come_out_as_they_went_in(
    files: dict[str, bytes], kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    KINDS[kind](path, {"first": b"1"} | files)
    assert contents(members(path)) == {"first": b"1"} | files


def test_a_gzip_of_several_members_is_one(tmp_path: Path) -> None:
    path = tmp_path / "x"
    data = tarred(FILES)
    cuts = [0, 5, 5, 700_000, len(data)]
    parts = [gzip.compress(data[a:b]) for a, b in pairwise(cuts)]
    path.write_bytes(b"".join(parts) + bytes(512))
    assert contents(members(path)) == FILES


@pytest.mark.slow
def test_a_packed_tar_is_read_in_any_order_without_reading_all_again(tmp_path: Path) -> None:
    path = tmp_path / "x"
    files = {f"{number:03}.jpg": os.urandom(1 << 20) for number in range(48)}
    path.write_bytes(gzip.compress(tarred(files), 1))
    found = members(path)
    before = reads()
    for name in sorted(files, reverse=True):
        assert found.read(name) == files[name]
    # From the start each time would be 24 times the file on average; from marks it is not 6.
    assert reads() - before < 6 * path.stat().st_size


def reads() -> int:
    """Return how many bytes this process has read from files."""
    return int(Path("/proc/self/io").read_text().split()[1])


# Size

# The peak of this very program: `ru_maxrss` begins with that of the process which started it.
LARGE = """
import re, sys
from pathlib import Path
from sitegen.formats.archives import open_bundle
members = open_bundle(Path(sys.argv[1]))
total = 0
for name in members.names():
    with members.open(name) as stream:
        while data := stream.read(1 << 20):
            total += len(data)
print(total, re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


@pytest.fixture
def spacious(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    for path in tmp_path.iterdir():
        path.unlink()


@pytest.mark.slow
@pytest.mark.parametrize("size", [9 << 30])
def test_a_large_zip_is_read_in_little_memory(size: int, spacious: Path) -> None:
    path = spacious / "large.zip"
    sparse_zip(path, size)
    assert large_read(path) == size + 23


def test_a_zip64_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.zip"
    sparse_zip(path, 70_000)
    assert members(path).read("data/heron.js") == b'window.heron = ["reed"]'
    assert members(path).read("data/media/1-film.mp4") == bytes(70_000)


def large_read(path: Path) -> int:
    """Read all of a bundle in a process of its own, and see how little memory it took."""
    done = subprocess.run([sys.executable, "-c", LARGE, path], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    total, peak = map(int, done.stdout.split())
    assert peak < 100_000  # KiB
    return total


@pytest.mark.slow
def test_a_list_of_very_many_files_takes_bearable_memory(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(
        zipped(
            {f"data/tweets_media/{number:019}-abcdefghijklmno.jpg": b"" for number in range(20_000)}
        )
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(members(path).names()) == 20_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000


# Parts of one download


def test_parts_are_folders_of_one_bundle(tmp_path: Path) -> None:
    as_folder(tmp_path / "one", FILES)
    (tmp_path / "two.zip").write_bytes(zipped({**FILES, "../up": b"x"}))
    paths = [tmp_path / "one", tmp_path / "two.zip"]
    assert part_labels(paths) == ("one", "two.zip")
    found = JoinedMembers({path.name: members(path) for path in paths})
    assert contents(found) == {f"{p.name}/{n}": data for p in paths for n, data in FILES.items()}
    assert found.find("heron.js") == ("one/data/heron.js", "two.zip/data/heron.js")
    assert found.find("two.zip/data/heron.js") == ("two.zip/data/heron.js",)
    assert found.find("three/zine.txt") == found.find("one/heron.js") == ()
    assert found.size("two.zip/zine.txt") == len(FILES["zine.txt"])
    assert found.refused == (("two.zip/../up", "leads out of the folder"),)
    for name in ("three/zine.txt", "zine.txt", "one/nothing"):
        with pytest.raises(SourceError):
            found.read(name)


def test_parts_of_one_name_have_folders_of_their_own() -> None:
    assert part_labels([Path("/a/x.zip"), Path("/b/x.zip"), Path("/c/y.zip")]) == (
        "x.zip",
        "x.zip~",
        "y.zip",
    )
